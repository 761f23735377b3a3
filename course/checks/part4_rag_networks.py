"""The check of Part 4 on segments: who can reach whom, tried from where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from docker import DockerClient
from docker.errors import NotFound

from course.checks.addresses import shared_networks
from course.checks.check import Check, exercise
from course.checks.compose_projects import all_running, elsewhere
from course.checks.rag_client import RagClient, Stack, need_note, need_ready, need_stack
from course.facts import Container
from course.facts.exec import run_helper
from course.setups import part4_rag as setup

PORTS: Final = {"db": 5432, "cache": 6379, "vectors": 6333}
"""Where the stores listen."""


@exercise
def rag_segments(check: Check) -> None:
    """Require that web and the stores share no network, the stores have no way out, and api finds all by name."""
    stack = need_stack(check, "apart", *setup.SERVICES)
    check.require(
        "apart",
        not (path := second_door(check.client, stack)),
        f"From web, a way leads to a store past api: {path}.",
        "A service without the key networks is on the project's network called default. Who else is on both sides?",
    )
    check.settle()
    services = {service: stack[service][0].container for service in setup.SERVICES}
    api = _addresses(services["api"])
    with check.disturbing():
        seen = _reached(
            check.client,
            services["web"],
            {store: [store, *_addresses(services[store]), *api] for store in setup.STORES},
        )
    check.require(
        "apart",
        not seen,
        f"From web, these answer or have an address: {', '.join(sorted(seen))}.",
        "Is there an entry in a hosts file, or another container between them?",
        seen="The check tried it from where web stands: no store has an address there, and none takes a connection.",
    )
    check.settle()
    ways_out = ways_out_of(check.client, stack)
    check.require(
        "internal",
        not ways_out,
        f"From a store a way leads out of this host, over {', '.join(ways_out)}.",
        "A network has a setting of its own for that; a network that exists cannot be changed, only made again.",
    )
    rag = need_ready(check, "works", stack)
    need_note(check, "works", rag)
    _names(check, services, rag)


def second_door(client: DockerClient, stack: Stack) -> str:
    """Return a way from web to a store over networks and containers other than api's, for people; empty if none."""
    stores = {one.container.id for store in setup.STORES for one in stack[store]}
    shut = {one.container.id for one in stack["api"]}
    running = [one for one in all_running(client) if one.id not in shut]
    ways = [(one.container, "web") for one in stack["web"]]
    seen = {one.id for one, _ in ways}
    beside = {f"container:{id}" for id in shut}
    if inside := next((one for one in running if one.host_config.network_mode in beside), None):
        return f"{inside.name} has the network of api, and is on both sides"
    for here, path in ways:  # grows while it is walked through
        for other in running:
            common = sorted(here.networks.keys() & other.networks.keys() - {"none"})
            if other.id not in seen and common:
                seen.add(other.id)
                ways.append((other, f"{path}, over {common[0]} {other.name}"))
    return next((path for one, path in ways if one.id in stores), "")


def ways_out_of(client: DockerClient, stack: Stack) -> list[str]:
    """Return the networks of the stores that are not internal."""
    networks = {network for store in setup.STORES for one in stack[store] for network in one.container.networks}
    return sorted(network for network in networks if not _internal(client, network))


def _names(check: Check, services: Mapping[str, Container], rag: RagClient) -> None:
    """Require that api finds each store by its name, wherever it is."""
    api = services["api"]
    with check.disturbing():
        by_name = _reached(check.client, api, {store: [store] for store in setup.STORES})
    unseen = [store for store in setup.STORES if f"{store} connects" not in by_name]
    check.require(
        "by-name",
        not unseen,
        f"From where api stands, these do not answer by their names: {', '.join(unseen)}.",
        "They need a network in common, and the service's name is the name there.",
    )
    lost = []
    for store in setup.STORES:
        own = services[store]
        with check.disturbing(), elsewhere(check.client, own, *shared_networks(own, api)) as moved:
            if not (moved and rag.becomes_ready()):
                lost.append(f"{store} ({rag.condition() if moved else 'it could not get another address'})")
    check.require(
        "by-name",
        not lost,
        f"The check gave each store another address, and then the engine was not ready: {'; '.join(lost)}.",
        "An address is right until the next start. What stays the same?",
        seen="The check gave each store another address, and the api found it there.",
    )


def _internal(client: DockerClient, network: str) -> bool:
    try:
        return bool(client.api.inspect_network(network).get("Internal"))
    except NotFound:
        return False


def _addresses(container: Container) -> list[str]:
    return [end.ip_address for end in container.networks.values() if end.ip_address]


def _reached(client: DockerClient, place: Container, hosts: Mapping[str, Sequence[str]]) -> set[str]:
    """Return what programs in that container can do, such as ``db has an address`` and ``db connects``.

    All is tried at once, by a throw-away container that shares its network.
    """
    tries = [
        f"timeout 4 nslookup {store} >/dev/null 2>&1 && echo {store} has an address & "
        + " ".join(
            f"nc -w 3 {host} {PORTS[store]} </dev/null >/dev/null 2>&1 && echo {store} connects &" for host in several
        )
        for store, several in hosts.items()
    ]
    outcome = run_helper(client, ["sh", "-c", "\n".join([*tries, "wait"])], network=f"container:{place.id}")
    return set(outcome.output.splitlines()) if outcome is not None else set()
