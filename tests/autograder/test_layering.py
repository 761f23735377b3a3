"""The packages' order: what stands below never imports what stands above it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ORDER = ("errors", "results", "host", "images", "sandbox", "engine", "gradebook", "batch", "cli")
"""From the bottom to the top. ``engine`` runs inside a sandbox, and so imports nothing of ``sandbox`` or above."""


def imported(path: Path) -> set[str]:
    """The modules that a file imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def packages(path: Path) -> set[str]:
    """The packages of ``autograder`` that a file imports."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("autograder.")}


@pytest.mark.parametrize("package", ORDER)
def test_no_package_imports_one_above_it(package: str) -> None:
    """errors, results ← host ← images ← sandbox ← gradebook ← batch ← command line."""
    top = ROOT / "autograder" / package
    files = list(top.rglob("*.py")) or [top.with_suffix(".py")]
    above = set(ORDER[ORDER.index(package) + 1 :])
    assert {path.name: found for path in files if (found := packages(path) & above)} == {}


def test_what_runs_inside_knows_nothing_of_the_outside() -> None:
    """The two-kernel engine runs in a sandbox, where there is no host, image catalogue or gradebook."""
    files = (ROOT / "autograder" / "engine").glob("*.py")
    assert all(packages(path) <= {"engine", "errors", "results"} for path in files)


def test_the_autograder_never_imports_what_notebooks_import() -> None:
    """Only the lessons' own set-ups and checks use ``course``; the autograder does not."""
    files = (ROOT / "autograder").rglob("*.py")
    assert [path for path in files if any(name.split(".")[0] == "course" for name in imported(path))] == []
