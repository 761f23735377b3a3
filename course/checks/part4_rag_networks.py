"""The check of Part 4 on segments: who can reach whom, tried from where they stand."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Final

from docker import DockerClient
from docker.errors import APIError, NotFound

from course.checks import criteria
from course.checks.addresses import move
from course.checks.check import Check, exercise
from course.checks.rag_client import RagClient, need_client, need_stack
from course.facts import Container
from course.facts.exec import run_helper
from course.setups import part4_rag as setup

PORTS: Final = {"db": 5432, "cache": 6379, "vectors": 6333}
"""Where the stores listen."""
MOVED_TIMEOUT: Final = 6.0
"""Seconds within which the program must be ready after its database has moved."""

Services = Mapping[str, Container]


@exercise
def segments(check: Check) -> None:
    """Require that web and the stores share no network, the stores have no way out, and api finds all by name."""
    stack = need_stack(check, *setup.SERVICES)
    services = {service: stack[service][0].container for service in setup.SERVICES}
    on = {service: set(container.networks) for service, container in services.items()}
    shared = {store: on["web"] & on[store] for store in setup.STORES if on["web"] & on[store]}
    check.gate(
        not shared,
        "web has no network in common with the three stores.",
        "In one network with web: "
        + ", ".join(f"{store} ({', '.join(sorted(networks))})" for store, networks in shared.items())
        + ". Whoever breaks into nginx is next to the data.",
        "A service without the key networks is on the project's network called default.",
        weight=2,
    )
    apart = [store for store in setup.STORES if not on["api"] & on[store]]
    check.gate(
        on["api"] & on["web"] and not apart,
        "api is on both sides.",
        f"api has no network in common with {', '.join(apart) or 'web'}.",
        "A service may be on several networks.",
    )
    ways_out = sorted({net for store in setup.STORES for net in on[store] if not _internal(check.client, net)})
    check.gate(
        not ways_out,
        "The stores' network is internal: it has no way out.",
        f"From a store a way leads out of this machine, over {', '.join(ways_out)}.",
        "A network has a setting of its own for that; a network that exists cannot be changed, only made again.",
    )
    check.settle()
    _tried(check, services)
    _names(check, services, need_client(check, stack))


def _tried(check: Check, services: Services) -> None:
    """Add the gates on what web and api reach, asked from their own network namespaces."""
    everywhere = {
        store: [store, *(end.ip_address for end in services[store].networks.values() if end.ip_address)]
        for store in setup.STORES
    }
    seen = _reached(check.client, services["web"], everywhere)
    check.gate(
        not seen,
        "From web, none of the three stores has an address, and their ports cannot be reached.",
        f"From web, {', '.join(sorted(seen))} can still be found or reached.",
        "Is there an entry in a hosts file, or another container between them?",
        weight=2,
    )
    by_name = _reached(check.client, services["api"], {store: [store] for store in setup.STORES})
    unseen = [store for store in setup.STORES if f"{store} connects" not in by_name]
    check.gate(
        not unseen,
        "From api, all three are found by their names.",
        f"From api, these are not found by their names: {', '.join(unseen)}.",
        "They need a network in common, and the service's name is the name there.",
    )


def _names(check: Check, services: Services, rag: RagClient) -> None:
    """Add the gates that the program works, and that it goes on when the database has another address."""
    note = rag.add() if rag.becomes_ready() else None
    if note is None:
        problem = f"The engine does not work any more. It says: {rag.condition()}."
    else:
        problem = f"A document that the check sent was not found: {note if isinstance(note, str) else 'no source'}."
    check.gate(
        lambda: note is not None and not isinstance(note, str) and rag.finds(note, note.question),
        "A document that goes in through web is found again.",
        problem,
        "The log of the api says what it does not reach.",
    )
    check.settle()
    by_hand = criteria.names_by_hand(*services.values())
    common = sorted(set(services["db"].networks) & set(services["api"].networks))
    moved = bool(common) and _works_elsewhere(check.client, rag, services["db"], common[0])
    check.gate(
        moved and not by_hand,
        "The check gave the database another address, and the api found it there.",
        f"Names were written into containers by hand: {', '.join(by_hand)[:100]}."
        if by_hand
        else "The check gave the database another address, and the api did not find it: it asks an address, "
        "not a name.",
        "An address is right until the next start. What stays the same?",
        weight=2,
    )


def _works_elsewhere(client: DockerClient, rag: RagClient, db: Container, network: str) -> bool:
    """Tell whether the program is ready when the database has moved; an address that was asked for is given back."""
    before = db.networks[network]
    try:
        return move(client, network, db.id) and rag.becomes_ready(MOVED_TIMEOUT)
    finally:
        if before.fixed_address:
            aliases = [alias for alias in before.aliases if len(alias) != 12]
            with contextlib.suppress(APIError):
                client.api.disconnect_container_from_network(db.id, network, force=True)
                client.api.connect_container_to_network(
                    db.id, network, aliases=aliases, ipv4_address=before.fixed_address
                )


def _internal(client: DockerClient, network: str) -> bool:
    try:
        return bool(client.api.inspect_network(network).get("Internal"))
    except NotFound:
        return False


def _reached(client: DockerClient, place: Container, hosts: Mapping[str, Sequence[str]]) -> set[str]:
    """Return what programs in that container can do, such as ``db has an address`` and ``db connects``.

    All is tried at once, by a throw-away container that shares its network.
    """
    tries = [
        f"timeout 4 nslookup {store} >/dev/null 2>&1 && echo {store} has an address & "
        + " ".join(
            f"nc -w 1 {host} {PORTS[store]} </dev/null >/dev/null 2>&1 && echo {store} connects &" for host in several
        )
        for store, several in hosts.items()
    ]
    outcome = run_helper(client, ["sh", "-c", "\n".join([*tries, "wait"])], network=f"container:{place.id}")
    return set(outcome.output.splitlines()) if outcome is not None else set()
