"""The page on security names its proofs, and they exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security.md").read_text()


def named_tests(place: Path) -> set[str]:
    """Names of all test functions in a folder or file."""
    return {
        node.name
        for path in (place.rglob("test_*.py") if place.is_dir() else [place])
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_test_named_in_the_page_exists() -> None:
    """A threat whose proof was renamed or removed is noticed."""
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 40
    assert named - named_tests(ROOT / "tests") == set()


def test_every_attack_is_on_the_page() -> None:
    """An attack that is tried here stands in the threat model."""
    setup = {"test_the_notebook_of_attacks_is_graded"} | named_tests(Path(__file__))
    assert named_tests(Path(__file__).parent) - setup - set(re.findall(r"`(test_\w+)`", PAGE)) == set()


def test_every_folder_named_in_the_page_exists() -> None:
    """The cases that the page refers to are there."""
    for name in re.findall(r"`((?:tests|docs)/[\w/.-]+)`", PAGE):
        assert (ROOT / name).exists(), name
