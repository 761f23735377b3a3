"""A result is kept as long as nothing changes that decides about its exercise."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.mutation import surroundings
from autograder.mutation.notebook import Part

ROOT = Path(__file__).parents[3]


def add(place: Path, text: str) -> None:
    """Add a line to a file."""
    place.write_text(place.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "matters"),
    [
        (lambda root: add(root / "course" / "checks" / "part2_ports.py", "# changed\n"), True),
        (lambda root: add(root / "course" / "checks" / "criteria.py", "# changed\n"), True),
        (lambda root: add(root / "course" / "setups" / "part2.py", "# changed\n"), True),
        (lambda root: add(root / "course" / "facts" / "container.py", "# changed\n"), True),
        (lambda root: add(root / "course" / "checks" / "part2_names.py", "# changed\n"), False),
        (lambda root: add(root / "course" / "checks" / "part2.py", "# changed\n"), False),
        (lambda root: add(root / "lessons" / "part2.md", "\nOne more sentence.\n"), False),
        (
            lambda root: (root / "lessons" / "part2.md").write_text(
                (root / "lessons" / "part2.md")
                .read_text()
                .replace("report.show(points=3)", "report.show(points=3)  #", 1)
            ),
            True,
        ),
    ],
)
def test_what_an_exercise_depends_on_is_in_the_digest(
    tmp_path: Path, change: Callable[[Path], None], matters: bool
) -> None:
    """Its cells, its check with all that it imports, its part's set-ups; not the checks of other exercises."""
    for folder in ("lessons", "course"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    before = surroundings.digest(Part.read(tmp_path, "part2"), "loopback")
    change(tmp_path)
    assert (surroundings.digest(Part.read(tmp_path, "part2"), "loopback") != before) is matters


def test_the_module_of_a_check_says_whether_the_past_counts() -> None:
    """A restart is in the history; a port is there or not."""
    part2 = Part.read(ROOT, "part2")
    assert surroundings.uses_history(part2, "random-port")
    assert not surroundings.uses_history(part2, "tmpfs")
