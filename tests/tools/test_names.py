"""One name means one thing, wherever it stands."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_two_classes_have_one_name() -> None:
    """Nobody has to ask which of two is meant; programs that run in containers are apart."""
    places = defaultdict(list)
    for package in ("autograder", "course", "tools"):
        for path in (ROOT / package).rglob("*.py"):
            if "stacks" in path.parts:
                continue
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
