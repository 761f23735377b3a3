"""The tool on a real exercise: its check lets no mutant through, and one that is always content lets all through."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path

import pytest

from autograder.mutation.campaign import Campaign, plan
from autograder.mutation.judging import Fate, Judge
from autograder.mutation.notebook import Part
from autograder.mutation.results import Store

ROOT = Path(__file__).parents[3]

pytestmark = [pytest.mark.sandbox, pytest.mark.full]


def outcomes(part: Part, store: Path) -> list[Fate]:
    """What becomes of a few mutants of ``loopback``."""
    kept = Store(store)
    planned = plan(part, ["loopback"], limit=2, seed="b", per_case=0)
    planned = dataclasses.replace(planned, together=(), single=())
    return [each.outcome for each in Campaign(part, kept, Judge(part, kept)).run(planned)]


def always_content(part: Part) -> Part:
    """The part with a check of ``loopback`` that gives all points."""
    lesson = copy.deepcopy(part.lesson)
    cell = next(cell for cell in lesson.notebook.cells if cell["id"] == "loopback-check")
    cell.source = "3"
    return dataclasses.replace(part, lesson=lesson)


def test_a_check_that_is_always_content_leaves_survivors_and_the_real_one_none(tmp_path: Path) -> None:
    """Two mutants each: the real check takes marks from both."""
    part = Part.read(ROOT, "part2")
    *bases, first, second = outcomes(part, tmp_path / "real.jsonl")
    assert set(bases) == {Fate.ACCEPTED}
    assert {first, second} == {Fate.KILLED}
    assert outcomes(always_content(part), tmp_path / "planted.jsonl")[-2:] == [Fate.SURVIVOR] * 2
