"""What the course's notebooks import.

    from course import begin, connect, name, reset

Facts about the Engine are in `course.facts`, the checks in `course.checks`, the pictures in `course.views`,
and what the notebooks set up for an exercise in `course.setups`.
"""

from __future__ import annotations

from course import run
from course.answers import answer
from course.cleanup import reset
from course.diagnosis import doctor
from course.engine import connect, socket_path
from course.errors import CourseError, EngineUnreachable, NoAnswer, NoPrediction
from course.opening import begin
from course.ports import free_port
from course.predictions import compare, predict, predicted
from course.run import labels, name
from course.tap import Tap

__all__ = [
    "CourseError",
    "EngineUnreachable",
    "NoAnswer",
    "NoPrediction",
    "Tap",
    "answer",
    "begin",
    "compare",
    "connect",
    "doctor",
    "free_port",
    "labels",
    "name",
    "predict",
    "predicted",
    "reset",
    "run",
    "socket_path",
]
