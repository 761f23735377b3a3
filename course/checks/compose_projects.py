"""This run's Compose projects: their containers by service, and what the files in their directories say."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from docker import DockerClient
from docker.errors import APIError

from course import facts, run
from course.checks.addresses import given_aliases, move
from course.checks.building import built, copied, same_recipe
from course.checks.check import Check
from course.checks.probing import still_running
from course.errors import ComposeFailed
from course.facts import Container, Image
from course.facts.compose import Member, Project, members, project
from course.facts.container import DEFAULT_NETWORKS
from course.setups import part4 as setup


def services(client: DockerClient, what: str) -> dict[str, Member]:
    """Return a container of each service of one of this run's projects, by the service's name; none that ``run`` made.

    Of several containers of one service the first is taken.
    """
    found: dict[str, Member] = {}
    for member in members(client, run.name(what)):
        if not member.one_off:
            found.setdefault(member.service, member)
    return found


def described(what: str, member: Member) -> Project | None:
    """Return what the file says that the container was made from; None if it is not there, or not in its directory."""
    return read_files(what, member.files)


def read_files(what: str, files: Sequence[str]) -> Project | None:
    """Return what these files (none: the usual) of one of this run's directories say; None if they cannot be read."""
    place = setup.folder(what).resolve()
    try:
        if not all(Path(name).resolve().is_relative_to(place) for name in files):
            return None
        return project(place, files)
    except (ComposeFailed, OSError, ValueError):
        return None


def need_services(
    check: Check, demand: str, what: str, *wanted: str, otherwise: Callable[[Check], None] | None = None
) -> dict[str, Member]:
    """Return the services of one of this run's projects; stop if one that is wanted has no container.

    ``otherwise`` may stop first, with a better reason.
    """
    found = services(check.client, what)
    missing = [service for service in wanted if service not in found]
    if missing:
        if otherwise is not None:
            otherwise(check)
        others = f" There are: {', '.join(found)}." if found else ""
        check.stop(
            demand,
            f"The project {run.name(what)} has no container of the service {' and none of '.join(missing)}.{others}",
            f"The file belongs into the directory {setup.folder(what)}, and the project is called like it. "
            "Compose lists its containers, those that have ended too.",
        )
    return found


def stop_if_untouched(check: Check, demand: str, what: str, member: Member, planted: str) -> None:
    """Stop if a project runs from its file alone, and that is as the set-up wrote it."""
    file = setup.folder(what) / "compose.yaml"
    with contextlib.suppress(OSError, ValueError):
        if len(member.files) == 1 and file.read_text(encoding="utf-8") == planted:
            check.stop(
                demand,
                "compose.yaml is still as the set-up wrote it, and the project was started from no other file: "
                "nothing was done yet.",
                "What is missing in it?",
            )


def need_file(check: Check, demand: str, plan: Project | None, service: str) -> Project:
    """Return what a project's file says; stop if it cannot be read, or has no such service."""
    if plan is None or service not in plan.services:
        check.stop(
            demand,
            "The file from which the project was started is not there any more, or Compose cannot read it, or it has "
            f"no service {service}.",
            "Let Compose show what it reads in the file.",
        )
    return plan


def need_running(check: Check, demand: str, member: Member) -> Container:
    """Return a service's container, which runs and still does a moment later; otherwise stop."""
    return check.need(
        demand,
        still_running(check.client, member.container.id),
        f"The container of {member.service} does not run: it is {member.container.state.status}.",
        "Look at its log.",
    )


def awaited(plan: Project, service: str) -> Mapping[str, set[str]]:
    """Return what Compose awaits before it starts a service: conditions, by the service that has to fulfil them.

    What an awaited service itself waits for counts: that comes first, too.
    """
    found: dict[str, set[str]] = {}
    unread = [service]
    while unread:
        one = plan.services.get(unread.pop())
        for other, condition in one.depends_on.items() if one is not None else ():
            if other not in found:
                unread.append(other)
            found.setdefault(other, set()).add(condition)
    return found


def from_directory(check: Check, demand: str, what: str, image_id: str, hint: str) -> None:
    """Require that an image is what the Dockerfile in one of this run's directories makes: the check builds it."""
    image = facts.image(check.client, image_id)
    with check.disturbing(), copied(setup.folder(what)) as directory, contextlib.ExitStack() as stack:
        same: bool | str = False
        if image is not None and directory is not None and (directory / "Dockerfile").is_file():
            rebuilt = stack.enter_context(built(check.client, directory, image))
            same = isinstance(rebuilt, Image) and same_recipe(image, rebuilt)
        check.require(
            demand,
            same,
            f"The check built the directory {run.name(what)}, and that gives something else than the image that runs.",
            hint,
        )


def has_no_bind(check: Check, demand: str, container: Container) -> bool:
    """Require that no directory of the host is mounted into a container of production."""
    binds = [
        f"{mount.source} is mounted at {mount.target}"
        for mount in container.mounts
        if (mount.type == "bind" and not mount.target.startswith("/run/secrets/"))
        or (mount.type == "volume" and _leads_out(check.client, mount.source))
    ]
    return check.require(
        demand,
        not binds,
        f"Development leaks into production: {', '.join(binds)}. Where two files have lists, Compose adds them; an "
        "empty list takes nothing away.",
        "Either the bind mount is in development's file only, or production's file takes this list away.",
    )


def _leads_out(client: DockerClient, volume: str) -> bool:
    """Tell whether a volume is a directory of the host in disguise."""
    try:
        return bool((client.api.inspect_volume(volume).get("Options") or {}).get("device"))
    except APIError:
        return False


def waits_for(
    check: Check, demand: str, plan: Project, service: str, other: str, wanted: str, hint: str, *, failed: str = ""
) -> bool:
    """Require that a file lets a service start when another one is in the wanted condition."""
    conditions = awaited(plan, service).get(other, set())
    if not conditions:
        problem = f"Nothing in the file makes {service} wait for {other}."
    elif conditions == {"service_started"}:
        problem = (
            f"Compose starts {service} as soon as {other} was started. That is when its process begins: it is not "
            "ready yet, and may still fail."
        )
    else:
        problem = f"Compose starts {service} when {other} is in the condition {' and '.join(sorted(conditions))}."
    return check.require(demand, wanted in conditions, failed or problem, hint)


@contextlib.contextmanager
def elsewhere(client: DockerClient, container: Container, *networks: str) -> Iterator[bool]:
    """Give a container other addresses on these networks, and yield whether it has them.

    An address that was asked for is given back afterwards; one that Docker chose is as good as the one before.
    """
    try:
        yield bool(networks) and all(move(client, network, container.id) for network in networks)
    finally:
        for network in networks:
            if address := container.networks[network].fixed_address:
                with contextlib.suppress(APIError):
                    client.api.disconnect_container_from_network(container.id, network, force=True)
                    client.api.connect_container_to_network(
                        container.id, network, aliases=given_aliases(container, network), ipv4_address=address
                    )


def neighbours(client: DockerClient, containers: Sequence[Container]) -> list[Container]:
    """Return what runs of these containers, and on their networks, the default ones left out: it can reach them."""
    ids = {one.id for one in containers}
    networks = {name for one in containers for name in one.networks} - DEFAULT_NETWORKS
    beside = {f"container:{id}" for id in ids}
    return [
        one
        for one in all_running(client)
        if one.id in ids or networks & one.networks.keys() or one.host_config.network_mode in beside
    ]


def all_running(client: DockerClient) -> list[Container]:
    """Return all containers that run, whoever made them."""
    found = (facts.container(client, item["Id"]) for item in client.api.containers())
    return [one for one in found if one is not None]
