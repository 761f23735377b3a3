"""Checks of Part 5 on rights: who the processes of a container are, and what they may do."""

from __future__ import annotations

import contextlib
import re
import tarfile
from collections.abc import Iterator, Sequence

from docker import DockerClient

from course import facts
from course.checks import criteria
from course.checks.building import built, copied, same_image
from course.checks.check import Check, exercise
from course.checks.probing import loopback_port
from course.checks.proof_programs import does_its_work, runs_program, works_again
from course.facts import Container, Image
from course.facts.container import is_root
from course.facts.filesystem import Entry, Stream, entries
from course.facts.http import fetch
from course.facts.processes import Process, capability_names, processes
from course.folders import folder
from course.setups import part5 as setup
from course.setups.part5_programs import PORT

_MAX_EXPORT = 2 << 30
"""Bytes of a container's files that are looked through."""
_PROGRAM = "/app"
"""Where the kiosk's image has its program."""
_COUNT = re.compile(r"visit (\d+)")


@exercise
def not_root(check: Check) -> None:
    """Require that image and container name a user, no process is root, and the program can do its work."""
    image = check.image("counter", "Build it under exactly this name.")
    check.require(
        "image-user",
        not is_root(image.user),
        lambda: _no_user(check, image),
        "Inspect shows the user of an image in its Config; empty means root.",
    )
    check.settle()
    with check.disturbing(), copied(folder("counter")) as copy:
        directory = check.need("image-user", copy, "The directory counter cannot be read, or holds too much.")
        with built(check.client, directory, image) as rebuilt:
            same_image(check, "image-user", image, rebuilt, image.tags[0])
    container = check.running("counter", "Its log says why.", demand="no-root")
    criteria.runs_on(check, "no-root", container, image, container.name)
    with check.disturbing():
        running = _processes(check.client, container)
        outcome = facts.run_once(
            check.client, image.id, ["-c", "import os; print(os.getuid())"], entrypoint=["python3"]
        )
    check.require(
        "no-root",
        running and not any(process.is_root for process in running),
        lambda: _root_runs(image, container, running),
        "The kernel shows it under Uid in /proc/1/status. A user that is given when the container starts overrides "
        "the image's.",
    )
    check.require(
        "image-user",
        outcome is None or outcome.output.strip() != "0",
        "The check ran the image without naming a user, and its program was root.",
        "The image itself must name the user.",
    )
    check.settle()
    criteria.on_loopback(check, "on-loopback", container)
    does_its_work(check, "works", container, "The program", "Which user owns /data, and who may write there?")
    check.require(
        "works",
        lambda: _counts(container),
        "It answers, but does not go on counting.",
        "Which user owns /data, and who may write there?",
    )
    wide = [entry.path for entry in _files(check.client, container) if entry.open_to_all]
    check.require(
        "not-open",
        not wide,
        f"Everybody may write to {', '.join(wide[:3])}: every user, and every program that an attacker takes over.",
        "Give the directory to the one user that needs it; then no one else needs a right.",
    )


@exercise
def hardened(check: Check) -> None:
    """Require no capability, a read-only root file system and no new privileges, and that the program still serves."""
    container = check.container(
        "kiosk",
        "Did the Engine refuse it? A privileged container is refused in many places, and is the opposite of what this "
        "exercise wants.",
    )
    name = container.name
    if container.host_config.privileged:
        check.stop(
            "no-capability",
            f"{name} is privileged: it has every right over this machine that Docker can give.",
            "The exercise asks for fewer rights, not for more.",
        )
    container = check.running("kiosk", "Its log says what it was not allowed to do.", demand="serves")
    with check.disturbing():
        running = _processes(check.client, container)
    check.need("serves", running or None, f"{name} has ended.", "Its log says why.")
    left = capability_names(_union(running))
    check.require(
        "no-capability",
        not left,
        f"It can still have {len(left)} {'capability' if len(left) == 1 else 'capabilities'}: "
        f"{', '.join(left[:4])}{' …' if len(left) > 4 else ''}.",
        "A program that listens on port 8000 needs none of them. Drop all, and give none back.",
        seen="CapEff and CapBnd of each process are 0.",
    )
    check.settle()
    over = [mount.target for mount in container.mounts if mount.writable and _overlap(mount.target, _PROGRAM)]
    check.require(
        "read-only",
        container.host_config.readonly_rootfs and not over,
        f"The program's directory can be written: a mount that is not read-only lies over it: {', '.join(over)}."
        if container.host_config.readonly_rootfs
        else "Its root file system can be written: whoever breaks in can change the program.",
        "Inspect shows ReadonlyRootfs in the HostConfig, and the mounts.",
    )
    check.require(
        "no-new-privileges",
        all(process.no_new_privileges for process in running),
        "A program inside could still get more rights than it was started with (NoNewPrivs is 0).",
        "It is one of the security options.",
    )
    criteria.on_loopback(check, "on-loopback", container)
    runs_program(check, "serves", container, "kiosk")
    check.require(
        "serves",
        not any(process.is_root for process in running),
        "A process in it is root.",
        "The image names another user, so you need not name one.",
    )
    check.settle()
    does_its_work(
        check,
        "serves",
        container,
        "The kiosk",
        "It writes to /tmp. What can be written when the root file system cannot?",
    )
    check.settle()
    works_again(check, "serves", container)


def _processes(client: DockerClient, container: Container) -> Sequence[Process]:
    """Return the container's processes; a busy Engine may lose what the helper says, so it is asked again then."""
    for _ in range(4):
        if found := processes(client, container.id):
            return found
    return ()


def _union(running: Sequence[Process]) -> int:
    bits = 0
    for process in running:
        bits |= process.effective | process.bounding
    return bits


def _overlap(one: str, other: str) -> bool:
    """Tell whether one path is, or lies in, the other."""
    places = [f"{path.rstrip('/')}/" for path in (one, other)]
    return places[0].startswith(places[1]) or places[1].startswith(places[0])


def _counts(container: Container) -> bool:
    """Tell whether the program's number of visits grows."""
    port = loopback_port(container, PORT)
    numbers = [int(found[1]) for _ in range(3) if port and (found := _COUNT.search(fetch(port, "/").body))]
    return len(numbers) == 3 and numbers[0] < numbers[1] < numbers[2]


def _files(client: DockerClient, container: Container) -> Iterator[Entry]:
    """Return the container's files and directories, wherever they are, and those in its mounts."""
    with (
        contextlib.closing(client.api.export(container.id)) as chunks,
        contextlib.suppress(tarfile.TarError),
        tarfile.open(fileobj=Stream(chunks, _MAX_EXPORT), mode="r|") as archive,
    ):
        for member in archive:
            if member.isfile() or member.isdir():
                yield Entry(f"/{member.name.rstrip('/')}", member.mode & 0o7777, member.isdir())
    for mount in container.mounts:
        if mount.type != "tmpfs":
            yield from entries(client, container.id, mount.target) or ()


def _no_user(check: Check, image: Image) -> str:
    with check.disturbing():
        added = sorted(_users(check.client, image.id) - _users(check.client, setup.PYTHON))
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
