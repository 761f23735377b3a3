"""A container is given another address, without an Engine."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from course.checks import addresses
from course.facts import Container


class Network:
    """An Engine with one network, which gives the lowest free address."""

    def __init__(self, **taken: int) -> None:
        self.api, self.taken, self.made = self, taken, 0

    def _free(self) -> int:
        return min(set(range(2, 30)) - set(self.taken.values()))

    def disconnect_container_from_network(self, name: str, network: str, force: bool) -> None:
        """Free the address."""
        del self.taken[name]

    def connect_container_to_network(self, name: str, network: str, aliases: list[str]) -> None:
        """Give an address."""
        self.taken[name] = self._free()

    start = lambda self, name: self.connect_container_to_network(name, "net", [])  # noqa: E731

    def container(self, _: Any, name: str) -> Container:
        """Describe a container."""
        place = {"IPAddress": f"10.0.0.{self.taken[name]}"}
        return Container.read({"Id": name, "NetworkSettings": {"Networks": {"net": place}}})

    @contextlib.contextmanager
    def throwaway(self, *_: Any, **__: Any) -> Iterator[str]:
        """Make a container, and remove it afterwards."""
        self.made += 1
        name = f"helper{self.made}"
        yield name
        self.taken.pop(name, None)


@pytest.mark.parametrize("address", [2, 5, 8])
def test_a_container_that_has_moved_before_moves_again(monkeypatch: pytest.MonkeyPatch, address: int) -> None:
    """Lower addresses are free by then, and helpers must not leave it its own."""
    engine: Any = Network(backend=address, caller=3)
    monkeypatch.setattr(addresses, "throwaway", engine.throwaway)
    monkeypatch.setattr("course.facts.container", engine.container)
    assert addresses.move(engine, "net", "backend")
    assert addresses.move(engine, "net", "backend")
    assert set(engine.taken) == {"backend", "caller"}
