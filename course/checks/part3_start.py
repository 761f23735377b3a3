"""Checks of Part 3 on how a container starts and ends. Each is tried: with other arguments, and with a real stop."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from typing import Final

from docker import DockerClient
from docker.errors import APIError, NotFound

from course import answer, facts, run
from course.checks import life
from course.checks.common import require_prediction
from course.checks.probing import eventually, log_lines, running
from course.checks.report import Report
from course.engine import connect
from course.errors import NoAnswer
from course.facts import Container
from course.facts.main_process import command_line
from course.setups import part3 as setup

SECONDS_TO_STOP: Final = 3
"""How long the checks wait between signal 15 and signal 9."""


def forms(report: Report) -> Report:
    """Exercise 21, first half: the predictions were made, and ``printed`` is what the three images print."""
    for question in setup.FORMS:
        require_prediction(report, question)
    right = setup.printed_forms()

    def wrong() -> list[str]:
        given = answer("printed")
        if not isinstance(given, dict):
            raise NoAnswer("printed is not a dictionary with one text for each of the three images.")
        return [what for what in setup.FORMS if str(given.get(what, "")).strip().lower() != right[what]]

    report.require(
        lambda: not wrong(),
        passed="printed is what the three images print.",
        failed=f"printed is not what the images print: {_listed(wrong)}.",
        hint="Let Python run all three with the argument; do not write the words down by hand.",
    )
    return report


def greets() -> Report:
    """Exercise 21: a fixed beginning, a default, and arguments that take the default's place, whatever they are."""
    report = forms(Report("ENTRYPOINT and CMD"))
    client, name = connect(), run.name("greeter")
    if facts.image(client, name) is None:
        return report.give_up(
            failed=f"There is no image called {name}.",
            hint="Give the image that you build exactly this name.",
        )
    plain = greeted(client, name)
    report.require(
        plain == [f"Dear [{setup.guest()}]"],
        passed=f"Without an argument it greets {setup.guest()}, politely.",
        failed=f"Without an argument it should print “Dear [{setup.guest()}]”; it prints: {_told(plain)}",
        hint="Which words belong to the program, and which is only a default?",
        essential=True,
    )
    guests = [f"{secrets.token_hex(3)} and {secrets.token_hex(3)}", "*", f"$HOME-{secrets.token_hex(3)}"]
    told = greeted(client, name, guests)
    report.require(
        told == [f"Dear [{guest}]" for guest in guests],
        passed="With three arguments, one of them with blanks, it greets these three, politely, and nobody else.",
        failed=_not_greeted(told, plain, guests),
        hint="What is run is ENTRYPOINT followed by CMD; arguments replace CMD. A shell in between takes them first.",
        essential=True,
        weight=2,
    )
    return report


def greeted(client: DockerClient, name: str, guests: Sequence[str] | None = None) -> list[str] | None:
    """Return the lines that the image prints for these arguments; None if its program cannot be started."""
    outcome = facts.run_once(client, name, guests)
    return outcome.output.strip().splitlines() if outcome is not None else None


def graceful() -> Report:
    """Exercise 22: asked to stop, the program itself gets signal 15, saves, and ends with exit code 0."""
    report = Report("A graceful stop")
    client, name = connect(), run.name("clerk")
    found = running(client, name)
    if found is None:
        gone = facts.container(client, name)
        return report.give_up(
            failed=f"The container {name} does not run."
            if gone is None
            else f"The container {name} is {gone.state}, exit code {gone.exit_code}. The check stops it itself."
            " It has to run.",
            hint="Look at its log.",
        )
    eventually(lambda: "open" in log_lines(client, found.id))
    first = command_line(client, found.id)
    before = len(log_lines(client, found.id))
    asked = found.started
    ended = _stop(client, found.id)
    said = log_lines(client, found.id)[before:]
    history = facts.history(client, "container")
    steps = life.last_run(life.steps(history.of(found.id)))
    try:
        report.require(
            lambda: "kill 9" not in steps and history.happened(life.stopped(steps), found.id, since=asked),
            passed="Asked to stop with signal 15, it ended by itself; no signal 9 was needed.",
            failed=_killed(client, found, first, steps),
            hint="The signal goes to process 1, and to nobody else. Which program should that be?",
            essential=True,
        )
        report.require(
            ended is not None and ended.exit_code == 0,
            passed="Its exit code is 0.",
            failed=_bad_code(ended.exit_code if ended is not None else None, first),
            hint="128 and the number of a signal: that signal ended it. 0: it ended on its own terms.",
            essential=True,
        )
        report.require(
            f"saved {run.token()}" in said,
            passed="The clerk saved its note before it ended.",
            failed=f"The clerk did not save its note. Its log then has: {' / '.join(said)[:120] or 'nothing'}",
            hint="The signal has to reach the program, not only end the container.",
            essential=True,
        )
    finally:
        with contextlib.suppress(APIError):  # as it was before the check
            client.api.start(found.id)
    return report


def closes(note: str) -> bool:
    """Tell whether a new container of the clerk's image, made by the check, saves this note when it is stopped."""
    client = connect()
    try:
        made = client.api.create_container(
            run.name("clerk"), environment={"NOTE": note}, labels=run.labels()
        )["Id"]
    except APIError:
        return False
    try:
        client.api.start(made)
        if not eventually(lambda: "open" in log_lines(client, made)):
            return False
        ended = _stop(client, made)
        return ended is not None and ended.exit_code == 0 and f"saved {note}" in log_lines(client, made)
    except APIError:
        return False
    finally:
        with contextlib.suppress(NotFound):
            client.api.remove_container(made, force=True, v=True)


def _stop(client: DockerClient, container: str) -> Container | None:
    with contextlib.suppress(APIError):
        client.api.stop(container, timeout=SECONDS_TO_STOP)
    return facts.container(client, container)


def _killed(client: DockerClient, found: Container, first: str, steps: Sequence[str]) -> str:
    if "kill 9" in steps and "kill 15" in steps:
        waits = (client.api.inspect_container(found.id).get("Config") or {}).get("StopTimeout")
        longer = f" To wait longer ({waits} s) changes nothing: it did not hear the 15." if waits else ""
        return (
            f"It did not react to signal 15 within {SECONDS_TO_STOP} seconds, so signal 9 ended it "
            f"(exit code 137).{longer} Process 1 is: {first[:100]}"
        )
    return life.bad_ending(steps)


def _bad_code(code: int | None, first: str) -> str:
    if code == 143:
        return (
            f"Its exit code is 143, 128 + 15: the signal ended what it reached, and the program was not asked. "
            f"Process 1 is: {first[:100]}"
        )
    return f"Its exit code is {code}; expected was 0."


def _not_greeted(told: list[str] | None, plain: list[str] | None, guests: Sequence[str]) -> str:
    if told is None:
        return (
            "With arguments it does not start: they took the place of the whole command, "
            f"and there is no program called “{guests[0]}”."
        )
    if told == plain:
        return "The arguments are dropped: with and without them it prints the same."
    if plain and told[: len(plain)] == plain:
        return f"The arguments are added, but the default stays: it still prints “{plain[0][:60]}”."
    return f"With the arguments {', '.join(guests)} it prints: {_told(told)}"


def _told(lines: list[str] | None) -> str:
    return " / ".join(lines)[:160] or "nothing" if lines is not None else "nothing, for it does not start"


def _listed(wrong: object) -> str:
    try:
        return ", ".join(wrong())  # type: ignore[operator]
    except NoAnswer:
        return "there is none"
