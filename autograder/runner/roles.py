"""The users and paths of the two kernels inside the sandbox."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

WORK = Path("/home/student/work")
"""The student's directory: the student kernel's working directory."""

ENGINE_SOCKET = Path("/run/engine/docker.sock")
"""The examiner's socket of the Docker Engine."""

READABLE = "readable"
"""Name of the directory, beside those of the kernels' sockets, that the student's kernel can read and not write."""

RECORD = Path("/run/record")
"""Where the sandbox's recorder writes down the Engine's events (`course.record`)."""

SANDBOX_MARKER = "DOCKER_COURSE_SANDBOX"
"""Environment variable that is ``1`` inside a sandbox."""


@dataclass(frozen=True)
class Role:
    """How a kernel runs inside the sandbox: its user, its folders, its environment."""

    name: str
    uid: int
    cwd: Path
    variables: tuple[tuple[str, str], ...] = ()


STUDENT = Role(
    name="student",
    uid=1000,
    cwd=WORK,
    variables=(
        # Programs keep their settings at home (buildx refuses to work without), and only this directory can be written.
        ("HOME", str(WORK)),
        ("DOCKER_COURSE_RECORD", ""),  # no recorder of its own
    ),
)
EXAMINER = Role(
    name="examiner",
    uid=1001,
    cwd=Path("/tmp"),  # noqa: S108 - private to the kernel, and empty
    variables=(
        ("HOME", "/tmp"),  # noqa: S108
        ("DOCKER_HOST", f"unix://{ENGINE_SOCKET}"),
        ("DOCKER_COURSE_RECORD", str(RECORD)),
        # Nothing that a student left in a directory may stand in for a module.
        ("PYTHONSAFEPATH", "1"),
    ),
)
ROLES = {role.name: role for role in (STUDENT, EXAMINER)}


def in_sandbox() -> bool:
    """Whether this process runs inside a sandbox."""
    return os.environ.get(SANDBOX_MARKER) == "1"
