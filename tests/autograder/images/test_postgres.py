"""The recipe of PostgreSQL: the interface that everybody knows from the official image."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator

import docker
import pytest
from docker.models.containers import Container

from autograder.host import connect
from autograder.images import ensure
from tests.autograder.images.servers import ended, running, said, until, volume

pytestmark = pytest.mark.engine

IMAGE = "postgres:17"
DATA = "/var/lib/postgresql/data"


@pytest.fixture(scope="module")
def client() -> Iterator[docker.DockerClient]:
    """This machine's Engine, with the image."""
    client = connect()
    ensure([IMAGE], client=client)
    yield client
    client.close()


def ready(container: Container) -> bool:
    """Whether the server answers on the network."""
    return said(container, "pg_isready", "-q", "-h", "127.0.0.1", "-U", "postgres")[0] == 0


def asked(container: Container, sql: str, user: str = "postgres", **settings: str) -> str:
    """What psql prints, over TCP and with the password ``secret``."""
    command = ["psql", "-h", "127.0.0.1", "-U", user, "-Atc", sql]
    status, text = said(container, *command, environment={"PGPASSWORD": "secret"} | settings)
    assert status == 0, text
    return text.strip()


def put(container: Container, folder: str, files: dict[str, tuple[int, bytes]]) -> None:
    """Copy files into a container that need not run."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, (mode, content) in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), mode
            tar.addfile(member, io.BytesIO(content))
    assert container.put_archive(folder, buffer.getvalue())


def test_without_a_password_no_database_is_made(client: docker.DockerClient) -> None:
    """The container ends with status 1 and says which variables there are."""
    status, text = ended(client, IMAGE)
    assert status == 1
    assert "POSTGRES_PASSWORD_FILE" in text
    assert "POSTGRES_HOST_AUTH_METHOD=trust" in text


def test_a_value_and_a_file_for_it_are_one_too_many(client: docker.DockerClient) -> None:
    """Which of the two would win is not guessed."""
    both = {"POSTGRES_PASSWORD": "a", "POSTGRES_PASSWORD_FILE": "/etc/hostname"}
    status, text = ended(client, IMAGE, environment=both)
    assert (status, "both set" in text) == (1, True)


def test_user_database_password_and_arguments(client: docker.DockerClient) -> None:
    """The variables make a superuser and a database; a wrong password is refused; the server is not root."""
    environment = {
        "POSTGRES_USER": "ada lovelace",
        "POSTGRES_DB": "notes-1",
        "POSTGRES_PASSWORD": "secret",
        "POSTGRES_INITDB_ARGS": "--data-checksums",
    }
    with running(client, IMAGE, "-c", "work_mem=7MB", environment=environment, network_mode="none") as server:
        until(lambda: ready(server))
        where = {"PGDATABASE": "notes-1"}
        assert asked(server, "SELECT current_database()", "ada lovelace", **where) == "notes-1"
        assert asked(server, "SHOW data_checksums", "ada lovelace", **where) == "on"
        assert asked(server, "SHOW work_mem", "ada lovelace", **where) == "7MB"
        rules = said(server, "cat", f"{DATA}/pg_hba.conf")[1]
        assert rules.rstrip().endswith("host all all all scram-sha-256")
        assert said(server, "stat", "-c", "%U", "/proc/1")[1].strip() == "postgres"
        assert "secret" not in said(server, "cat", "/proc/1/environ", user="postgres")[1]


def test_another_container_needs_the_password(client: docker.DockerClient) -> None:
    """From another container the right password opens the database and a wrong one does not."""
    with running(client, IMAGE, environment={"POSTGRES_PASSWORD": "secret"}) as server:
        until(lambda: ready(server))
        server.reload()
        host = server.attrs["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]
        command = ["psql", "-h", host, "-U", "postgres", "-Atc", "SELECT 1"]
        assert ended(client, IMAGE, *command, environment={"PGPASSWORD": "secret"}) == (0, "1\n")
        status, text = ended(client, IMAGE, *command, environment={"PGPASSWORD": "wrong"})
        assert (status, "authentication failed" in text) == (2, True)


def test_while_the_database_is_made_the_network_finds_nothing(client: docker.DockerClient) -> None:
    """Init files run in order of name; until they have, the socket answers and TCP does not."""
    settings = {"environment": {"POSTGRES_PASSWORD": "secret"}, "network_mode": "none"}
    container = client.containers.create(IMAGE, **settings)
    files = {
        "1.sql": (
            0o644,
            b"CREATE TABLE steps (n serial, step text); INSERT INTO steps (step) VALUES ('sql');",
        ),
        "2.sh": (
            0o755,
            b"#!/bin/sh\npsql -U postgres -c \"INSERT INTO steps (step) VALUES ('sh')\"\nsleep 3\n",
        ),
        "3.sql.gz": (0o644, gzip.compress(b"INSERT INTO steps (step) VALUES ('gz');")),
        "4.txt": (0o644, b"not for the database"),
    }
    try:
        put(container, "/docker-entrypoint-initdb.d", files)
        container.start()
        until(lambda: "2.sh" in container.logs().decode())
        assert said(container, "pg_isready")[0] == 0
        assert said(container, "pg_isready", "-h", "127.0.0.1")[0] == 2
        until(lambda: ready(container))
        assert asked(container, "SELECT string_agg(step, ' ' ORDER BY n) FROM steps") == "sql sh gz"
        assert "left out" in container.logs().decode()
    finally:
        container.remove(force=True, v=True)


def test_data_survives_a_clean_stop_and_settings_are_then_ignored(client: docker.DockerClient) -> None:
    """`docker stop` ends in a second or two with status 0; the next container finds the rows and the old password."""
    with volume(client) as data:
        mounts = {data.name: {"bind": DATA, "mode": "rw"}}
        with running(client, IMAGE, environment={"POSTGRES_PASSWORD": "secret"}, volumes=mounts) as server:
            until(lambda: ready(server))
            asked(server, "CREATE TABLE kept AS SELECT 42 AS n")
            server.stop(timeout=20)
            assert server.wait()["StatusCode"] == 0
            assert "database system is shut down" in server.logs().decode()
        with running(client, IMAGE, environment={"POSTGRES_PASSWORD": "other"}, volumes=mounts) as server:
            until(lambda: ready(server))
            assert asked(server, "SELECT n FROM kept") == "42"
            assert "holds a database already" in server.logs().decode()


@pytest.mark.parametrize("user", ["1234:1234", "postgres"])
def test_it_runs_under_another_user_id(client: docker.DockerClient, user: str) -> None:
    """Without root at the start, also under an id that the image does not know; a secret comes from a file.

    Such an id needs a data directory that is its own: here a folder in the volume, which everybody may write to.
    """
    environment = {"POSTGRES_PASSWORD_FILE": "/etc/hostname", "PGDATA": f"{DATA}/own"}
    with running(client, IMAGE, environment=environment, user=user, hostname="secret") as server:
        until(lambda: ready(server))
        assert asked(server, "SELECT 1") == "1"


def test_dump_and_restore(client: docker.DockerClient) -> None:
    """pg_dump writes what psql reads into another database; sorting follows the language, not the bytes."""
    with running(client, IMAGE, environment={"POSTGRES_PASSWORD": "secret"}, network_mode="none") as server:
        until(lambda: ready(server))
        asked(server, "CREATE TABLE words AS SELECT unnest(ARRAY['b', 'B', 'a', 'é', 'f']) AS word")
        asked(server, "CREATE DATABASE copy")
        script = "pg_dump -U postgres postgres | psql -q -v ON_ERROR_STOP=1 -U postgres copy"
        assert said(server, "bash", "-o", "pipefail", "-c", script)[0] == 0
        words = asked(server, "SELECT string_agg(word, ' ' ORDER BY word) FROM words", PGDATABASE="copy")
        assert words == "a b B é f"


def test_other_commands_need_no_password(client: docker.DockerClient) -> None:
    """Asking the programs something makes no database."""
    for command in (["postgres", "--version"], ["--version"], ["psql", "--version"]):
        status, text = ended(client, IMAGE, *command)
        assert status == 0
        assert "(PostgreSQL) 17." in text
