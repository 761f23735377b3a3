"""``docker-course images``, as a person at a terminal or a log meets it."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import docker
import pytest
from rich.console import Console
from typer.testing import CliRunner

from autograder.cli import progress
from autograder.cli.images import app
from autograder.cli.progress import Steps
from autograder.errors import BadInput
from autograder.images import load
from autograder.sandbox.provision import current


@pytest.mark.engine
def test_list_shows_every_image_and_its_state() -> None:
    """Each image of the catalogue is a row with its name and how it stands."""
    CliRunner().invoke(app, ["ensure"])
    result = CliRunner().invoke(app, ["list"], env={"COLUMNS": "160"})
    assert result.exit_code == 0
    rows = [line for line in result.stdout.splitlines() if "ready" in line]
    for image in load().image:
        assert any(image.short in row for row in rows)


@pytest.mark.engine
def test_ensure_says_what_it_did_and_verify_what_it_found() -> None:
    """``ensure`` counts what was kept and made; ``verify`` has a line for each image that was named."""
    result = CliRunner().invoke(app, ["ensure", "busybox"])
    assert result.exit_code == 0
    assert result.stdout == "Images: 1 kept\n"
    result = CliRunner().invoke(app, ["verify", "busybox"])
    assert (result.exit_code, result.stdout) == (0, "busybox: as expected\n")


@pytest.mark.engine
def test_an_unknown_image_is_refused_before_anything_happens() -> None:
    """The error is the catalogue's own, with the known names."""
    result = CliRunner().invoke(app, ["ensure", "nosuch"])
    assert isinstance(result.exception, BadInput)
    assert "busybox" in str(result.exception)


@pytest.mark.full
@pytest.mark.engine
def test_save_writes_all_that_a_machine_without_a_network_needs(tmp_path: Path) -> None:
    """The archive holds the catalogue's images and what sandboxes are made from; the command to load it is told."""
    result = CliRunner().invoke(app, ["save", str(tmp_path / "images.tar")])
    assert "docker-course images load images.tar" in result.stdout
    assert list(tmp_path.iterdir()) == [tmp_path / "images.tar"]
    with tarfile.open(tmp_path / "images.tar") as archive:
        manifest = archive.extractfile("manifest.json")
        assert manifest is not None
        names = {name for image in json.load(manifest) for name in image["RepoTags"]}
    assert {image.name for image in load().image} < names
    sandbox = docker.from_env().images.get(current().image)
    assert {"docker-fundamentals/debian:forky", "docker-fundamentals/packages:latest", *sandbox.tags} < names
    assert any(name.startswith("docker-fundamentals/sandbox-system:") for name in names)


def test_in_a_log_a_thing_is_told_when_done_and_a_long_one_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal: no line per step, one every ten seconds, and one with the time when it is done."""
    clock = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    out = io.StringIO()
    with Steps(Console(file=out, width=200)) as steps:
        for second in range(25):
            clock[0] = 100.0 + second
            steps("nginx", f"step {second} [of 25]")
        steps("registry", "kept")
    assert out.getvalue().splitlines() == [
        "nginx: step 10 [of 25]",
        "nginx: step 20 [of 25]",
        "nginx: step 24 [of 25] (24.0 s)",
        "registry: kept (0.0 s)",
    ]


def test_on_a_terminal_the_line_changes_in_place() -> None:
    """On a terminal the running step is shown, and what stays is one line for each thing."""
    out = io.StringIO()
    with Steps(Console(file=out, width=200, force_terminal=True)) as steps:
        steps("nginx", "step 1")
        steps("nginx", "built")
    assert out.getvalue().rstrip("\x1b[?25h\n\r").count("nginx: built (0.0 s)") == 1
