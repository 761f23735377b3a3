"""Tiny notebooks for the engine's tests, and ways to run them."""

from __future__ import annotations

import itertools
import json
from typing import Any

import nbformat.v4

from autograder.results import Execution
from autograder.runner.__main__ import execute

REPORT = "application/vnd.docker-course.report+json"

ASK = """
import json, os, socket

def answer(name):
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(os.environ["DOCKER_COURSE_ANSWERS"])
        link.sendall(json.dumps({"name": name}).encode() + b"\\n")
        return json.loads(link.makefile().readline())
"""
"""What ``course.answer`` does, for grade cells that use the standard library only."""

_numbers = itertools.count(1)


def code(source: str) -> Any:
    """A student's cell."""
    return nbformat.v4.new_code_cell(source)


def check(source: str, points: float = 3, grade_id: str = "") -> Any:
    """A grade cell."""
    facts = {
        "grade": True,
        "solution": False,
        "locked": True,
        "grade_id": grade_id or f"check-{next(_numbers)}",
        "points": points,
        "schema_version": 3,
        "cell_type": "code",
    }
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": facts})


def job(*cells: Any, metadata: dict[str, Any] | None = None, **limits: float) -> bytes:
    """A Job as the engine reads it."""
    notebook = nbformat.v4.new_notebook(cells=list(cells), metadata=metadata or {})
    limits = {"cell_seconds": 30, **limits}
    return json.dumps({"notebook": notebook, "run": "abc123", "limits": limits}).encode()


def run(*cells: Any, metadata: dict[str, Any] | None = None, **limits: float) -> Execution:
    """Run cells here, in two ordinary kernels of this machine."""
    return execute(job(*cells, metadata=metadata, **limits), unconfined=True)


def outputs(execution: Execution, index: int) -> list[dict[str, Any]]:
    """The outputs of a cell of the executed notebook."""
    found: list[dict[str, Any]] = execution.notebook["cells"][index]["outputs"]
    return found


def text(execution: Execution, index: int) -> str:
    """All text of a cell's outputs."""
    parts = []
    for output in outputs(execution, index):
        parts += [
            output.get("text", ""),
            output.get("data", {}).get("text/plain", ""),
            output.get("evalue", ""),
        ]
    return "".join(parts)
