"""One verdict on either image store: right answers of all parts, on an Engine as Docker installs it today.

Since Docker 29 new installations keep images in containerd, where an image's ID is its manifest's digest, and refuse an
API below 1.44. The sandbox's Engine is an ordinary one, so that students at home are the ones who meet this.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from autograder.demo import Compared
from autograder.gradebook.execution import new_job, run_job
from autograder.gradebook.preprocessors import prepare
from autograder.gradebook.records import Record
from autograder.gradebook.source import load_source
from autograder.host import connect, silent
from autograder.results import Limits
from autograder.sandbox import Sandbox
from autograder.sandbox.store import load_images
from autograder.submissions import Case, Expected, load_case, make_submission
from tests.test_submissions import ROOT, only_exercises

PARTS = sorted(path.name for path in (ROOT / "source").glob("part*"))
GIBIBYTE = 1 << 30
TIDY = "docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes; docker network prune --force"

pytestmark = [pytest.mark.sandbox, pytest.mark.full, pytest.mark.xdist_group("image-stores")]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox with containerd's image store that has the course's images, for all cases here."""
    limits = Limits(memory=12 * GIBIBYTE, disk=8 * GIBIBYTE, inodes=2_000_000, seconds=3600)
    with Sandbox(limits, containerd_store=True) as sandbox:
        load_images(sandbox, connect(), silent)
        yield sandbox


def test_it_is_the_other_store(box: Sandbox) -> None:
    """And the Engine refuses older clients, or all of this would prove nothing."""
    said = box.run(
        ["docker", "info", "--format", "{{.DriverStatus}} {{.ServerVersion}}"], user="examiner"
    ).stdout.decode()
    assert "io.containerd.snapshotter.v1" in said
    version = box.run(["docker", "version", "--format", "{{.Server.MinAPIVersion}}"], user="examiner").stdout.decode()
    assert version.strip() == "1.44"


@pytest.mark.parametrize("name", ["model", "command-line"])
@pytest.mark.parametrize("part", PARTS)
def test_right_answers_have_full_marks_on_this_store_too(box: Sandbox, part: str, name: str, tmp_path: Path) -> None:
    """Whatever IDs, digests and sizes mean there."""
    case = Case(name=name, expected=Expected(about="The model solution."), answers={})
    if name != "model":
        case = load_case(ROOT / "tests" / "submissions" / part / name)
    source, release = (ROOT / step / part / f"{part}.ipynb" for step in ("source", "release"))
    texts = (nbformat.read(path, as_version=4) for path in (source, release))
    path = tmp_path / f"{part}.ipynb"
    nbformat.write(only_exercises(make_submission(*texts, case.answers)), path)
    job = new_job(prepare(load_source(source), path)).model_copy(update={"run": secrets.token_hex(6)})
    try:
        execution = run_job(box, job)
    finally:
        box.run(["sh", "-c", TIDY], user="examiner")
    assert Compared(case, Record.of(execution, "student", part, {})).differences == []
