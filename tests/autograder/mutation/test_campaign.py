"""A campaign packs, grades, looks again at what is doubtful, goes on where it stopped, and says what became of each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.errors import BadInput, SandboxError
from autograder.mutation import campaign, report
from autograder.mutation.campaign import Campaign, Plan, plan
from autograder.mutation.judging import Explained, Fate, Judge, Judged, base_of, hold_to_limit
from autograder.mutation.mutants import Changed, RightAnswer
from autograder.mutation.notebook import Part, conflicts, notebook
from autograder.mutation.packing import pack
from autograder.mutation.results import Store
from autograder.results import CellResult, Execution, Finding, Job, Verdict

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def part2() -> Part:
    """A part without dependencies."""
    return Part.read(ROOT, "part2")


def changed(exercise: str, text: str, kind: str = "mutant") -> Changed:
    """An answer with a text of its own."""
    return Changed(RightAnswer(exercise, "model", {exercise: "right"}), kind, "operator", text, {exercise: text})


class Sandbox:
    """Grades by the answer's text: ``right`` words keep the marks, and the state is the text's last word."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.jobs: list[list[str]] = []

    def __call__(self, job: Job) -> Execution:
        """Grade a job."""
        cells, results, text = job.notebook["cells"], [], ""
        self.jobs.append([])
        for cell in cells:
            settings = cell["metadata"]["nbgrader"]
            name = settings["grade_id"]
            if settings["solution"]:
                text = cell["source"]
                if "raises" in text:
                    error = {"output_type": "error", "ename": "NameError", "evalue": "x", "traceback": []}
                    cell["outputs"] = [error]
            if not settings["grade"]:
                continue
            findings: tuple[Finding, ...] = ()
            points = 0.0
            if name.endswith("-state"):
                idle = text.startswith(("%%bash", "raises", "predicted"))
                state = {} if idle else {"container web": text.split()[-1]}
                findings = (Finding(passed=True, message=json.dumps(state)),)
            elif name.endswith("-check"):
                self.jobs[-1].append(text)
                points = settings["points"] if text.startswith("right") else 0.0
                findings = () if points else (Finding(demand="answers", passed=False, message="No."),)
            if "breaks" in text and not name.endswith("-note"):
                results.append(CellResult(grade_id=name, points=0, max_points=settings["points"], reached=False))
                continue
            results.append(CellResult(grade_id=name, points=points, max_points=settings["points"], findings=findings))
        return Execution(verdict=Verdict.GRADED, cells=tuple(results), notebook={"cells": cells})


def run(part: Part, path: Path, items: list[Changed], **more: object) -> tuple[dict[str, Judged], Sandbox]:
    """Grade items of the exercise ``loopback``; by text what became of each, and the sandbox."""
    bases = (part.unanswered("loopback"), base_of(items[0]))
    mutants = tuple(item for item in items if item.kind == "mutant")
    variants = [item for item in items if item.kind == "variant"]
    planned = Plan(bases, mutants, tuple(variants[:1]), tuple(variants[1:]))
    store = Store(path / "part2.jsonl")
    sandbox = Sandbox(part)
    judged = Campaign(part, store, Judge(part, store), execute=sandbox, **more).run(planned)  # type: ignore[arg-type]
    return {each.item.what: each for each in judged}, sandbox


def test_each_mutant_is_killed_equivalent_stillborn_or_a_survivor(part2: Part, tmp_path: Path) -> None:
    """By its marks, by what its cell raised, and by the state at its end."""
    texts = ("wrong", "raises", "wrong raises", "right", "right other", "wrong breaks")
    judged, _ = run(part2, tmp_path, [changed("loopback", text) for text in texts])
    assert {text: judged[text].outcome for text in texts} == {
        "wrong": Fate.KILLED,
        "raises": Fate.STILLBORN,
        "wrong raises": Fate.KILLED,
        "right": Fate.EQUIVALENT,
        "right other": Fate.SURVIVOR,
        "wrong breaks": Fate.STILLBORN,
    }
    assert judged["right other"].differs == ("container web",)


def test_an_exercise_that_was_not_answered_must_not_keep_all_marks(part2: Part, tmp_path: Path) -> None:
    """Whatever else is tried."""
    handed_out = Changed(RightAnswer("loopback", "none", {}), "unanswered", "", "as handed out", {"loopback": "right"})
    store = Store(tmp_path / "part2.jsonl")
    (judged,) = Campaign(part2, store, Judge(part2, store), execute=Sandbox(part2)).run(Plan((handed_out,), (), (), ()))
    assert judged.outcome is Fate.SURVIVOR


def test_a_refused_variant_is_tried_change_by_change(part2: Part, tmp_path: Path) -> None:
    """To find the culprit; where all changes together are accepted, none is tried alone."""
    together, label, port = (
        changed("loopback", text, "variant") for text in ("wrong all", "right label", "wrong port")
    )
    judged, _ = run(part2, tmp_path, [together, label, port])
    assert judged["wrong all"].outcome is judged["wrong port"].outcome is Fate.REFUSED
    assert judged["right label"].outcome is Fate.ACCEPTED
    accepted, sandbox = run(part2, tmp_path, [changed("loopback", "right all", "variant"), label, port])
    assert "wrong port" not in accepted
    assert sandbox.jobs == [["right all"]]


def test_a_second_run_grades_only_what_is_missing(part2: Part, tmp_path: Path) -> None:
    """A line that was cut when the run was stopped is graded again."""
    first, second = changed("loopback", "wrong one"), changed("loopback", "wrong two")
    run(part2, tmp_path, [first], jobs=1)
    file = tmp_path / "part2.jsonl"
    text = file.read_text()
    judged, sandbox = run(part2, tmp_path, [first, second])
    assert sandbox.jobs == [["wrong two"]]
    assert judged["wrong one"].outcome is Fate.KILLED
    file.write_text(text[:-20])
    _, sandbox = run(part2, tmp_path, [first])
    assert sandbox.jobs == [["wrong one"]]


def test_what_is_done_is_kept_when_a_run_is_stopped(part2: Part, tmp_path: Path) -> None:
    """Ctrl-C comes in the middle."""

    def stop(status: campaign.Status) -> None:
        if status.done >= 2:
            raise KeyboardInterrupt

    items = [changed("loopback", f"wrong {number}") for number in range(6)]
    with pytest.raises(KeyboardInterrupt):
        run(part2, tmp_path, items, tell=stop, jobs=1)
    _, sandbox = run(part2, tmp_path, items)
    assert 0 < len(sandbox.jobs) < 8


def test_what_is_known_is_told_without_grading(part2: Part, tmp_path: Path) -> None:
    """What is not known is *not graded*."""
    first, second = changed("loopback", "wrong one"), changed("loopback", "wrong two")
    run(part2, tmp_path, [first])
    store = Store(tmp_path / "part2.jsonl")
    sandbox = Sandbox(part2)
    known = Campaign(part2, store, Judge(part2, store), execute=sandbox).known(Plan((), (first, second), (), ()))
    assert [each.outcome for each in known] == [Fate.KILLED, Fate.OPEN]
    assert sandbox.jobs == []


def test_what_cannot_be_graded_together_is_graded_alone(part2: Part, tmp_path: Path) -> None:
    """One notebook that no sandbox survives costs the other exercises nothing."""
    sandbox = Sandbox(part2)

    def execute(job: Job) -> Execution:
        if sum(cell["metadata"]["nbgrader"]["grade_id"].endswith("-check") for cell in job.notebook["cells"]) > 1:
            raise SandboxError("gone")
        return sandbox(job)

    items = (changed("loopback", "wrong"), changed("tmpfs", "wrong"))
    store = Store(tmp_path / "part2.jsonl")
    planned = Plan((part2.unanswered("loopback"), part2.unanswered("tmpfs")), items, (), ())
    judged = Campaign(part2, store, Judge(part2, store), execute=execute).run(planned)
    assert [each.outcome for each in judged] == [Fate.ACCEPTED, Fate.ACCEPTED, Fate.KILLED, Fate.KILLED]


def test_the_progress_says_how_far_it_is(part2: Part, tmp_path: Path) -> None:
    """In one line."""
    seen: list[campaign.Status] = []
    run(part2, tmp_path, [changed("loopback", "wrong"), changed("loopback", "right other")], tell=seen.append, jobs=1)
    assert seen[-1].done == seen[-1].expected == 4
    assert str(campaign.Status(37, 212, 3, 540)) == "37 of 212, 3 survivors, about 9 min left"


def test_one_notebook_has_one_mutant_of_each_independent_exercise(part2: Part) -> None:
    """An exercise that builds on another is not tried together with it, but with the model answer to it."""
    items = [changed(name, f"{name} {number}") for name in ("loopback", "tmpfs") for number in range(3)]
    packs = pack([*items, changed("survivor", "s")], lambda one, other: one == other, 8)
    assert [len(chosen) for chosen in packs] == [3, 2, 2]
    assert [len(chosen) for chosen in pack(items, lambda one, other: one == other, 1)] == [1] * 6
    part4 = Part.read(ROOT, "part4")
    assert conflicts(part4, "rag-stack", "rag-scale")
    assert not conflicts(part4, "two-services", "rag-scale")
    cells = {cell["id"]: cell for cell in notebook(part4, [changed("rag-scale", "mine")])["cells"]}
    assert cells["rag-scale"].source == "mine"
    assert "nginx" in cells["rag-stack"].source
    assert {"rag-scale-note", "rag-scale-state", "rag-scale-check", "start"} <= cells.keys()
    assert not {"rag-stack-check", "rag-stack-state", "two-services"} & cells.keys()


def test_a_plan_has_the_right_answers_and_what_is_made_of_them(part2: Part) -> None:
    """The model answer with all mutants, those of cases with some; a right answer in a wrong case counts as well."""
    planned = plan(part2, ["loopback"], per_case=2)
    assert [item.answer.base for item in planned.bases][:3] == ["none", "model", "compose"]
    by_base = Counter(item.answer.base for item in planned.mutants)
    assert by_base["model"] > 8
    assert by_base["compose"] == by_base["other-ways"] == 2
    assert len(plan(part2, ["loopback"], limit=5, seed="a").mutants) == 5


def judged_as(outcome: Fate, number: int) -> list[Judged]:
    """So many mutants of one outcome."""
    return [Judged(changed("loopback", f"{outcome} {each}"), outcome) for each in range(number)]


def test_at_most_five_in_a_hundred_mutants_are_equivalent_by_a_reason() -> None:
    """More is an error that names both numbers."""
    hold_to_limit([*judged_as(Fate.KILLED, 95), *judged_as(Fate.EXPLAINED, 5)])
    with pytest.raises(BadInput, match=r"6 of 100 mutants equivalent; at most 5"):
        hold_to_limit([*judged_as(Fate.KILLED, 94), *judged_as(Fate.EXPLAINED, 6)])


@pytest.mark.parametrize("what", [lambda item: item.what, lambda item: item.digest])
def test_a_survivor_with_a_written_reason_is_equivalent(
    part2: Part, tmp_path: Path, what: Callable[[Changed], str]
) -> None:
    """It is named by exercise and operator, and by its description or its digest."""
    item = changed("loopback", "right other")
    run(part2, tmp_path, [item])
    store = Store(tmp_path / "part2.jsonl")
    reason = Explained(exercise="loopback", operator="operator", what=what(item), reason="It is as good.")
    assert Judge(part2, store, [reason]).judge(item).outcome is Fate.EXPLAINED
    other = reason.model_copy(update={"operator": "another"})
    assert Judge(part2, store, [other]).judge(item).outcome is Fate.SURVIVOR


def test_the_report_counts_lists_and_is_written_as_a_page(part2: Part, tmp_path: Path) -> None:
    """With the demands that too few kinds of mistake miss alone."""
    judged, _ = run(part2, tmp_path, [changed("loopback", text) for text in ("wrong", "right other")])
    about = {"commit": "abc", "date": "2026-01-02", "minutes": 1.0, "load": 0.5, "whole": True}
    made = report.make(part2, list(judged.values()), **about)
    assert not made.good
    assert (made.count("mutant killed"), made.count("mutant survivor")) == (1, 1)
    assert "port" in made.rows[0].few
    assert "survivor: loopback, model, operator: right other" in str(made)
    (tmp_path / "docs").mkdir()
    report.keep(tmp_path, made)
    page = report.write_page(tmp_path).read_text()
    assert "| part2 | loopback | 1 | 0 (0) | 0 | 1 | 1 | 0 | 0 |" in page
    assert "- part2 loopback, model: operator: `right other`" in page
    assert "| part2 | `abc` | 2026-01-02 | 1 | 0.5 | yes |" in page
