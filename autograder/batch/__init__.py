"""Grade all submissions of a part: check the files, execute in parallel, record sequentially."""

from __future__ import annotations

from autograder.batch.batch import SubmissionState, grade

__all__ = ["SubmissionState", "grade"]
