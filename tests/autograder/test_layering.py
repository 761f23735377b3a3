"""The packages' order: what stands below never imports what stands above it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ORDER = ("errors", "results", "host", "images", "sandbox", "runner", "gradebook", "batch", "cli")
"""From the bottom to the top. ``runner`` runs inside a sandbox, and so imports nothing of ``sandbox`` or above."""


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
    files = (ROOT / "autograder" / "runner").glob("*.py")
    assert all(packages(path) <= {"runner", "errors", "namespaces", "results"} for path in files)


def test_the_autograder_never_imports_what_notebooks_import() -> None:
    """It judges notebooks without their library; only the command line shows what `course.doctor` shows in a cell."""
    files = set((ROOT / "autograder").rglob("*.py")) - {ROOT / "autograder" / "cli" / "doctor.py"}
    assert [path for path in files if any(name.split(".")[0] == "course" for name in imported(path))] == []


def test_the_public_names_are_there_and_cost_nothing_until_used() -> None:
    """``autograder`` gives each name of its ``__all__``, and importing it loads neither nbgrader nor pydantic."""
    import subprocess
    import sys

    import autograder

    assert all(getattr(autograder, name) for name in autograder.__all__)
    loaded = (
        "import sys, autograder; print([name for name in ('nbgrader', 'pydantic') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True).stdout == "[]\n"
