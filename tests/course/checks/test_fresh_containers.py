"""A container that a check starts is removed, and nothing else is, whatever the Engine says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import requests
from docker.errors import APIError

from course.checks.fresh_containers import PUBLISH, started


class Engine:
    """An Engine that makes and starts containers, or refuses one of the two; it notes what is removed."""

    def __init__(self, refuses: str = "") -> None:
        self.refuses = refuses
        self.removed: list[str] = []
        self.asked: dict[str, Any] = {}

    def _answer(self, what: str) -> None:
        if what == self.refuses:
            reply = requests.Response()
            reply.status_code = 500
            raise APIError("refused", reply, explanation=f"cannot {what}")

    def create_host_config(self, **settings: Any) -> dict[str, Any]:
        """Return the settings as they are."""
        return settings

    def create_container(self, image: str, command: list[str] | None, **settings: Any) -> dict[str, str]:
        """Make a container, or refuse."""
        self._answer("create")
        self.asked = settings
        return {"Id": "c" * 64}

    def start(self, container: str) -> None:
        """Start it, or refuse."""
        self._answer("start")

    def inspect_container(self, container: str) -> dict[str, Any]:
        """Say how it is."""
        ports = {PUBLISH: [{"HostIp": "127.0.0.1", "HostPort": "32768"}]} if not self.refuses else {}
        state = {"ExitCode": 127 if self.refuses else 0}
        return {"Id": container, "State": state, "NetworkSettings": {"Ports": ports}}

    def remove_container(self, container: str, **settings: Any) -> None:
        """Note what is removed."""
        self.removed.append(container)


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin a run of our own."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "k3f9x2mq")


def test_a_container_that_starts_has_a_port_and_limits_and_is_removed() -> None:
    """Whatever the student's image does, it gets no more memory than other throw-away containers."""
    engine = Engine()
    with started(SimpleNamespace(api=engine), "app", publish=PUBLISH) as trial:
        assert (trial.refusal, trial.port, engine.removed) == ("", 32768, [])
        assert engine.asked["ports"] == [tuple(PUBLISH.split("/"))]
        assert engine.asked["host_config"]["mem_limit"] == "256m"
    assert engine.removed == ["c" * 64]


def test_a_container_that_does_not_start_is_removed_and_says_why() -> None:
    """With the exit code that the Engine gave it."""
    engine = Engine("start")
    with started(SimpleNamespace(api=engine), "app") as trial:
        assert (trial.refusal, trial.exit_code, trial.port) == ("cannot start", 127, None)
    assert engine.removed == ["c" * 64]


def test_where_no_container_could_be_made_none_is_removed() -> None:
    """A student's container may have any name."""
    engine = Engine("create")
    with started(SimpleNamespace(api=engine), "app") as trial:
        assert (trial.id, trial.refusal, trial.port) == ("", "cannot create", None)
    assert engine.removed == []
