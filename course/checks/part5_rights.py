"""Checks of Part 5 on rights: who the processes of a container are, and what they may do."""

from __future__ import annotations

import re

from docker import DockerClient

from course import facts, run
from course.checks.probing import eventually, loopback_port, running, steady
from course.checks.report import Report
from course.engine import connect
from course.facts import Container, Image
from course.facts.filesystem import Entry, entries
from course.facts.http import Reply, fetch
from course.facts.processes import Process, capability_names, processes
from course.facts.settings import is_root, settings
from course.setups import part5 as setup
from course.setups.part5_programs import proof


def not_root() -> Report:
    """Exercise 34: image and container name a user, no process is root, and the program can do its work."""
    report = Report("Not root")
    client, name = connect(), run.name("counter")
    image, found, wishes = facts.image(client, name), running(client, name), settings(client, name)
    if image is None:
        return report.give_up(failed=f"There is no image {name}.", hint="Build it under exactly this name.")
    if found is None or wishes is None:
        return report.give_up(failed=f"There is no container {name} that runs.", hint="Its log says why.")
    report.require(
        found.image_id == image.id,
        passed=f"The container was made from the image {name} as it is now.",
        failed=f"The container was made from another image than {name} names now.",
        hint="A container keeps the image that it was made from. Make it anew after each build.",
        essential=True,
    )
    report.require(
        not is_root(image.user),
        passed=f"The image names the user that its program runs as: {image.user}.",
        failed=_no_user(client, image),
        hint="Inspect shows the user of an image in its Config; empty means root.",
        essential=True,
    )
    there = processes(client, found.id)
    roots = [process for process in there if process.is_root]
    report.require(
        bool(there) and not roots,
        passed=f"In the container no process is root: process 1 has the user number {_uid(there)}.",
        failed=_root_runs(image.user, wishes.user, roots[0].pid if roots else 0),
        hint="The kernel says it under Uid in /proc/1/status. What was said when the container was made goes before "
        "what the image says.",
        essential=True,
    )
    works(report, found, "The program", "Whose is /data, and who may write there?")
    wide = [entry.path for entry in _files(client, found, image) if entry.open_to_all]
    report.require(
        not wide,
        passed="No file of the program, and none of its data, may be written by everybody.",
        failed=f"Everybody may write to {', '.join(wide[:3])} (mode 777 or alike): each user, each program that is "
        "broken into.",
        hint="The directory has to belong to the one user that needs it; then nobody else needs a right.",
        essential=True,
    )
    return report


def hardened() -> Report:
    """Exercise 35: no capability, a read-only root file system, no new privileges, and it still serves."""
    report = Report("Hardened, and still serving")
    client, name = connect(), run.name("kiosk")
    found, wishes = facts.container(client, name), settings(client, name)
    if found is None or wishes is None:
        return report.give_up(
            failed=f"There is no container {name}.",
            hint="Did the Engine refuse it? A privileged container is refused in many places, and is the opposite of "
            "what is asked for here.",
        )
    if wishes.privileged:
        return report.give_up(
            failed=f"{name} is privileged: it has every right over this machine that Docker can give.",
            hint="The exercise asks for fewer rights, not for more.",
        )
    if running(client, name) is None:
        return report.give_up(
            failed=f"{name} is {found.state}, it does not run.",
            hint="Its log says what it was not allowed to do.",
        )
    one = next((process for process in processes(client, found.id) if process.pid == 1), None)
    if one is None:
        return report.give_up(failed=f"{name} has ended.", hint="Its log says why.")
    left = capability_names(one.effective | one.bounding)
    report.require(
        not left,
        passed="Process 1 has no capability left and can get none (CapEff and CapBnd are 0).",
        failed=f"It can still have {len(left)} {'capability' if len(left) == 1 else 'capabilities'}: "
        f"{', '.join(left[:4])}{' …' if len(left) > 4 else ''}.",
        hint="A program that listens on port 8000 needs none of them. Drop all, and give none back.",
        essential=True,
    )
    report.require(
        wishes.read_only,
        passed="Its root file system is read-only.",
        failed="Its root file system can be written: whoever breaks in can change the program.",
        hint="Inspect shows ReadonlyRootfs in the HostConfig.",
        essential=True,
    )
    report.require(
        one.no_new_privileges,
        passed="Its processes can never get more rights than they have (NoNewPrivs is 1).",
        failed="A program inside could still get more rights than it was started with (NoNewPrivs is 0).",
        hint="It is one of the security options.",
        essential=True,
    )
    report.require(
        not one.is_root,
        passed="Process 1 is not root.",
        failed="Process 1 is root.",
        hint="The image names another user; nothing has to be said.",
        essential=True,
    )
    works(
        report, found, "The kiosk", "It writes to /tmp. What can be written when the root file system cannot?"
    )
    return report


def works(report: Report, found: Container, who: str, hint: str) -> None:
    """Add the criterion that this run's program answers at the published port, twice."""
    port = loopback_port(found)
    reply = steady(port, "/first") if port is not None else Reply(None, problem="no port is published")
    report.require(
        reply.ok and proof("/first") in reply.body,
        passed=f"{who} does its work, and again a moment later.",
        failed=f"{who} runs, but does not do its work: {reply.problem or f'status {reply.status}, {_told(reply)}'}.",
        hint=hint if reply.status == 500 else f"It listens on port {setup.PORT} inside.",
        essential=True,
    )


def answers(found: Container | None, path: str) -> bool:
    """Tell whether this run's program answers a path, within a few seconds."""
    port = loopback_port(found) if found is not None else None
    return port is not None and eventually(lambda: proof(path) in fetch(port, path).body)


def _files(client: DockerClient, found: Container, image: Image) -> list[Entry]:
    places = {"/data", "/app", image.working_directory.rstrip("/") or "/app"}
    return [entry for place in sorted(places) for entry in entries(client, found.id, place) or ()]


def _no_user(client: DockerClient, image: Image) -> str:
    users = _users(facts.read_image_file(client, image.id, "/etc/passwd"))
    made = sorted(users - _users(facts.read_image_file(client, setup.PYTHON, "/etc/passwd")))
    if made:
        return f"The image has a user {made[0]}, but nothing says that the program runs as that user: it is root."
    return "The image says nothing about a user, so its program runs as root."


def _users(passwd: bytes | None) -> set[str]:
    return set(re.findall(r"^([^:\n]+):", (passwd or b"").decode("utf-8", "replace"), re.MULTILINE))


def _root_runs(image_user: str, container_user: str, pid: int) -> str:
    if not pid:
        return "The container has ended."
    if is_root(container_user):
        told = container_user or "root"
        return f"The image names {image_user}, but the container was told to run as {told}: it is root."
    return f"Process {pid} in the container is root."


def _uid(there: tuple[Process, ...]) -> int | str:
    return there[0].user_ids[0] if there else "?"


def _told(reply: Reply) -> str:
    return re.sub(r"\s+", " ", reply.body)[:100] or "no text"
