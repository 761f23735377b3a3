"""The notebook that is executed is rebuilt from the instructor's cells; the student only gives answers."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell
from small_course import SmallCourse, nbgrader_cell

from autograder.gradebook.rebuild import Rebuilt, rebuild
from autograder.gradebook.source import grade_id, load_source
from autograder.gradebook.submission import read_submission


def rebuilt(small: SmallCourse, submission: NotebookNode) -> Rebuilt:
    """What a submission is rebuilt to."""
    path = small.hand_in("ada", submission)
    return rebuild(load_source(small.course.source(small.part)), read_submission(path))


def names(notebook: NotebookNode) -> list[str]:
    """The cells in order: their grade_id, or their text."""
    return [grade_id(cell) or cell.source for cell in notebook.cells]


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell with this grade_id."""
    [found] = [cell for cell in notebook.cells if grade_id(cell) == name]
    return found


def without(notebook: NotebookNode, *unwanted: str) -> NotebookNode:
    """The notebook without these cells."""
    notebook.cells = [cell for cell in notebook.cells if grade_id(cell) not in unwanted]
    return notebook


ORDER = [
    "# A small part",
    "set-up",
    "first",
    "first-check",
    "Now the second.",
    "second",
    "second-check",
]


def test_an_ordinary_submission_keeps_its_order_and_gets_the_hidden_tests(small: SmallCourse) -> None:
    """Answers are the student's, grade cells the instructor's with hidden tests, the text between stays."""
    result = rebuilt(small, small.answered(first="x = 41"))
    assert names(result.notebook) == ORDER
    assert cell(result.notebook, "first").source == "x = 41"
    assert "x is the answer" in cell(result.notebook, "first-check").source
    assert result.notes == {}


def test_a_deleted_grade_cell_is_put_back_in_its_place_and_noted(small: SmallCourse) -> None:
    """Nobody loses marks, and nobody escapes a check, by deleting the cell that checks."""
    result = rebuilt(small, without(small.answered(), "first-check"))
    assert [name for name in names(result.notebook) if name in ORDER[1:4]] == ORDER[1:4]
    assert result.notes == {
        "first-check": "This cell was missing from the submission. It was put back and run as usual."
    }


def test_a_changed_grade_cell_is_restored_and_noted(small: SmallCourse) -> None:
    """A number in a grade cell's place, or other points in its metadata, have no effect."""
    submission = small.answered()
    check = cell(submission, "first-check")
    check.source, check.metadata.nbgrader.points, check.metadata.nbgrader.grade = "3", 300, False
    result = rebuilt(small, submission)
    trusted = cell(result.notebook, "first-check")
    assert "x is the answer" in trusted.source
    assert trusted.metadata.nbgrader.points == 3
    assert trusted.metadata.nbgrader.grade is True
    assert list(result.notes) == ["first-check"]


def test_line_endings_of_windows_are_no_change(small: SmallCourse) -> None:
    """An editor may have written them into every cell."""
    submission = small.answered()
    for one in submission.cells:
        one.source = one.source.replace("\n", "\r\n")
    assert rebuilt(small, submission).notes == {}


def test_moved_cells_go_back_to_the_order_of_the_source(small: SmallCourse) -> None:
    """Moving a check in front of its answer, or the second exercise before the first, changes nothing."""
    submission = small.answered()
    submission.cells.reverse()
    known = [grade_id(cell) for cell in rebuilt(small, submission).notebook.cells if grade_id(cell)]
    assert known == ["set-up", "first", "first-check", "second", "second-check"]


def test_forged_cells_become_ordinary_cells_of_the_student(small: SmallCourse) -> None:
    """A grade cell that the course does not have loses its metadata and is run as the student's own code."""
    submission = small.answered()
    forged = nbgrader_cell("bonus", "100", points=100)
    forged.metadata["docker_course"] = {"points": 100}
    submission.cells.append(forged)
    last = rebuilt(small, submission).notebook.cells[-1]
    assert (last.source, last.metadata) == ("100", {})


def test_a_second_cell_with_a_grade_cells_id_is_dropped(small: SmallCourse) -> None:
    """There is one grade cell of each name, whatever was copied."""
    submission = small.answered()
    submission.cells.insert(2, nbgrader_cell("first-check", "3", points=3))
    result = rebuilt(small, submission)
    assert names(result.notebook).count("first-check") == 1
    assert "3" not in [cell.source for cell in result.notebook.cells]


def test_of_a_copied_answer_the_last_counts_and_the_first_runs_before_it(small: SmallCourse) -> None:
    """A copied cell takes its metadata along; both ran for the student, in this order, and so they do here."""
    submission = small.answered(first="z = 41")
    submission.cells.insert(3, new_code_cell("# between"))
    submission.cells.insert(4, nbgrader_cell("first", "x = z + 1", solution=True))
    result = rebuilt(small, submission)
    assert names(result.notebook)[1:6] == ["set-up", "z = 41", "# between", "first", "first-check"]
    assert cell(result.notebook, "first").source == "x = z + 1"


def test_a_deleted_answer_is_an_empty_one_and_noted(small: SmallCourse) -> None:
    """The rest is graded; what the missing answer would have made is simply not there."""
    result = rebuilt(small, without(small.answered(), "first"))
    assert cell(result.notebook, "first").source.startswith("#")
    assert result.notes == {"first": "The answer's cell was missing from the submission."}


def test_a_cell_that_lost_its_metadata_is_known_by_its_id(small: SmallCourse) -> None:
    """Some editors throw metadata away; the answer still counts."""
    submission = small.answered(first="x = 6 * 7")
    source = load_source(small.course.source(small.part))
    for ours, trusted in zip([c for c in submission.cells if grade_id(c)], source.cells, strict=True):
        ours.id, ours.metadata = trusted.id, NotebookNode()
    result = rebuilt(small, submission)
    assert names(result.notebook) == ORDER
    assert cell(result.notebook, "first").source == "x = 6 * 7"


def test_an_answer_of_another_cell_type_is_code_again(small: SmallCourse) -> None:
    """Its text counts as what the instructor's cell is."""
    submission = small.answered()
    answer = cell(submission, "first")
    submission.cells[submission.cells.index(answer)] = new_markdown_cell("x = 42", metadata=answer.metadata)
    assert cell(rebuilt(small, submission).notebook, "first").cell_type == "code"


def test_nothing_of_a_students_metadata_outputs_or_ids_survives(small: SmallCourse) -> None:
    """No student's cell can pass for a trusted one on the way back from the sandbox."""
    submission = small.answered()
    source = load_source(small.course.source(small.part))
    own = new_code_cell("1", metadata={"tags": ["parameters"]}, id="own-1")
    own.outputs = [new_output("stream", text="old")]
    raw = new_raw_cell("<script>1</script>", metadata={"format": "text/html"})
    submission.cells += [own, raw, new_code_cell("2", id=source.cells[2].id + "-x")]
    result = rebuilt(small, submission).notebook
    ids = [cell.id for cell in result.cells]
    assert len(set(ids)) == len(ids)
    for cell_ in result.cells[-3:]:
        assert cell_.metadata == {}
        assert cell_.get("outputs", []) == []
        assert cell_.cell_type != "raw"
    assert result.metadata.kernelspec.name == "docker-course"


def test_metadata_of_any_shape_is_no_error(small: SmallCourse) -> None:
    """Lists, numbers and texts where metadata was expected are taken as none."""
    strange: list[dict[str, Any]] = [
        {"id": 1, "cell_type": "code", "source": "a", "metadata": {"nbgrader": 7}, "attachments": {}},
        {
            "id": None,
            "cell_type": 9,
            "source": "b",
            "metadata": {"nbgrader": {"grade_id": []}},
            "attachments": {},
        },
        {
            "id": "x",
            "cell_type": "markdown",
            "source": "c",
            "metadata": {},
            "attachments": {"p": 3, "q": {"a": 1}},
        },
    ]
    result = rebuild(load_source(small.course.source(small.part)), strange)
    assert [cell.source.strip() for cell in result.notebook.cells[:3]] == ["a", "b", "c"]
