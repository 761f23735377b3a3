"""``docker-course lessons try``: one exercise, alone in a sandbox, with the same marks as in its part."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import trial
from autograder.cli import app
from autograder.errors import BadInput
from autograder.lessons import Exercise, find
from autograder.results import CellResult, Demanded, Execution, Finding, Verdict

ROOT = Path(__file__).parents[2]
EXERCISES = find(ROOT)
QUICK = {"engine-facts", "layers", "tmpfs", "ignored", "honest", "hardened", "editions", "unresolved"}
"""One of each part, for ``make test``."""


def test_there_is_one_quick_exercise_of_each_part() -> None:
    """So that ``make test`` looks at all parts."""
    assert [one.part for one in EXERCISES if one.name in QUICK] == sorted({one.part for one in EXERCISES})


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "exercise",
    [
        pytest.param(one, marks=() if one.name in QUICK else pytest.mark.full, id=f"{one.part}-{one.name}")
        for one in EXERCISES
    ],
)
def test_the_model_solution_of_each_exercise_gets_full_marks_alone(exercise: Exercise) -> None:
    """What it builds on is declared where something has to be there first."""
    (tried,) = trial.run(ROOT, exercise.part, exercise.name)
    assert not tried.failed, str(tried)
    assert tried.points == tried.max_points


@pytest.mark.sandbox
def test_the_command_prints_a_report_of_each_case_and_fails_where_one_is_not_as_expected(
    tmp_path: Path,
) -> None:
    """A wrong case that is found wrong is as expected; the same answer in a case that expects full marks is not."""
    own = tmp_path / "mine"
    own.mkdir()
    (own / "expected.json").write_text('{"about": "Thought to be right."}')
    (own / "tmpfs.py").write_text("client.containers.run('nginx', name=name('fast'), detach=True)\nnot_there")
    done = CliRunner().invoke(app, ["lessons", "try", "part2", "tmpfs", "unanswered", str(own), "--json"])
    assert done.exit_code == 1, done.output
    handed_out, mine = json.loads(done.stdout)
    assert (handed_out["answers"], handed_out["points"], handed_out["differences"]) == ("unanswered", 0, [])
    assert handed_out["findings"][0]["passed"] is False
    assert mine["differences"][0].endswith("points, expected 3")
    assert mine["errors"] == ["tmpfs: NameError: name 'not_there' is not defined"]


def test_an_answer_may_be_a_folder_a_name_or_a_file(tmp_path: Path) -> None:
    """A file is the answer cell that it is called after, or else the exercise's."""
    exercise = next(one for one in EXERCISES if one.name == "random-port")
    case = ROOT / "tests" / "submissions" / "part2" / "command-line"
    by_name, by_path = (trial.answers_of(ROOT, exercise, where) for where in (case.name, str(case)))
    assert by_name == by_path
    assert by_name.expected is not None
    for file, cell in (
        ("anything.py", "random-port"),
        ("random-port-prediction.py", "random-port-prediction"),
    ):
        (tmp_path / file).write_text("mine\n")
        assert trial.answers_of(ROOT, exercise, str(tmp_path / file)).texts == {cell: "mine"}
    with pytest.raises(BadInput, match=r"nor a case of part2\. Its cases: command-line, "):
        trial.answers_of(ROOT, exercise, "no-such")


def test_a_wrong_name_is_told_before_a_sandbox_starts() -> None:
    """Status 2, and the names that there are."""
    with pytest.raises(BadInput, match="there are: shell, loopback, "):
        next(trial.run(ROOT, "part2", "nosuch"))


def test_the_report_says_what_was_found_and_where_time_went() -> None:
    """For people: the points, each finding, what cells raised, what the case expected."""
    found = (
        Finding(demand="runs", passed=True, message="Since noon."),
        Finding(demand="answers", passed=False, message="It is deaf.", hint="Ask it."),
        Finding(passed=False, message="The check could not look."),
    )
    demands = (
        Demanded(id="runs", text="It runs.", essential=True, outcome="passed"),
        Demanded(id="answers", text="It answers.", essential=False, outcome="not yet"),
        Demanded(id="port", text="At the port.", essential=False, outcome="not looked at"),
    )
    cell = {"metadata": {"nbgrader": {"grade_id": "loopback"}}, "outputs": []}
    cell["outputs"] = [{"output_type": "error", "ename": "NameError", "evalue": "no x"}]
    execution = Execution(
        verdict=Verdict.GRADED,
        cells=(CellResult(grade_id="loopback-check", points=1.5, max_points=3, demands=demands, findings=found),),
        notebook={"cells": [cell]},
        seconds=2.0,
    )
    notebook = {"cells": [{"metadata": {"nbgrader": {"points": 3}}}]}
    misses = {"loopback-check": ["answers", ""]}
    says = {"loopback-check": "deaf. Ask"}
    expected = trial.Expected(about="", marks={"loopback-check": 2}, misses=misses, says=says)
    exercise = Exercise("part2", "loopback", 11)
    done = trial.report(exercise, trial.Answers("mine", {}, expected), notebook, execution, 4.5)
    assert str(done).splitlines() == [
        "part2 loopback, mine: 1.5 of 3 points",
        "  raised in loopback: NameError: no x",
        "  ✗ The check could not look.",
        "  ✓ runs: It runs.",
        "      Since noon.",
        "  ✗ answers: It answers.",
        "      It is deaf.",
        "      Ask it.",
        "  · port: At the port.",
        "  not as the case expects: loopback-check: 1.5 of 3 points, expected 2",
        "  4.5 s, of which the cells took 2.0 s",
    ]
    assert done.failed
