"""A check's client refuses what changes something, unless the check has said that it disturbs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import requests

from course.checks.disturbing import Undeclared, disturbing, guard, observing

ENGINE = "http://engine/v1.41"
NO_NETWORK = "/networks/prune?filters=%7B%22label%22%3A+%5B%22docker-course.none%3D12ab%22%5D%7D"


def _send(method: str, path: str) -> str:
    client: Any = SimpleNamespace(api=SimpleNamespace(send=lambda *_, **__: "sent"))
    with observing():
        return str(guard(client).api.send(requests.Request(method, ENGINE + path).prepare()))


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/info"), ("POST", "/containers/web/wait?condition=next-exit"), ("POST", NO_NETWORK)],
)
def test_a_question_may_be_asked_at_any_time(method: str, path: str) -> None:
    """Whatever its method is: the record of events has the Engine remove no network, to see how far it has come."""
    assert _send(method, path) == "sent"


@pytest.mark.parametrize("path", ["/networks/prune", "/containers/create?name=/wait", "/containers/create"])
def test_a_change_has_to_be_declared(path: str) -> None:
    """Then it is done."""
    with pytest.raises(Undeclared, match="POST"):
        _send("POST", path)
    with disturbing():
        assert _send("POST", path) == "sent"
