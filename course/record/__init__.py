"""The record of events: what the Engine did, written down while it did it.

A check that asks what happened cannot ask the Engine alone: it remembers its last 256 events, and a health check makes
three with each probe. So somebody listens from the start:

- in grading a process of the sandbox's own (`recorder`), from the Engine's first moment on, out of the student's reach;
- on a student's own Engine a thread of the notebook's kernel (`home`), from its first `course.connect` on.

Both write the same two files (see `recorder`), and `reader` reads them. ``DOCKER_COURSE_RECORD`` names the directory
of a record that is complete, as the examiner has it in grading. If it is empty, nothing is recorded.
"""

from __future__ import annotations

from course.record.home import begin
from course.record.reader import EventRecord, read
from course.record.recorder import MAX_OF_A_KIND

__all__ = ["MAX_OF_A_KIND", "EventRecord", "begin", "read"]
