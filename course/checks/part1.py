"""Checks of Part 1, one function for each exercise: `part1_life`, `part1_namespaces`, `part1_images`, `part1_names`."""

from __future__ import annotations

from course.checks.part1_images import layers, light, written
from course.checks.part1_life import life_cycle
from course.checks.part1_names import by_digest, moved_tag
from course.checks.part1_namespaces import namespaces

__all__ = ["by_digest", "layers", "life_cycle", "light", "moved_tag", "namespaces", "written"]
