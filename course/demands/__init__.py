"""What the exercises demand: a list of sentences for each, which the lesson shows and the check proves.

A lesson declares the demands of an exercise in the metadata of its grade cell. ``docker-course lessons build`` writes
them into the notebook, as the list *What is checked*, and into ``part*.json`` beside this module, where checks and
feedback find them.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Demand:
    """One thing that an exercise demands."""

    id: str
    """Such as ``on-loopback``; unique in its exercise."""
    text: str
    """What has to be so, as a sentence."""
    share: float = 1.0
    """Its share of the exercise's points, in proportion to the others' shares."""
    essential: bool = False
    """Whether the exercise earns nothing without it."""


@dataclass(frozen=True)
class Rubric:
    """An exercise's title, points and demands: what it is marked by."""

    title: str
    points: float
    demands: tuple[Demand, ...]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Rubric:
        """Make the record from its form in JSON."""
        demands = tuple(Demand(**demand) for demand in data["demands"])
        return cls(str(data["title"]), float(data["points"]), demands)

    def worth(self, demand: Demand) -> float:
        """Return the points of a demand, rounded to hundredths."""
        total = sum(each.share for each in self.demands)
        return round(self.points * demand.share / total, 2) if total else 0.0


@functools.cache
def of_part(part: str) -> Mapping[str, Rubric]:
    """Return the rubrics of a part's exercises, by name; empty if the part has none."""
    place = files("course.demands").joinpath(f"{part}.json")
    data = json.loads(place.read_text(encoding="utf-8")) if place.is_file() else {}
    return {name: Rubric.read(rubric) for name, rubric in data.items()}
