"""The closing page: its reference of commands is no list but a program, and each line of it works."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.errors import BadInput
from autograder.gradebook.course import Course
from autograder.lessons import CLOSING, find, parts, read
from autograder.results import Limits

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "lessons" / f"{CLOSING}.md").read_text(encoding="utf-8")

# Runs each cell; a shell cell names the lines that failed.
_RUN = """\
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
shell = InteractiveShell.instance()
shell.extension_manager.load_extension("course.shell")
failed = []
for source in json.load(sys.stdin):
    with capture_output() as printed:
        result = shell.run_cell(source)
    if not result.success or "failed with status" in printed.stdout or "ended with status" in printed.stdout:
        failed.append(source + printed.stdout + printed.stderr)
print("FAILED " + json.dumps(failed))
"""


def cells() -> list[str]:
    """The source of the page's code cells, in order."""
    return [cell.source for cell in read(TEXT, find(ROOT)).cells if cell.cell_type == "code"]


def test_the_page_is_the_last_notebook() -> None:
    """It is built like a part, and comes after them."""
    assert parts(ROOT)[-1] == CLOSING


def test_the_page_has_nothing_to_hand_in() -> None:
    """No cell of it is graded, and grading does not know it."""
    assert not any(cell.metadata.get("nbgrader", {}).get("grade") for cell in read(TEXT, find(ROOT)).cells)
    assert Course(ROOT).parts() == [name for name in parts(ROOT) if name != CLOSING]
    with pytest.raises(BadInput, match="part0"):
        Course(ROOT).source(CLOSING)


@pytest.mark.parametrize("area", ["Images", "Containers", "Volumes", "Networks", "Compose", "System"])
def test_the_reference_covers_the_area(area: str) -> None:
    """Each area has a section with commands to run."""
    section = TEXT.split(f"\n### {area}", 1)[1].split("\n### ", 1)[0]
    assert section.count("\ndocker ") >= 5


@pytest.mark.full
@pytest.mark.sandbox
def test_each_command_of_the_reference_works() -> None:
    """In a fresh sandbox every line ends with exit code 0, and nothing of the page is left afterwards."""
    from autograder.sandbox import Sandbox

    with Sandbox(limits=Limits()) as box:
        done = box.run(
            ["/opt/docker-course/venv/bin/python", "-c", _RUN],
            user="student",
            input=json.dumps(cells()).encode(),
        )
        left = box.run(["docker", "ps", "--all", "--quiet"], user="student")
    output = done.stdout.decode(errors="replace")
    assert json.loads(output.rpartition("FAILED ")[2]) == [], done.stderr.decode(errors="replace")[-4000:]
    assert left.stdout.strip() == b""
