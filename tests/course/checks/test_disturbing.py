"""A check changes nothing unless it has said so."""

from __future__ import annotations

from typing import Any

import docker
import pytest
import requests

from course.checks import disturbing
from course.checks.disturbing import Undeclared

HERE = "http://engine:2375/v1.41"
NO_NETWORK = "/networks/prune?filters=%7B%22label%22%3A+%5B%22docker-course.none%3D12ab%22%5D%7D"


@pytest.fixture
def sent() -> list[str]:
    """Give the list of requests that reach the Engine."""
    return []


@pytest.fixture
def client(sent: list[str]) -> docker.DockerClient:
    """Give a client that is guarded, of an Engine that is not there."""
    made = docker.DockerClient(base_url="http://engine:2375", version="1.41")

    def send(request: requests.PreparedRequest, **_: Any) -> requests.Response:
        sent.append(f"{request.method} {request.path_url}")
        response = requests.Response()
        response.status_code = 204
        return response

    made.api.send = send
    return disturbing.guard(made)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/containers/create"),
        ("POST", "/containers/web/exec"),
        ("POST", "/containers/wait/start"),
        ("POST", "/build?t=x"),
        ("PUT", "/containers/web/archive?path=/"),
        ("DELETE", "/containers/web"),
        ("PATCH", "/containers/web/wait/more"),
    ],
)
def test_who_observes_sends_no_request_that_changes_something(
    client: docker.DockerClient, sent: list[str], method: str, path: str
) -> None:
    """It is refused before it is sent, until the check says that it disturbs."""
    with disturbing.observing():
        with pytest.raises(Undeclared, match=f"{method} /v1.41{path.partition('?')[0]}"):
            client.api.request(method, f"{HERE}{path}")
        assert sent == []
        with disturbing.disturbing():
            client.api.request(method, f"{HERE}{path}")
    assert sent == [f"{method} /v1.41{path}"]


def test_who_observes_may_ask_and_wait(client: docker.DockerClient, sent: list[str]) -> None:
    """Waiting for a container's end is a POST that changes nothing, and so is the record's removal of no network."""
    with disturbing.observing():
        client.api.request("GET", f"{HERE}/containers/json")
        client.api.request("HEAD", f"{HERE}/containers/web/archive")
        client.api.request("POST", f"{HERE}/containers/web/wait?condition=not-running")
        client.api.request("POST", f"{HERE}{NO_NETWORK}")
        with pytest.raises(Undeclared):
            client.api.request("POST", f"{HERE}{NO_NETWORK.replace('none', 'run')}")
    assert len(sent) == 4


def test_outside_a_check_nothing_is_held_back(client: docker.DockerClient, sent: list[str]) -> None:
    """Set-ups and views use the same functions."""
    client.api.request("DELETE", f"{HERE}/containers/web")
    disturbing.declared("docker build")
    assert sent == ["DELETE /v1.41/containers/web"]


def test_another_program_that_changes_something_asks_first() -> None:
    """Such as the command docker, whose requests the client does not see."""
    with disturbing.observing():
        with pytest.raises(Undeclared, match="docker build"):
            disturbing.declared("docker build")
        with disturbing.disturbing():
            disturbing.declared("docker build")
        with pytest.raises(Undeclared):
            disturbing.declared("docker build")
