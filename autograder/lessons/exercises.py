"""The exercises of all lessons, numbered in order.

An exercise is called by the ``grade_id`` of its answer, such as ``loopback``; its grade cell is ``loopback-check``.
Lessons never name a number: the text has the role ``{number}`loopback``` in its place, and the notebook the number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from autograder.errors import BadInput

CLOSING: Final = "closing"
"""Name of the page after the last part."""

CHECK: Final = "-check"
"""How the ``grade_id`` of a grade cell ends."""

START: Final = "start"
"""The ``grade_id`` of a part's first cell, which every exercise needs."""

_CELL = re.compile(r"^nbgrader:.*\bgrade_id: ([\w-]+).*\b(grade|solution): true\b", re.MULTILINE)
_ROLE = re.compile(r"\{number\}`([^`\n]*)`")
_HEADING = re.compile(r"^## .*\{number\}`([\w-]+)`", re.MULTILINE)
_TITLE = re.compile(rf"{_HEADING.pattern} · (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Exercise:
    """An exercise, as its lesson's text has it."""

    part: str
    name: str
    number: int
    """Its place in the course, from 1."""
    answers: tuple[str, ...] = ()
    """The ``grade_id`` of each cell that a student fills in."""


def parts(root: Path) -> list[str]:
    """Return the names of the parts that have a text, in order; the closing page, which has no marks, is the last."""
    names = {path.stem for path in (root / "lessons").glob("*.md")}
    return [*sorted(name for name in names if name.startswith("part")), *sorted(names & {CLOSING})]


def find(root: Path) -> list[Exercise]:
    """Return the exercises of all lessons in order.

    Raises:
        BadInput: if a grade cell has no answer cell before it that it is called after, or two exercises have one name.
    """
    found: dict[str, Exercise] = {}
    for part in parts(root):
        answers: list[str] = []
        for grade_id, kind in _CELL.findall((root / "lessons" / f"{part}.md").read_text(encoding="utf-8")):
            if kind == "solution":
                answers.append(grade_id)
                continue
            name = grade_id.removesuffix(CHECK)
            if name not in answers:
                raise BadInput(f"{part}: there is no answer cell that belongs to the grade cell {grade_id}.")
            if name in found:
                raise BadInput(f"{part}: there is an exercise {name} in {found[name].part} already.")
            found[name] = Exercise(part, name, len(found) + 1, tuple(answers))
            answers = []
    return list(found.values())


def find_one(root: Path, part: str, name: str) -> Exercise:
    """Return one exercise.

    Raises:
        BadInput: if there is none of this name; the message lists the part's exercises.
    """
    known = [exercise for exercise in find(root) if exercise.part == part]
    if not known:
        raise BadInput(f"There is no {part!r} with exercises; there are: {', '.join(parts(root)) or 'none'}.")
    for exercise in known:
        if name in (exercise.name, f"{exercise.name}{CHECK}"):
            return exercise
    names = ", ".join(exercise.name for exercise in known)
    raise BadInput(f"There is no exercise {name!r} in {part}; there are: {names}.")


def titles(text: str) -> dict[str, str]:
    """Return what a lesson's headings say after the number of an exercise, by exercise."""
    return {match[1]: match[2].strip() for match in _TITLE.finditer(text)}


def with_numbers(text: str, exercises: Sequence[Exercise]) -> str:
    """Return a lesson's text with the names of exercises replaced by their numbers.

    Raises:
        BadInput: if a name is unknown, or an exercise's heading gives the number of another.
    """
    numbers = {exercise.name: exercise.number for exercise in exercises}
    unknown = sorted(set(_ROLE.findall(text)) - numbers.keys())
    if unknown:
        raise BadInput(f"No exercise is called {', '.join(unknown)}; there are: {', '.join(numbers) or 'none'}.")
    heading = ""
    for match in re.finditer(f"{_HEADING.pattern}|{_CELL.pattern}", text, re.MULTILINE):
        heading = match[1] or heading
        check = match[2] if match[3] == "grade" else ""
        if check and heading and heading != check.removesuffix(CHECK):
            raise BadInput(f"The heading before the grade cell {check} gives the number of {heading}.")
        heading = "" if check else heading
    return _ROLE.sub(lambda match: str(numbers[match[1]]), text)


def alone(notebook: Any, wanted: str, builds_on: dict[str, list[str]], answers: dict[str, str]) -> list[Any]:
    """Return the cells that one exercise needs: the part's start, what it builds on, its own cells with ``answers``.

    What it builds on is answered by the model, and not checked. Cells that have no ``grade_id`` are left out, and so
    are answers to other exercises. Changes the cells.

    Raises:
        BadInput: if it builds on something that is not before it.
    """
    groups = _groups(notebook)
    needed = _needed(wanted, builds_on, list(groups))
    cells = []
    for name, group in groups.items():
        for cell in group:
            settings = cell.metadata.nbgrader
            if settings.grade_id == START or (name in needed and (name == wanted or not settings.grade)):
                if settings.solution and name == wanted:
                    cell.source = answers.get(settings.grade_id, cell.source)
                cells.append(cell)
    return cells


def _groups(notebook: Any) -> dict[str, list[Any]]:
    """Return the cells with a ``grade_id`` by exercise: those since the check before, up to its own."""
    groups: dict[str, list[Any]] = {}
    group: list[Any] = []
    for cell in notebook.cells:
        if cell.cell_type == "code" and "nbgrader" in cell.metadata:
            group.append(cell)
            if cell.metadata.nbgrader.grade:
                groups[_grade_id(cell).removesuffix(CHECK)] = group
                group = []
    return groups


def _needed(wanted: str, builds_on: dict[str, list[str]], order: list[str]) -> set[str]:
    """Return the exercise and all that it builds on, directly or not."""
    needed = {wanted}
    for name in reversed(order):
        if name in needed:
            for other in builds_on.get(name, []):
                if other not in order or order.index(other) >= order.index(name):
                    raise BadInput(f"{name} builds on {other!r}, which is no exercise before it in its part.")
                needed.add(other)
    return needed


def _grade_id(cell: Any) -> str:
    return str(cell.metadata.nbgrader.grade_id)
