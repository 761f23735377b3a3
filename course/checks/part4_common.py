"""What the checks of Part 4 share: a project's containers and its file, and a few words with Redis."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docker import DockerClient

from course import run
from course.checks.report import Report
from course.errors import ComposeFailed
from course.facts.attached import Attached
from course.facts.compose import Member, Project, members, project
from course.facts.container import Outcome
from course.facts.inside import from_network
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


def missing(report: Report, what: str, found: dict[str, Member], wanted: tuple[str, ...]) -> Report:
    """Give up, because services are not there; say which ones."""
    gone = [name for name in wanted if name not in found]
    there = f" There are: {', '.join(found)}." if found else ""
    return report.give_up(
        failed=f"The project {run.name(what)} has no container of the service {' and none of '.join(gone)}.{there}",
        hint=f"The file belongs into the directory {setup.folder(what)}, and the project is called like it. "
        "Compose lists its containers, those that have ended too.",
    )


def by_hand(uses: Attached) -> tuple[str, ...]:
    """Return what was written into a container to make it find another one."""
    return uses.extra_hosts + uses.links


def redis_says(client: DockerClient, container_id: str, *commands: str) -> list[str]:
    """Send commands to the Redis in a container, from beside it, and return the lines of its answers.

    The connection is made by a helper container in its network: nothing inside answers in its place.
    """
    lines = "".join(f"{command}\\r\\n" for command in (*commands, "QUIT"))
    talk = f"printf '{lines}' | timeout 4 nc 127.0.0.1 6379"
    outcome: Outcome | None = from_network(client, f"container:{container_id}", ["sh", "-c", talk])
    return outcome.output.replace("\r", "").splitlines() if outcome else []
