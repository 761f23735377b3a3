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
from course.facts import Container
from course.setups import part0 as setup

_API_VERSION = re.compile(r"v?([0-9]{1,3})\.([0-9]{1,3})")


@exercise
def engine_facts(check: Check) -> None:
    """Require what this Engine says of itself, and not what its client is or another Engine was."""
    version, info = check.client.version(), check.client.info()
    check.gate(
        lambda: text("engine_id") == info["ID"],
        "engine_id is this Engine's: so it was asked, here and now.",
        lambda: _other("engine_id", "this Engine has another ID. A value copied from elsewhere does not count"),
        "Every Engine has an ID of its own. Let Python fetch it; do not type it.",
    )
    check.gate(
        lambda: text("server_version") == version["Version"],
        "server_version is the version of the Engine.",
        lambda: _wrong_version("server_version", "Engine's version"),
        "The answer to “version” has a part for the client and one for the server. Whose is yours?",
    )
    check.gate(
        lambda: text("api_version").removeprefix("v") == version["ApiVersion"],
        "api_version is the newest version of its language that the Engine speaks.",
        lambda: _wrong_version("api_version", "version of its API that the Engine names"),
        "It has two numbers with a dot between them, and it stands beside the Engine's version.",
    )
    check.part(
        lambda: text("storage_driver") == info["Driver"],
        "storage_driver is the one that this Engine keeps its images with.",
        lambda: _other("storage_driver", "the Engine names another one"),
        "It is in what “info” answers, and is one word.",
    )


@exercise
def hello(check: Check) -> None:
    """Require that hello-world ran to its end and still exists, and that status and exit codes were read."""
    name = run.name("hello")
    container, image = facts.container(check.client, name), facts.image(check.client, setup.HELLO)
    if container is None or image is None:
        check.stop(
            _no_hello(check.client, name),
            "It has to stay in the list of all containers after its end, under exactly this name.",
        )
    state = container.state
    check.gate(
        state.started_at is not None,
        f"The container {name} was started.",
        f"The container {name} was created, but never started: its StartedAt is in the year 1.",
        "To create is to prepare. Nothing runs until it is started.",
    )
    check.settle()
    check.gate(
        container.image == image.id,
        f"It was made from {setup.HELLO}.",
        f"It was made from another image than {setup.HELLO}, whatever it prints: {container.config.image[:80]}",
        "Compare the ID of the image that the container was made from with the ID of the image asked for.",
    )
    check.part(
        state.status == "exited" and state.exit_code == 0,
        "It did its work and ended with exit code 0.",
        f"It is {state.status}, with exit code {state.exit_code}; expected: exited, with 0.",
        "Let the image's own program run to its end; give no command of your own.",
    )
    criteria.predicted(check, "hello")
    check.part(
        lambda: text("hello_status").lower() == state.status and whole_number("hello_exit_code") == state.exit_code,
        "hello_status and hello_exit_code are what the Engine says.",
        f"hello_status and hello_exit_code are not what the Engine says of {name}.",
        "Read them when the program has ended. A container object in Python keeps what it knew until reload().",
    )
    check.part(
        lambda: whole_number("job_exit_code") == setup.job_exit_code(),
        "job_exit_code is right too: that job reported a problem.",
        f"job_exit_code is not the exit code of {run.name('job')}.",
        "Its state is kept where the state of the other container is.",
    )


@exercise
def one_kernel(check: Check) -> None:
    """Require the machine's kernel, inside and outside, and the image's name of the system inside."""
    info = check.client.info()
    kernel, systems = info["KernelVersion"], _outside_names(str(info["OperatingSystem"]))
    criteria.predicted(check, "kernel")
    check.part(
        lambda: text("kernel_outside") == kernel,
        "kernel_outside is the kernel of the machine that the Engine runs on.",
        lambda: _other("kernel_outside", "the machine that the Engine runs on has another kernel"),
        "The Engine knows it; on macOS and Windows its machine is a virtual one, not the one on your desk.",
    )
    check.gate(
        lambda: text("kernel_inside") == kernel,
        "kernel_inside is the same: the container has no kernel of its own.",
        lambda: _other("kernel_inside", "no container of this Engine says that. It has no kernel of its own"),
        "Let a program in the container ask the kernel, and take down what it prints.",
    )
    check.part(
        lambda: _system("system_outside") in systems,
        "system_outside is the system of the machine that the Engine runs on.",
        lambda: _other("system_outside", "the machine that the Engine runs on calls its system something else"),
        "Take it from where the kernel of the machine stands.",
    )
    check.gate(
        lambda: _system("system_inside") == setup.system_name(),
        "system_inside is what the image's own file says.",
        lambda: _not_inside(systems),
        "The file is /etc/os-release. The one that is meant is in the image; the machine has one as well.",
    )


@exercise
def isolated(check: Check) -> None:
    """Require two containers of one image, and a file in the first one's own layer and nowhere else."""
    names = run.name("first"), run.name("second")
    first, second = (facts.container(check.client, name) for name in names)
    if first is None or second is None:
        check.stop(
            _missing(check.client, {names[0]: first, names[1]: second}),
            "Both have to be there at the same time, running or not. The list of all containers shows them.",
        )
    check.gate(
        first.image == second.image,
        "Two containers, two IDs, and one image for both.",
        "They were made from two different images, so it is no wonder that their files differ.",
        "Leave the image as it is and use it twice.",
    )
    check.gate(
        _note(check.client, first.id) == setup.note_text(),
        f"{setup.NOTE} in {first.name} holds the line that was asked for.",
        f"{setup.NOTE} in {first.name} is missing, or holds something else than the line that was asked for.",
        "The path counts, and so does every letter of the line.",
    )
    check.settle()
    baked = facts.read_image_file(check.client, first.image, setup.NOTE) is not None
    check.gate(
        facts.changes(check.client, first.id).get(setup.NOTE) == "added" and not baked,
        f"diff shows it as added: it is in the own layer of {first.name}.",
        f"{setup.NOTE} is in the image already, so every container made from it has the file."
        if baked
        else f"diff does not list {setup.NOTE} for {first.name}: it lies on a volume or other mount, not in its layer.",
        "Compare with what diff says of a file that you write with a program inside the running container.",
    )
    check.gate(
        _note(check.client, second.id) is None,
        f"{second.name} has no such file.",
        f"{second.name} has {setup.NOTE} as well.",
        "Write after both containers were made, into one of them, and where no other can look.",
    )


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


def _other(name: str, problem: str) -> str:
    return f"{name} is {text(name)[:80]!r}: {problem}."


def _wrong_version(name: str, wanted: str) -> str:
    if text(name) in (docker.__version__, docker.constants.DEFAULT_DOCKER_API_VERSION):
        return f"{name} is {text(name)!r}: that belongs to the client, docker-py, and is not the {wanted}."
    return _other(name, f"that is not the {wanted}; a client has versions too, and they may differ")


def _no_hello(client: DockerClient, name: str) -> str:
    lives = lifecycle.event_sequences(facts.history(client, "container").events, name).values()
    if any("start" in steps and "destroy" in steps for steps in lives):
        return f"A container called {name} ran and was removed again, so its end cannot be looked at."
    return f"There is no container called {name}."


def _outside_names(system: str) -> set[str]:
    """Return what the Engine calls its machine's system and, where this is the same machine, what its own file says.

    The Engine adds a note in brackets if it finds itself in a container.
    """
    names = {system, system.removesuffix(" (containerized)")}
    with contextlib.suppress(OSError, AttributeError):
        names.add(platform.freedesktop_os_release()["PRETTY_NAME"])
    return names


def _not_inside(systems: set[str]) -> str:
    if _system("system_inside") in systems:
        return f"system_inside is {_system('system_inside')[:80]!r}: that is the machine's own, from outside."
    return _other("system_inside", f"the file in {run.name('tiny')} says something else")


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
