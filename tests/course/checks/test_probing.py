"""Probing what runs, without an Engine."""

from __future__ import annotations

import pytest

from course.checks import probing
from course.facts import Container
from course.facts.http import Reply


def published(*places: tuple[str, int]) -> Container:
    """Return a container that publishes a port at each of these addresses and ports."""
    ports = {f"{80 + n}/tcp": [{"HostIp": ip, "HostPort": str(port)}] for n, (ip, port) in enumerate(places)}
    return Container.read({"Id": "1" * 64, "NetworkSettings": {"Ports": ports}})


def test_only_ports_that_lead_to_the_container_from_127_0_0_1_count() -> None:
    """At 127.0.0.2 the same number may be somebody else's; every address includes 127.0.0.1."""
    assert probing.loopback_ports(published(("127.0.0.2", 1), ("127.0.0.1", 2), ("0.0.0.0", 3), ("", 3))) == (2, 3)
    assert probing.loopback_port(published(("127.0.0.2", 1))) is None


@pytest.mark.parametrize(("answering", "expected"), [({2}, 2), ({1, 2}, 1), (set(), 1)])
def test_of_several_published_ports_the_one_that_answers_is_taken(
    monkeypatch: pytest.MonkeyPatch, answering: set[int], expected: int
) -> None:
    """The first if none does."""
    monkeypatch.setattr(probing, "eventually", lambda probe: probe())
    monkeypatch.setattr(probing, "fetch", lambda port, path: Reply(200 if port in answering else None))
    assert probing.answering_port(published(("127.0.0.1", 1), ("127.0.0.1", 2))) == expected


def test_the_port_inside_that_is_asked_for_goes_before_lower_ones() -> None:
    """One that is not published leaves the first one."""
    several = published(("127.0.0.1", 1), ("127.0.0.2", 2), ("127.0.0.1", 3))
    assert probing.loopback_port(several, 82) == 3
    assert probing.loopback_port(several, 81) == 1
