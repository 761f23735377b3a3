"""The Engine: whether it may be asked, whether it answers, and what it says of itself."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import docker
from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import RequestException, Timeout

from course import repairs
from course.diagnosis import commands
from course.diagnosis.finding import Diagnosis, advice, failed, ok, unknown
from course.endpoint import Unusable, address, dead_helpers, new_client, place
from course.facts.exec import run_helper
from course.programs import numbers

SECONDS_TO_ANSWER: Final = 6.0
"""How long the Engine may take for its first word."""
SECONDS_TO_WORK: Final = 30.0
"""How long it may be silent afterwards: on a slow or busy machine a container takes ten seconds to start."""
OLDEST_API: Final = "1.41"
"""Engine 20.10: the oldest that the course was tried with."""
MAINTAINED_API: Final = "1.44"
"""Engine 25, the oldest that today's Docker commands talk to."""
GIB: Final = 1 << 30
LITTLE_DISK, GOOD_DISK = GIB // 2, 3 * GIB // 2
"""Beside the course's images: each part is tried with a disk of 2 GiB."""
LITTLE_MEMORY, GOOD_MEMORY = 1 * GIB, 2 * GIB
BASE: Final = "busybox"
"""The image of the doctor's own containers."""


def permission(about: str) -> Diagnosis:
    """Tell whether this user may use the Engine's socket."""
    try:
        address()
    except DockerException:
        return unknown(about, "the Engine's address cannot be used")
    scheme, _, path = place().partition("://")
    if scheme != "unix":
        return ok(about, f"The Engine is reached through {place()}.")
    socket = Path("/" + path.lstrip("/"))
    try:
        if not stat.S_ISSOCK(socket.stat().st_mode):
            return unknown(about, f"{socket} is no socket")
        allowed = os.access(socket, os.R_OK | os.W_OK)
    except PermissionError:
        allowed = False
    except OSError:
        return unknown(about, f"there is no socket {socket}")
    if allowed:
        return ok(about, f"You may use {socket}.")
    if _waits_for_login():
        return failed(
            about,
            "You are in the group docker, and this program was started before that.",
            "Log out and in again; if that is not enough, restart the machine.",
        )
    return failed(about, f"You may not use {socket}: permission denied.", repairs.join_group())


def _waits_for_login() -> bool:
    """Tell whether the user was added to the group docker, and this process does not have it yet."""
    import grp
    import pwd

    try:
        group = grp.getgrnam("docker")
        return pwd.getpwuid(os.getuid()).pw_name in group.gr_mem and group.gr_gid not in os.getgroups()
    except KeyError:
        return False


def reach(about: str) -> tuple[docker.DockerClient | None, Diagnosis]:
    """Connect to the Engine, and say which it is."""
    try:
        client = new_client(**address(), timeout=SECONDS_TO_ANSWER)
        version = client.version()
        client.api.timeout = SECONDS_TO_WORK
    except Unusable as error:
        return None, failed(about, f"{error}.", error.repair)
    except (DockerException, RequestException, OSError, ValueError) as error:
        return None, failed(about, f"No Docker Engine answers at {place()}: {reason(error)}.", _repair(error))
    system = f"{version.get('Os', '?')}/{version.get('Arch', '?')}"
    if "podman" in str(version.get("Components", "")).lower():
        found = f"Podman {version.get('Version')} answers at {place()}; the course needs Docker itself."
        return None, failed(about, found, repairs.start_engine())
    if version.get("Os") == "windows":
        found = "The Engine runs Windows containers; the course's are for Linux."
        return None, failed(about, found, repairs.linux_containers())
    return client, ok(about, f"{version['Version']} on {system}")


def credentials(about: str) -> Diagnosis:
    """Look whether the credential helpers that Docker's configuration names are installed."""
    if gone := dead_helpers():
        found = f"Docker's configuration names {' and '.join(gone)}, which is not on the PATH; push and pull may fail."
        return advice(about, found, repairs.forget_helpers())
    return ok(about, "Docker's configuration names no credential helper that is missing.")


def reason(error: BaseException) -> str:
    """Return in a few words why the Engine did not answer."""
    for cause in _causes(error):
        if isinstance(cause, Timeout | TimeoutError):
            return f"it says nothing for {SECONDS_TO_ANSWER:g} s"
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror.lower()
    return str(error).rstrip(".")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Return the error and those below it; the HTTP library hands some on as arguments."""
    step: BaseException | None = error
    while step is not None:
        yield step
        yield from (argument for argument in step.args if isinstance(argument, BaseException))
        step = step.__cause__ or step.__context__


def _repair(error: BaseException) -> str:
    return repairs.restart_engine() if timed_out(error) else repairs.start_engine()


def api(about: str, client: docker.DockerClient) -> Diagnosis:
    """Compare the API versions that the Engine, the command and docker-py speak."""
    version = client.version()
    newest, oldest = version["ApiVersion"], version.get("MinAPIVersion", "?")
    command, complaint = commands.api_version()
    found = f"the Engine speaks {oldest} to {newest}, docker-py {client.api.api_version}"
    found += f", the command docker up to {command}" if command else ""
    if _number(newest) < _number(OLDEST_API):
        return failed(about, f"{found}; the course needs {OLDEST_API}.", repairs.update_engine())
    if complaint:
        words = f"{found}; the two do not understand each other: {complaint}"
        return failed(about, words, repairs.install("client"))
    if _number(newest) < _number(MAINTAINED_API):
        return advice(about, f"{found}: an Engine this old gets no repairs any more.", repairs.update_engine())
    return ok(about, found)


def _number(version: str) -> tuple[int, ...]:
    return numbers(version)


def images(about: str, client: docker.DockerClient, wanted: Sequence[str]) -> Diagnosis:
    """Look which of the course's images are missing."""
    missing = [name for name in wanted if not has_image(client, name)]
    if missing:
        return failed(about, f"missing: {', '.join(missing)}", repairs.get_images(missing))
    return ok(about, f"{len(wanted)} of {len(wanted)} are there")


def has_image(client: docker.DockerClient, name: str) -> bool:
    """Tell whether the Engine has an image of this name."""
    try:
        client.api.inspect_image(name)
    except NotFound:
        return False
    return True


def disk(about: str, client: docker.DockerClient) -> Diagnosis:
    """Ask a container how much room there is where the Engine keeps its layers, wherever that is."""
    if not has_image(client, BASE):
        return unknown(about, f"the image {BASE} is missing")
    info = client.info()
    root = info.get("DockerRootDir", "the Engine's directory")
    outcome = run_helper(client, ["df", "-Pk", "/"])
    if outcome is None or not outcome.ok:
        return failed(
            about,
            f"{root}: no container could be started to look.",
            f"See what the Engine says to:  docker run --rm {BASE} true\nThen: {repairs.restart_engine()}",
        )
    size, free = (int(word) << 10 for word in (outcome.output.split("\n")[1].split()[k] for k in (1, 3)))
    found = f"{root}: {_gib(free)} of {_gib(size)} free"
    if free < LITTLE_DISK:
        return failed(about, f"{found}; at least {_gib(LITTLE_DISK)} is needed.", repairs.more_disk(_desktop(info)))
    if free < GOOD_DISK:
        return advice(about, f"{found}; {_gib(GOOD_DISK)} is comfortable.", repairs.more_disk(_desktop(info)))
    return ok(about, found)


def memory(about: str, client: docker.DockerClient) -> Diagnosis:
    """Look how much memory the Engine's machine has."""
    info = client.info()
    total = int(info.get("MemTotal", 0))
    found = f"{_gib(total)} for the Engine and all containers"
    if total < LITTLE_MEMORY:
        found += f"; at least {_gib(LITTLE_MEMORY)} is needed."
        return failed(about, found, repairs.more_memory(_desktop(info)))
    if total < GOOD_MEMORY:
        return advice(about, f"{found}; {_gib(GOOD_MEMORY)} is comfortable.", repairs.more_memory(_desktop(info)))
    return ok(about, found)


def cgroup(about: str, client: docker.DockerClient) -> Diagnosis:
    """Look which version of the kernel's control groups there is, and whether they limit memory."""
    info = client.info()
    version = str(info.get("CgroupVersion") or "1")
    if not info.get("MemoryLimit"):
        found = f"version {version}; the kernel cannot limit a container's memory (Part 5 needs that)."
        return failed(about, found, repairs.limit_memory())
    if version == "1":
        return ok(about, "version 1, which works; newer systems have version 2")
    return ok(about, f"version {version}")


def _desktop(info: dict[str, Any]) -> bool:
    return "Docker Desktop" in str(info.get("OperatingSystem"))


def _gib(size: int) -> str:
    return f"{size / GIB:.1f} GiB"


def timed_out(error: BaseException) -> bool:
    """Tell whether it is the Engine that kept silent."""
    return any(isinstance(cause, Timeout | TimeoutError) for cause in _causes(error))


def refused(error: APIError) -> str:
    """Return the Engine's own words for a refusal."""
    return str(error.explanation or error).strip()
