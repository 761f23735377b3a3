"""Notebooks are made from text: always the same, in step with it, and without what students must not see."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from autograder import lessons
from autograder.errors import BadInput

ROOT = Path(__file__).parents[3]

TEXT = """\
# A part

```{code-cell} ipython3
---
nbgrader: {grade_id: sum, solution: true}
---
### BEGIN SOLUTION
total = 1 + 1
### END SOLUTION
```

```{code-cell} ipython3
---
nbgrader: {grade_id: sum-check, grade: true, points: 2}
---
points = 2
### BEGIN HIDDEN TESTS
points = points if total == 2 else 0
### END HIDDEN TESTS
points
```

The same text twice.

+++

The same text twice.
"""


def test_the_committed_notebooks_are_in_step_with_their_text() -> None:
    """If this fails: ``docker-course lessons build``, and commit."""
    assert lessons.parts(ROOT)
    assert lessons.check(ROOT) == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course with one small part."""
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "part7.md").write_text(TEXT)
    return tmp_path


def test_the_same_text_gives_the_same_bytes(root: Path) -> None:
    """So a second build changes nothing, and the check finds nothing."""
    assert {path.relative_to(root).parts[0] for path in lessons.build(root)} == {"source", "release", "docs"}
    assert lessons.build(root) == []
    assert lessons.check(root) == []


def test_a_changed_text_or_notebook_is_out_of_step(root: Path) -> None:
    """Whichever of the two was changed, and without anything being written."""
    lessons.build(root)
    release = root / "release/part7/part7.ipynb"
    release.write_text(release.read_text() + " ")
    assert lessons.check(root) == [release]
    (root / "lessons/part7.md").write_text(TEXT.replace("1 + 1", "2"))
    assert lessons.check(root) == [root / "source/part7/part7.ipynb", release]


def test_students_get_neither_solutions_nor_hidden_tests(root: Path) -> None:
    """And cannot edit the checks; the version with the answers is built when it is asked for, without hidden tests."""
    lessons.build(root)
    assert not (root / "build").exists()
    lessons.build(root, answers=True)
    release = (root / "release/part7/part7.ipynb").read_text()
    assert "1 + 1" not in release
    assert "HIDDEN" not in release
    assert "total == 2" not in release
    check = next(c for c in nbformat.reads(release, 4).cells if c.id == "sum-check")
    assert check.metadata["editable"] is False
    solution = (root / "build/solution/part7/part7.ipynb").read_text()
    assert "1 + 1" in solution
    assert "total == 2" not in solution


@pytest.mark.parametrize("head", ["%%bash", "%%writefile {folder}/Dockerfile"])
def test_a_shell_cell_or_a_file_is_handed_out_as_one(root: Path, head: str) -> None:
    """Its first line stays, and a comment stands for the solution."""
    path = root / "lessons" / "part7.md"
    path.write_text(TEXT.replace("### BEGIN SOLUTION\n", f"{head}\n### BEGIN SOLUTION\n"))
    lessons.build(root)
    cells = nbformat.reads((root / "release/part7/part7.ipynb").read_text(), 4).cells
    assert next(cell for cell in cells if cell.id == "sum").source == f"{head}\n# Your lines go here."


def test_every_cell_has_an_id_of_its_own() -> None:
    """Made from its grade_id or its text, also if two texts are equal."""
    ids = [cell.id for cell in lessons.read(TEXT).cells]
    assert len(set(ids)) == len(ids)
    assert {"sum", "sum-check"} <= set(ids)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("grade_id: sum-check", "grade_id: sum", "Two cells have the grade_id sum"),
        (", points: 2", "", "needs points"),
        ("grade_id: sum, ", "", "no grade_id"),
    ],
)
def test_a_mistake_in_the_text_is_named(old: str, new: str, sentence: str) -> None:
    """Before nbgrader stumbles over it."""
    with pytest.raises(BadInput, match=sentence):
        lessons.read(TEXT.replace(old, new))


def test_an_unknown_part_is_answered_with_those_that_exist(root: Path) -> None:
    """Look-up by name."""
    with pytest.raises(BadInput, match="there is one for: part7"):
        lessons.build(root, ["part8"])
