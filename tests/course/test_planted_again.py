"""Set-ups that are run again, as on the next day, beside what the student has made since."""

from __future__ import annotations

from collections.abc import Iterator

import docker
import pytest
from notebooks import run_token

from course import connect, labels, name, reset
from course.errors import CourseError
from course.setups import part7
from course.setups.part7_network import networks

pytestmark = pytest.mark.engine


@pytest.fixture
def client() -> Iterator[docker.DockerClient]:
    """The host's Engine, for a run of its own."""
    with run_token():
        yield connect()
        reset()


def test_a_wire_is_cut_again_beside_the_students_container(client: docker.DockerClient) -> None:
    """A network with a container on it cannot be removed, and need not be."""
    part7.cut_wire(client)
    own = client.containers.run(
        "busybox", "sleep 60", name=name("own"), labels=labels(), init=True, detach=True, network=networks()[0]
    )
    part7.cut_wire(client)
    own.reload()
    assert own.status == "running"


def test_an_attic_that_the_student_uses_is_kept_and_the_container_named(client: docker.DockerClient) -> None:
    """Nothing is removed before that, and without the container the attic is filled again."""
    part7.fill_attic(client)
    there = part7.volumes(client)
    mounts = {name("ledger"): {"bind": "/ledger", "mode": "ro"}}
    own = client.containers.create("busybox", "true", name=name("own"), labels=labels(), volumes=mounts)
    with pytest.raises(CourseError, match=f"{name('own')} uses the volume {name('ledger')}.*Remove the container"):
        part7.fill_attic(client)
    assert part7.volumes(client) == there
    assert client.containers.get(name("clock")).status == "running"
    own.remove()
    part7.fill_attic(client)
    assert len(part7.volumes(client)) == 3
