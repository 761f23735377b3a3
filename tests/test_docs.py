"""The pages for people: every command in them exists, with the options they name, and every link leads somewhere."""

from __future__ import annotations

import itertools
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.apps.nbgraderapp import NbGraderApp
from papermill.cli import papermill
from typer.testing import CliRunner

from autograder.cli import app
from autograder.lessons.minutes import with_minutes

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def commands() -> list[str]:
    """The lines that a page sets as commands: indented by four, without comments."""
    lines = [line for page in PAGES for line in page.read_text(encoding="utf-8").splitlines()]
    found = {re.sub(r"\s+#.*", "", line[4:]) for line in lines if re.match(r" {4}(make|\.venv/bin/)", line)}
    return sorted(found)


def of(program: str) -> list[str]:
    """The commands that run a program."""
    return [command for command in commands() if Path(command.split()[0]).name == program]


def helped(words: list[str]) -> str | None:
    """The help page of a command of ours, which runs in this process; None if there is no such command."""
    result = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "200"})
    return result.output if result.exit_code == 0 else None


@pytest.mark.parametrize("command", of("make"))
def test_a_target_of_the_docs_exists(command: str) -> None:
    """make knows it."""
    subprocess.run(["make", "--dry-run", *shlex.split(command)[1:]], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("command", of("docker-course"))
def test_a_command_of_ours_in_the_docs_exists(command: str) -> None:
    """The subcommand is there, and takes each option that the page names."""
    words = shlex.split(command)[1:]
    before = list(itertools.takewhile(lambda word: word.startswith("-"), words))
    words = words[len(before) :]
    asked = [word for word in words if not word.startswith("-")]
    # The longest beginning that is a subcommand; what follows are arguments.
    while (page := helped(asked)) is None:
        asked.pop()
    assert asked, f"{command} names no subcommand"
    page += helped([]) or "" if before else ""
    for option in (word for word in [*before, *words] if word.startswith("--") and word != "--"):
        assert option.partition("=")[0] in page


@pytest.mark.parametrize("command", [*of("nbgrader"), *of("jupyter"), *of("papermill")])
def test_a_command_of_another_program_exists(command: str) -> None:
    """The environment has the program, and the program has the subcommand and the options."""
    program, *words = shlex.split(command)
    match Path(program).name:
        case "nbgrader":
            assert words[0] in NbGraderApp().subcommands
        case "jupyter":  # runs the program of that name
            assert (BIN / f"jupyter-{words[0]}").exists()
        case "papermill":
            known = {option for parameter in papermill.params for option in parameter.opts}
            assert {word for word in words if word.startswith("-")} <= known
            assert (ROOT / words[-2]).exists()


def test_there_are_commands_to_test() -> None:
    """The two commands for a fresh clone are among them, and no program is left out above."""
    assert {"make demo", "make test"} <= set(commands())
    programs = ("make", "docker-course", "nbgrader", "jupyter", "papermill")
    assert sorted(command for program in programs for command in of(program)) == commands()


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
        text = with_minutes(path.read_text(encoding="utf-8"))
        minutes = re.search(r"\*\*Time:\*\* about (\d+) minutes", text)
        assert minutes, path.name
        points = sum(int(number) for number in re.findall(r"grade: true, points: (\d+)", text))
        told.append((path.stem.removeprefix("part"), minutes[1], str(points)))
    assert rows == told
