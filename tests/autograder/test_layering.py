"""What runs inside a sandbox, and what judges notebooks, stand alone; ``tests/tools/test_layers.py`` has the layers."""

from __future__ import annotations

from pathlib import Path

from tools.layers import imported

ROOT = Path(__file__).parents[2]


def packages(path: Path) -> set[str]:
    """The packages of ``autograder`` that a file imports."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("autograder.")}


def test_what_runs_inside_knows_nothing_of_the_outside() -> None:
    """The two-kernel engine runs in a sandbox, where there is no host, image catalogue or gradebook."""
    files = (ROOT / "autograder" / "runner").glob("*.py")
    assert all(packages(path) <= {"runner", "errors", "fast_imports", "namespaces", "results"} for path in files)


def test_the_autograder_never_imports_what_notebooks_import() -> None:
    """It judges notebooks without their library.

    The command line shows what `course.doctor` shows in a cell, and starts a terminal that joins a notebook's run;
    `host` looks for the Engine where a notebook does.
    """
    students = ("doctor", "findings", "programs", "setup", "shell")
    shown = {ROOT / "autograder" / "cli" / f"{name}.py" for name in students}
    files = set((ROOT / "autograder").rglob("*.py")) - shown
    found = {path: {name for name in imported(path) if name.split(".")[0] == "course"} for path in files}
    assert {path.parent.name for path, names in found.items() if names} == {"host"}
    assert {name.split(".")[1] for names in found.values() for name in names} == {"endpoint"}


def test_the_public_names_are_there_and_cost_nothing_until_used() -> None:
    """``autograder`` gives each name of its ``__all__``, and importing it loads neither nbgrader nor pydantic."""
    import subprocess
    import sys

    import autograder

    assert all(getattr(autograder, name) for name in autograder.__all__)
    loaded = "import sys, autograder; print([name for name in ('nbgrader', 'pydantic') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True).stdout == "[]\n"
