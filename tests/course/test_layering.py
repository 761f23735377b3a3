"""The course stands alone, and its checks run without a screen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.layers import imported

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("course", ("autograder",)),
        ("course/diagnosis", ("course.checks", "course.views", "course.setups", "IPython")),
        ("course/checks", ("course.views", "ipywidgets")),
        ("course/facts", ("course.checks", "course.views", "course.setups", "IPython")),
        ("course/setups", ("course.checks", "course.views")),
        ("course/views", ("course.checks", "course.setups")),
    ],
)
def test_a_package_does_not_import_what_stands_above_it(package: str, forbidden: tuple[str, ...]) -> None:
    """facts ← checks, views; nothing imports the autograder."""
    modules = list((ROOT / package).rglob("*.py"))
    assert modules
    wrong = {str(path): name for path in modules for name in imported(path) if name.startswith(forbidden)}
    assert not wrong


def test_a_check_loads_neither_views_nor_the_autograder() -> None:
    """As the examiner's kernel imports it."""
    code = "import sys, course.checks.part1; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert "course.checks.part1" in loaded
    assert not [module for module in loaded if module.startswith(("course.views", "autograder"))]
