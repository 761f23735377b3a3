"""``docker-course setup`` ends with what this machine can do, and what it cannot."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from autograder import host, images, sandbox
from autograder.cli import app, findings, programs
from autograder.errors import SandboxError
from course.diagnosis.finding import Diagnosis, advice, failed, ok, unknown

FINE = [ok("Docker command", "28.5.2"), ok("Compose", "2.40.3"), ok("buildx", "0.29.1")]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A machine on which all is made already; what set-up does, in order."""
    done: list[str] = []
    provision = SimpleNamespace(image="sha256:1")
    monkeypatch.setattr(host, "ensure_engine", lambda _: done.append("engine"))
    monkeypatch.setattr(programs, "install", lambda _: done.append("packages"))
    monkeypatch.setattr(images, "ensure", lambda **_: done.append("images"))
    monkeypatch.setattr(sandbox, "ensure", lambda _: (done.append("sandbox"), provision)[1])
    monkeypatch.setattr(programs, "copy", lambda *_: done.append("plug-ins"))
    monkeypatch.setattr(sandbox, "try_out", lambda _: (done.append("try"), 2.5)[1])
    return done


def said(monkeypatch: pytest.MonkeyPatch, *found: Diagnosis) -> tuple[int, list[str]]:
    """Exit status and printed lines of a set-up after which the doctor finds this."""
    monkeypatch.setattr(findings, "examine", lambda: iter(found))
    result = CliRunner().invoke(app, ["setup"])
    return result.exit_code, result.stdout.splitlines()


def test_a_machine_that_can_do_all_is_said_to(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """After a sandbox was started; advice is shown, and is nothing that is missing."""
    status, lines = said(monkeypatch, *FINE, advice("API versions", "1.41 is old", "Update it"))
    assert asked == ["engine", "packages", "images", "sandbox", "plug-ins", "try"]
    assert (status, lines) == (
        0,
        [
            "Ready to grade: the Engine answers, the course's images are here, and a sandbox has started.",
            "Ready for notebooks: every part can be done on this machine.",
            "! API versions   1.41 is old",
            "    → Update it",
        ],
    )


@pytest.mark.usefixtures("asked")
def test_what_is_missing_for_notebooks_is_listed_with_its_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grading works without it, so that set-up does not fail."""
    missing = failed("Compose", "not installed. Parts 4 and 6 need it.", "sudo apt-get install docker-compose")
    status, lines = said(monkeypatch, FINE[0], missing, unknown("Ports", "no busybox"))
    assert status == 0
    assert lines[1].startswith("Not ready for all notebooks")
    assert lines[2:] == [
        "✗ Compose        not installed. Parts 4 and 6 need it.",
        "    → sudo apt-get install docker-compose",
        "– Ports          not looked at: no busybox",
    ]


@pytest.mark.usefixtures("asked")
def test_a_sandbox_that_does_not_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it there is no grading: no "Ready"."""

    def broken(_: object) -> float:
        raise SandboxError("Sandboxes cannot start: a reason.")

    monkeypatch.setattr(sandbox, "try_out", broken)
    result = CliRunner().invoke(app, ["setup"])
    assert result.exit_code == 2
    assert "Ready" not in result.output
    assert "a reason" in result.output
