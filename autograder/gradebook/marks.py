"""Write the marks of an execution into nbgrader's gradebook, in one transaction for each submission."""

from __future__ import annotations

from collections.abc import Mapping

from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.results import CellResult, Execution, Verdict


def record_marks(names: Mapping[str, str], nb: NotebookNode, execution: Execution) -> None:
    """Write marks and comments of a submission.

    Args:
        names: nbgrader's ``student``, ``assignment``, ``notebook`` and ``db_url``.
        nb: the rebuilt notebook, which tells which answer each grade cell belongs to.
        execution: its result, with one entry for each grade cell.

    A mark that a person gave stays, and is flagged for another look (what nbgrader does too). Of a submission
    that broke, the cells that were not reached get 0 and are flagged, and so is a check that could not judge.
    """
    results = {cell.grade_id: cell for cell in execution.cells}
    comments = comments_on_answers(nb, execution)
    with Gradebook(names["db_url"]) as gradebook:
        submission = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
        for grade in submission.grades:
            result = results.get(grade.name)
            grade.auto_score = result.points if result else None
            grade.needs_manual_grade = (
                grade.manual_score is not None or result is None or not result.reached or bool(result.failure)
            )
        for comment in submission.comments:
            comment.auto_comment = comments.get(comment.name)
        gradebook.db.commit()


def flag_grader_broke(names: Mapping[str, str]) -> None:
    """Flag a submission for a person, and leave an earlier mark as it is."""
    with Gradebook(names["db_url"]) as gradebook:
        gradebook.update_or_create_student(names["student"])
        gradebook.update_or_create_submission(names["assignment"], names["student"])
        submission = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
        for grade in submission.grades:
            grade.needs_manual_grade = True
        for comment in submission.comments[:1]:
            comment.auto_comment = "The grader broke on the last run, so that run gave no mark."
        gradebook.db.commit()


def comments_on_answers(nb: NotebookNode, execution: Execution) -> dict[str, str]:
    """Return a comment for each answer that has something to say: what failed behind it, and why it broke.

    nbgrader has comments on answers only, so those of a grade cell go to the last answer before it; what
    comes before the first answer goes to the first.
    """
    notes: dict[str, str] = nb.metadata["docker_course"]["notes"]
    results = {cell.grade_id: cell for cell in execution.cells}
    names = [cell.metadata.nbgrader for cell in nb.cells if "nbgrader" in cell.metadata]
    answers = [meta.grade_id for meta in names if meta.get("solution")]
    said: dict[str, list[str]] = {name: [] for name in answers}
    answer = answers[0] if answers else ""
    broken = execution.verdict is Verdict.SUBMISSION_BROKE
    for meta in names:
        if meta.get("solution"):
            answer = meta.grade_id
        if not answer:
            continue
        if meta.grade_id in notes:
            prefix = "" if meta.grade_id == answer else f"{meta.grade_id}: "
            said[answer].append(prefix + notes[meta.grade_id])
        result = results.get(meta.grade_id)
        if result and not result.reached and broken:
            said[answer].append(f"The submission broke here. {execution.reason}")
            broken = False
        elif result:
            said[answer] += _failures(result)
    return {name: "\n".join(lines) for name, lines in said.items() if lines}


def _failures(result: CellResult) -> list[str]:
    texts = {demand.id: f"Not met: {demand.text}" for demand in result.demands}
    return [" ".join(filter(None, (texts.get(f.demand), f.message, f.hint))) for f in result.findings if not f.passed]
