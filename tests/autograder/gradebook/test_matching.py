"""A notebook that lost ids and metadata is matched by text and order where that is unambiguous, and says so."""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from small_course import REPOSITORY, SmallCourse

from autograder.errors import BadInput
from autograder.gradebook.matching import match, recognise
from autograder.gradebook.rebuild import Rebuilt, rebuild
from autograder.gradebook.source import Source, grade_id, load_source
from autograder.submissions import make_submission

PARTS = [f"part{number}" for number in range(8)]

Cells = list[dict[str, Any]]


def load(part: str) -> Source:
    """The source of a real part."""
    return load_source(REPOSITORY / "source" / part / f"{part}.ipynb")


def solved(part: str) -> NotebookNode:
    """A real part with the model answers."""
    source, release = (
        nbformat.read(REPOSITORY / step / part / f"{part}.ipynb", as_version=4) for step in ("source", "release")
    )
    return make_submission(source, release, {})


def cells_of(notebook: NotebookNode) -> Cells:
    """The cells as `read_submission` gives them."""
    return [
        {"id": "", "metadata": {}, "attachments": {}, **copy.deepcopy(cell), "source": cell.source}
        for cell in notebook.cells
    ]


def stripped(notebook: NotebookNode) -> Cells:
    """The cells as an editor leaves them that knows nbformat 4.4 and keeps no metadata."""
    return [{**cell, "id": None, "metadata": {}} for cell in cells_of(notebook)]


def texts(rebuilt: Rebuilt) -> list[tuple[str, str]]:
    """What runs, in order."""
    return [(grade_id(cell), cell.source) for cell in rebuilt.notebook.cells]


@pytest.mark.parametrize("part", PARTS)
def test_a_real_part_without_ids_and_metadata_runs_as_with_them(part: str) -> None:
    """Answers, checks and the cells between them: the same texts in the same order, and a sentence about it."""
    source, notebook = load(part), solved(part)
    intact, lost = rebuild(source, cells_of(notebook)), rebuild(source, stripped(notebook))
    assert texts(lost) == texts(intact)
    assert (intact.about, intact.notes, lost.notes) == ("", {}, {})
    assert lost.about == (
        "The cells of this notebook had lost their ids and metadata. They were matched by text and order."
    )
    recognise(source, stripped(notebook))


@pytest.mark.parametrize("part", PARTS)
def test_some_cells_of_a_real_part_without_them(part: str) -> None:
    """An editor that makes cells anew loses those of some cells only."""
    source, notebook = load(part), solved(part)
    mixed = cells_of(notebook)
    for place, cell in enumerate(stripped(notebook)):
        if place % 3:
            mixed[place] = cell
    result = rebuild(source, mixed)
    assert texts(result) == texts(rebuild(source, cells_of(notebook)))
    assert result.notes == {}
    assert result.about.startswith("Some cells of this notebook had lost their ids")


@pytest.mark.parametrize("part", PARTS)
def test_changed_examples_and_scratch_cells_leave_every_answer_in_its_place(part: str) -> None:
    """Students change the examples, and try things in cells of their own: each still runs between the same checks."""
    source, notebook = load(part), solved(part)
    for number, cell in enumerate(list(notebook.cells)):
        if not grade_id(cell) and cell.cell_type == "code":
            cell.source += "\n# changed"
            notebook.cells.insert(notebook.cells.index(cell) + 1, new_code_cell(f"scratch = {number}"))
    intact, lost = rebuild(source, cells_of(notebook)), rebuild(source, stripped(notebook))
    assert "could not be told apart from other cells" not in lost.about

    def between_checks(rebuilt: Rebuilt) -> list[list[str]]:
        groups: list[list[str]] = [[]]
        for cell in rebuilt.notebook.cells:
            if cell.cell_type == "code" and not cell.source.startswith("# This answer was missing"):
                groups[-1].append(cell.source)
            if cell.metadata.get("nbgrader", {}).get("locked"):
                groups.append([])
        return groups

    assert between_checks(lost) == between_checks(intact)


@pytest.mark.parametrize(("part", "other"), [("part0", "part1"), ("part7", "part2"), ("part3", "part0")])
@pytest.mark.parametrize("how", [cells_of, stripped])
def test_another_parts_notebook_is_named(part: str, other: str, how: Callable[[NotebookNode], Cells]) -> None:
    """It is no submission of this part, and the sentence says which file went into the wrong place."""
    said = (
        f"This is the notebook of Part {other[4:]}, handed in as {part}.ipynb. Hand in the notebook of Part {part[4:]}"
    )
    with pytest.raises(BadInput, match=said):
        recognise(load(part), how(solved(other)))


def test_another_parts_cells_below_the_own_notebook_are_no_reason_to_refuse_it() -> None:
    """Who works on two parts in one notebook has handed in both."""
    recognise(load("part0"), stripped(solved("part0")) + stripped(solved("part3")))


def test_a_notebook_of_nothing_known_is_refused_with_what_to_do(small: SmallCourse) -> None:
    """Neither a mark by chance nor a 0 without a word."""
    notebook = new_notebook(cells=[new_markdown_cell("Mine"), new_code_cell("x = 42")])
    with pytest.raises(BadInput, match=r"No cell of tiny was found .* Put your answers into tiny\.ipynb"):
        recognise(load_source(small.course.source(small.part)), cells_of(notebook))


def lost(small: SmallCourse, *sources: str) -> Rebuilt:
    """Rebuild a notebook of code cells that have nothing but their text."""
    source = load_source(small.course.source(small.part))
    return rebuild(source, stripped(new_notebook(cells=[new_code_cell(text) for text in sources])))


SETUP = "planted = 1"
FIRST_CHECK = "good = check(answer('x') is not None, 'x has a value')\n3 if good else 1 if answer('x') else 0"
SECOND_CHECK = "2 if check(answer('y') == 'yes', 'y says yes') else 0"


def test_one_cell_between_two_known_ones_is_the_answer_between_them(small: SmallCourse) -> None:
    """Order and number leave one possibility."""
    result = lost(small, SETUP, "x = 42", FIRST_CHECK, "y = 'yes'", SECOND_CHECK)
    assert dict(texts(result))["first"] == "x = 42"
    assert dict(texts(result))["second"] == "y = 'yes'"
    assert result.notes == {}


def test_a_split_answer_runs_where_it_stood(small: SmallCourse) -> None:
    """Which of the two cells is the answer is not known, and does not matter."""
    result = lost(small, SETUP, "z = 41", "x = z + 1", FIRST_CHECK, "y = 'yes'", SECOND_CHECK)
    order = [text for _, text in texts(result)]
    assert order[:3] == [SETUP, "z = 41", "x = z + 1"]
    assert result.notes == {
        "first": "The answer's cell could not be told apart from the cells beside it. All of them ran here, in order."
    }


def test_of_a_copied_check_the_last_is_the_check(small: SmallCourse) -> None:
    """A check that was tried before the answer was right does not put the answer behind the check."""
    result = lost(small, SETUP, FIRST_CHECK, "x = 42", FIRST_CHECK, "y = 'yes'", SECOND_CHECK)
    order = [name or text for name, text in texts(result)]
    assert order.index("x = 42") < order.index("first-check")


def test_without_the_cells_around_them_answers_are_matched_by_number(small: SmallCourse) -> None:
    """Between two known cells stand as many cells as answers are missing."""
    result = lost(small, SETUP, "x = 42", "y = 'yes'", SECOND_CHECK)
    assert [name for name, _ in texts(result)] == ["set-up", "first", "first-check", "second", "second-check"]
    assert list(result.notes) == ["first-check"]


def test_what_cannot_be_told_apart_is_said_at_the_top(small: SmallCourse) -> None:
    """Three cells for two answers, and no check between them: the sentence names the answers and what to do."""
    result = lost(small, SETUP, "z = 41", "x = z + 1", "y = 'yes'", SECOND_CHECK)
    assert "These answers could not be told apart from other cells: first, second." in result.about
    assert result.about.endswith("Put all answers into tiny.ipynb as it was handed out, and hand it in again.")
    assert "could not be told apart" in result.notes["first"]


def test_no_submission_changes_a_locked_or_grade_cell(small: SmallCourse) -> None:
    """Copied, changed, moved and forged cells: trusted cells are the source's, each once and in order.

    No cell that was handed in runs twice, so none counts as two answers.
    """
    source = load_source(small.course.source(small.part))
    pool = [*small.answered().cells, *small.released().cells]
    for seed in range(300):
        draw = random.Random(seed)
        handed_in = [draw.choice(pool) for _ in range(draw.randrange(1, 12))]
        cells = [draw.choice((cells_of, stripped))(new_notebook(cells=[cell]))[0] for cell in handed_in]
        for number, cell in enumerate(cells):
            cell["source"] += f"\n# {number}" if draw.random() < 0.5 else ""
        result = rebuild(source, cells)
        trusted = [cell for cell in result.notebook.cells if grade_id(cell)]
        assert [grade_id(cell) for cell in trusted] == [grade_id(cell) for cell in source.cells], seed
        for ours, cell in zip(source.cells, trusted, strict=True):
            assert cell.metadata == ours.metadata
            assert cell.source == ours.source or ours.metadata.nbgrader.solution, seed
        numbered = [cell.source for cell in result.notebook.cells if cell.source.split("\n# ")[-1].isdecimal()]
        assert len(numbered) == len(set(numbered)), seed


def test_two_thousand_equal_cells_are_matched_in_a_moment(small: SmallCourse) -> None:
    """The work grows with the cells of the part times those of the submission."""
    source = load("part4")
    cells = 2000 * stripped(new_notebook(cells=[new_code_cell("pass")]))
    began = time.process_time()
    match(source, cells)
    assert time.process_time() - began < 3


def test_a_part_that_cannot_be_read_names_no_submission(small: SmallCourse, tmp_path: Path) -> None:
    """Another part's notebook that is damaged is no reason not to grade this one."""
    other = small.root / "source" / "other" / "other.ipynb"
    other.parent.mkdir()
    other.write_text("{")
    assert load_source(small.course.source(small.part)).others == {}
