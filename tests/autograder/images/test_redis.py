"""The recipe of Redis: the interface that everybody knows from the official image."""

from __future__ import annotations

from collections.abc import Iterator

import docker
import pytest
from docker.models.containers import Container

from autograder.host import connect
from autograder.images import ensure
from tests.autograder.images.servers import ended, running, said, until, volume

pytestmark = pytest.mark.engine

IMAGE = "redis:8"


@pytest.fixture(scope="module")
def client() -> Iterator[docker.DockerClient]:
    """This machine's Engine, with the image."""
    client = connect()
    ensure([IMAGE], client=client)
    yield client
    client.close()


def redis(container: Container, *command: str, password: str | None = None) -> str:
    """What redis-cli prints, without the colours of a terminal."""
    environment = {"REDISCLI_AUTH": password} if password else {}
    return said(container, "redis-cli", *command, environment=environment)[1].strip()


def test_other_containers_get_in_and_root_is_left(client: docker.DockerClient) -> None:
    """Without a password a client on another host is served; the server is the user redis, id 999."""
    with running(client, IMAGE) as server:
        until(lambda: redis(server, "ping") == "PONG")
        server.reload()
        host = server.attrs["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]
        assert ended(client, IMAGE, "redis-cli", "-h", host, "ping") == (0, "PONG\n")
        assert said(server, "stat", "-c", "%U %u", "/proc/1")[1].split() == ["redis", "999"]


def test_a_ping_without_the_password_is_an_error_with_status_0(client: docker.DockerClient) -> None:
    """What makes a bare `redis-cli ping` a wrong health check; REDISCLI_AUTH carries the password."""
    with running(client, IMAGE, "redis-server", "--requirepass", "secret", network_mode="none") as server:
        until(lambda: "NOAUTH" in redis(server, "ping"))
        assert said(server, "redis-cli", "ping")[0] == 0
        assert redis(server, "ping", password="secret") == "PONG"


def test_an_option_alone_is_for_the_server(client: docker.DockerClient) -> None:
    """`docker run redis --maxmemory 9mb` starts the server with it; a command of another name is run."""
    with running(client, IMAGE, "--maxmemory", "9mb", network_mode="none") as server:
        until(lambda: redis(server, "ping") == "PONG")
        assert redis(server, "config", "get", "maxmemory").split() == ["maxmemory", str(9 << 20)]
    assert "v=8." in ended(client, IMAGE, "redis-server", "--version")[1]
    assert ended(client, IMAGE, "echo", "hello") == (0, "hello\n")


@pytest.mark.parametrize(("line", "mode"), [("maxmemory 9mb", "no"), ("protected-mode yes", "yes")])
def test_a_configuration_file_decides_about_protected_mode(client: docker.DockerClient, line: str, mode: str) -> None:
    """Off unless the file speaks of it."""
    script = f"echo '{line}' >/tmp/r.conf; exec docker-entrypoint.sh /tmp/r.conf"
    with running(client, IMAGE, "sh", "-c", script, network_mode="none") as server:
        until(lambda: redis(server, "ping") == "PONG")
        assert redis(server, "config", "get", "protected-mode").split()[-1] == mode


@pytest.mark.parametrize("user", ["", "1234:1234"])
def test_data_survives_a_clean_stop(client: docker.DockerClient, user: str) -> None:
    """`docker stop` saves and ends with status 0; the next container on the same volume has the value."""
    with volume(client) as data:
        settings = {"volumes": {data.name: {"bind": "/data", "mode": "rw"}}, "user": user}
        if user:
            # With a file in it, so that the Engine does not give the empty volume the image's owner and mode again.
            open_to_all = ["sh", "-c", "chmod 777 /data; touch /data/used"]
            ended(client, IMAGE, *open_to_all, volumes=settings["volumes"])
        with running(client, IMAGE, **settings) as server:
            until(lambda: redis(server, "ping") == "PONG")
            assert redis(server, "set", "key", "value") == "OK"
            server.stop(timeout=20)
            assert server.wait()["StatusCode"] == 0
        with running(client, IMAGE, **settings) as server:
            until(lambda: redis(server, "ping") == "PONG")
            assert redis(server, "get", "key") == "value"
