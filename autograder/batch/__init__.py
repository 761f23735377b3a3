"""Grade all submissions of a part: check each file, execute in parallel, record one after the other."""

from __future__ import annotations

from autograder.batch.batch import SubmissionState, grade

__all__ = ["SubmissionState", "grade"]
