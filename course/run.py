"""The run: one random word that ties names and answers to this student's attempt.

The grader gives the word in ``DOCKER_COURSE_RUN``. Elsewhere it is made once and kept in a small file in the
user's state directory, so that a restarted kernel goes on with the same objects until `reset` ends the run.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from pathlib import Path
from typing import Final

import platformdirs

from course.errors import CourseError

LABEL: Final = "docker-course.run"
"""Label on every object that the course itself makes; its value is the run's token."""

_LOADED: Final = time.time()
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # without l, o, 0 and 1, which people misread
_TOKEN = re.compile(r"[a-z0-9]{6,16}")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def state_file() -> Path:
    """Where the token is kept between kernels."""
    return platformdirs.user_state_path("docker-course") / "run.json"


def token() -> str:
    """Return the run's token: 6 to 16 lower-case letters and digits."""
    given = os.environ.get("DOCKER_COURSE_RUN", "")
    if given:
        if not _TOKEN.fullmatch(given):
            raise CourseError("DOCKER_COURSE_RUN must be 6 to 16 lower-case letters and digits.")
        return given
    return _kept() or _make()


def began() -> float:
    """Return when the run began, in seconds since 1970: nothing of this run is older."""
    if os.environ.get("DOCKER_COURSE_RUN"):
        return _LOADED
    try:
        return state_file().stat().st_mtime
    except OSError:
        return time.time()


def forget() -> None:
    """End the run: the next `token` is a new one, unless the grader gave it."""
    state_file().unlink(missing_ok=True)


def name(what: str) -> str:
    """Return the name for one of this run's objects, such as ``web-k3f9x2mq`` for ``"web"``.

    It is good for containers, images, networks and volumes; `reset` finds the object by it.
    """
    if not _NAME.fullmatch(what):
        raise CourseError(f"A name is made of small letters, digits and single hyphens; {what!r} is not.")
    return f"{what}-{token()}"


def labels() -> dict[str, str]:
    """Return the label that marks an object as this run's, ready for docker-py's ``labels=``."""
    return {LABEL: token()}


def _kept() -> str | None:
    try:
        value = json.loads(state_file().read_text())["token"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else None


def _make() -> str:
    value = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    state_file().parent.mkdir(parents=True, exist_ok=True)
    state_file().write_text(json.dumps({"token": value}))
    return value
