"""What set-ups hide: the examiner plants it before the set-up's cell runs, with a seed that only the examiner has.

The student's kernel gets what the set-up returns in a file that it can only read (`course.setups.planting`); it calls
nothing here. A set-up's cell is locked, so its text is the course's.
"""

from __future__ import annotations

import json
import re
import secrets
from pathlib import Path
from typing import Any

from autograder.errors import GraderBroke
from autograder.runner.grade_cells import shorten
from autograder.runner.kernel import CellEnding
from autograder.runner.outputs import Output

PLANTED = "DOCKER_COURSE_PLANTED"
SEED = "DOCKER_COURSE_SEED"
"""Environment variables of the student's and the examiner's kernel: paths of the two files here."""

_MODULE = re.compile(r"^from course\.setups import (\w+) as setup$", re.MULTILINE)
_CALL = re.compile(r"\bsetup\.([a-z]\w*)\(")


class Planting:
    """The two files of a run: the seed, which only the examiner reads, and what the student may know.

    Args:
        examiners: the examiner's directory, where nobody else can look.
        students: a directory that the student's kernel can read, and not write.
    """

    def __init__(self, examiners: Path, students: Path) -> None:
        self.seed = examiners / "seed"
        self.values = students / "values.json"
        self._known: dict[str, Any] = {}

    def begin(self, seed: str = "") -> None:
        """Write the seed down; without one, a random one."""
        self.seed.write_text(seed or secrets.token_hex(16), encoding="utf-8")
        self.seed.chmod(0o644)  # the examiner's, who is another user; the directory keeps all others out

    def add(self, values: dict[str, Any]) -> None:
        """Let the student's kernel read what set-ups returned, with what they returned before."""
        self._known |= values
        new = self.values.with_suffix(".new")
        new.write_text(json.dumps(self._known), encoding="utf-8")
        new.chmod(0o644)
        new.replace(self.values)


def module_of(cells: list[dict[str, Any]]) -> str:
    """Return the set-up module that a notebook's locked cells import, such as ``part2``; empty if none does."""
    return next((found[1] for cell in cells if is_locked(cell) and (found := _MODULE.search(cell["source"]))), "")


def calls(cell: dict[str, Any]) -> list[str]:
    """Return the set-ups that a locked cell calls."""
    return list(dict.fromkeys(_CALL.findall(cell["source"]))) if is_locked(cell) else []


def is_locked(cell: dict[str, Any]) -> bool:
    """Tell whether this is a code cell of the course's, and no check."""
    ours = cell.get("metadata", {}).get("nbgrader") or {}
    return bool(
        cell["cell_type"] == "code" and ours.get("locked") and not ours.get("grade") and not ours.get("solution")
    )


def source(module: str, called: list[str]) -> str:
    """Return the examiner's cell that plants, and prints what the set-ups returned."""
    return f"import json\nfrom course.setups import planting\nprint(json.dumps(planting.plant({module!r}, {called!r})))"


def printed(ending: CellEnding, outputs: list[Output]) -> dict[str, Any]:
    """Return what the examiner's cell printed; raises GraderBroke if it did not come so far."""
    for output in outputs:
        if output["output_type"] == "error":
            raise GraderBroke(f"The set-up could not be planted: {shorten(output['ename'] + ': ' + output['evalue'])}")
    text = "".join(each["text"] for each in outputs if each["output_type"] == "stream" and each["name"] == "stdout")
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if ending is not CellEnding.DONE or not isinstance(values, dict):
        raise GraderBroke(f"The set-up could not be planted: the examiner's kernel said {shorten(text)!r}.")
    return values
