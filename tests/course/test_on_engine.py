"""What touches a real Engine: removing only what is the course's, listening in, reading and running images."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docker
import pytest
from notebooks import run_token

from course import Tap, connect, facts, free_port, labels, name, reset, run
from course.setups import part1 as setup

pytestmark = pytest.mark.engine


@pytest.fixture
def token() -> Iterator[str]:
    """A run of its own."""
    with run_token() as value:
        yield value
        reset()


@pytest.fixture
def client(token: str) -> docker.DockerClient:
    """The host's Engine."""
    return connect()


@pytest.fixture
def others(client: docker.DockerClient) -> Iterator[dict[str, str]]:
    """Things of somebody else's, of another run's even."""
    with run_token() as other:
        container = client.containers.create("busybox", "sleep 9", name=f"web-{other}", labels=labels())
        network = client.networks.create(f"net-{other}", labels=labels())
        volume = client.volumes.create(f"data-{other}", labels=labels())
        client.images.get("busybox").tag(f"others-{other}", "1")
    yield {
        "container": container.id,
        "network": network.id,
        "volume": volume.name,
        "image": f"others-{other}:1",
    }
    container.remove(force=True)
    network.remove()
    volume.remove()
    client.images.remove(f"others-{other}:1")


def _state(client: docker.DockerClient) -> dict[str, set[str]]:
    return {
        "containers": {item["Id"] for item in client.api.containers(all=True)},
        "networks": {item["Id"] for item in client.api.networks()},
        "volumes": {item["Name"] for item in client.api.volumes()["Volumes"] or []},
        "tags": {tag for item in client.api.images() for tag in item["RepoTags"] or []},
    }


def test_reset_removes_what_the_run_made_and_nothing_else(
    client: docker.DockerClient, others: dict[str, str], token: str
) -> None:
    """By label, by name, by tag, untagged images too; a container made from the run's image as well."""
    client.containers.run("busybox", "sleep 99", name=name("named"), detach=True)
    client.containers.create("busybox", "sleep 9", labels=labels())
    client.networks.create(name("net"))
    client.volumes.create("labelled-" + token[::-1], labels=labels())
    for text in ("one", "two"):  # the second build leaves the first image untagged
        recipe = f"FROM busybox\nRUN echo {text}-{token} > /x\n"
        client.images.build(fileobj=io.BytesIO(recipe.encode()), tag=name("built"), rm=True)
    client.containers.create(name("built"), "sleep 9")
    client.images.get("busybox").tag(f"localhost:1/{name('cake')}", "1.0")

    text = repr(reset(client))

    assert text == "Removed 3 containers, 3 images, 1 network, 1 volume of this course."
    after = _state(client)
    assert others["container"] in after["containers"]
    assert others["network"] in after["networks"]
    assert others["volume"] in after["volumes"]
    assert {others["image"], "busybox:latest"} <= after["tags"]
    assert not any(token in item for item in after["tags"] | after["volumes"])
    assert not any(token in str(c) for c in client.api.containers(all=True))
    dangling = client.api.images(filters={"dangling": True})
    assert not any(token in str(client.api.history(item["Id"])) for item in dangling)


def test_reset_twice_in_a_row_finds_nothing_the_second_time(client: docker.DockerClient) -> None:
    """It may be run at any time."""
    client.containers.create("busybox", "sleep 9", name=name("web"))
    reset(client)
    assert "nothing to remove" in repr(reset(client))


def test_reset_leaves_an_image_that_somebody_else_uses_as_well(
    client: docker.DockerClient, others: dict[str, str]
) -> None:
    """It only loses the run's name."""
    client.images.get(others["image"]).tag(name("mine"))
    before = client.images.get(others["image"]).id
    reset(client)
    assert client.images.get(others["image"]).id == before


def test_a_tap_notes_what_a_client_asks(client: docker.DockerClient) -> None:
    """And passes the answers on unchanged."""
    with Tap() as tap:
        through = docker.DockerClient(base_url=tap.address)
        direct = client.version()["Version"]
        assert through.version()["Version"] == direct
        through.close()
    assert tap.requests[-1].endswith("/version")
    assert all(request.startswith("GET /") for request in tap.requests)


def test_a_file_is_read_out_of_an_image_without_running_it(client: docker.DockerClient, token: str) -> None:
    """A directory or a missing file gives None, and no container stays behind."""
    assert (facts.read_image_file(client, "busybox", "/etc/passwd") or b"").startswith(b"root:")
    assert facts.read_image_file(client, "busybox", "/etc") is None
    assert facts.read_image_file(client, "busybox", "/nothing") is None
    assert facts.read_image_file(client, name("nothing"), "/etc/passwd") is None
    assert client.api.containers(all=True, filters={"label": f"{run.LABEL}={token}"}) == []


def test_a_program_is_run_once_and_cut_off_in_time(client: docker.DockerClient) -> None:
    """Its exit code and output are told; one that never ends has none."""
    outcome = facts.run_once(client, "busybox", ["sh", "-c", "echo $WHO; exit 3"], environment={"WHO": "me"})
    assert outcome == facts.Completed(3, "me\n")
    endless = facts.run_once(client, "busybox", ["sh", "-c", "echo on; sleep 60"], seconds=2)
    assert endless == facts.Completed(None, "on\n")
    assert facts.run_once(client, "busybox", ["no-such-program"]) is None
    assert facts.run_once(client, name("no-such-image")) is None


def test_a_registry_answers_once_it_is_started_and_is_kept(client: docker.DockerClient) -> None:
    """Running the set-up again gives the same port; an empty registry knows no image."""
    port = setup.start_registry(client)
    assert setup.start_registry(client) == port
    assert facts.registry_answers(port)
    assert facts.manifest_digest(port, "nothing", "latest") is None
    assert not facts.registry_answers(free_port())
    assert facts.manifest_digest(free_port(), "nothing", "latest") is None


def test_the_planted_images_are_what_the_checks_expect(client: docker.DockerClient) -> None:
    """The heavy image's sum, and the greeting of the hand-made one."""
    setup.build(client, setup.heavy_recipe(), name("heavy"))
    report = facts.read_image_file(client, name("heavy"), setup.HEAVY_REPORT)
    assert report is not None
    assert report.split()[0].decode() == setup.heavy_report()
    setup.make_by_hand(client)
    outcome = facts.run_once(client, name("handmade"), environment={"WHO": "you"})
    assert outcome == facts.Completed(0, setup.greeting("you") + "\n")
