"""Facts: what the Engine says is there, as small frozen records.

Nothing here judges and nothing here draws. A fact is read from the Engine's own answer and never from a
command's text, so it is the same whichever tool the student used.
"""

from __future__ import annotations

from course.facts.changes import changes
from course.facts.container import Container, Outcome, container, read_file, read_image_file, run_once
from course.facts.events import Event, History, events_of, history
from course.facts.image import Image, Row, image
from course.facts.registry import manifest_digest, registry_answers

__all__ = [
    "Container",
    "Event",
    "History",
    "Image",
    "Outcome",
    "Row",
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
