"""Checks of Part 0 on the Engine and its kernel. What an answer is compared with is measured here."""

from __future__ import annotations

import contextlib
import platform
import re

import docker
from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.answers import text
from course.checks.check import Check, exercise
from course.setups import part0 as setup

_API_VERSION = re.compile(r"v?([0-9]{1,3})\.([0-9]{1,3})")


@exercise
def engine_facts(check: Check) -> None:
    """Require what this Engine says of itself, and not what its client is or another Engine was."""
    version, info = check.client.version(), check.client.info()
    given = check.answer("engine_id", "Every Engine has an ID of its own. Let Python fetch it.", read=text)
    check.require(
        "engine-id",
        given == info["ID"],
        f"engine_id is {given[:80]!r}: this Engine has another ID.",
        "Every Engine has an ID of its own. Let Python fetch it; do not type it.",
    )
    check.settle()
    check.require(
        "server-version",
        lambda: text("server_version") == version["Version"],
        lambda: _wrong_version("server_version"),
        "`docker version` prints a block for the client and one for the server. Which one is yours from?",
    )
    check.require(
        "api-version",
        lambda: text("api_version").removeprefix("v") == version["ApiVersion"],
        lambda: _wrong_version("api_version"),
        "It is two numbers with a dot between them, and stands beside the Engine's version.",
    )
    check.require(
        "storage-driver",
        lambda: text("storage_driver") == info["Driver"],
        lambda: f"storage_driver is {text('storage_driver')[:80]!r}; the Engine names another one.",
        "`docker info` prints it. It is one word.",
    )


@exercise
def kernel(check: Check) -> None:
    """Require the machine's kernel, outside and in a container of the planted image, and that image's system."""
    tiny, info = run.name("tiny"), check.client.info()
    release, systems = str(info["KernelVersion"]), _outside_names(str(info["OperatingSystem"]))
    inside = check.answer("kernel_inside", "A program in the container says it.", read=text, demand="kernel-inside")
    check.require(
        "kernel-inside",
        inside == release,
        f"kernel_inside is {inside[:80]!r}; no container of this Engine says that.",
        "Let a program in the container ask the kernel, and keep what it prints.",
    )
    check.require(
        "kernel-inside",
        lambda: _has_run(check.client, tiny),
        f"No container of {tiny} has been started since the run began.",
        "Only a program in the container can find out what the kernel tells it there.",
        seen=f"A container of {tiny} has run.",
    )
    check.require(
        "system-inside",
        lambda: _system("system_inside") == setup.system_name(),
        lambda: f"system_inside is {_system('system_inside')[:80]!r}; the file in {tiny} says something else.",
        "The file is /etc/os-release. Read the one in the image; the host has one as well.",
    )
    check.require(
        "kernel-outside",
        lambda: text("kernel_outside") == release,
        lambda: f"kernel_outside is {text('kernel_outside')[:80]!r}; the Engine says something else.",
        "The Engine knows it. On macOS and Windows its host is a virtual machine, not the computer on your desk.",
    )
    check.require(
        "system-outside",
        lambda: _system("system_outside") in systems,
        lambda: f"system_outside is {text('system_outside')[:80]!r}; the host's system has another name.",
        "The Engine names it in the same answer as the kernel of the host.",
    )
    criteria.predicted(check, "kernel")


def is_newest(version: object) -> bool:
    """Tell whether the Engine answers requests in this version of its API, and in no version after it."""
    match = _API_VERSION.fullmatch(version.strip()) if isinstance(version, str) else None
    if match is None:
        return False
    major, minor = int(match[1]), int(match[2])
    return _speaks(f"{major}.{minor}") and not _speaks(f"{major}.{minor + 1}")


def _speaks(version: str) -> bool:
    try:
        return bool(docker.from_env(version=version).ping())
    except docker.errors.APIError:
        return False


def _wrong_version(name: str) -> str:
    given = text(name)
    if given in (docker.__version__, docker.constants.DEFAULT_DOCKER_API_VERSION):
        return f"{name} is {given!r}: a version of the client docker-py, and not what the Engine names."
    return f"{name} is {given[:80]!r}; the Engine names another one."


def _system(name: str) -> str:
    """Return a system's name without what stands around it in the file."""
    return text(name).removeprefix("PRETTY_NAME=").strip("\"'")


def _has_run(client: DockerClient, name: str) -> bool:
    """Tell whether a container of the image was ever started."""
    image, history = facts.image(client, name), facts.history(client, "container")
    asked = {event.attributes.get("image", "") for event in history.events if event.action == "start"}
    return history.happened(image is not None and any(image.is_called(reference) for reference in asked))


def _outside_names(system: str) -> set[str]:
    """Return what the Engine calls its machine's system and, where this is the same machine, what its own file says.

    The Engine adds a note in brackets if it finds itself in a container.
    """
    names = {system, system.removesuffix(" (containerized)")}
    with contextlib.suppress(OSError, AttributeError):
        names.add(platform.freedesktop_os_release()["PRETTY_NAME"])
    return names
