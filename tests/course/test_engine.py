"""Reaching the Engine, and what a student reads when it cannot be reached."""

from __future__ import annotations

import io
from pathlib import Path

import docker
import pytest
from fake_engine import fake_engine

from course import CourseError, EngineUnreachable, connect, record, socket_path


def test_no_engine_is_explained_with_steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The address that was tried, and what to do, in order."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(EngineUnreachable) as caught:
        connect()
    lines = caught.value._render_traceback_()
    assert lines[0] == f"No Docker Engine answers at unix://{tmp_path}/none.sock."
    assert [line.strip()[:2] for line in lines if line.startswith("  ") and line[2].isdigit()] == [
        "1.",
        "2.",
        "3.",
    ]


def test_a_context_that_is_gone_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the command that leaves it; no Engine has to be started for that."""
    for variable in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (tmp_path / "config.json").write_text('{"currentContext": "desktop-linux"}')
    with pytest.raises(EngineUnreachable) as caught:
        connect()
    said = str(caught.value)
    assert said.startswith("There is no Docker context 'desktop-linux'.\n")
    assert "docker context use default" in said
    assert "systemctl" not in said


def test_a_lessons_client_builds_although_a_credential_helper_is_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A student's own `client.images.build` goes to the Engine; docker-py by itself raises StoreError before that."""
    (tmp_path / "config.json").write_text('{"credsStore": "desktop.exe"}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setattr(record, "begin", lambda *_: None)
    with fake_engine(tmp_path / "engine.sock") as engine:
        monkeypatch.setenv("DOCKER_HOST", f"unix://{engine.socket}")
        engine.answers["/build"] = (400, {"message": "no"})
        with pytest.raises(docker.errors.APIError):
            connect().images.build(fileobj=io.BytesIO(b"FROM scratch"))
        assert engine.asked[-1] == "POST /build"


def test_the_sockets_path_is_taken_from_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or it is the usual one."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/engine/docker.sock")
    assert socket_path() == "/run/engine/docker.sock"
    monkeypatch.delenv("DOCKER_HOST")
    assert socket_path() == "/var/run/docker.sock"


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:2375", "ssh://host", "npipe:////./pipe/docker_engine"])
def test_an_engine_without_a_unix_socket_is_told_as_such(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """That cell is left out; nothing depends on it."""
    monkeypatch.setenv("DOCKER_HOST", address)
    with pytest.raises(CourseError, match="needs a Unix socket"):
        socket_path()
