"""What decides about an exercise besides the answer: its cells, and the modules of its check."""

from __future__ import annotations

import ast
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

from autograder.mutation.notebook import Part

PACKAGES: Final = ("course.checks", "course.setups", "course.facts")
"""Where the modules are that a check may use: a change there may change a verdict."""


@cache
def digest(part: Part, exercise: str) -> str:
    """Return a digest of all that decides about an exercise."""
    names = [exercise, *sorted(part.ancestors(exercise))]
    texts = [cell.source for name in names for cell in part.cells(name)]
    texts += [demand.model_dump_json() for demand in part.lesson.demands.get(exercise, ())]
    texts += [path.read_text(encoding="utf-8") for path in sorted(modules(part, exercise))]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


@cache
def uses_history(part: Part, exercise: str) -> bool:
    """Tell whether the module of an exercise's check asks what happened before, and not only what is there."""
    text = part.cells(exercise)[-1].source + "".join(
        path.read_text(encoding="utf-8") for path in _own(part, exercise) or modules(part, exercise)
    )
    return bool(re.search(r"\bhistory\(|\bevents_of\(|\borigin\b", text))


def modules(part: Part, exercise: str) -> set[Path]:
    """Return the modules that the check of an exercise uses: its own, what that imports, and the part's set-ups."""
    own = _own(part, exercise)
    # Who cannot be found may be anywhere.
    found = set(own) or set((part.root / "course" / "checks").glob("*.py"))
    waiting = [*found, *(part.root / "course" / "setups").glob(f"{part.name}*.py")]
    texts = [cell.source for cell in part.cells(exercise)[-1:]]
    for text in texts:
        waiting += _imported(part.root, text) - {part.root / "course" / "checks" / f"{part.name}.py"}
    while waiting:
        path = waiting.pop()
        found.add(path)
        waiting += _imported(part.root, path.read_text(encoding="utf-8")) - found
    return found


def _own(part: Part, exercise: str) -> list[Path]:
    """Return the module that defines the check which an exercise's grade cell calls."""
    call = re.search(rf"\b{part.name}\.(\w+)\(\)", part.cells(exercise)[-1].source)
    paths = sorted((part.root / "course" / "checks").glob(f"{part.name}*.py"))
    begin = f"def {call[1]}(" if call else "\0"
    return [
        path for path in paths if any(row.startswith(begin) for row in path.read_text(encoding="utf-8").split("\n"))
    ]


def _imported(root: Path, text: str) -> set[Path]:
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    places = (root / name.replace(".", "/") for name in names if name.startswith(PACKAGES))
    return {path for place in places for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()}
