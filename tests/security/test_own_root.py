"""Descriptors of the student's, handed to root of a container: each leads to the student's own tree, nowhere else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from autograder.results import Execution, Verdict
from autograder.sandbox import Sandbox
from tests.security.notebooks import check, grade, marks, said, student

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("own-root")]


PROGRAMS = Path(__file__).with_name("programs")
ATTACK = "INSIDE = {!r}\n{}".format(*((PROGRAMS / name).read_text() for name in ("walk_inside.py", "hand_over.py")))


def result_of(text: str) -> dict[str, Any]:
    """What the program in the container reports."""
    line = next((line for line in text.splitlines() if line.startswith("RESULT ")), "")
    assert line, text[-3000:]
    found: dict[str, Any] = json.loads(line.removeprefix("RESULT "))
    return found


@pytest.fixture(scope="module")
def handed_over() -> Execution:
    """A run in which the student's kernel hands all it can open to root of a container, while an examiner is there."""
    return grade(student(ATTACK), check("after", "3"), seconds=200, cell_seconds=120)


@pytest.fixture(scope="module")
def from_kernel(handed_over: Execution) -> dict[str, Any]:
    """What root of the container reached from the kernel's descriptors."""
    return result_of(said(handed_over.notebook["cells"][0]))


@pytest.fixture(scope="module")
def from_command() -> dict[str, Any]:
    """The same for a command that runs as the student in a sandbox without kernels."""
    with Sandbox() as box:
        done = box.run(["python3", "-c", ATTACK], user="student", timeout=150)
    return result_of((done.stdout + done.stderr).decode())


@pytest.fixture(params=["kernel", "command"])
def found(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Both ways in which something runs as the student."""
    reached: dict[str, Any] = request.getfixturevalue(f"from_{request.param}")
    return reached


def test_the_descriptors_were_handed_over(handed_over: Execution, found: dict[str, Any]) -> None:
    """The container's root has them, of every kind, and walks the student's whole tree with them."""
    assert (handed_over.verdict, marks(handed_over)) == (Verdict.GRADED, {"after": 3})
    assert {"/", "path:/", "path:/proc/self/root", "path:/proc/self/cwd", "memfd", "pidfd:1"} <= set(found["names"])
    assert found["count"] > 500


def test_no_directory_leads_out_of_the_students_tree(found: dict[str, Any]) -> None:
    """Up and down from each directory there is nothing of the examiner, the Engine, containerd or the gateway."""
    assert found["foreign"] == []


def test_root_of_a_container_writes_in_the_students_places_only(found: dict[str, Any]) -> None:
    """Not even root of a container makes a file elsewhere than in the work directory, /tmp and the kernel's sockets."""
    own = re.compile(r"/home/student/work|/tmp|/run/dc-\w+/student|self/cwd|(path:)?\.$")
    assert [name for name in found["written"] if not own.search(name)] == []


def test_no_other_process_is_opened_or_entered(found: dict[str, Any]) -> None:
    """Descriptors of processes and namespaces open no memory, environment, root or namespace of another."""
    assert found["entered"] == []
    others = [name for name in found["opened"] if not name.split("/ns/")[0].endswith(("/self", "/thread-self"))]
    assert others == []


def test_only_the_gateway_answers(found: dict[str, Any]) -> None:
    """Of all sockets within reach none is the Engine's, containerd's or the examiner's."""
    own = re.compile(r"/docker\.sock$|/meet$|/student/k-\d$")
    assert [name for name in found["answered"] if not own.search(name)] == []
