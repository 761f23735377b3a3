"""A report counts, explains and is shown as plain text, HTML and JSON."""

from __future__ import annotations

from course.checks.report import MIME, Criterion, Outcome, Report


def _report(*findings: Criterion, title: str = "X") -> Report:
    report = Report(title)
    report.findings.extend(findings)
    return report


def _finding(passed: bool, weight: float = 1, essential: bool = False) -> Criterion:
    if passed:
        return Criterion(Outcome.PASSED, "is so", "", weight, essential)
    return Criterion(Outcome.FAILED, "is not so", "look here", weight, essential)


def test_points_are_the_passed_share_of_the_weights() -> None:
    """Two of three parts of six points are four."""
    assert _report(_finding(True, weight=2), _finding(False)).show(6) == 4


def test_an_essential_criterion_that_fails_takes_all_points() -> None:
    """Whatever else is right."""
    assert _report(_finding(True, weight=9), _finding(False, essential=True)).show(6) == 0


def test_no_criterion_no_points() -> None:
    """An empty report proves nothing."""
    assert Report("X").show(6) == 0


def test_the_display_says_the_same_in_text_html_and_json() -> None:
    """A hint is given with what failed only, and whatever text there is, is escaped."""
    bundle = _report(_finding(True), _finding(False), title="X & <Y>").bundle(2)
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
    finding = Criterion(Outcome.FAILED, "named \x1b[31mred\nline", "in \x07")
    assert (finding.message, finding.hint) == ("named  [31mred line", "in  ")
