"""The vocabulary that a check is written in: gates, parts, what has to be there, and an early end.

A check is a function that gets a `Check` and adds criteria to it; `exercise` makes of it one that returns the report:

    @exercise("A container that runs")
    def runs(check: Check) -> None:
        web = check.running("web")
        check.gate(web.host_config.memory, "It has a limit.", "It has no limit.", "Inspect shows Memory.")

Texts of failures may be functions without arguments: they are called only when they are shown. Hidden tests add
criteria to the report that such a function returns.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from docker.errors import NotFound

from course import facts, run
from course.answers import answer
from course.checks.probing import last_lines, still_running
from course.checks.report import Criterion, Outcome, Report
from course.engine import connect
from course.errors import NoAnswer, NotKept, NotKnown
from course.facts import Container, Image

T = TypeVar("T")
Text = str | Callable[[], str]
LOOK_AT_ALL = "Look at the list of all containers, stopped ones too."


class Stop(Exception):
    """Ends a check; its report is what was found so far."""


class Check(Report):
    """A report that is being written, and the Engine that it is about."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.client = connect()
        self._ended = False

    # -- criteria ------------------------------------------------------------------------------------------------------

    def gate(self, ok: object, passed: str, failed: Text, hint: str = "", *, weight: float = 1) -> bool:
        """Add a criterion without which the exercise earns nothing; return whether it passed.

        Args:
            ok: a value, or a function that gives one. A missing answer or object inside the function is a failure, and
                so is a history that was not kept (`NotKept`); one that is not known (`NotKnown`) is neither.
            passed: the sentence that is shown if it holds.
            failed: the sentence, or a function that gives it, if it does not.
            hint: where to look; never the command.
            weight: its share of the points; 0 for a condition that earns nothing by itself.
        """
        return self._add(ok, passed, failed, hint, weight, essential=True)

    def part(self, ok: object, passed: str, failed: Text, hint: str = "", *, weight: float = 1) -> bool:
        """Add a criterion that is worth its share, and no more; return whether it passed. Arguments as for `gate`."""
        return self._add(ok, passed, failed, hint, weight, essential=False)

    # -- an early end --------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Stop here if a gate has not been passed: the rest would only follow from it."""
        if any(finding.essential and not finding.passed for finding in self.findings):
            self._end()

    def stop(self, failed: str, hint: str = "", *, vouch: Callable[[], None] | None = None) -> NoReturn:
        """Note that there is nothing (more) to check, and stop.

        ``vouch`` raises `NotKnown` where that cannot be told (see `course.facts.History.vouch`).
        """
        self.gate(vouch or False, "", failed, hint)
        self._end()

    def need(self, thing: T | None, failed: Text, hint: str = "") -> T:
        """Return the thing; stop if it is None."""
        if thing is None:
            self.stop(failed() if callable(failed) else failed, hint)
        return thing

    # -- what has to be there: one sentence for each, in all exercises -------------------------------------------------

    def container(self, what: str, hint: str = "Give it exactly this name.") -> Container:
        """Return this run's container, running or not."""
        name = run.name(what)
        return self.need(facts.container(self.client, name), f"There is no container {name}.", hint)

    def running(self, what: str, hint: str = LOOK_AT_ALL) -> Container:
        """Return this run's container, which runs and still does a moment later."""
        name = run.name(what)
        return self.need(still_running(self.client, name), lambda: self._not_running(name), hint)

    def image(self, what: str, hint: str = "Give the image that you build exactly this name.") -> Image:
        """Return this run's image."""
        name = run.name(what)
        return self.need(facts.image(self.client, name), f"There is no image called {name}.", hint)

    def answer(self, name: str, hint: str = "", *, read: Callable[[str], Any] = answer) -> Any:
        """Return the student's variable, as ``read`` gives it (`course.checks.answers`)."""
        try:
            return read(name)
        except NoAnswer as reason:
            self.stop(str(reason), hint)

    # ------------------------------------------------------------------------------------------------------------------

    def _not_running(self, name: str) -> str:
        found = facts.container(self.client, name)
        if found is None:
            return f"There is no container {name} that runs."
        return (
            f"There is no container {name} that runs: it is {found.state.status}, exit code {found.state.exit_code}. "
            f"Its log ends with: {last_lines(self.client, found.id)}"
        )

    def _end(self) -> NoReturn:
        """Stop, and leave out what is added from here on."""
        self._ended = True
        raise Stop

    def _add(self, ok: object, passed: str, failed: Text, hint: str, weight: float, *, essential: bool) -> bool:
        if self._ended:
            return False
        outcome, reason = Outcome.FAILED, ""
        try:
            if ok() if callable(ok) else ok:
                outcome = Outcome.PASSED
        except (NoAnswer, NotKept) as error:
            reason = str(error)
        except NotKnown as error:
            claim = f"It is not known whether this holds: {passed} " if passed else ""
            outcome, reason, hint = Outcome.UNKNOWN, f"{claim}{error}", ""
        except NotFound:
            pass
        if outcome is Outcome.PASSED:
            message, hint = passed, ""
        else:
            message = reason or (failed() if callable(failed) else failed)
        self.findings.append(Criterion(outcome, message, hint, weight, essential))
        return outcome is Outcome.PASSED


def exercise(title: str) -> Callable[[Callable[[Check], None]], Callable[[], Check]]:
    """Make of a function that fills a `Check` one that makes the `Check`, and returns it as the exercise's report."""

    def decorate(judge: Callable[[Check], None]) -> Callable[[], Check]:
        @functools.wraps(judge)
        def report() -> Check:
            check = Check(title)
            with contextlib.suppress(Stop):
                judge(check)
            return check

        return report

    return decorate
