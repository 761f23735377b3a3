"""A class of Part 1 in which five submissions are right and the others attack, each in another way.

A folder below ``programs/hostile`` is a submission: the released notebook, unanswered, but for the answers that are
there by their ``grade_id``; ``first.py`` and ``last.py`` become cells of the student's own around it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell

from autograder.demo import PART, make_course
from autograder.gradebook.control_run import unanswered
from autograder.gradebook.records import Record
from autograder.results import Verdict
from autograder.submissions import load_case

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs" / "hostile"

GOOD = {
    "docker-py": "demo/docker-py",
    "cli": "part1/command-line",
    "other": "part1/other-ways",
    "again": "demo/docker-py",
    "lines": "part1/command-line",
}
"""Right submissions, with the case below ``tests/submissions`` that each is made from."""

Notebook = dict[str, Any]
LIFE = {"life-cycle-check": 3.0}
"""Marks of those who did exercise ``life-cycle`` before they attacked."""


@dataclass(frozen=True)
class Attack:
    """What must come of a hostile submission."""

    verdicts: tuple[Verdict, ...] = (Verdict.GRADED,)
    marks: dict[str, float] = field(default_factory=dict)
    """By grade cell; one that is not named gives 0."""
    shows: tuple[str, ...] = ()
    """What stands in the outputs of its own cells: that the attack was carried out, and what it found."""
    change: Callable[[Notebook], str] | None = None
    """What it does to the file that is handed in, beside its cells."""


def many_cells(notebook: Notebook) -> str:
    """Add 20,000 empty cells."""
    text = nbformat.writes(notebook)
    return text.replace('"cells": [', '"cells": [' + "{}," * 20_000, 1)


def deep(notebook: Notebook) -> str:
    """Nest the notebook's metadata deeper than a parser goes."""
    text = nbformat.writes(notebook)
    return text.replace('"metadata": {', '"metadata": {"deep": ' + "[" * 500_000 + "]" * 500_000 + ",", 1)


def swollen(notebook: Notebook) -> str:
    """Add texts that keep filters busy, large attachments and large metadata."""
    for text in ("\\begin{a}" * 20_000, "<div>" * 30_000, "[" * 60_000, "|a" * 40_000, "`" * 80_001):
        cell = nbformat.v4.new_markdown_cell(text)
        cell.attachments = {f"{n}.png": {"image/png": "A" * 1_000_000} for n in range(5)}
        notebook["cells"].append(cell)
    notebook["metadata"]["large"] = {str(number): ["x" * 50] * 5 for number in range(20_000)}
    return nbformat.writes(notebook)


BROKE, EITHER = (Verdict.SUBMISSION_BROKE,), (Verdict.GRADED, Verdict.SUBMISSION_BROKE)
ATTACKS = {
    "builds": Attack(EITHER, shows=("builds under way",)),
    "crowd": Attack(EITHER),
    "deaf": Attack(BROKE, shows=("sleeps",)),
    "deep": Attack(BROKE, change=deep),
    "descriptor": Attack(shows=("inside: examiner [] sockets []",)),
    "disk": Attack(EITHER),
    "forger": Attack(shows=("forges",)),
    "fork-bomb": Attack(EITHER),
    "killer": Attack(BROKE, LIFE, shows=("kills",)),
    "leaver": Attack(BROKE, LIFE, shows=("leaves",)),
    "loris": Attack(EITHER, shows=("holds True",)),
    "many-cells": Attack(BROKE, change=many_cells),
    "memory": Attack(EITHER),
    "output": Attack(EITHER),
    "page": Attack(shows=("begins",), change=swollen),
    "pipe": Attack(EITHER, shows=("hangs",)),
    "pretender": Attack(shows=("agrees with all",)),
    "saboteur": Attack(EITHER, LIFE, shows=("spoils",)),
    "searcher": Attack(shows=("searched: True found: []", "listened: True helpers heard: []")),
    "sockets": Attack(shows=("holds 40 connections",)),
    "stopper": Attack(BROKE, LIFE, shows=("stops",)),
    "washed": Attack(shows=("washed away",)),
    "worn": Attack(EITHER),
}


def make_class(root: Path, attacks: dict[str, Attack]) -> list[str]:
    """Make a course with the good ones and these attacks; the students in the order in which they are graded.

    They are mixed, so that each good one runs beside hostile ones.
    """
    cases = [(name, load_case(ROOT / "tests" / "submissions" / case)) for name, case in GOOD.items()]
    make_course(ROOT, root, cases)
    for name, attack in attacks.items():
        path = root / "submitted" / name / PART / f"{PART}.ipynb"
        path.parent.mkdir(parents=True)
        notebook = hostile_notebook(name)
        path.write_text(attack.change(notebook) if attack.change else nbformat.writes(notebook))
    return _mixed(GOOD, attacks)


def hostile_notebook(name: str) -> Notebook:
    """The released notebook without answers, with what the attack puts in."""
    released = nbformat.read(ROOT / "release" / PART / f"{PART}.ipynb", as_version=4)
    notebook = nbformat.from_dict(unanswered(released))
    parts = {path.stem: path.read_text() for path in sorted((PROGRAMS / name).glob("*.py"))}
    first, last = parts.pop("first", ""), parts.pop("last", "")
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells}
    for grade_id, text in parts.items():
        cells[grade_id].source = text
    notebook.cells = [
        *map(new_code_cell, [first] if first else []),
        *notebook.cells,
        *map(new_code_cell, [last] if last else []),
    ]
    return notebook


def differences(root: Path, record: Record, attack: Attack | None) -> list[str]:
    """What is not as it must be, one sentence each; without an attack, full marks must be there."""
    name = record.student
    found = []
    verdicts = attack.verdicts if attack else (Verdict.GRADED,)
    if record.verdict not in verdicts:
        found.append(f"{name}: {record.verdict} ({record.reason}), expected {' or '.join(verdicts)}")
    for cell in record.cells:
        wanted = attack.marks.get(cell.grade_id, 0.0) if attack else cell.max_points
        if cell.points != wanted:
            found.append(f"{name}: {cell.points:g} of {cell.max_points:g} for {cell.grade_id}, expected {wanted:g}")
    if not record.cells:
        found.append(f"{name}: no marks ({record.reason})")
    said = own_outputs(root, name)
    found += [
        f"{name}: {text!r} is not in its outputs" for text in (attack.shows if attack else ()) if text not in said
    ]
    return found


def own_outputs(root: Path, student: str) -> str:
    """All text in the outputs of a student's own cells, as nbgrader keeps them."""
    path = root / "autograded" / student / PART / f"{PART}.ipynb"
    cells = json.loads(path.read_text())["cells"] if path.is_file() else []
    return "".join(
        "".join(output.get("text", "")) + str(output.get("data", "")) + output.get("ename", "")
        for cell in cells
        if not cell["metadata"].get("nbgrader", {}).get("grade")
        for output in cell.get("outputs", ())
    )


def _mixed(*groups: Iterable[str]) -> list[str]:
    """All of them in one row, each group spread evenly over it."""
    placed = []
    for group in map(list, groups):
        placed += [((number + 0.5) / len(group), name) for number, name in enumerate(group)]
    return [name for _, name in sorted(placed)]
