"""Checks of Part 0, one function for each exercise. They read nothing but the Engine.

A student's own value is asked for only where the exercise asks for one; what it is compared with is measured here.
"""

from __future__ import annotations

import contextlib
import platform
import re

import docker
from docker import DockerClient

from course import facts, run
from course.checks import criteria, lifecycle
from course.checks.answers import text, whole_number
from course.checks.check import Check, exercise
from course.checks.probing import becomes
from course.facts import Container
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
        "The answer to “version” has a part for the client and one for the server. Whose is yours?",
    )
    check.require(
        "api-version",
        lambda: text("api_version").removeprefix("v") == version["ApiVersion"],
        lambda: _wrong_version("api_version"),
        "It has two numbers with a dot between them, and it stands beside the Engine's version.",
    )
    check.require(
        "storage-driver",
        lambda: text("storage_driver") == info["Driver"],
        lambda: f"storage_driver is {text('storage_driver')[:80]!r}; the Engine names another one.",
        "It is in what “info” answers, and is one word.",
    )


@exercise
def hello(check: Check) -> None:
    """Require that hello-world ran to its end and still exists, and that status and exit codes were read."""
    name = run.name("hello")
    container = check.need(
        "ran",
        facts.container(check.client, name),
        lambda: _no_hello(check.client, name),
        "It has to stay in the list of all containers after its end, under exactly this name.",
    )
    if container.running:  # it was started a moment ago
        becomes(check.client, container.id, lambda now: not now.running)
        container = facts.container(check.client, container.id) or container
    state = container.state
    criteria.runs_course_image(check, "ran", container, setup.HELLO)
    check.require(
        "ran",
        state.started_at is not None,
        f"The container {name} was created, but never started: its StartedAt is in the year 1.",
        "To create is to prepare. Nothing runs until it is started.",
    )
    check.settle()
    check.require(
        "ended",
        state.status == "exited" and state.exit_code == 0,
        f"It is {state.status}, with exit code {state.exit_code}.",
        "Let the image's own program run to its end; give no command of your own.",
    )
    check.require(
        "read",
        lambda: text("hello_status").lower() == state.status and whole_number("hello_exit_code") == state.exit_code,
        lambda: (
            f"hello_status is {text('hello_status')[:40]!r} and hello_exit_code is {whole_number('hello_exit_code')}; "
            f"the Engine says {state.status!r} and {state.exit_code}."
        ),
        "Read them when the program has ended. A container object in Python keeps what it knew until reload().",
    )
    check.require(
        "job",
        lambda: whole_number("job_exit_code") == setup.job_exit_code(),
        lambda: f"job_exit_code is {whole_number('job_exit_code')}; the job ended with another one.",
        "Its state is kept where the state of the other container is.",
    )
    criteria.predicted(check, "hello")


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
        "Let a program in the container ask the kernel, and take down what it prints.",
    )
    check.require(
        "kernel-inside",
        lambda: _has_run(check.client, tiny),
        f"No container of {tiny} has been started since the run began.",
        "What a program is told inside, only a program inside can tell.",
        seen=f"A container of {tiny} has run.",
    )
    check.require(
        "system-inside",
        lambda: _system("system_inside") == setup.system_name(),
        lambda: f"system_inside is {_system('system_inside')[:80]!r}; the file in {tiny} says something else.",
        "The file is /etc/os-release. The one that is meant is in the image; the machine has one as well.",
    )
    check.require(
        "kernel-outside",
        lambda: text("kernel_outside") == release,
        lambda: f"kernel_outside is {text('kernel_outside')[:80]!r}; the Engine says something else.",
        "The Engine knows it; on macOS and Windows its machine is a virtual one, not the one on your desk.",
    )
    check.require(
        "system-outside",
        lambda: _system("system_outside") in systems,
        lambda: f"system_outside is {text('system_outside')[:80]!r}; the Engine's machine calls its system otherwise.",
        "Take it from where the kernel of the machine stands.",
    )
    criteria.predicted(check, "kernel")


@exercise
def isolated(check: Check) -> None:
    """Require two containers of busybox, and a file in the first one's own layer and nowhere else."""
    names = run.name("first"), run.name("second")
    first, second = (facts.container(check.client, name) for name in names)
    if first is None or second is None:
        check.stop(
            "note",
            _missing(check.client, {names[0]: first, names[1]: second}),
            "Both have to be there at the same time, running or not. The list of all containers shows them.",
        )
    note = _note(check.client, first.id)
    check.require(
        "note",
        note == setup.note_text(),
        f"There is no file {setup.NOTE} in {first.name}."
        if note is None
        else f"{setup.NOTE} in {first.name} holds {note[:80]!r}.",
        "The path counts, and so does every letter of the line.",
    )
    check.settle()
    mount = next((one for one in first.mounts if f"{setup.NOTE}/".startswith(f"{one.target.rstrip('/')}/")), None)
    check.require(
        "own-layer",
        mount is None,
        lambda: f"{setup.NOTE} lies on a {mount.type if mount else ''} mount, not in the layer of {first.name}.",
        "What lies on a volume or another mount is outside of the container.",
    )
    check.settle()
    check.require(
        "own-layer",
        facts.changes(check.client, first.id).get(setup.NOTE) == "added",
        f"diff does not list {setup.NOTE} as added for {first.name}: the file came with its image.",
        "Compare with what diff says of a file that you write with a program inside the running container.",
    )
    check.settle()
    check.require(
        "apart",
        _note(check.client, second.id) is None,
        f"{second.name} has {setup.NOTE} as well.",
        "Write after both containers were made, into one of them, and where no other can look.",
    )
    check.settle()
    for container in (first, second):
        criteria.runs_course_image(check, "busybox", container, setup.BASE)


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


def _system(name: str) -> str:
    """Return a system's name without what stands around it in the file."""
    return text(name).removeprefix("PRETTY_NAME=").strip("\"'")


def _wrong_version(name: str) -> str:
    given = text(name)
    if given in (docker.__version__, docker.constants.DEFAULT_DOCKER_API_VERSION):
        return f"{name} is {given!r}: a version of the client docker-py, and not what the Engine names."
    return f"{name} is {given[:80]!r}; the Engine names another one."


def _no_hello(client: DockerClient, name: str) -> str:
    lives = lifecycle.event_sequences(facts.history(client, "container").events, name).values()
    if any("start" in steps and "destroy" in steps for steps in lives):
        return f"A container called {name} ran and was removed again, so its end cannot be looked at."
    return f"There is no container {name}."


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


def _missing(client: DockerClient, containers: dict[str, Container | None]) -> str:
    one, other = containers
    history = facts.history(client, "container")
    if set(history.called(one)) & set(history.called(other)):
        return f"{one} and {other} are one container, which had both names one after the other."
    missing = [name for name, container in containers.items() if container is None]
    return f"There is no container called {' and none called '.join(missing)}."


def _note(client: DockerClient, container_id: str) -> str | None:
    content = facts.read_file(client, container_id, setup.NOTE)
    return None if content is None else content.decode("utf-8", "replace").strip()
