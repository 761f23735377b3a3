"""Trying a health test by hand, without an Engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from course.facts import Completed, Container, health

CONTAINER = Container.read(
    {
        "Id": "1" * 64,
        "Config": {"Healthcheck": {"Test": ["CMD-SHELL", "ask"], "Timeout": 3_000_000_000}},
        "Mounts": [
            {"Type": "bind", "Source": "/here/ask", "Destination": "/ask", "RW": True},
            {"Type": "volume", "Name": "kept", "Destination": "/data", "RW": True},
        ],
        "HostConfig": {"Tmpfs": {"/tmp": ""}},
    }
)
CLIENT: Any = None


def tried(monkeypatch: pytest.MonkeyPatch, *outcomes: Completed) -> list[Sequence[str]]:
    """Have commands in containers end so, and return the list of what is run."""
    ran: list[Sequence[str]] = []

    def run(_: Any, __: str, command: Sequence[str]) -> Completed:
        ran.append(command)
        return outcomes[len(ran) - 1]

    monkeypatch.setattr(health, "exec_in", run)
    return ran


def test_a_test_is_ended_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the Engine does it; one that hangs has failed."""
    ran = tried(monkeypatch, Completed(137, ""))
    outcome = health.try_health(CLIENT, CONTAINER)
    assert outcome is not None
    assert not outcome.ok
    assert ran == [["timeout", "-s", "KILL", "3", "/bin/sh", "-c", "ask"]]


def test_an_image_without_the_command_for_time_limits_is_tried_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its test may be right all the same."""
    ran = tried(monkeypatch, Completed(127, "timeout: not found"), Completed(0, ""))
    outcome = health.try_health_in(CLIENT, CONTAINER, "other")
    assert outcome is not None
    assert outcome.ok
    assert ran[1] == ("/bin/sh", "-c", "ask")


def test_what_a_test_needs_is_mounted_for_a_trial_read_only() -> None:
    """A script of the student's, for one; a tmpfs is not."""
    found = health.mounts(CONTAINER)
    assert [(one["Type"], one["Source"], one["Target"]) for one in found] == [
        ("bind", "/here/ask", "/ask"),
        ("volume", "kept", "/data"),
    ]
    assert all(one["ReadOnly"] for one in found)
