"""A check adds criteria of demands, makes texts only when they are shown, and can end early."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from docker.errors import NotFound

from course import demands, run
from course.answers import namespace
from course.checks import check as module
from course.checks.check import Check, Stop, exercise
from course.checks.report import Outcome
from course.demands import Rubric
from course.errors import NoAnswer, NotKept, NotKnown
from tests.course.checks.demanding import check_of, rubric


def _missing(name: str) -> NoReturn:
    raise NotFound(name)


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give checks an Engine that has no container and no image."""
    client: Any = SimpleNamespace(
        api=SimpleNamespace(inspect_container=_missing, inspect_image=_missing, send=None),
    )
    monkeypatch.setattr(module, "connect", lambda: client)
    monkeypatch.setenv("DOCKER_COURSE_RUN", "k3f9x2mq")


def _messages(check: Check) -> list[str]:
    return [finding.message for finding in check.findings]


def test_a_demand_is_met_if_all_its_criteria_passed() -> None:
    """One that fails is enough, whatever else was found about it."""
    check = check_of("port", "answers", needed="answers")
    assert check.require("answers", True, "no")
    assert check.require("port", True, "no")
    assert check.points(4) == 4
    assert not check.require("port", False, "no")
    assert check.points(4) == 2


def test_without_an_essential_demand_nothing_is_earned() -> None:
    """Not even if the check never came to it."""
    check = check_of("port", "answers", needed="answers")
    check.require("port", True, "no")
    assert check.points(4) == 0
    check.require("answers", False, "no")
    assert check.points(4) == 0


def test_a_criterion_of_nothing_that_is_demanded_is_a_mistake_in_the_check() -> None:
    """Nothing is checked that is not demanded."""
    with pytest.raises(LookupError, match="does not demand 'colour'"):
        check_of("port").require("colour", True, "no")


def test_the_text_of_a_criterion_is_made_when_it_is_shown_only() -> None:
    """It may cost a question to the Engine."""
    calls: list[str] = []

    def text(what: str) -> str:
        calls.append(what)
        return what

    check = check_of("port")
    check.require("port", True, lambda: text("failed"), seen=lambda: text("seen"))
    assert calls == ["seen"]
    check.require("port", False, lambda: text("failed"), "look here", seen=lambda: text("seen"))
    assert calls == ["seen", "failed"]
    assert [(each.message, each.hint) for each in check.findings] == [("seen", ""), ("failed", "look here")]


@pytest.mark.parametrize(
    ("error", "outcome", "message"),
    [
        (NoAnswer("There is no x."), Outcome.FAILED, "There is no x."),
        (NotKept("Too much happened."), Outcome.FAILED, "Too much happened."),
        (NotFound("gone"), Outcome.FAILED, "is not so"),
        (NotKnown("A gap."), Outcome.UNKNOWN, "A gap."),
    ],
)
def test_a_missing_answer_or_object_is_a_failed_criterion(error: Exception, outcome: Outcome, message: str) -> None:
    """Not an error: a grade cell never raises for a wrong answer."""

    def ask() -> bool:
        raise error

    check = check_of("port")
    assert check.require("port", ask, "is not so") is False
    assert (check.findings[0].outcome, check.findings[0].message) == (outcome, message)


def test_another_error_is_not_swallowed() -> None:
    """If the check itself is broken, that is no wrong answer."""
    with pytest.raises(ZeroDivisionError):
        check_of("port").require("port", lambda: 1 / 0, "")


def test_settling_stops_at_an_essential_demand_that_is_not_met_and_at_nothing_else() -> None:
    """Another one is no reason to leave out the rest."""
    check = check_of("port", "answers", needed="answers")
    check.require("port", False, "b")
    check.require("answers", True, "b")
    check.settle()
    check.require("answers", False, "b")
    with pytest.raises(Stop):
        check.settle()


def _declare(monkeypatch: pytest.MonkeyPatch, **rubrics: Rubric) -> None:
    monkeypatch.setattr(demands, "of_part", lambda part: rubrics if part == "test" else {})


def test_nothing_is_added_after_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Further criteria, those of hidden tests too, would only repeat that there is nothing to check."""
    _declare(monkeypatch, judge=rubric("port", "answers"))

    @exercise
    def judge(check: Check) -> None:
        check.stop("port", "There is nothing.", "Make it.")

    report = judge()
    assert report.require("answers", True, "b") is False
    assert _messages(report) == ["There is nothing."]
    assert report.show(3) == 0


def test_a_check_that_forgets_a_demand_is_a_mistake_in_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is demanded that is not checked; after an early end, the rest is open."""
    _declare(monkeypatch, judge=rubric("port", "answers"))

    @exercise
    def judge(check: Check) -> None:
        check.require("answers", True, "b")

    with pytest.raises(LookupError, match="no criterion for port"):
        judge()


def test_a_stop_vouches_that_there_was_nothing() -> None:
    """Where the record has a gap, it is not known."""

    def vouch() -> None:
        raise NotKnown("A gap.")

    check = check_of("port")
    with pytest.raises(Stop):
        check.stop("port", "It never was.", vouch=vouch)
    assert (check.findings[0].outcome, check.findings[0].message) == (Outcome.UNKNOWN, "A gap.")


def test_what_is_needed_is_returned_and_its_absence_ends_the_check() -> None:
    """Zero and empty text are there."""
    check = check_of("port")
    assert check.need("port", 0, "No number.") == 0
    with pytest.raises(Stop):
        check.need("port", None, lambda: "No number.")
    assert _messages(check) == ["No number."]


@pytest.mark.parametrize(
    ("noun", "message"),
    [
        ("container", "There is no container web-k3f9x2mq."),
        ("running", "There is no container web-k3f9x2mq that runs."),
        ("image", "There is no image called web-k3f9x2mq."),
    ],
)
def test_missing_objects_are_named(noun: str, message: str) -> None:
    """With the name of this run."""
    check = check_of("port")
    with pytest.raises(Stop):
        getattr(check, noun)("web")
    assert _messages(check) == [message]


def test_a_container_that_has_ended_is_shown_with_its_last_words() -> None:
    """What it wrote says more than that it does not run."""
    check = check_of("port")
    ended = {"Id": "a" * 64, "State": {"Status": "exited", "ExitCode": 3}}
    check.client.api.inspect_container = lambda _: ended
    check.client.api.logs = lambda *_, **__: b"begins\nhas no file\nends\n"
    with pytest.raises(Stop):
        check.running("web")
    assert _messages(check) == [
        "There is no container web-k3f9x2mq that runs: it is exited, exit code 3. Its log ends with: has no file / ends"
    ]


def test_an_answer_is_returned_or_its_problem_shown() -> None:
    """The student's variables are read by name."""
    check = check_of("port")
    namespace()["number_of_layers"] = 3
    try:
        assert check.answer("number_of_layers") == 3
    finally:
        del namespace()["number_of_layers"]
    with pytest.raises(Stop):
        check.answer("number_of_layers")
    assert _messages(check) == ["There is no variable called number_of_layers."]


def test_an_exercise_is_called_like_its_function_in_the_part_of_its_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that ends early returns its report, too."""
    _declare(monkeypatch, **{"two-words": rubric("port", "name", needed="name")})

    @exercise
    def two_words(check: Check) -> None:
        """Require the run's name."""
        check.require("name", run.name("web") == "web-k3f9x2mq", "no")
        check.settle()
        check.require("port", False, "no")

    report = two_words()
    assert (two_words.__name__, report.rubric.title, report.points(2)) == ("two_words", "X", 1)


def test_a_criterion_is_marked_by_whether_it_disturbs() -> None:
    """What the check changed since the criterion before counts for it."""
    check = check_of("port")
    check.require("port", True, "")
    with check.disturbing():
        pass
    check.require("port", True, "")
    check.require("port", lambda: True, "", disturbs=True)
    check.require("port", True, "")
    assert [finding.disturbs for finding in check.findings] == [False, True, True, False]
