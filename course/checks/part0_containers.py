"""Checks of Part 0 on containers: how one ended, and what two of one image share."""

from __future__ import annotations

from docker import DockerClient

from course import facts, run
from course.checks import criteria, lifecycle
from course.checks.answers import text, whole_number
from course.checks.check import Check, exercise
from course.checks.probing import becomes
from course.facts import Container
from course.setups import part0 as setup


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
        "Creating only prepares a container. Nothing runs until you start it.",
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
        "Its state is in the same place as the state of the other container.",
    )
    criteria.predicted(check, "hello")


@exercise
def isolated(check: Check) -> None:
    """Require two containers of busybox, and a file in the first one's own layer and nowhere else."""
    names = run.name("first"), run.name("second")
    first, second = (facts.container(check.client, name) for name in names)
    if first is None or second is None:
        check.stop(
            "note",
            _missing(check.client, {names[0]: first, names[1]: second}),
            "Both must exist at the same time, running or not. The list of all containers shows them.",
        )
    note = _note(check.client, first.id)
    check.require(
        "note",
        note == setup.note_text(),
        f"There is no file {setup.NOTE} in {first.name}."
        if note is None
        else f"{setup.NOTE} in {first.name} holds {note[:80]!r}.",
        "Compare the path, and each character of the line.",
    )
    check.settle()
    mount = next((one for one in first.mounts if f"{setup.NOTE}/".startswith(f"{one.target.rstrip('/')}/")), None)
    check.require(
        "own-layer",
        mount is None,
        lambda: f"{setup.NOTE} lies on a {mount.type if mount else ''} mount, not in the layer of {first.name}.",
        "Files on a volume or another mount are outside the container.",
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
        "Make both containers first. Then write into one of them, in a place that the other does not share.",
    )
    check.settle()
    for container in (first, second):
        criteria.runs_course_image(check, "busybox", container, setup.BASE)


def _no_hello(client: DockerClient, name: str) -> str:
    lives = lifecycle.event_sequences(facts.history(client, "container").events, name).values()
    if any("start" in steps and "destroy" in steps for steps in lives):
        return f"A container called {name} ran and was removed again, so its end cannot be looked at."
    return f"There is no container {name}."


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
