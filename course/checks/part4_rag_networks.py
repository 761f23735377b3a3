"""The check of Part 4 on segments: who can reach whom, tried from where they stand."""

from __future__ import annotations

import contextlib
from typing import Final

from docker import DockerClient
from docker.errors import APIError, NotFound

from course.checks.part2_names import move
from course.checks.rag_door import Engine, Stack, door, stack, what_became_of
from course.checks.report import Report
from course.engine import connect
from course.facts.attached import Attached, attached
from course.facts.compose import Member
from course.facts.inside import from_network
from course.setups import part4_rag as setup

PORTS: Final = {"db": 5432, "cache": 6379, "vectors": 6333}
"""Where the stores listen."""
_PATIENCE: Final = 15.0


def segments() -> Report:
    """Exercise 31: web and the stores have no network in common, the stores no way out, and api finds all by name."""
    report = Report("Segments")
    client = connect()
    found = stack(client)
    gone = [service for service in setup.SERVICES if service not in found]
    if gone:
        return report.give_up(
            failed=what_became_of(client, gone),
            hint="Compose lists a project's containers; their logs say why one has ended.",
        )
    uses = {service: attached(client, found[service][0].container.id) for service in setup.SERVICES}
    on = {service: set(use.networks) if use is not None else set() for service, use in uses.items()}
    shared = {store: on["web"] & on[store] for store in setup.STORES if on["web"] & on[store]}
    report.require(
        not shared,
        passed="web has no network in common with the three stores.",
        failed="In one network with web: "
        + ", ".join(f"{store} ({', '.join(sorted(nets))})" for store, nets in shared.items())
        + ". Whoever breaks into nginx is next to the data.",
        hint="A service without the key networks is on the project's network called default.",
        essential=True,
        weight=2,
    )
    apart = [store for store in setup.STORES if not on["api"] & on[store]]
    report.require(
        bool(on["api"] & on["web"]) and not apart,
        passed="api is on both sides.",
        failed=f"api has no network in common with {', '.join(apart) or 'web'}.",
        hint="A service may be on several networks.",
        essential=True,
    )
    ways_out = sorted({net for store in setup.STORES for net in on[store] if not _internal(client, net)})
    report.require(
        not ways_out,
        passed="The stores' network is internal: it has no way out.",
        failed=f"From a store a way leads out of this machine, over {', '.join(ways_out)}.",
        hint="A network has a setting of its own for that; a network that exists is not changed, but made anew.",
        essential=True,
    )
    if report.share() == 0:
        return report
    _tried(report, client, found)
    _names(report, client, found, uses)
    return report


def _tried(report: Report, client: DockerClient, found: Stack) -> None:
    """Add the criteria on what web and api reach, asked from their own network namespaces."""
    everywhere = {store: [store, *_addresses(client, found, store)] for store in setup.STORES}
    seen = _reached(client, found["web"][0], everywhere)
    report.require(
        not seen,
        passed="From web, none of the three stores has an address, and their ports cannot be reached.",
        failed=f"From web, {', '.join(sorted(seen))} can still be found or reached.",
        hint="Is there an entry in a hosts file, or another container between them?",
        essential=True,
        weight=2,
    )
    by_name = _reached(client, found["api"][0], {store: [store] for store in setup.STORES})
    unseen = [store for store in setup.STORES if f"{store} connects" not in by_name]
    report.require(
        not unseen,
        passed="From api, all three are found by their names.",
        failed=f"From api, these are not found by their names: {', '.join(unseen)}.",
        hint="They need a network in common, and the service's name is the name there.",
        essential=True,
    )


def _names(report: Report, client: DockerClient, found: Stack, uses: dict[str, Attached | None]) -> None:
    """Add the criteria that the engine works, and that it goes on when the database has another address."""
    port = door(found)
    if port is None:
        report.give_up(
            failed="The service web publishes no port.", hint="The way in is as in the last exercise."
        )
        return
    engine = Engine(port)
    note = engine.add() if engine.becomes_ready(_PATIENCE) else ""
    report.require(
        not isinstance(note, str) and engine.finds(note, note.question),
        passed="A document that goes in through web is found again.",
        failed=f"The engine does not work any more. It says: {engine.told()}."
        if not note
        else f"A document that the check sent was not found: {note if isinstance(note, str) else 'no source'}.",
        hint="The log of the api says what it does not reach.",
        essential=True,
    )
    if report.share() == 0:
        return
    db, api = uses["db"], uses["api"]
    by_hand = [line for use in uses.values() if use is not None for line in use.extra_hosts + use.links]
    common = sorted(set(db.networks) & set(api.networks)) if db is not None and api is not None else []
    moved = bool(common) and _works_elsewhere(client, engine, found["db"][0], common[0])
    report.require(
        moved and not by_hand,
        passed="The check gave the database another address, and the api found it there.",
        failed=f"Names were written into containers by hand: {', '.join(by_hand)[:100]}."
        if by_hand
        else "The check gave the database another address, and the api did not find it: it asks an address, "
        "not a name.",
        hint="An address is right until the next start. What stays the same?",
        essential=True,
        weight=2,
    )


def _works_elsewhere(client: DockerClient, engine: Engine, db: Member, network: str) -> bool:
    """Tell whether the engine is ready when the database has moved; an address that was asked for is given back."""
    asked = _fixed_address(client, db, network)
    try:
        return move(client, network, db.container.id) and engine.becomes_ready(6)
    finally:
        if asked:
            _give_back(client, db, network, asked)


def _fixed_address(client: DockerClient, member: Member, network: str) -> str:
    data = client.api.inspect_container(member.container.id)
    place = ((data.get("NetworkSettings") or {}).get("Networks") or {}).get(network) or {}
    return str((place.get("IPAMConfig") or {}).get("IPv4Address") or "")


def _give_back(client: DockerClient, member: Member, network: str, address: str) -> None:
    id, now = member.container.id, attached(client, member.container.id)
    aliases = [alias for alias in (now.aliases.get(network, ()) if now else ()) if len(alias) != 12]
    with contextlib.suppress(APIError):
        client.api.disconnect_container_from_network(id, network, force=True)
        client.api.connect_container_to_network(id, network, aliases=aliases, ipv4_address=address)


def _internal(client: DockerClient, network: str) -> bool:
    try:
        return bool(client.api.inspect_network(network).get("Internal"))
    except NotFound:
        return False


def _addresses(client: DockerClient, found: Stack, service: str) -> list[str]:
    uses = attached(client, found[service][0].container.id)
    return [address for address in uses.networks.values() if address] if uses is not None else []


def _reached(client: DockerClient, where: Member, hosts: dict[str, list[str]]) -> set[str]:
    """Return what programs in that container can do, such as ``db has an address`` and ``db connects``.

    All is tried at once, by a throw-away container that shares its network.
    """
    tries = [
        f"timeout 4 nslookup {store} >/dev/null 2>&1 && echo {store} has an address & "
        + " ".join(
            f"nc -w 1 {host} {PORTS[store]} </dev/null >/dev/null 2>&1 && echo {store} connects &"
            for host in several
        )
        for store, several in hosts.items()
    ]
    outcome = from_network(
        client, f"container:{where.container.id}", ["sh", "-c", "\n".join([*tries, "wait"])]
    )
    return set(outcome.output.splitlines()) if outcome is not None else set()
