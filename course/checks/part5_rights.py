"""Checks of Part 5 on rights: who the processes of a container are, and what they may do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docker import DockerClient

from course import facts
from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.probing import still_running
from course.checks.proof_programs import does_its_work
from course.facts import Container, Image
from course.facts.container import is_root
from course.facts.filesystem import Entry, entries
from course.facts.processes import Process, capability_names, processes
from course.setups import part5 as setup


@exercise
def not_root(check: Check) -> None:
    """Require that image and container name a user, no process is root, and the program can do its work."""
    image = check.image("counter", "Build it under exactly this name.")
    container = check.running("counter", "Its log says why.")
    criteria.runs_on(check, container, image, container.name)
    check.gate(
        not is_root(image.user),
        f"The image names the user that its program runs as: {image.user}.",
        lambda: _no_user(check.client, image),
        "Inspect shows the user of an image in its Config; empty means root.",
    )
    running = processes(check.client, container.id)
    check.gate(
        running and not any(process.is_root for process in running),
        f"In the container no process is root: process 1 has the user number {_uid(running)}.",
        lambda: _root_runs(image, container, running),
        "The kernel says it under Uid in /proc/1/status. What was said when the container was made goes before what "
        "the image says.",
    )
    does_its_work(check, container, "The program", "Whose is /data, and who may write there?")
    wide = [entry.path for entry in _files(check.client, container, image) if entry.open_to_all]
    check.gate(
        not wide,
        "No file of the program, and none of its data, may be written by everybody.",
        f"Everybody may write to {', '.join(wide[:3])} (mode 777 or alike): each user, each program that is broken "
        "into.",
        "The directory has to belong to the one user that needs it; then nobody else needs a right.",
    )


@exercise
def hardened(check: Check) -> None:
    """Require no capability, a read-only root file system and no new privileges, and that the program still serves."""
    container = check.container(
        "kiosk",
        "Did the Engine refuse it? A privileged container is refused in many places, and is the opposite of what is "
        "asked for here.",
    )
    name = container.name
    if container.host_config.privileged:
        check.stop(
            f"{name} is privileged: it has every right over this machine that Docker can give.",
            "The exercise asks for fewer rights, not for more.",
        )
    check.need(
        still_running(check.client, container.id),
        f"{name} is {container.state.status}, it does not run.",
        "Its log says what it was not allowed to do.",
    )
    main = check.need(
        next((process for process in processes(check.client, container.id) if process.pid == 1), None),
        f"{name} has ended.",
        "Its log says why.",
    )
    left = capability_names(main.effective | main.bounding)
    check.gate(
        not left,
        "Process 1 has no capability left and can get none (CapEff and CapBnd are 0).",
        f"It can still have {len(left)} {'capability' if len(left) == 1 else 'capabilities'}: "
        f"{', '.join(left[:4])}{' …' if len(left) > 4 else ''}.",
        "A program that listens on port 8000 needs none of them. Drop all, and give none back.",
    )
    check.gate(
        container.host_config.readonly_rootfs,
        "Its root file system is read-only.",
        "Its root file system can be written: whoever breaks in can change the program.",
        "Inspect shows ReadonlyRootfs in the HostConfig.",
    )
    check.gate(
        main.no_new_privileges,
        "Its processes can never get more rights than they have (NoNewPrivs is 1).",
        "A program inside could still get more rights than it was started with (NoNewPrivs is 0).",
        "It is one of the security options.",
    )
    check.gate(
        not main.is_root,
        "Process 1 is not root.",
        "Process 1 is root.",
        "The image names another user; nothing has to be said.",
    )
    does_its_work(
        check,
        container,
        "The kiosk",
        "It writes to /tmp. What can be written when the root file system cannot?",
    )


def _files(client: DockerClient, container: Container, image: Image) -> list[Entry]:
    places = {"/data", "/app", image.working_directory.rstrip("/") or "/app"}
    return [entry for place in sorted(places) for entry in entries(client, container.id, place) or ()]


def _no_user(client: DockerClient, image: Image) -> str:
    added = sorted(_users(client, image.id) - _users(client, setup.PYTHON))
    if added:
        return f"The image has a user {added[0]}, but nothing says that the program runs as that user: it is root."
    return "The image says nothing about a user, so its program runs as root."


def _users(client: DockerClient, image: str) -> set[str]:
    passwd = facts.read_image_file(client, image, "/etc/passwd") or b""
    return set(re.findall(r"^([^:\n]+):", passwd.decode("utf-8", "replace"), re.MULTILINE))


def _root_runs(image: Image, container: Container, running: Sequence[Process]) -> str:
    if not running:
        return "The container has ended."
    if is_root(container.config.user):
        return (
            f"The image names {image.user}, but the container was made to run as {container.config.user or 'root'}: "
            "it is root."
        )
    return f"Process {next(process.pid for process in running if process.is_root)} in the container is root."


def _uid(running: Sequence[Process]) -> int | str:
    return running[0].user_ids[0] if running else "?"
