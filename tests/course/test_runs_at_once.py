"""Notebooks on one Engine at once: those of people, and those that programs run. Each finds what is its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import nbformat
import pytest
from jupyter_client.manager import KernelManager, start_new_kernel

from course.run import LABEL

pytestmark = [pytest.mark.engine, pytest.mark.slow]

BIN = Path(sys.executable).parent
BEGIN = "from course import begin, connect, labels, name, reset, run\nclient = connect()\nbegin()"
MAKE = """\
client.containers.run("busybox", "sleep 600", name=name("web"), detach=True, init=True)
client.volumes.create(name("data"), labels=labels())
"""


class Person:
    """A notebook that is open in JupyterLab: a kernel as its server starts it, and cells as its page sends them."""

    def __init__(self, notebook: Path, environment: dict[str, str]) -> None:
        self.manager: KernelManager
        self.manager, self.client = start_new_kernel(
            kernel_name="docker-course", env={**environment, "JPY_SESSION_NAME": str(notebook)}, cwd=notebook.parent
        )

    def says(self, source: str) -> str:
        """Run a cell, and return what it printed or displayed."""
        shown: list[str] = []

        def note(message: dict[str, Any]) -> None:
            content = message["content"]
            shown.append(content.get("text") or content.get("data", {}).get("text/plain") or content.get("evalue", ""))

        self.client.execute_interactive(source, output_hook=note, timeout=60)
        return "".join(shown)

    def restart(self) -> None:
        """Restart the kernel, as the button does."""
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=60)

    def close(self) -> None:
        """Remove what the run made and end the kernel."""
        self.says("from course import reset\nreset()")
        self.client.stop_channels()
        self.manager.shutdown_kernel()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has not used the course before."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DOCKER_COURSE_RUN", "RUN")}
    return {**kept, "XDG_STATE_HOME": str(tmp_path / "state"), "PATH": f"{BIN}:{os.environ['PATH']}"}


@pytest.fixture
def people(tmp_path: Path, environment: dict[str, str]) -> Iterator[list[Person]]:
    """Two parts, open at once."""
    notebooks = [tmp_path / f"part{number}.ipynb" for number in (1, 2)]
    for path in notebooks:
        path.write_text("{}")
    opened = [Person(path, environment) for path in notebooks]
    yield opened
    for person in opened:
        person.close()


def write(path: Path, told: Path) -> Path:
    """Write a notebook that makes things and tells what it finds under its own run's word."""
    metadata = {"nbgrader": {"schema_version": 3, "grade": True, "grade_id": "told", "points": 1, "locked": True}}
    metadata["nbgrader"] |= {"solution": False, "task": False}
    tell = f"""\
import json, pathlib
mine = [each.name for each in client.containers.list(all=True) if run.token() in each.name]
_ = pathlib.Path({str(told)!r}, run.token()).write_text(json.dumps(mine))
"""
    cells = [nbformat.v4.new_code_cell(source) for source in (BEGIN, MAKE)]
    cells.append(nbformat.v4.new_code_cell(tell, metadata=metadata))
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "docker-course", "display_name": "Docker", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def programs(tmp_path: Path, told: Path) -> list[list[str]]:
    """The command lines of what runs notebooks without a person: papermill, Validate, and nbgrader's own autograde."""
    work = write(tmp_path / "release" / "part1" / "part1.ipynb", told)
    course = tmp_path / "class"
    write(course / "source" / "part1" / "part1.ipynb", told)
    write(course / "submitted" / "ada" / "part1" / "part1.ipynb", told)
    here = f"--CourseDirectory.root={course}"
    subprocess.run([BIN / "nbgrader", "generate_assignment", "part1", here], check=True, capture_output=True)
    return [
        ["papermill", str(work), str(tmp_path / "out.ipynb")],
        ["nbgrader", "validate", str(work)],
        ["nbgrader", "autograde", "part1", "--create", here],
    ]


def traces(token: str) -> list[str]:
    """What is on the Engine with a run's word."""
    client = docker.from_env()
    volumes = client.api.volumes()["Volumes"] or []
    return [
        *(each.name for each in client.containers.list(all=True) if token in each.name),
        *(each["Name"] for each in volumes if token in each["Name"] or (each["Labels"] or {}).get(LABEL) == token),
    ]


def test_each_notebook_and_each_program_finds_exactly_its_own(
    tmp_path: Path, environment: dict[str, str], people: list[Person]
) -> None:
    """People's objects outlast programs, other parts and restarts; a program's are gone when it ends."""
    told = tmp_path / "told"
    told.mkdir()
    words = []
    for person in people:
        person.says(BEGIN)
        person.says(MAKE)
        words.append(person.says("print(run.token(), end='')"))
    assert len(set(words)) == 2
    began = [
        subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for command in programs(tmp_path, told)
    ]
    # And one more from a cell of a person's notebook, which hands its environment on.
    inner = write(tmp_path / "inner.ipynb", told)
    assert "Executing" in people[0].says(f"!papermill {inner} {tmp_path}/inner-out.ipynb 2>&1")
    for process in began:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output.decode()

    others = {file.name: json.loads(file.read_text()) for file in told.iterdir()}
    assert len(others) == 4
    assert not set(others) & set(words)
    for word, found in others.items():
        assert found == [f"web-{word}"]
    deadline = time.monotonic() + 20
    while any(traces(word) for word in others) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert [traces(word) for word in others] == [[]] * 4
    for person, word in zip(people, words, strict=True):
        person.restart()
        assert "1 container, 1 volume" in person.says(BEGIN)
        assert person.says("print(run.token(), end='')") == word
        assert traces(word) == [f"web-{word}", f"data-{word}"]


def test_a_program_that_is_killed_leaves_nothing(tmp_path: Path, environment: dict[str, str]) -> None:
    """Neither the program nor the kernel could do anything about it."""
    told = tmp_path / "told"
    told.mkdir()
    notebook = write(tmp_path / "part1.ipynb", told)
    content = nbformat.read(notebook, as_version=4)
    content.cells.append(nbformat.v4.new_code_cell("import os; print(os.getpid()); os.kill(os.getpid(), 9)"))
    nbformat.write(content, notebook)
    command = ["papermill", str(notebook), str(tmp_path / "out.ipynb")]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=False, timeout=120)
    assert done.returncode != 0
    (word,) = (file.name for file in told.iterdir())
    deadline = time.monotonic() + 20
    while traces(word) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert traces(word) == []
