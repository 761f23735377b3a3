"""The options of ``docker-course`` itself: version, completion, and how much is said."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from autograder.batch import SubmissionState
from autograder.cli import app
from autograder.cli.live import LiveTable
from autograder.cli.progress import Steps
from autograder.cli.verbosity import Verbosity, choose
from autograder.gradebook.records import Record
from autograder.results import CellResult, Verdict

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def normal() -> Iterator[None]:
    """Leave no choice to the next test."""
    yield
    choose(Verbosity.NORMAL)


def work(*, terminal: bool = False) -> str:
    """Return what a long step and a batch show while they work."""
    console = Console(file=io.StringIO(), width=120, force_terminal=terminal, color_system=None)
    with Steps(console) as steps:
        steps("nginx", "asking the registry")
        steps("nginx", "pulled")
    cell = CellResult(grade_id="a", points=2, max_points=3)
    record = Record(student="ada", part="p", verdict=Verdict.GRADED, cells=(cell,), seconds=7)
    with LiveTable("Grading", console) as table:
        table("ada", SubmissionState.RUNNING, None)
        table("ada", SubmissionState.DONE, record)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_version_is_the_packages() -> None:
    """``--version`` needs no command and prints one line."""
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"docker-course {version('docker-fundamentals')}\n")


def test_quiet_and_verbose_exclude_each_other() -> None:
    """Together they are a usage error, and nothing is run."""
    result = CliRunner().invoke(app, ["--quiet", "--verbose", "lessons", "check"])
    assert result.exit_code == 2
    assert "Choose one of --quiet and --verbose" in result.output


def test_an_option_holds_for_its_command_only() -> None:
    """The next command in the same process is as it always is."""
    CliRunner().invoke(app, ["--quiet", "sandbox", "--help"])
    CliRunner().invoke(app, ["sandbox", "exec"])
    assert "nginx: pulled" in work()


@pytest.mark.parametrize("terminal", [True, False])
def test_quiet_says_nothing_until_there_is_a_result(terminal: bool) -> None:
    """No step and no change is shown, on a terminal or in a log; the table of marks is the result."""
    choose(Verbosity.QUIET)
    said = work(terminal=terminal)
    assert "nginx" not in said
    assert said.count("ada") == 1
    assert "2 / 3" in said


def test_verbose_has_a_line_with_the_time_for_each_step(capsys: pytest.CaptureFixture[str]) -> None:
    """Each step and each change is one line on the standard error stream, in order."""
    choose(Verbosity.VERBOSE)
    work(terminal=True)
    lines = capsys.readouterr().err.splitlines()
    assert [line[13:] for line in lines] == [
        "nginx: asking the registry",
        "nginx: pulled",
        "ada: running",
        "ada: graded, 2 points (7.0 s)",
    ]
    assert all(line[2] == line[5] == ":" for line in lines)


def complete(*words: str, number: int) -> list[str]:
    """Return what bash is offered for the word with this number."""
    environment = {
        **os.environ,
        "_DOCKER_COURSE_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(number),
    }
    program = Path(sys.executable).with_name("docker-course")
    return subprocess.run(
        [program], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()


def test_a_shell_completes_commands_and_parts() -> None:
    """After ``--install-completion`` the Tab key knows subcommands and the course's parts."""
    assert complete("docker-course", "gr", number=1) == ["grade"]
    assert complete("docker-course", "grade", "part", number=2) == [f"part{number}" for number in range(8)]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_installed_without_a_network(shell: str, tmp_path: Path) -> None:
    """It is written below the home directory, for the shell that asks."""
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    environment["_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"] = "1"
    program = Path(sys.executable).with_name("docker-course")
    subprocess.run([program, "--install-completion", shell], env=environment, capture_output=True, check=True)
    written = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert any("_DOCKER_COURSE_COMPLETE" in text for text in written)
