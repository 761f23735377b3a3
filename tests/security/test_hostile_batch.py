"""A whole class at once: hostile submissions, each of another kind, beside good ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.gradebook.records import Record
from autograder.results import Limits
from tests.security.hostile import ATTACKS, GOOD, differences, make_class
from tests.security.own_process import Batch, grade_apart

pytestmark = [pytest.mark.sandbox, pytest.mark.long, pytest.mark.xdist_group("hostile-batch")]

LIMITS = Limits(seconds=90, cell_seconds=20)
MEMORY = 500_000_000
"""Bytes that the grading process may have with all its children."""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """The good ones, graded by themselves."""
    root = tmp_path_factory.mktemp("alone") / "course"
    return grade_apart(root, make_class(root, {}), LIMITS)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course of the whole class."""
    return tmp_path_factory.mktemp("class") / "course"


@pytest.fixture(scope="module")
def batch(alone: Batch, root: Path) -> Batch:
    """The good ones, graded in one batch with all hostile ones."""
    return grade_apart(root, make_class(root, ATTACKS), LIMITS)


def test_each_of_a_hostile_class_gets_its_right_marks(batch: Batch, root: Path) -> None:
    """The good ones have full marks, the hostile ones what they deserve, and nobody has none."""
    assert len(batch.records) == len(ATTACKS) + len(GOOD) >= 25
    found = [line for record in batch.records for line in differences(root, record, ATTACKS.get(record.student))]
    assert found == []


def test_good_submissions_take_less_than_twice_their_time_beside_hostile_ones(alone: Batch, batch: Batch) -> None:
    """Each runs beside a hostile one nearly all the time, on the same two processors."""
    before, beside = seconds(alone.records), seconds(batch.records)
    assert {name: ratio for name in GOOD if (ratio := beside[name] / before[name]) >= 2} == {}


def test_a_hostile_class_costs_the_grading_process_little_memory(batch: Batch) -> None:
    """All that grades, apart from the sandboxes, stays small."""
    assert batch.memory < MEMORY


def test_a_hostile_class_leaves_nothing_behind(batch: Batch) -> None:
    """No container, volume, process, cgroup, mount or file of it is on the machine afterwards."""
    assert batch.left == []


def seconds(records: list[Record]) -> dict[str, float]:
    """Seconds in the sandbox of the good ones."""
    return {record.student: record.seconds for record in records if record.student in GOOD}
