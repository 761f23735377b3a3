"""What ``tests/data/equivalent-mutants.json`` says is about mutants that there are."""

from __future__ import annotations

from pathlib import Path

from autograder.lessons import find
from autograder.mutation.campaign import plan
from autograder.mutation.judging import read_explained
from autograder.mutation.notebook import Part

ROOT = Path(__file__).parents[3]


def test_each_reason_is_about_a_mutant_that_is_made() -> None:
    """One of an answer that was changed since goes, or gets its new name."""
    parts = {exercise.name: exercise.part for exercise in find(ROOT)}
    explained = read_explained(ROOT)
    assert explained
    mutants = {
        name: plan(Part.read(ROOT, parts[name]), [name]).mutants for name in {each.exercise for each in explained}
    }
    assert [each for each in explained if not any(each.fits(item) for item in mutants[each.exercise])] == []
    assert all(len(each.reason.split()) > 3 for each in explained)
