"""The Engine's address is the docker command's, and a credential helper that is gone stops nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from fake_engine import fake_engine

from course import endpoint


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Docker's configuration, in a folder of its own, with two contexts; no variable names an Engine."""
    for variable in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (tmp_path / "config.json").write_text("{}")
    for name in ("one", "two"):
        folder = tmp_path / "contexts/meta" / _id(name)
        folder.mkdir(parents=True)
        endpoints = {"docker": {"Host": f"unix:///run/{name}.sock", "SkipTLSVerify": False}}
        (folder / "meta.json").write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": endpoints}))
    return tmp_path / "config.json"


def _id(name: str) -> str:
    from docker.context.config import get_context_id

    return str(get_context_id(name))


def test_variables_come_before_the_context_in_use(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DOCKER_HOST, then DOCKER_CONTEXT, then `docker context use`, then the usual socket."""
    assert (endpoint.address(), endpoint.place()) == ({}, endpoint.USUAL)
    assert endpoint.undo() == ""
    config.write_text('{"currentContext": "one"}')
    assert endpoint.place() == "unix:///run/one.sock"
    assert "docker context use default" in endpoint.undo()
    monkeypatch.setenv("DOCKER_CONTEXT", "two")
    assert endpoint.place() == "unix:///run/two.sock"
    assert "unset DOCKER_CONTEXT" in endpoint.undo()
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/three.sock")
    assert endpoint.place() == "unix:///run/three.sock"
    assert "unset DOCKER_HOST" in endpoint.undo()


def test_a_context_of_an_engine_behind_ssh_is_refused(config: Path) -> None:
    """As DOCKER_HOST=ssh:// is."""
    meta = config.parent / "contexts/meta" / _id("one") / "meta.json"
    meta.write_text(meta.read_text().replace("unix:///run/one.sock", "ssh://me@far"))
    config.write_text('{"currentContext": "one"}')
    with pytest.raises(endpoint.Unusable, match="ssh://me@far is behind SSH") as caught:
        endpoint.address()
    assert "ssh -L 8888:localhost:8888 me@far" in caught.value.repair
    assert "docker context use default" in caught.value.repair


@pytest.mark.parametrize("setting", ['{"credsStore": "gone"}', '{"credHelpers": {"registry.example": "gone"}}'])
def test_a_credential_helper_that_is_gone_stops_no_build_pull_or_push(
    config: Path, tmp_path: Path, setting: str
) -> None:
    """docker-py alone raises StoreError there; the other credentials are still sent."""
    settings = json.loads(setting) | {"auths": {"other.example": {"auth": "bWU6c2VjcmV0"}}}
    config.write_text(json.dumps(settings))
    with fake_engine(tmp_path / "engine.sock") as engine:
        engine.answers |= {"/build": {"stream": ""}, "/images/create": {}, "/images/registry.example/one/push": {}}
        client = endpoint.new_client(base_url=f"unix://{engine.socket}", version="1.44")
        for _ in client.api.build(fileobj=io.BytesIO(b"FROM scratch"), decode=True):
            pass
        client.api.pull("registry.example/one", tag="1")
        client.api.push("registry.example/one", tag="1")
        client.close()
        assert engine.asked == ["POST /build", "POST /images/create", "POST /images/registry.example/one/push"]
    sent = client.api._auth_configs.get_all_credentials()
    assert sent["other.example"]["username"] == "me"
