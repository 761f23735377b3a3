"""Finding the Engine, and what people read where there is none."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from docker.errors import DockerException

from autograder.errors import EngineMissing
from autograder.host import client, connect, ensure_engine, packages
from autograder.host.client import address
from autograder.host.lock import exclusive


@pytest.fixture
def usual(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment names no Engine, and this is an ordinary user of Debian."""
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.delenv("DOCKER_CONTEXT", raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setattr(packages, "family", lambda: "debian")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def fail(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    """Let the client library fail to reach the Engine."""

    def refuse(**_: Any) -> None:
        raise DockerException(reason)

    monkeypatch.setattr("docker.DockerClient", refuse)


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The environment names an Engine that is not there."""
    address = f"unix://{tmp_path}/docker.sock"
    monkeypatch.setenv("DOCKER_HOST", address)
    return address


def test_a_named_engine_that_is_silent_is_not_replaced_by_another(nowhere: str) -> None:
    """With DOCKER_HOST set nothing is installed or started here: the error names the address and the variable."""
    with pytest.raises(EngineMissing) as caught:
        ensure_engine()
    assert nowhere in str(caught.value)
    assert "DOCKER_HOST" in str(caught.value)


def test_a_context_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A typing error in DOCKER_CONTEXT is reported as such."""
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setenv("DOCKER_CONTEXT", "no-such-context")
    with pytest.raises(EngineMissing, match="no-such-context"):
        connect()


def test_an_engine_behind_ssh_is_refused_with_what_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is installed or started in its place."""
    monkeypatch.setenv("DOCKER_HOST", "ssh://me@far")
    with pytest.raises(EngineMissing, match=r"behind SSH[\s\S]*ssh -L 8888:localhost:8888 me@far"):
        ensure_engine()


def test_a_context_is_followed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where ``docker context use`` chose an Engine, that one is asked, not the usual socket."""
    from docker.context import ContextAPI

    class Chosen:
        Name = "other"
        Host = f"unix://{tmp_path}/other.sock"
        TLSConfig = None

    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setenv("DOCKER_CONTEXT", "other")
    monkeypatch.setattr(ContextAPI, "get_context", lambda name=None: Chosen)
    with pytest.raises(EngineMissing, match=r"other\.sock"):
        connect()


@pytest.mark.parametrize(
    ("system", "step"),
    [
        ("debian", "sudo apt-get install -y docker.io"),
        ("fedora", "sudo dnf install -y moby-engine"),
        ("arch", "sudo pacman -S docker"),
        ("Darwin", "Docker Desktop"),
        ("Windows", "wsl --install"),
        ("slackware", "https://docs.docker.com/engine/install/"),
    ],
)
@pytest.mark.usefixtures("usual")
def test_where_it_may_not_install_the_steps_of_this_system_are_told(
    monkeypatch: pytest.MonkeyPatch, system: str, step: str
) -> None:
    """An ordinary user gets the exact commands for their own system, and nothing is tried."""
    fail(monkeypatch, "No such file")
    monkeypatch.setattr(packages, "family", lambda: system)
    with pytest.raises(EngineMissing) as caught:
        ensure_engine()
    assert "No Docker Engine answers at the usual socket: No such file." in str(caught.value)
    assert step in str(caught.value)


@pytest.mark.parametrize(
    ("release", "family"),
    [
        ({"ID": "debian"}, "debian"),
        ({"ID": "ubuntu", "ID_LIKE": "debian"}, "debian"),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, "debian"),
        ({"ID": "fedora"}, "fedora"),
        ({}, "Linux"),
    ],
)
def test_distributions_are_told_apart_by_their_release_file(
    monkeypatch: pytest.MonkeyPatch, release: dict[str, str], family: str
) -> None:
    """Ubuntu and what is made from it count as Debian; others go by their own name."""
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: release)
    assert packages.family() == family


def test_a_failed_installation_ends_with_apts_own_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The error has the command, its status and its last lines; progress saw them as they came."""
    apt_get = tmp_path / "apt-get"
    apt_get.write_text('#!/bin/sh\necho "Reading lists for $*"\necho "E: no such package" >&2\nexit 100\n')
    apt_get.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    seen: list[str] = []
    with pytest.raises(packages.CannotInstall, match=r"status 100[\s\S]*E: no such package"):
        packages.install(["nosuch"], "a test", lambda _, line: seen.append(line))
    assert any("Reading lists for" in line for line in seen)


def test_the_lock_keeps_a_second_process_out_until_the_first_is_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What two processes do under one lock does not overlap."""
    import multiprocessing
    import time

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    context = multiprocessing.get_context("fork")
    times = context.Queue()

    def work() -> None:
        with exclusive("test"):
            times.put(("begin", time.monotonic()))
            time.sleep(0.3)
            times.put(("end", time.monotonic()))

    processes = [context.Process(target=work) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(10)
    order = [what for what, _ in sorted((times.get() for _ in range(4)), key=lambda pair: pair[1])]
    assert order == ["begin", "end", "begin", "end"]


@pytest.mark.parametrize(
    ("reason", "step"), [("No such file", "docker.io"), ("Permission denied", "usermod -aG docker")]
)
@pytest.mark.usefixtures("usual")
def test_the_usual_socket_is_nobodys_choice(monkeypatch: pytest.MonkeyPatch, reason: str, step: str) -> None:
    """With no Engine named, docker's "default" context included, the steps are about this machine's own."""
    fail(monkeypatch, reason)
    assert address() == {}
    with pytest.raises(EngineMissing) as caught:
        ensure_engine()
    assert step in str(caught.value)
    assert "DOCKER_HOST" not in str(caught.value)


@pytest.mark.usefixtures("usual")
def test_where_setup_can_start_an_engine_other_commands_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks for an Engine as root on Debian is sent to the command that starts one."""
    fail(monkeypatch, "Connection refused")
    monkeypatch.setattr(packages, "can_install", lambda: True)
    with pytest.raises(EngineMissing, match=r"Connection refused\.\n`docker-course setup` installs and starts one"):
        connect()


def test_why_an_engine_is_silent_is_told_in_the_systems_own_words(nowhere: str) -> None:
    """A missing socket reads "No such file or directory", without the client library's wrapping."""
    with pytest.raises(EngineMissing) as caught:
        connect()
    first, _ = str(caught.value).split("\n")
    assert first == f"No Docker Engine answers at {nowhere}: No such file or directory."


def test_an_engine_that_never_answers_is_given_up(nowhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket on which something listens and says nothing holds nobody for long, however patient a build may be."""
    monkeypatch.setattr(client, "ANSWER_TIMEOUT", 0.2)
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(nowhere.removeprefix("unix://"))
        mute.listen()
        with pytest.raises(EngineMissing, match=r"did not answer within 0\.2 seconds"):
            connect(timeout=900)


@pytest.mark.engine
def test_only_the_first_answer_is_hurried() -> None:
    """Later requests may take as long as was asked for."""
    with contextlib.closing(connect(timeout=900)) as found:
        assert found.api.timeout == 900
