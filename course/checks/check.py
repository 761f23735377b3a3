"""The vocabulary that a check is written in: criteria of demands, what has to be there, and an early end.

A check is a function that gets a `Check` and adds criteria to it, each for one of the exercise's demands
(`course.demands`). `exercise` makes of it one that returns the report:

    @exercise
    def runs(check: Check) -> None:
        web = check.running("web")
        check.require("limited", web.host_config.memory, "It has no limit.", "Inspect shows Memory.")

The exercise is called like the function, and is of the part that its module is called after. Texts of failures may be
functions without arguments: they are called only when they are shown. Hidden tests add criteria to the report that such
a function returns.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, TypeVar

from docker.errors import NotFound

from course import demands, facts, run
from course.answers import answer
from course.checks import disturbing
from course.checks.probing import last_lines, still_running
from course.checks.report import Criterion, Outcome, Report
from course.demands import Rubric
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

    def __init__(self, rubric: Rubric) -> None:
        super().__init__(rubric)
        self.client = disturbing.guard(connect())
        self._demands = {demand.id: demand for demand in rubric.demands}
        self._disturbed = self._ended = False

    # -- criteria ------------------------------------------------------------------------------------------------------

    def require(
        self, demand: str, ok: object, failed: Text, hint: str = "", *, seen: Text = "", disturbs: bool = False
    ) -> bool:
        """Add a criterion; return whether it passed. A demand is met if all its criteria passed.

        Args:
            demand: the ID of the demand that it proves.
            ok: a value, or a function that gives one. A missing answer or object inside the function is a failure, and
                so is a history that was not kept (`NotKept`); one that is not known (`NotKnown`) is neither.
            failed: what was seen instead, as a sentence, or a function that gives it.
            hint: where to look; never the command.
            seen: what was seen if it holds, where that says more than the demand, as a sentence or function.
            disturbs: whether ``ok`` changes something to find out (`course.checks.disturbing`).

        Raises:
            LookupError: if the exercise has no such demand.
        """
        if demand not in self._demands:
            raise LookupError(f"The exercise {self.rubric.title!r} does not demand {demand!r}.")
        if self._ended:
            return False
        outcome, reason = Outcome.FAILED, ""
        try:
            with self.disturbing() if disturbs else contextlib.nullcontext():
                if ok() if callable(ok) else ok:
                    outcome = Outcome.PASSED
        except (NoAnswer, NotKept) as error:
            reason = str(error)
        except NotKnown as error:
            outcome, reason, hint = Outcome.UNKNOWN, str(error), ""
        except NotFound:
            pass
        if outcome is Outcome.PASSED:
            message, hint = _text(seen), ""
        else:
            message = reason or _text(failed)
        self.findings.append(Criterion(demand, outcome, message, hint, self._disturbed))
        self._disturbed = False
        return outcome is Outcome.PASSED

    @contextlib.contextmanager
    def disturbing(self) -> Iterator[None]:
        """Allow what is done in here to change something; the next criterion is marked as one that disturbs."""
        self._disturbed = True
        with disturbing.disturbing():
            yield

    # -- an early end --------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Stop here if an essential demand is not met: the rest would only follow from it."""
        if any(not finding.passed and self._demands[finding.demand].essential for finding in self.findings):
            self._end()

    def stop(self, demand: str, failed: str, hint: str = "", *, vouch: Callable[[], None] | None = None) -> NoReturn:
        """Note that a demand is not met, that there is nothing (more) to check, and stop.

        ``vouch`` raises `NotKnown` where that cannot be told (see `course.facts.History.vouch`).
        """
        self.require(demand, vouch or False, failed, hint)
        self._end()

    def need(self, demand: str, thing: T | None, failed: Text, hint: str = "") -> T:
        """Return the thing; stop if it is None."""
        if thing is None:
            self.stop(demand, _text(failed), hint)
        return thing

    # -- what has to be there: one sentence for each, in all exercises; without `demand`, the exercise's first one -----

    def container(self, what: str, hint: str = "Give it exactly this name.", *, demand: str = "") -> Container:
        """Return this run's container, running or not."""
        name = run.name(what)
        return self.need(
            self._or_first(demand), facts.container(self.client, name), f"There is no container {name}.", hint
        )

    def running(self, what: str, hint: str = LOOK_AT_ALL, *, demand: str = "") -> Container:
        """Return this run's container, which runs and still does a moment later."""
        name = run.name(what)
        found = still_running(self.client, name)
        return self.need(self._or_first(demand), found, lambda: self._not_running(name), hint)

    def image(
        self, what: str, hint: str = "Give the image that you build exactly this name.", *, demand: str = ""
    ) -> Image:
        """Return this run's image."""
        name = run.name(what)
        found = facts.image(self.client, name)
        return self.need(self._or_first(demand), found, f"There is no image called {name}.", hint)

    def answer(self, name: str, hint: str = "", *, read: Callable[[str], Any] = answer, demand: str = "") -> Any:
        """Return the student's variable, as ``read`` gives it (`course.checks.answers`)."""
        try:
            return read(name)
        except NoAnswer as reason:
            self.stop(self._or_first(demand), str(reason), hint)

    # ------------------------------------------------------------------------------------------------------------------

    def _or_first(self, demand: str) -> str:
        return demand or self.rubric.demands[0].id

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


def exercise(judge: Callable[[Check], None]) -> Callable[[], Check]:
    """Make of a function that fills a `Check` one that makes the `Check`, and returns it as the exercise's report.

    That function raises `LookupError` if the exercise is not declared in its part's lesson, or if the check has come to
    its end without a criterion for each demand.
    """
    name = judge.__name__.replace("_", "-")
    part = judge.__module__.rpartition(".")[2].partition("_")[0]

    @functools.wraps(judge)
    def report() -> Check:
        check = Check(demands.of_part(part)[name])
        try:
            with disturbing.observing():
                judge(check)
        except Stop:
            return check
        if unproven := [each.id for each in check.rubric.demands if check.outcome(each) is Outcome.OPEN]:
            raise LookupError(f"The check of {name} has no criterion for {', '.join(unproven)}.")
        return check

    return report


def _text(text: Text) -> str:
    return text() if callable(text) else text
