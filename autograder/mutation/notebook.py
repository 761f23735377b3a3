"""A notebook with one changed answer of each of some exercises, and cells that note the state before each check."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.lessons import Exercise, Lesson, find, parse, unsolved
from autograder.lessons.exercises import CHECK, START
from autograder.mutation.mutants import Changed, RightAnswer
from autograder.submissions import load_case

STATE = "-state"
NOTE = "-note"
"""How the ``grade_id`` of the cells end that note the state: after the answer, and before the set-up."""

_MIME = "application/vnd.docker-course.report+json"
_MARKER = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)
_NAME = re.compile(r"`([a-z_][a-z0-9_]*)`")
_ASSIGNED = re.compile(r"^([a-z_]\w*(?:, *[a-z_]\w*)*) *=(?!=)", re.MULTILINE)


@dataclass(frozen=True, eq=False)
class Part:
    """What a part's text says of its exercises."""

    root: Path
    name: str
    lesson: Lesson
    exercises: tuple[Exercise, ...]

    @classmethod
    def read(cls, root: Path, name: str) -> Part:
        """Read a part's lesson as it is now."""
        known = find(root)
        lesson = parse((root / "lessons" / f"{name}.md").read_text(encoding="utf-8"), known)
        return cls(root, name, lesson, tuple(each for each in known if each.part == name))

    def cells(self, exercise: str) -> list[Any]:
        """Return the cells with a ``grade_id`` since the check before this exercise, up to its own."""
        group: list[Any] = []
        for cell in self.lesson.notebook.cells:
            if cell.cell_type == "code" and "nbgrader" in cell.metadata:
                group.append(cell)
                if cell.metadata.nbgrader.grade:
                    if cell.metadata.nbgrader.grade_id == f"{exercise}{CHECK}":
                        return group
                    group = []
        raise LookupError(exercise)

    def points(self, exercise: str) -> float:
        """Return what an exercise is worth."""
        return self.lesson.points(exercise)

    def ancestors(self, exercise: str) -> set[str]:
        """Return what an exercise builds on, directly or not."""
        found: set[str] = set()
        for name in self.lesson.builds_on.get(exercise, ()):
            found |= {name} | self.ancestors(name)
        return found

    def model(self, exercise: str) -> tuple[RightAnswer, dict[str, tuple[int, int]]]:
        """Return the model answer, and where in each cell the student's part stands."""
        texts, regions = {}, {}
        for cell in self._answers(exercise):
            head, _, rest = cell.source.partition("### BEGIN SOLUTION")
            tail = rest.partition("### END SOLUTION")[2]
            start = len(_MARKER.sub("", head).rstrip(" \t"))
            text = _MARKER.sub("", cell.source).rstrip("\n")
            texts[cell["id"]] = text
            regions[cell["id"]] = (start, max(start, len(text) - len(tail.strip("\n"))))
        return RightAnswer(exercise, "model", texts), regions

    def right_answers(self, exercise: str) -> list[RightAnswer]:
        """Return the answers to an exercise in cases that expect full marks for it, none twice."""
        model, _ = self.model(exercise)
        known = {tuple(model.texts.values())}
        found = []
        for path in sorted((self.root / "tests" / "submissions" / self.name).glob("*/expected.json")):
            case = load_case(path.parent)
            full = case.expected.mark(f"{exercise}{CHECK}", self.points(exercise)) == self.points(exercise)
            own = {name: text for name, text in case.answers.items() if name in model.texts}
            texts = model.texts | own
            if full and own and not case.expected.unanswered and tuple(texts.values()) not in known:
                known.add(tuple(texts.values()))
                found.append(RightAnswer(exercise, case.name, texts))
        return found

    def unanswered(self, exercise: str) -> Changed:
        """Return the exercise as it is handed out."""
        texts = {cell["id"]: unsolved(cell.source) for cell in self._answers(exercise)}
        return Changed(RightAnswer(exercise, "none", texts), "unanswered", "", "as handed out", texts)

    def variables(self, exercise: str) -> list[str]:
        """Return the variables that an exercise asks for: assigned in the model answer, named in a demand."""
        demanded = " ".join(demand.text for demand in self.lesson.demands.get(exercise, ()))
        words = _assigned(self.model(exercise)[0].texts.values())
        return [word for word in words if word in _NAME.findall(demanded)]

    def known(self, exercise: str) -> list[str]:
        """Return the variables that the exercise's locked cells define."""
        cells = self.cells(exercise)
        return _assigned(
            cell.source for cell in cells if cell.metadata.nbgrader.locked and not cell.metadata.nbgrader.grade
        )

    def _answers(self, exercise: str) -> list[Any]:
        return [cell for cell in self.cells(exercise) if cell.metadata.nbgrader.solution]


def notebook(part: Part, changed: Sequence[Changed]) -> dict[str, Any]:
    """Return a notebook with these answers, at most one of each exercise.

    What they build on is answered by the model and not checked. Other exercises are left out.
    """
    under_test = {each.exercise: each for each in changed}
    needed = set(under_test).union(*(part.ancestors(name) for name in under_test))
    cells = [copy.deepcopy(cell) for cell in part.lesson.notebook.cells if _grade_id(cell) == START]
    for exercise in part.exercises:
        if exercise.name not in needed:
            continue
        group = copy.deepcopy([cell for cell in part.cells(exercise.name) if _grade_id(cell) != START])
        item = under_test.get(exercise.name)
        if item is None:
            cells += [cell for cell in group if not cell.metadata.nbgrader.grade]
            continue
        for cell in group:
            cell.source = item.texts.get(cell["id"], cell.source)
        state = _state_source(part.variables(exercise.name), part.known(exercise.name))
        cells += [
            _grade_cell(f"{exercise.name}{NOTE}", NOTE_SOURCE),
            *group[:-1],
            _grade_cell(f"{exercise.name}{STATE}", state),
            group[-1],
        ]
    return {**copy.deepcopy(part.lesson.notebook), "cells": cells}


def conflicts(part: Part, one: str, other: str) -> bool:
    """Tell whether two exercises cannot be under test in one notebook: one builds on the other."""
    return one == other or one in part.ancestors(other) or other in part.ancestors(one)


NOTE_SOURCE = "from course import connect\nfrom course.facts import state\nstate.note(connect())\n0"


def _state_source(variables: list[str], known: list[str]) -> str:
    return (
        "import json\nfrom IPython.display import display\nfrom course import connect\nfrom course.facts import state\n"
        f"changed = json.dumps(state.changed(connect(), {variables!r}, {known!r}))\n"
        f'display({{"{_MIME}": {{"findings": [{{"passed": True, "message": changed}}]}}}}, raw=True)\n0'
    )


def _grade_cell(name: str, source: str) -> Any:
    import nbformat

    cell = nbformat.v4.new_code_cell(source, id=name[:64])
    settings: Mapping[str, Any] = {
        "grade": True,
        "grade_id": name,
        "locked": True,
        "points": 0,
        "schema_version": 3,
        "solution": False,
        "task": False,
        "cell_type": "code",
    }
    cell.metadata["nbgrader"] = nbformat.from_dict(settings)
    return cell


def _grade_id(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _assigned(texts: Iterable[str]) -> list[str]:
    found = (name.strip() for text in texts for match in _ASSIGNED.findall(text) for name in match.split(","))
    return list(dict.fromkeys(found))
