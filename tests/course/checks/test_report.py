"""A report counts, explains and is shown as plain text, HTML and JSON, by demand."""

from __future__ import annotations

import pytest

from course.checks.report import MIME, Criterion, Outcome, Report
from course.demands import Demand, Rubric

RUBRIC = Rubric(
    "For this machine only",
    6,
    (
        Demand("answers", "`web` answers at **127.0.0.1**.", share=2, essential=True),
        Demand("port", "It answers at the port `web_port`."),
        Demand("image", "It runs the image `nginx`."),
    ),
)


def _report(**outcomes: Outcome) -> Report:
    report = Report(RUBRIC)
    for demand, outcome in outcomes.items():
        passed = outcome is Outcome.PASSED
        hint = "" if passed else "look here"
        report.findings.append(Criterion(demand, outcome, "status 200" if passed else "no answer", hint))
    return report


@pytest.mark.parametrize(
    ("outcomes", "points"),
    [
        ({}, 0),
        ({"answers": Outcome.PASSED}, 3),
        ({"answers": Outcome.PASSED, "port": Outcome.PASSED}, 4.5),
        ({"answers": Outcome.PASSED, "port": Outcome.FAILED, "image": Outcome.PASSED}, 4.5),
        ({"answers": Outcome.PASSED, "port": Outcome.UNKNOWN}, 3),
        ({"answers": Outcome.FAILED, "port": Outcome.PASSED, "image": Outcome.PASSED}, 0),
        ({"port": Outcome.PASSED, "image": Outcome.PASSED}, 0),
    ],
)
def test_points_are_the_share_of_the_demands_that_are_met(outcomes: dict[str, Outcome], points: float) -> None:
    """Those that were not looked at count as not met; without an essential one there are none."""
    assert _report(**outcomes).points(6) == points


def test_the_text_lists_every_demand_ticked_or_not() -> None:
    """With what was seen; of one that is not met, why, and where to look."""
    report = _report(answers=Outcome.PASSED, port=Outcome.FAILED)
    assert report.bundle(6)["text/plain"].splitlines() == [
        "For this machine only: 3 of 6 points",
        "  ✓ web answers at 127.0.0.1.",
        "      status 200",
        "  ✗ It answers at the port web_port.",
        "      no answer",
        "      → look here",
        "  · It runs the image nginx.",
        "  · was not looked at: it follows from what is not met yet.",
    ]


def test_names_are_those_of_this_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the command line shows them."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "k3f9x2mq")
    rubric = Rubric("X", 1, (Demand("runs", 'The container `name("web")` runs *now*.', essential=True),))
    assert "· The container web-k3f9x2mq runs now." in Report(rubric).bundle(1)["text/plain"]


def test_of_a_demand_that_is_not_met_only_the_failures_are_shown() -> None:
    """What held of it would hide them."""
    report = _report(answers=Outcome.PASSED)
    report.findings.append(Criterion("answers", Outcome.FAILED, "then it stopped"))
    assert "status 200" not in report.bundle(6)["text/plain"]
    assert "✗ web answers at 127.0.0.1.\n      then it stopped" in report.bundle(6)["text/plain"]


def test_what_is_not_known_is_neither_met_nor_failed() -> None:
    """The head says how many, and a line says what to do."""
    text = _report(answers=Outcome.PASSED, port=Outcome.UNKNOWN, image=Outcome.PASSED).bundle(6)["text/plain"]
    assert text.startswith("For this machine only: 4.5 of 6 points, 1 not known\n")
    assert "  ? It answers at the port web_port." in text
    assert "run your answer once more" in text


def test_html_shows_what_a_student_chose_as_text() -> None:
    """A message may quote names and output."""
    report = _report()
    report.findings.append(Criterion("answers", Outcome.FAILED, "<img src=x> \x1b[31m", "<b>"))
    page = report.bundle(6)["text/html"]
    assert "&lt;img src=x&gt;" in page
    assert "&lt;b&gt;" in page
    assert "\x1b" not in page
    assert 'aria-label="not yet"' in page
    assert 'aria-label="not looked at"' in page


def test_the_data_holds_demands_and_findings() -> None:
    """The grader reads these."""
    data = _report(answers=Outcome.PASSED, port=Outcome.UNKNOWN).bundle(6)[MIME]
    assert (data["exercise"], data["points"]) == ("For this machine only", 3)
    assert [(demand["id"], demand["outcome"]) for demand in data["demands"]] == [
        ("answers", "passed"),
        ("port", "not known"),
        ("image", "not looked at"),
    ]
    assert data["findings"] == [
        {"demand": "answers", "passed": True, "message": "status 200", "hint": ""},
        {"demand": "port", "passed": False, "message": "no answer", "hint": "look here", "known": False},
    ]
