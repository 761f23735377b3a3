"""``docker-course lessons mutate``: prints the report, writes the page, and fails where something is to be mended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import autograder.mutation
import autograder.sandbox
from autograder.cli import app
from autograder.mutation.report import Item, PartReport, Row, keep

SURVIVOR = Item(
    exercise="loopback",
    base="model",
    kind="mutant",
    outcome="survivor",
    operator="drop an argument",
    what="left out: ports",
    digest="9f0c",
    points=3,
    max_points=3,
    says="",
    differs=("container web",),
    reason="",
    texts={"loopback": "…"},
)


@pytest.fixture
def items(monkeypatch: pytest.MonkeyPatch) -> list[Item]:
    """What the report will list."""
    listed: list[Item] = []

    def mutate(root: Path, part: str, exercises: Any, **options: Any) -> PartReport:
        report = PartReport(
            part=part,
            commit="abc",
            date="2026-01-02",
            minutes=1,
            load=1,
            whole=True,
            rows=(Row(exercise="loopback", counts={"mutant killed": 7}),),
            items=tuple(listed),
        )
        keep(root, report)
        return report

    monkeypatch.setattr(autograder.mutation, "mutate", mutate)
    monkeypatch.setattr(autograder.sandbox, "refresh", lambda progress: None)
    return listed


def run(root: Path, *arguments: str) -> Any:
    """Run the command."""
    (root / "docs").mkdir(exist_ok=True)
    return CliRunner().invoke(app, ["lessons", "mutate", "part2", *arguments, "--root", str(root)])


def test_a_part_without_false_verdicts_ends_with_0_and_a_page(items: list[Item], tmp_path: Path) -> None:
    """The page is written for a whole part only."""
    done = run(tmp_path, "loopback")
    assert (done.exit_code, (tmp_path / "docs" / "verdicts.md").exists()) == (0, False)
    done = run(tmp_path)
    assert done.exit_code == 0, done.output
    assert "| part2 | loopback | 7 |" in (tmp_path / "docs" / "verdicts.md").read_text()


def test_a_survivor_ends_with_1_and_is_described(items: list[Item], tmp_path: Path) -> None:
    """What was changed, where the state differs; with ``--json`` the text of the answer as well."""
    items.append(SURVIVOR)
    done = run(tmp_path)
    assert done.exit_code == 1
    assert "survivor: loopback, model, drop an argument: left out: ports [9f0c]" in done.stdout
    assert "differs: container web" in done.stdout
    assert json.loads(run(tmp_path, "--json", "--no-page").stdout)["items"][0]["texts"] == {"loopback": "…"}
