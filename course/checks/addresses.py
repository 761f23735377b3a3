"""Containers that find each other on a network: by name, or by an address that may change."""

from __future__ import annotations

import contextlib
from typing import Final

from docker import DockerClient
from docker.errors import APIError

from course import facts
from course.checks.probing import engine_time, eventually, log_lines
from course.facts import Container
from course.facts.container import DEFAULT_NETWORKS
from course.facts.exec import HELPER, run_helper
from course.facts.throwaway import throwaway

_CALL_TIMEOUT: Final = 15.0
_MAX_HELPERS: Final = 8
"""Containers that are started to take an address; as many lower ones may be free."""


def shared_networks(one: Container, other: Container) -> list[str]:
    """Return the networks that both are on, besides the default ones."""
    return sorted((one.networks.keys() & other.networks.keys()) - DEFAULT_NETWORKS)


def resolves(client: DockerClient, network: str, name: str) -> bool:
    """Tell whether a throw-away container on the network gets a page from the one so called, twice."""
    command = ["timeout", "4", "wget", "-q", "-O", "-", f"http://{name}/"]
    outcomes = (run_helper(client, command, network=network) for _ in range(2))
    return all(outcome is not None and outcome.ok for outcome in outcomes)


def calls(client: DockerClient, listener: Container, caller: Container, *networks: str) -> bool:
    """Tell whether new requests from the caller's addresses turn up in the listener's log.

    Only its addresses on these networks count; without any, on all `shared_networks`.
    """
    begin = engine_time(client)  # an older log's last lines would be as many as before
    places = [caller.networks[name] for name in networks or shared_networks(listener, caller)]
    addresses = {place.ip_address for place in places if place.ip_address}

    def heard() -> bool:
        lines = log_lines(client, listener.id, begin)
        return sum(line.partition(" ")[0] in addresses for line in lines) > 1

    return eventually(heard, _CALL_TIMEOUT)


def given_aliases(container: Container, network: str) -> list[str]:
    """Return its aliases on a network without the one that the Engine gives by itself, the beginning of its ID."""
    return [alias for alias in container.networks[network].aliases if alias != container.id[:12]]


def move(client: DockerClient, network: str, name: str) -> bool:
    """Take a container off a network and put it back under the same names; tell whether it has another address now."""
    before = facts.container(client, name)
    if before is None or network not in before.networks:
        return False
    old = before.networks[network]
    aliases = given_aliases(before, network)
    try:
        with contextlib.ExitStack() as helpers:
            client.api.disconnect_container_from_network(name, network, force=True)
            try:
                _take(client, network, old.ip_address, helpers)
            finally:
                client.api.connect_container_to_network(name, network, aliases=aliases)
    except APIError:
        return False
    after = facts.container(client, name)
    return (
        after is not None
        and network in after.networks
        and after.networks[network].ip_address not in ("", old.ip_address)
    )


def _take(client: DockerClient, network: str, address: str, helpers: contextlib.ExitStack) -> None:
    """Start throw-away containers on the network until one has the address; Engines give the lowest or the next one."""
    for _ in range(_MAX_HELPERS):
        helper = helpers.enter_context(throwaway(client, HELPER, ["sleep", "300"], network=network))
        client.api.start(helper)
        started = facts.container(client, helper)
        if started is not None and started.networks[network].ip_address == address:
            return
