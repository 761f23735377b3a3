"""Whoever has not handed in is not marked, and any name is a student's, through nbgrader's gradebook and back."""

from __future__ import annotations

import unicodedata

import in_process
import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from small_course import SmallCourse, nbgrader_cell

from autograder.batch import grade
from autograder.gradebook.records import Record
from autograder.results import Verdict

NAMES = [
    *("O'Brien", "Smith, John", "Müller (2)", "नेहा शर्मा", "José", "山田\u3000太郎", "Smith Jr.", "=1+1", "@SUM(A1)"),
    *("a[b]*?", "{x}", '"q" <b>', "100%", "#1", "-x", "é" * 127),
]


def run(small: SmallCourse, *students: str) -> dict[str, Record]:
    """Grade in this process."""
    records = grade(small.part, students or None, root=small.root, execute=in_process.execute)
    return {record.student: record for record in records}


def test_a_class_of_all_names_is_graded(small: SmallCourse) -> None:
    """Marks, pages and rows are each student's own, twice over; no spreadsheet computes a name."""
    for name in NAMES:
        small.hand_in(unicodedata.normalize("NFD", name) if name == "José" else name)
    for _ in range(2):
        records = run(small)
        assert {name: record.score for name, record in records.items()} == dict.fromkeys(NAMES, 5.0)
        assert all(small.page(name).is_file() for name in NAMES)
        assert all(small.score(name) == 5 for name in NAMES)
    formulas = {"=1+1": "'=1+1", "@SUM(A1)": "'@SUM(A1)", "-x": "'-x"}
    assert set(small.table()) == {formulas.get(name, name) for name in NAMES}


def test_a_name_can_be_given_as_it_is_typed_or_as_the_folder_has_it(small: SmallCourse) -> None:
    """A keyboard writes é as one character, a shell completes the folder's two."""
    decomposed = unicodedata.normalize("NFD", "José")
    small.hand_in(decomposed)
    assert list(run(small, "José")) == list(run(small, decomposed)) == ["José"]


def test_two_folders_of_one_name_are_not_graded(small: SmallCourse) -> None:
    """Both are rows without a mark, and the sentence names both; an earlier mark stays."""
    small.hand_in("José")
    run(small)
    small.hand_in(unicodedata.normalize("NFD", "José"), first="x = 1")
    records = run(small)
    assert {record.verdict for record in records.values()} == {Verdict.NOT_GRADED}
    assert len(records) == len(small.table()) == 2
    assert all(r"'Jose\u0301' and 'Jos\xe9'" in record.reason for record in records.values())
    assert small.table()["José"]["score"] == "5.0"
    assert small.table()["José"]["reason"].startswith("The score is the one from before.")


def test_a_student_of_the_gradebook_without_a_folder_has_not_handed_in(small: SmallCourse) -> None:
    """The class list says who is missing; nothing is written into the gradebook for them."""
    small.hand_in("ada")
    with small.course.gradebook() as gradebook:
        gradebook.add_student("bob", first_name="Bob")
        gradebook.add_student("../../etc")
    records = run(small)
    assert list(records) == ["../../etc", "ada", "bob"]
    assert records["bob"].verdict is Verdict.NOT_HANDED_IN
    assert records["bob"].reason == "Nothing was handed in: there is no folder submitted/bob/tiny."
    assert records["../../etc"].verdict is Verdict.NOT_GRADED
    row = small.table()["bob"]
    assert (row["verdict"], row["score"], row["first-check"]) == ("not handed in", "", "")
    with small.course.gradebook() as gradebook:
        assert [one.student.id for one in gradebook.find_assignment(small.part).submissions] == ["ada"]
    assert list(run(small, "ada")) == ["ada"]


@pytest.mark.parametrize("name", ["tiny-Copy1.ipynb", "Tiny.ipynb", "tiny.ipynb ", "tiny.ipynb.txt"])
def test_a_file_of_another_name_is_named(small: SmallCourse, name: str) -> None:
    """There is no mark yet: the person who grades sees what is there."""
    path = small.hand_in("ada")
    path.rename(path.with_name(name))
    record = run(small)["ada"]
    assert record.verdict is Verdict.NOT_HANDED_IN
    assert f"What is there: '{name}'." in record.reason


def test_what_was_handed_in_beside_the_parts_folder_is_named(small: SmallCourse) -> None:
    """A notebook right in the student's folder is the usual slip."""
    path = small.hand_in("ada")
    path.rename(path.parents[1] / path.name)
    path.parent.rmdir()
    assert run(small)["ada"].reason == (
        "Nothing was handed in: there is no folder submitted/ada/tiny. What is there: 'tiny.ipynb'."
    )


def test_what_programs_leave_below_submitted_is_no_student(small: SmallCourse) -> None:
    """Jupyter's and macOS's own folders; a hidden one that holds the part is named."""
    small.hand_in("ada")
    for name in (".ipynb_checkpoints", "__MACOSX"):
        (small.root / "submitted" / name).mkdir()
    small.hand_in(".eve")
    records = run(small)
    assert list(records) == [".eve", "ada"]
    assert "begins with a dot" in records[".eve"].reason


def lost(notebook: NotebookNode) -> NotebookNode:
    """The notebook in nbformat 4.4, without ids and metadata."""
    cells = [{**cell, "metadata": {}} for cell in notebook.cells]
    for cell in cells:
        cell.pop("id")
    return nbformat.from_dict({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells})


def test_a_perfect_notebook_that_lost_ids_and_metadata_has_full_marks_and_says_so(small: SmallCourse) -> None:
    """At the top of the page, in the record and in the table."""
    small.hand_in("ada", lost(small.answered()))
    record = run(small)["ada"]
    said = "The cells of this notebook had lost their ids and metadata. They were matched by text and order."
    assert (record.verdict, record.score, record.reason) == (Verdict.GRADED, 5, said)
    assert small.table()["ada"]["reason"] == said
    assert said in small.page("ada").read_text().partition("<main>")[0]


def test_another_parts_notebook_is_named_everywhere(small: SmallCourse) -> None:
    """It broke, with a 0 that says why."""
    cells = [nbgrader_cell("third", "pass", solution=True), nbgrader_cell("third-check", "0", points=1)]
    path = small.root / "source" / "part3" / "part3.ipynb"
    path.parent.mkdir()
    nbformat.write(new_notebook(cells=cells), path)
    small.hand_in("ada", new_notebook(cells=cells))
    record = run(small)["ada"]
    assert (record.verdict, record.score) == (Verdict.SUBMISSION_BROKE, 0)
    assert record.reason.startswith("This is the notebook of Part 3, handed in as tiny.ipynb.")
    assert small.table()["ada"]["reason"] == record.reason
    assert record.reason in small.page("ada").read_text()


def test_a_notebook_of_nothing_known_is_no_quiet_zero(small: SmallCourse) -> None:
    """It says what to do."""
    small.hand_in("ada", new_notebook(cells=[new_code_cell("x = 42")]))
    record = run(small)["ada"]
    assert (record.verdict, record.score) == (Verdict.SUBMISSION_BROKE, 0)
    assert "could not be told apart" in small.table()["ada"]["reason"]
