"""A second Engine, with the other image store: all it needs from a registry, or from an archive without a network."""

from __future__ import annotations

import io
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from autograder import images, sandbox
from autograder.host import connect, packages, silent
from autograder.images import labels, store
from autograder.sandbox import image

pytestmark = [pytest.mark.engine, pytest.mark.full, pytest.mark.xdist_group("other-engines")]

RIGHTS = (
    "SYS_ADMIN",
    "NET_ADMIN",
    "MKNOD",
    "SYS_CHROOT",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "CHOWN",
    "FOWNER",
    "SETFCAP",
)
"""What an Engine needs that unpacks images and starts no container."""


@pytest.fixture(scope="module")
def client() -> Iterator[docker.DockerClient]:
    """This machine's Engine."""
    client = connect()
    yield client
    client.close()


@contextmanager
def another_engine(client: docker.DockerClient, folder: Path, *options: str) -> Iterator[docker.DockerClient]:
    """An Engine in a container of the sandbox's image, with the containerd image store; reached at a socket."""
    command = ["dockerd", "--host=unix:///engine/docker.sock", "--feature=containerd-snapshotter", *options]
    container = client.containers.run(
        sandbox.current().image,
        [*command, "--iptables=false", "--ip6tables=false", "--bridge=none"],
        entrypoint="",
        user="root",
        detach=True,
        cap_add=list(RIGHTS),
        security_opt=["seccomp=unconfined", "apparmor=unconfined"],
        volumes={str(folder): {"bind": "/engine", "mode": "rw"}},
        mounts=[docker.types.Mount("/var/lib/docker", None)],
    )
    try:
        yield _answering(f"unix://{folder}/docker.sock", container)
    finally:
        container.remove(force=True, v=True)


def _answering(address: str, container: Container) -> docker.DockerClient:
    end = time.monotonic() + 60
    while True:
        try:
            return docker.DockerClient(base_url=address, version="auto", timeout=300)
        except docker.errors.DockerException:
            container.reload()
            log = container.logs(tail=10).decode(errors="replace")
            assert container.status == "running", log
            assert time.monotonic() < end, log
            time.sleep(0.3)


@pytest.fixture
def mirror(client: docker.DockerClient) -> Iterator[str]:
    """The address of a registry that has the course's images, under the names of the official ones, without labels."""
    container = client.containers.run("registry", detach=True, ports={"5000/tcp": ("127.0.0.1", None)})
    made: list[str] = []
    try:
        while "listening on" not in container.logs().decode():
            time.sleep(0.1)
        container.reload()
        here = f"localhost:{container.ports['5000/tcp'][0]['HostPort']}"
        catalogue = images.load()
        for one in (*catalogue.image, catalogue.sandbox):
            repository, _, tag = one.reference.removeprefix("docker.io/").rpartition(":")
            official = f'FROM {one.name}\nLABEL {labels.SOURCE}="" of="{secrets.token_hex(8)}"\n'
            built, _ = client.images.build(
                fileobj=io.BytesIO(official.encode()), tag=f"{here}/{repository}:{tag}", rm=True
            )
            made.append(str(built.id))
            for line in client.api.push(f"{here}/{repository}", tag, stream=True, decode=True):
                assert "error" not in line, line
        yield f"http://{container.attrs['NetworkSettings']['Networks']['bridge']['IPAddress']}:5000"
    finally:
        container.remove(force=True, v=True)
        for image_id in made:
            client.images.remove(image_id, force=True)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine that has neither mmdebstrap nor the right to install it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(packages, "can_install", lambda: False)


@pytest.mark.usefixtures("bare")
def test_a_registry_has_all_that_a_machine_without_mmdebstrap_needs(
    client: docker.DockerClient, mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Engine was told of a mirror: every image is pulled, the sandbox's base too, and holds what it holds here."""
    with another_engine(client, tmp_path, f"--registry-mirror={mirror}") as other:
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
        records = images.ensure(client=other)
        assert {(record.done, record.route) for record in records} == {("pulled", "registry")}
        base = images.ensure_base(other)
        assert labels.recipe_hash_of(base) is None
        assert labels.content(base) == labels.content(client.images.get(images.load().sandbox.name))
        assert images.fingerprint(client=other) == images.fingerprint(client=client)
        assert {record.done for record in images.ensure(client=other)} == {"kept"}


@pytest.mark.usefixtures("bare")
def test_an_archive_has_all_that_a_machine_without_a_network_needs(client: docker.DockerClient, tmp_path: Path) -> None:
    """Its images have other IDs in the other store, and nothing is built or asked of a registry for all that."""
    path = tmp_path / "images.tar"
    names = sandbox.image_names()
    store.save(path, names, client=client)
    with another_engine(client, tmp_path) as other:
        assert set(names) <= set(store.load_archive(path, other))
        there = image.find(other)
        assert there.id != image.find(client).id
        said: list[str] = []
        assert image.ensure(other, lambda what, line: said.append(line)) == there.id
        assert [line for line in said if not line.startswith("kept")] == []
        assert {record.done for record in images.ensure(client=other, progress=silent)} == {"kept"}
        assert images.fingerprint(client=other) == images.fingerprint(client=client)
