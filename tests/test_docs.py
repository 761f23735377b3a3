"""The pages for people: every command in them exists, with the options they name, and every link leads somewhere."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def commands() -> list[str]:
    """The lines that a page sets as commands: indented by four, without comments."""
    lines = [line for page in PAGES for line in page.read_text(encoding="utf-8").splitlines()]
    found = {re.sub(r"\s+#.*", "", line[4:]) for line in lines if re.match(r" {4}(make|\.venv/bin/)", line)}
    return sorted(found)


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_docs_exists(command: str) -> None:
    """make knows the target; a program of ours knows the subcommand and each option."""
    program, *words = shlex.split(command)
    if program == "make":
        subprocess.run(["make", "--dry-run", *words], cwd=ROOT, check=True, capture_output=True)
        return
    asked = [word for word in words if not word.startswith("-")]
    page = ""
    while True:  # the longest beginning that is a subcommand; what follows are arguments
        done = subprocess.run(
            [BIN / Path(program).name, *asked, "--help"],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
        page = done.stdout
        if done.returncode == 0:
            break
        assert asked, done.stderr
        asked.pop()
    assert asked or Path(program).name == "jupyter", f"{command} names no subcommand"
    for option in (word for word in words if word.startswith("--")):
        assert option.partition("=")[0] in page


def test_there_are_commands_to_test() -> None:
    """The two commands for a fresh clone are among them."""
    assert {"make demo", "make test"} <= set(commands())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Each relative link names a file that is there."""
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_table_of_parts_is_in_step_with_the_lessons() -> None:
    """Each part's minutes and points in the README are those of its text."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d) · [^|]+\| [\d–]+ \| (\d+) \| (\d+) \|$", readme, re.MULTILINE)
    told = []
    for path in sorted((ROOT / "lessons").glob("part*.md")):
        text = path.read_text(encoding="utf-8")
        minutes = re.search(r"\*\*Time:\*\* about (\d+) minutes", text)
        assert minutes, path.name
        points = sum(int(number) for number in re.findall(r"grade: true, points: (\d+)", text))
        told.append((path.stem.removeprefix("part"), minutes[1], str(points)))
    assert rows == told
