"""A check adds gates and parts, makes texts only when they are shown, and can end early."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from docker.errors import NotFound

from course import run
from course.answers import namespace
from course.checks import check as module
from course.checks.check import Check, Stop, exercise
from course.checks.report import Outcome
from course.errors import NoAnswer, NotKept, NotKnown


def _missing(name: str) -> NoReturn:
    raise NotFound(name)


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give checks an Engine that has no container and no image."""
    client: Any = SimpleNamespace(
        api=SimpleNamespace(inspect_container=_missing, inspect_image=_missing),
    )
    monkeypatch.setattr(module, "connect", lambda: client)
    monkeypatch.setenv("DOCKER_COURSE_RUN", "k3f9x2mq")


def _messages(check: Check) -> list[str]:
    return [finding.message for finding in check.findings]


def test_a_gate_that_fails_takes_all_points_and_a_part_its_share() -> None:
    """That is all the difference between them."""
    check = Check("X")
    assert check.part(True, "a", "b")
    assert not check.part(False, "a", "b")
    assert check.points(4) == 2
    check.gate(False, "a", "b")
    assert check.points(4) == 0


def test_a_gate_without_weight_earns_nothing_by_itself() -> None:
    """It is a condition for the points of the others."""
    check = Check("X")
    check.gate(True, "a", "b", weight=0)
    assert check.points(4) == 0
    check.part(True, "a", "b")
    check.part(False, "a", "b")
    assert check.points(4) == 2


def test_the_text_of_a_failure_is_made_when_it_is_shown_only() -> None:
    """It may cost a question to the Engine."""
    calls: list[str] = []

    def failed() -> str:
        calls.append("called")
        return "is not so"

    check = Check("X")
    check.gate(True, "is so", failed)
    assert calls == []
    check.gate(False, "is so", failed, "look here")
    assert calls == ["called"]
    assert [(finding.message, finding.hint) for finding in check.findings] == [
        ("is so", ""),
        ("is not so", "look here"),
    ]


@pytest.mark.parametrize(
    ("error", "outcome", "message"),
    [
        (NoAnswer("There is no x."), Outcome.FAILED, "There is no x."),
        (NotKept("Too much happened."), Outcome.FAILED, "Too much happened."),
        (NotFound("gone"), Outcome.FAILED, "is not so"),
        (NotKnown("A gap."), Outcome.UNKNOWN, "It is not known whether this holds: is so A gap."),
    ],
)
def test_a_missing_answer_or_object_is_a_failed_criterion(error: Exception, outcome: Outcome, message: str) -> None:
    """Not an error: a grade cell never raises for a wrong answer."""

    def ask() -> bool:
        raise error

    check = Check("X")
    assert check.gate(ask, "is so", "is not so") is False
    assert (check.findings[0].outcome, check.findings[0].message) == (outcome, message)


def test_another_error_is_not_swallowed() -> None:
    """If the check itself is broken, that is no wrong answer."""
    with pytest.raises(ZeroDivisionError):
        Check("X").gate(lambda: 1 / 0, "", "")


def test_settling_stops_at_a_gate_that_failed_and_at_nothing_else() -> None:
    """A part that failed is no reason to leave out the rest."""
    check = Check("X")
    check.part(False, "a", "b")
    check.gate(True, "a", "b")
    check.settle()
    check.gate(False, "a", "b")
    with pytest.raises(Stop):
        check.settle()


def test_nothing_is_added_after_a_stop() -> None:
    """Further criteria, those of hidden tests too, would only repeat that there is nothing to check."""

    @exercise("X")
    def judge(check: Check) -> None:
        check.stop("There is nothing.", "Make it.")

    report = judge()
    assert report.part(True, "a", "b") is False
    assert _messages(report) == ["There is nothing."]
    assert report.show(3) == 0


def test_a_stop_vouches_that_there_was_nothing() -> None:
    """Where the record has a gap, it is not known."""

    def vouch() -> None:
        raise NotKnown("A gap.")

    check = Check("X")
    with pytest.raises(Stop):
        check.stop("It never was.", vouch=vouch)
    assert (check.findings[0].outcome, check.findings[0].message) == (Outcome.UNKNOWN, "A gap.")


def test_what_is_needed_is_returned_and_its_absence_ends_the_check() -> None:
    """Zero and empty text are there."""
    check = Check("X")
    assert check.need(0, "No number.") == 0
    with pytest.raises(Stop):
        check.need(None, lambda: "No number.")
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
    check = Check("X")
    with pytest.raises(Stop):
        getattr(check, noun)("web")
    assert _messages(check) == [message]


def test_a_container_that_has_ended_is_shown_with_its_last_words() -> None:
    """What it wrote says more than that it does not run."""
    check = Check("X")
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
    check = Check("X")
    namespace()["number_of_layers"] = 3
    try:
        assert check.answer("number_of_layers") == 3
    finally:
        del namespace()["number_of_layers"]
    with pytest.raises(Stop):
        check.answer("number_of_layers")
    assert _messages(check) == ["There is no variable called number_of_layers."]


def test_an_exercise_returns_its_report_under_the_functions_own_name() -> None:
    """A check that ends early, too."""

    @exercise("A title")
    def judge(check: Check) -> None:
        """Require the run's name."""
        check.gate(run.name("web") == "web-k3f9x2mq", "yes", "no")
        check.settle()
        check.part(False, "yes", "no")

    report = judge()
    assert (judge.__name__, report.exercise, report.points(2)) == ("judge", "A title", 1)
