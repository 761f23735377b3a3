"""Our steps in nbgrader's pipeline: rebuild, execute in a sandbox, write the marks and a record.

``nbgrader autograde`` and formgrader's button run them because ``nbgrader_config.py`` names them;
``docker-course grade`` runs the last ones with executions that are already there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Any as AnyTrait

from autograder.errors import GraderBroke
from autograder.gradebook.execution import execute_fairly, expected_points, new_job, not_run, run_in_sandbox
from autograder.gradebook.marks import comments_on_answers, flag_grader_broke, record_marks
from autograder.gradebook.notebook import OURS, digest_of, explained, prepare
from autograder.gradebook.outputs import REPORT
from autograder.gradebook.pages import sanitize_cells
from autograder.gradebook.records import Record, append_record
from autograder.gradebook.source import load_source
from autograder.results import Execution, Verdict

__all__ = [
    *("KeepRecord", "RebuildFromSource", "RecordMarks", "SandboxExecute"),
    *("prepare", "put_results", "tools_on_path"),
]

Step = tuple[NotebookNode, dict[str, Any]]


class RebuildFromSource(NbGraderPreprocessor):
    """Replaces the submitted notebook by one made of trusted cells and the student's answers.

    A submission that is no notebook becomes the part without answers, with the reason kept in its metadata:
    its verdict is then "submission broke", and the batch goes on.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Step:
        """Rebuild the notebook of ``resources["nbgrader"]``; ``nb`` itself is not looked at."""
        names = resources["nbgrader"]
        # nbgrader runs its converters in the course's root.
        source = load_source(Path("source", names["assignment"], f"{names['notebook']}.ipynb"))
        submitted = Path(resources["metadata"]["path"], f"{names['notebook']}.ipynb")
        return prepare(source, submitted), resources


class SandboxExecute(NbGraderPreprocessor):
    """In the place of nbgrader's ``Execute``: the notebook runs in a sandbox, in two kernels."""

    execute = AnyTrait(
        run_in_sandbox,
        help="What runs a job: a function of an autograder.results.Job that returns an Execution.",
    ).tag(config=True)
    execution = AnyTrait(None, help="An execution that is there already: it is taken, and nothing runs.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Step:
        """Execute the notebook, and leave the execution in ``resources`` for the step that writes the marks.

        Raises:
            GraderBroke: if the grader broke twice; no mark is written, and an earlier one stays.
        """
        names = resources["nbgrader"]
        digest, notes = digest_of(nb), nb.metadata[OURS]["notes"]
        execution = explained(self.execution or execute_notebook(nb, self.execute), nb)
        record = Record.of(execution, names["student"], names["assignment"], notes, digest)
        if execution.verdict is Verdict.GRADER_BROKE:
            flag_grader_broke(names)
            append_record(Path.cwd(), record)
            raise GraderBroke(f"No mark for {names['student']}: the grader broke. {execution.reason}")
        resources[OURS] = (execution, record)
        return put_results(nb, execution), resources


def execute_notebook(nb: NotebookNode, execute: Any) -> Execution:
    """Return the execution of a rebuilt notebook, or the verdict of one that cannot be run."""
    if nb.metadata[OURS]["unreadable"]:
        return not_run(nb.metadata[OURS]["unreadable"], expected_points(nb))
    return execute_fairly(new_job(nb), execute)


def put_results(nb: NotebookNode, execution: Execution) -> NotebookNode:
    """Put outputs, findings and the verdict into the rebuilt notebook.

    Of the executed notebook only outputs are taken, by cell id: text and metadata are the ones that we made.
    """
    executed = {cell.get("id"): cell for cell in execution.notebook.get("cells", ()) if isinstance(cell, dict)}
    results = {cell.grade_id: cell for cell in execution.cells}
    notes = nb.metadata[OURS]["notes"]
    comments = comments_on_answers(nb, execution)
    for cell in nb.cells:
        ran = executed.get(cell.id, {})
        if cell.cell_type == "code":
            outputs = ran.get("outputs")
            cell.outputs = outputs if isinstance(outputs, list) else []
            count = ran.get("execution_count")
            cell.execution_count = count if isinstance(count, int) else None
    sanitize_cells(nb)
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name:
            ours = results[name].model_dump(mode="json") if name in results else {}
            ours |= {
                "title": _title(cell) or name,
                "note": notes.get(name, ""),
                "comment": comments.get(name),
            }
            cell.metadata[OURS] = ours
    nb.metadata[OURS].update(
        verdict=execution.verdict.value,
        reason=execution.reason,
        reached=any(cell.reached for cell in execution.cells),
        timeline=[entry.model_dump(mode="json") for entry in execution.timeline],
    )
    return nb


def _title(cell: NotebookNode) -> str:
    """Return the exercise's name, as the report of a grade cell gives it."""
    for output in cell.get("outputs", ()) if cell.metadata.nbgrader.get("grade") else ():
        exercise = output.get("data", {}).get(REPORT, {}).get("exercise")
        if isinstance(exercise, str) and exercise:
            return exercise[:100]
    return ""


class RecordMarks(NbGraderPreprocessor):
    """Replaces nbgrader's ``SaveAutoGrades``: marks come from the examiner's results, not from outputs."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Step:
        """Write the marks and comments of the execution in ``resources``."""
        record_marks(resources["nbgrader"], nb, resources[OURS][0])
        return nb, resources


class KeepRecord(NbGraderPreprocessor):
    """Writes the record of the execution, when its marks are in the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Step:
        """Add it to the records in the course's root."""
        append_record(Path.cwd(), resources[OURS][1])
        return nb, resources


def tools_on_path(python: str) -> None:
    """Put ``alembic``, which nbgrader starts by name, on PATH: it lies beside the Python that runs nbgrader."""
    tools = str(Path(python).parent)
    if tools not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, (tools, os.environ.get("PATH"))))
