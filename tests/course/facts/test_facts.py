"""Facts are read from what Engines really answered."""

from __future__ import annotations

import pytest
from recorded import ENGINES, recorded

from course.facts import Container, Event, Image
from course.facts.values import texts, when

IMAGES = (*ENGINES, "buildkit")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_container_that_was_never_started_has_no_start_time(engine: str) -> None:
    """Engines write year 1 for "never"."""
    created = Container.read(recorded("container-created", engine))
    assert (created.state.status, created.state.started_at, created.name) == ("created", None, "recorded-new")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_stopped_container_tells_its_exit_code_and_image(engine: str) -> None:
    """143 is 128 plus signal 15; the reference is what was written, the ID what it runs on."""
    exited = Container.read(recorded("container-exited", engine))
    assert (exited.state.status, exited.state.exit_code, exited.config.image) == ("exited", 143, "busybox")
    assert exited.image.startswith("sha256:")
    assert exited.state.started_at is not None
    assert exited.state.started_at >= exited.created


@pytest.mark.parametrize("engine", ENGINES)
def test_published_ports_are_read_with_address_and_number(engine: str) -> None:
    """The port on this machine was chosen by the Engine."""
    [(inside, address, port)] = Container.read(recorded("container-published", engine)).ports
    assert (inside, address) == ("80/tcp", "127.0.0.1")
    assert port > 1024


@pytest.mark.parametrize("source", IMAGES)
def test_an_image_has_more_history_rows_than_layers(source: str) -> None:
    """Three of seven instructions made a layer, with either builder; two of the three have no size."""
    image = Image.read(recorded("image", source), recorded("history", source))
    base_layers = 1
    assert len(image.layers) == base_layers + 3
    assert sum(1 for row in image.history if row.size) == base_layers + 1
    assert len(image.history) > len(image.layers)


@pytest.mark.parametrize("source", IMAGES)
def test_an_images_configuration_is_read(source: str) -> None:
    """User, directory, variable and command."""
    image = Image.read(recorded("image", source), recorded("history", source))
    assert (image.user, image.working_directory, image.command) == ("1000", "/srv/new", ("cat", "/one"))
    assert "COLOUR=green" in image.environment
    assert image.entrypoint == ()


def test_an_image_stands_on_a_base_whose_layers_are_its_lowest() -> None:
    """And not on one that merely has the same number of layers."""
    image = Image.read(recorded("image", "20.10"))
    assert image.builds_on(Image.read({"Id": "x", "RootFS": {"Layers": list(image.layers[:1])}}))
    assert not image.builds_on(Image.read({"Id": "x", "RootFS": {"Layers": list(image.layers[1:])}}))


def test_an_image_is_known_by_its_tags_and_its_id() -> None:
    """As people write them, and no other text is its name."""
    image = Image.read({"Id": "sha256:12ab34", "RepoTags": ["busybox:latest", "app:1"]})
    names = ("busybox", "busybox:latest", "docker.io/library/busybox", "app:1", "sha256:12ab34", "12ab")
    assert all(image.is_called(name) for name in names)
    assert not any(image.is_called(name) for name in ("", "app", "box", "sha256:", "ab34", "12abc"))


@pytest.mark.parametrize("engine", ENGINES)
def test_events_are_read_by_action_and_actor(engine: str) -> None:
    """A container's whole life, all under one ID; the signal is an attribute of the kill."""
    events = [Event.read(line) for line in recorded("events", engine)]
    assert len({event.id for event in events}) == 1
    assert {"create", "start", "pause", "unpause", "kill", "die", "stop", "destroy"} == {e.action for e in events}
    assert [event.attributes["signal"] for event in events if event.action == "kill"] == ["15"]
    assert events == sorted(events, key=lambda event: event.time)


def test_an_exec_event_is_read_without_its_command() -> None:
    """Engines append the command to the action."""
    assert Event.read({"Action": "exec_create: sh -c ls", "Actor": {"ID": "x"}}).action == "exec_create"


@pytest.mark.parametrize("missing", [None, [], {}])
def test_missing_lists_are_empty(missing: object) -> None:
    """Engines leave a list out, or write null."""
    assert texts(missing) == ()
    assert Image.read({"Id": "x", "Config": missing}).command == ()


def test_times_are_read_with_nanoseconds_and_zones() -> None:
    """As RFC 3339 has them."""
    assert when("2026-01-01T00:00:00.123456789Z") == pytest.approx(1767225600.123456789)
    assert when("2026-01-01T01:00:00+01:00") == 1767225600
    assert when("0001-01-01T00:00:00Z") is None
    assert when("") is None
