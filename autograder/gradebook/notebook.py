"""Make the notebook to execute for a submission, with our notes on it in the metadata. Needs no nbgrader."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from nbformat import NotebookNode

from autograder.errors import BadInput
from autograder.gradebook.matching import recognise
from autograder.gradebook.rebuild import rebuild
from autograder.gradebook.source import Source
from autograder.gradebook.submission import read_submission
from autograder.results import Execution

OURS = "docker_course"
"""Key of our data in the metadata of an autograded notebook and its cells; a student's metadata never gets
there.
"""


def prepare(source: Source, submitted: Path) -> NotebookNode:
    """Return the notebook to execute for the file ``submitted``, with our notes on it in the metadata."""
    try:
        cells = read_submission(submitted)
        recognise(source, cells)
    except BadInput as error:
        return without_answers(source, str(error))
    rebuilt = rebuild(source, cells)
    rebuilt.notebook.metadata[OURS] = {"unreadable": "", "about": rebuilt.about, "notes": rebuilt.notes}
    return rebuilt.notebook


def explained(execution: Execution, notebook: NotebookNode) -> Execution:
    """Put what had to be done to the notebook as a whole before the reason of its verdict."""
    reason = " ".join(filter(None, (notebook.metadata[OURS]["about"], execution.reason)))
    return execution.model_copy(update={"reason": reason})


def without_answers(source: Source, reason: str) -> NotebookNode:
    """Return the part without answers, for a submission that cannot be read."""
    notebook = rebuild(source, []).notebook
    notebook.metadata[OURS] = {"unreadable": reason, "about": "", "notes": {}}
    return notebook


def digest_of(nb: NotebookNode) -> str:
    """Return the SHA-256 of a rebuilt notebook: what is executed, and our notes on it."""
    return hashlib.sha256(json.dumps(nb, sort_keys=True).encode()).hexdigest()
