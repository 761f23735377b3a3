"""Checks of Part 3 on how a container starts and ends. Each is tried: with other arguments, and with a real stop."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from typing import Final

from docker import DockerClient
from docker.errors import APIError

from course import facts, run
from course.checks import criteria, lifecycle
from course.checks.answers import dictionary
from course.checks.check import Check, exercise
from course.checks.fresh_containers import started
from course.checks.probing import eventually, log_lines
from course.engine import connect
from course.facts import Container
from course.facts.main_process import command_line
from course.setups import part3 as setup

STOP_TIMEOUT: Final = 3
"""Seconds between signal 15 and signal 9 when a check stops a container."""


@exercise
def greets(check: Check) -> None:
    """Require a fixed beginning, a default, and arguments that take the default's place, whatever they are."""
    criteria.predicted(check, *setup.FORMS)
    check.part(
        lambda: not _wrong_forms(),
        "printed is what the three images print.",
        lambda: f"printed is not what the images print: {', '.join(_wrong_forms())}.",
        "Let Python run all three with the argument; do not write the words down by hand.",
    )
    name, guest = check.image("greeter").id, setup.guest()
    plain = greeted(check.client, name)
    check.gate(
        plain == [f"Dear [{guest}]"],
        f"Without an argument it greets {guest}, politely.",
        f"Without an argument it should print “Dear [{guest}]”; it prints: {_in_words(plain)}",
        "Which words belong to the program, and which is only a default?",
    )
    guests = [f"{secrets.token_hex(3)} and {secrets.token_hex(3)}", "*", f"$HOME-{secrets.token_hex(3)}"]
    lines = greeted(check.client, name, guests)
    check.gate(
        lines == [f"Dear [{guest}]" for guest in guests],
        "With three arguments, one of them with blanks, it greets these three, politely, and no others.",
        lambda: not_greeted(lines, plain, guests),
        "What is run is ENTRYPOINT followed by CMD; arguments replace CMD. A shell in between takes them first.",
        weight=2,
    )


def greeted(client: DockerClient, image: str, guests: Sequence[str] | None = None) -> list[str] | None:
    """Return the lines that the image prints for these arguments; None if its program cannot be started."""
    outcome = facts.run_once(client, image, guests)
    return outcome.output.strip().splitlines() if outcome is not None else None


@exercise
def graceful(check: Check) -> None:
    """Require that the program itself, asked to stop, gets signal 15, saves, and ends with exit code 0."""
    client = check.client
    container = check.running(
        "clerk", "Look at its log. The check itself stops the container; before that, it has to run."
    )
    eventually(lambda: "open" in log_lines(client, container.id))
    main = command_line(client, container.id)
    before = len(log_lines(client, container.id))
    exit_code = _stop(client, container.id)
    output = log_lines(client, container.id)[before:]
    history = facts.history(client, "container")
    steps = lifecycle.last_run(lifecycle.steps(history.of(container.id)))
    with contextlib.suppress(APIError):  # as it was before the check
        client.api.start(container.id)
    check.gate(
        lambda: (
            "kill 9" not in steps
            and history.happened(lifecycle.stopped(steps), container.id, since=container.state.started_at)
        ),
        "Asked to stop with signal 15, it ended by itself; no signal 9 was needed.",
        lambda: _killed(container, main, steps),
        "The signal goes to process 1 and to no other process. Which program should that be?",
    )
    check.gate(
        exit_code == 0,
        "Its exit code is 0.",
        f"Its exit code is 143, 128 + 15: the signal ended what it reached, and the program was not asked. "
        f"Process 1 is: {main[:100]}"
        if exit_code == 143
        else f"Its exit code is {exit_code}; expected: 0.",
        "128 and the number of a signal: that signal ended it. 0: it ended on its own terms.",
    )
    check.gate(
        f"saved {run.token()}" in output,
        "The clerk saved its note before it ended.",
        f"The clerk did not save its note. Its log then has: {' / '.join(output)[:120] or 'nothing'}",
        "The signal has to reach the program, not only end the container.",
    )


def closes(note: str) -> bool:
    """Tell whether a new container of the clerk's image, started by the check, saves this note when it is stopped."""
    client = connect()
    with started(client, run.name("clerk"), environment={"NOTE": note}) as trial:
        if trial.refusal or not eventually(lambda: "open" in log_lines(client, trial.id)):
            return False
        return _stop(client, trial.id) == 0 and f"saved {note}" in log_lines(client, trial.id)


def _stop(client: DockerClient, container_id: str) -> int | None:
    """Stop a container and return its exit code; None if it has been removed."""
    with contextlib.suppress(APIError):
        client.api.stop(container_id, timeout=STOP_TIMEOUT)
    container = facts.container(client, container_id)
    return container.state.exit_code if container is not None else None


def _killed(container: Container, main: str, steps: Sequence[str]) -> str:
    if "kill 9" in steps and "kill 15" in steps:
        wait = container.config.stop_timeout
        longer = f" To wait longer ({wait} s) changes nothing: it did not hear the 15." if wait else ""
        return (
            f"It did not react to signal 15 within {STOP_TIMEOUT} seconds, so signal 9 ended it "
            f"(exit code 137).{longer} Process 1 is: {main[:100]}"
        )
    return lifecycle.bad_ending(steps)


def _wrong_forms() -> list[str]:
    """Return the images of which the student's dictionary does not hold what they print."""
    printed, right = dictionary("printed"), setup.printed_forms()
    return [what for what in setup.FORMS if str(printed.get(what, "")).strip().lower() != right[what]]


def not_greeted(lines: list[str] | None, plain: list[str] | None, guests: Sequence[str]) -> str:
    """Return a sentence on what an image prints for three guests, and ``plain`` for none, if that is not right."""
    if lines is None:
        return (
            "With arguments it does not start: they took the place of the whole command, "
            f"and there is no program called “{guests[0]}”."
        )
    if lines == plain:
        return "The arguments are dropped: with and without them it prints the same."
    if plain and lines[: len(plain)] == plain:
        return f"The arguments are added, but the default stays: it still prints “{plain[0][:60]}”."
    return f"With the arguments {', '.join(guests)} it prints: {_in_words(lines)}"


def _in_words(lines: list[str] | None) -> str:
    return " / ".join(lines)[:160] or "nothing" if lines is not None else "nothing, for it does not start"
