"""A report counts, explains and is shown as plain text, HTML and JSON."""

from __future__ import annotations

import pytest
from docker.errors import NotFound

from course.checks.report import MIME, Report
from course.errors import NoAnswer


def _criterion(report: Report, ok: object, **more: object) -> bool:
    return report.require(ok, passed="is so", failed="is not so", hint="look here", **more)  # type: ignore[arg-type]


def test_points_are_the_passed_share_of_the_weights() -> None:
    """Two of three parts of six points are four."""
    report = Report("X")
    _criterion(report, True, weight=2)
    _criterion(report, False)
    assert report.show(6) == 4


def test_an_essential_criterion_that_fails_takes_all_points() -> None:
    """Whatever else is right."""
    report = Report("X")
    _criterion(report, True, weight=9)
    _criterion(report, False, essential=True)
    assert report.show(6) == 0


def test_no_criterion_no_points() -> None:
    """An empty report proves nothing."""
    assert Report("X").show(6) == 0


def test_nothing_is_added_after_giving_up() -> None:
    """Further criteria would only repeat that there is nothing to check."""
    report = Report("X").give_up(failed="There is nothing.")
    assert _criterion(report, True) is False
    assert [finding.message for finding in report.findings] == ["There is nothing."]
    assert report.show(3) == 0


@pytest.mark.parametrize(
    ("error", "message"), [(NoAnswer("There is no x."), "There is no x."), (NotFound("gone"), "is not so")]
)
def test_a_missing_answer_or_object_is_a_failed_criterion(error: Exception, message: str) -> None:
    """Not an error: a grade cell never raises for a wrong answer."""

    def ask() -> bool:
        raise error

    report = Report("X")
    assert _criterion(report, ask) is False
    assert report.findings[0].message == message


def test_another_error_is_not_swallowed() -> None:
    """If the check itself is broken, nobody's answer is wrong."""
    with pytest.raises(ZeroDivisionError):
        _criterion(Report("X"), lambda: 1 / 0)


def test_the_display_says_the_same_in_text_html_and_json() -> None:
    """A hint is given with what failed only, and whatever text there is, is escaped."""
    report = Report("X & <Y>")
    _criterion(report, True)
    _criterion(report, False)
    bundle = report.bundle(2)
    assert bundle["text/plain"].splitlines() == [
        "X & <Y>: 1 of 2 points",
        "  ✓ is so",
        "  ✗ is not so",
        "      → look here",
    ]
    assert "X &amp; &lt;Y&gt;: 1 of 2 points" in bundle["text/html"]
    assert bundle["text/html"].count("look here") == 1
    assert bundle[MIME] == {
        "exercise": "X & <Y>",
        "points": 1,
        "findings": [
            {"passed": True, "message": "is so", "hint": ""},
            {"passed": False, "message": "is not so", "hint": "look here"},
        ],
    }


def test_control_characters_do_not_reach_the_reader() -> None:
    """A message may quote a name that a student chose."""
    report = Report("X")
    report.require(False, passed="", failed="named \x1b[31mred\nline", hint="")
    assert report.findings[0].message == "named  [31mred line"
