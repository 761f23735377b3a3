"""Checks of Part 0, one function for each exercise. Each returns a `Report` and reads nothing but the Engine.

A student's own value is asked for only where the exercise asks for one; what it is compared with is measured here.
"""

from __future__ import annotations

import contextlib
import platform
import re

import docker
from docker import DockerClient

from course import facts, run
from course.answers import answer
from course.checks import life
from course.checks.common import require_prediction, whole_number
from course.checks.report import Report
from course.engine import connect
from course.errors import NoAnswer
from course.facts import Container
from course.setups import part0 as setup

_API_VERSION = re.compile(r"v?([0-9]{1,3})\.([0-9]{1,3})")


def engine_facts() -> Report:
    """Exercise 1: what this Engine says of itself, and not what its client is or another Engine was."""
    report = Report("Facts about the Engine")
    client = connect()
    version, info = client.version(), client.info()
    report.require(
        lambda: _words("engine_id") == info["ID"],
        passed="engine_id is this Engine's: so it was asked, here and now.",
        failed=_other(
            "engine_id", "another Engine has that ID, or none. A value copied from elsewhere is not asked for"
        ),
        hint="Every Engine has an ID of its own. Let Python fetch it; do not type it.",
        essential=True,
    )
    report.require(
        lambda: _words("server_version") == version["Version"],
        passed="server_version is the version of the Engine.",
        failed=_wrong_version("server_version", "Engine's version"),
        hint="The answer to “version” has a part for the client and one for the server. Whose is yours?",
        essential=True,
    )
    report.require(
        lambda: _words("api_version").removeprefix("v") == version["ApiVersion"],
        passed="api_version is the newest version of its language that the Engine speaks.",
        failed=_wrong_version("api_version", "version of its API that the Engine names"),
        hint="It has two numbers with a dot between them, and it stands beside the Engine's version.",
        essential=True,
    )
    report.require(
        lambda: _words("storage_driver") == info["Driver"],
        passed="storage_driver is the one that this Engine keeps its images with.",
        failed=_other("storage_driver", "the Engine names another one"),
        hint="It is in what “info” answers, and is one word.",
    )
    return report


def hello() -> Report:
    """Exercise 2: hello-world ran to its end and is still there; status and exit codes were read."""
    report = Report("The first container")
    client, name = connect(), run.name("hello")
    found, image = facts.container(client, name), facts.image(client, setup.HELLO)
    if found is None or image is None:
        return report.give_up(
            failed=_no_hello(client, name),
            hint="It has to stay in the list of all containers after its end, under exactly this name.",
        )
    if not report.require(
        found.started is not None,
        passed=f"The container {name} was started.",
        failed=f"The container {name} was created, but never started: its StartedAt is in the year 1.",
        hint="To create is to prepare. Nothing runs until it is started.",
        essential=True,
    ):
        return report
    report.require(
        found.image_id == image.id,
        passed=f"It was made from {setup.HELLO}.",
        failed=f"It was made from another image than {setup.HELLO}, whatever it prints: {found.image_reference[:80]}",
        hint="Compare the ID of the image that the container was made from with the ID of the image asked for.",
        essential=True,
    )
    report.require(
        found.state == "exited" and found.exit_code == 0,
        passed="It did its work and ended with exit code 0.",
        failed=f"It is {found.state}, with exit code {found.exit_code}; expected: exited, with 0.",
        hint="Let the image's own program run to its end; give no command of your own.",
    )
    require_prediction(report, "hello")
    report.require(
        lambda: (
            _words("hello_status").lower() == found.state
            and whole_number("hello_exit_code") == found.exit_code
        ),
        passed="hello_status and hello_exit_code are what the Engine says.",
        failed=f"hello_status and hello_exit_code are not what the Engine says of {name}.",
        hint="Read them when the program has ended. A container object in Python keeps what it knew until reload().",
    )
    report.require(
        lambda: whole_number("job_exit_code") == setup.job_exit_code(),
        passed="job_exit_code is right too: that job reported a problem.",
        failed=f"job_exit_code is not the exit code of {run.name('job')}.",
        hint="Its state is kept where the state of the other container is.",
    )
    return report


def one_kernel() -> Report:
    """Exercise 3: the kernel is the machine's, the name of the system is the image's."""
    report = Report("Inside and outside")
    client = connect()
    info = client.info()
    kernel, systems = info["KernelVersion"], _outside_names(str(info["OperatingSystem"]))
    require_prediction(report, "kernel")
    report.require(
        lambda: _words("kernel_outside") == kernel,
        passed="kernel_outside is the kernel of the machine that the Engine runs on.",
        failed=_other("kernel_outside", "the machine that the Engine runs on has another kernel"),
        hint="The Engine knows it; on macOS and Windows its machine is a virtual one, not the one on your desk.",
    )
    report.require(
        lambda: _words("kernel_inside") == kernel,
        passed="kernel_inside is the same: the container has no kernel of its own.",
        failed=_other("kernel_inside", "no container of this Engine tells that. It has no kernel of its own"),
        hint="Let a program in the container ask the kernel, and take down what it prints.",
        essential=True,
    )
    report.require(
        lambda: _system("system_outside") in systems,
        passed="system_outside is the system of the machine that the Engine runs on.",
        failed=_other(
            "system_outside", "the machine that the Engine runs on calls its system something else"
        ),
        hint="Take it from where the kernel of the machine stands.",
    )
    report.require(
        lambda: _system("system_inside") == setup.system_name(),
        passed="system_inside is what the image's own file says.",
        failed=_not_inside(systems),
        hint="The file is /etc/os-release. The one that is meant is in the image; the machine has one as well.",
        essential=True,
    )
    return report


def isolated() -> Report:
    """Exercise 4: two containers of one image; a file is in the first one's own layer and nowhere else."""
    report = Report("One image, two worlds")
    client = connect()
    names = run.name("first"), run.name("second")
    first, second = (facts.container(client, name) for name in names)
    if first is None or second is None:
        return report.give_up(
            failed=_missing(client, *names),
            hint="Both have to be there at the same time, running or not. The list of all containers shows them.",
        )
    report.require(
        first.image_id == second.image_id,
        passed="Two containers, two IDs, and one image for both.",
        failed="They were made from two different images, so it is no wonder that their files differ.",
        hint="Leave the image as it is and use it twice.",
        essential=True,
    )
    if not report.require(
        _note(client, first.id) == setup.note_text(),
        passed=f"{setup.NOTE} in {first.name} holds the line that was asked for.",
        failed=f"{setup.NOTE} in {first.name} is missing, or holds something else than the line that was asked for.",
        hint="The path counts, and so does every letter of the line.",
        essential=True,
    ):
        return report
    baked = facts.read_image_file(client, first.image_id, setup.NOTE) is not None
    report.require(
        facts.changes(client, first.id).get(setup.NOTE) == "added" and not baked,
        passed=f"diff shows it as added: it is in the own layer of {first.name}.",
        failed=_not_own(first, baked),
        hint="Compare with what diff tells of a file that you write with a program inside the running container.",
        essential=True,
    )
    report.require(
        _note(client, second.id) is None,
        passed=f"{second.name} has no such file.",
        failed=f"{second.name} has {setup.NOTE} as well.",
        hint="Write after both containers were made, into one of them, and where no other can look.",
        essential=True,
    )
    return report


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


def _words(name: str) -> str:
    value = answer(name)
    if not isinstance(value, str):
        raise NoAnswer(f"{name} is {str(value)[:60]!r}; text was expected.")
    return value.strip()


def _system(name: str) -> str:
    """Return a system's name without what stands around it in the file."""
    return _words(name).removeprefix("PRETTY_NAME=").strip("\"'")


def _other(name: str, problem: str) -> str:
    with contextlib.suppress(NoAnswer):
        return f"{name} is {_words(name)[:80]!r}: {problem}."
    return f"{name} is missing."  # not shown: the criterion's own reason takes its place


def _wrong_version(name: str, wanted: str) -> str:
    clients = {docker.__version__: "docker-py", docker.constants.DEFAULT_DOCKER_API_VERSION: "docker-py"}
    with contextlib.suppress(NoAnswer):
        given = _words(name)
        if given in clients:
            return f"{name} is {given!r}: that belongs to the client, {clients[given]}. Asked for is the {wanted}."
    return _other(name, f"that is not the {wanted}; a client has versions too, and they may differ")


def _no_hello(client: DockerClient, name: str) -> str:
    lives = life.lives(facts.history(client, "container").events, name).values()
    if any("start" in steps and "destroy" in steps for steps in lives):
        return f"A container called {name} ran and was removed again, so nobody can look at how it ended."
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
    with contextlib.suppress(NoAnswer):
        if _system("system_inside") in systems:
            return f"system_inside is {_system('system_inside')[:80]!r}: that is the machine's own, from outside."
    return _other("system_inside", f"the file in {run.name('tiny')} says something else")


def _missing(client: DockerClient, one: str, other: str) -> str:
    history = facts.history(client, "container")
    if set(history.called(one)) & set(history.called(other)):
        return f"{one} and {other} are one container, which had both names one after the other."
    gone = [name for name in (one, other) if facts.container(client, name) is None]
    return f"There is no container called {' and none called '.join(gone)}."


def _note(client: DockerClient, container_id: str) -> str | None:
    content = facts.read_file(client, container_id, setup.NOTE)
    return None if content is None else content.decode("utf-8", "replace").strip()


def _not_own(first: Container, baked: bool) -> str:
    if baked:
        return f"{setup.NOTE} is in the image already, so every container made from it has the file."
    return f"diff does not list {setup.NOTE} for {first.name}: it lies on a volume or other mount, not in its layer."
