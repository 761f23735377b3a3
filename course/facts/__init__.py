"""Facts: what the Engine says is there, as small frozen records.

Nothing here judges and nothing here draws. A fact is read from the Engine's own answer and never from a
command's text, so it is the same whichever tool the student used.
"""

from __future__ import annotations

from course.facts.changes import changes
from course.facts.container import Container, container
from course.facts.events import Event, History, events_of, history
from course.facts.exec import Completed, run_once
from course.facts.filesystem import read_file, read_image_file
from course.facts.image import HistoryEntry, Image, image
from course.facts.registry import manifest_digest, registry_answers

__all__ = [
    "Completed",
    "Container",
    "Event",
    "History",
    "HistoryEntry",
    "Image",
    "changes",
    "container",
    "events_of",
    "history",
    "image",
    "manifest_digest",
    "read_file",
    "read_image_file",
    "registry_answers",
    "run_once",
]
