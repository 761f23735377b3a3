"""The state of a run: the same for the same work, whatever the Engine chose, and another for other work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from notebooks import run_token

from course import answers, connect, free_port, labels, name, reset
from course.facts import state


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ({"Id": "a" * 64, "Image": "sha256:" + "0" * 64}, '{"Id": "<id>", "Image": "<id>"}'),
        (["2026-01-02T03:04:05.678Z", "0b1c2d3e4f5a"], '["<time>", "<id>"]'),
        ({"IPAddress": "172.18.0.2", "Mac": "02:42:ac:11:00:02"}, '{"IPAddress": "<address>", "Mac": "<address>"}'),
        (["127.0.0.1", "0.0.0.0", "size=16m"], '["127.0.0.1", "0.0.0.0", "size=16m"]'),
        ({"HostPort": "40123", "other": "40124"}, '{"HostPort": "<web_port>", "other": "<port>"}'),
        ({"ContainerPort": "8000/tcp", "size": 10001}, '{"ContainerPort": "8000/tcp", "size": 10001}'),
    ],
)
def test_what_differs_from_run_to_run_is_left_out(fact: object, expected: str) -> None:
    """IDs, times, addresses, chosen ports; a port of the set-up's keeps the name of its variable."""
    assert state.plain(fact, {"40123": "<web_port>"}) == expected


@pytest.fixture
def client() -> Iterator[docker.DockerClient]:
    """The host's Engine, and a run of its own."""
    with run_token():
        yield connect()
        reset()


def work(client: docker.DockerClient, word: str = "done", port: int | None = None) -> None:
    """Something to do, the same each time if the arguments are the same."""
    ports = {"80/tcp": ("127.0.0.1", port)}
    mount = {name("box"): {"bind": "/box", "mode": "rw"}}
    client.volumes.create(name("box"), labels=labels())
    command = ["sh", "-c", f"echo {word} > /box/file"]
    client.containers.run("busybox", command, name=name("it"), volumes=mount, ports=ports, labels=labels())


def take_away(client: docker.DockerClient) -> None:
    """Take away what `work` made."""
    client.containers.get(name("it")).remove()
    client.volumes.get(name("box")).remove()


@pytest.mark.engine
def test_the_same_work_gives_the_same_digests_and_other_work_others(
    client: docker.DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what was changed since the note is in it: containers, what is in volumes, files, variables."""
    monkeypatch.setitem(answers.namespace(), "result", 3)
    monkeypatch.setitem(answers.namespace(), "port", free_port())
    box = name("box")
    mine = (f"container {name('it')}", f"contents of volume {box}", f"volume {box}", "file note", "answer result")

    def changed() -> dict[str, str]:
        found = state.changed(client, ["result"], ["port"])
        return {key: found[key] for key in mine if key in found}

    (tmp_path / "old").write_text("as before")
    state.note(client)
    assert set(changed()) == {"answer result"}
    (tmp_path / "note").write_text("mine")
    work(client, port=answers.namespace()["port"])
    first = changed()
    assert set(first) == set(mine)
    take_away(client)
    assert set(changed()) == {"answer result", "file note"}
    monkeypatch.setitem(answers.namespace(), "port", free_port())
    work(client, port=answers.namespace()["port"])
    assert changed() == first
    take_away(client)
    work(client, "other")
    other = changed()
    assert {key for key in mine if other[key] != first[key]} == set(mine[:2])
    take_away(client)


@pytest.mark.engine
@pytest.mark.parametrize("going", [True, False])
def test_a_container_that_is_being_removed_is_gone(
    client: docker.DockerClient, monkeypatch: pytest.MonkeyPatch, going: bool
) -> None:
    """The Engine cannot list its changes any more; the same error of a container that stays is one."""
    work(client)
    kept = client.containers.get(name("it"))

    def fail(container: str) -> None:
        if container == kept.id:
            if going:
                kept.remove()
            raise docker.errors.APIError("500: no such file or directory")

    monkeypatch.setattr(client.api, "diff", fail)
    if going:
        assert f"container {name('it')}" not in state.digests(client, {})
    else:
        with pytest.raises(docker.errors.APIError):
            state.digests(client, {})
