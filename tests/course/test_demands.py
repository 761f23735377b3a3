"""The demands of all exercises keep to the rules that make marks fair."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from course import demands
from course.demands import Demand, Rubric

PARTS = [f"part{number}" for number in range(8)]


def every(id: str) -> Iterator[tuple[str, Rubric, Demand]]:
    """Give all demands that have this ID, with their rubric."""
    for part in PARTS:
        for name, rubric in demands.of_part(part).items():
            yield from ((name, rubric, demand) for demand in rubric.demands if demand.id == id)


def test_a_port_that_others_reach_costs_a_quarter_everywhere() -> None:
    """The same slip costs the same in each rubric."""
    found = {
        name: (rubric.worth(demand) / rubric.points, demand.essential) for name, rubric, demand in every("on-loopback")
    }
    assert found
    assert found == dict.fromkeys(found, (pytest.approx(0.25, abs=0.01), False))


def test_a_missing_prediction_costs_a_quarter_at_most() -> None:
    """A wrong guess costs nothing."""
    for name, rubric, demand in every("predicted"):
        assert not demand.essential, name
        assert rubric.worth(demand) <= 0.25 * rubric.points + 0.01, name


def test_a_part_without_exercises_has_no_demands() -> None:
    """Such as the closing page."""
    assert demands.of_part("closing") == {}
