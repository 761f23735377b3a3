"""The check of Part 2 on names: the backend is moved to another address, and has to be found there."""

from __future__ import annotations

from docker import DockerClient
from docker.errors import APIError

from course import facts, run
from course.checks.probing import engine_time, eventually, log_lines, running
from course.checks.report import Report
from course.engine import connect
from course.facts import Container
from course.facts.attached import Attached, attached
from course.facts.inside import from_network, helper


def by_name() -> Report:
    """Exercise 18: on a network of their own, one container reaches the other by name, whatever its address is."""
    report = Report("Found by name")
    client, net = connect(), run.name("net")
    names = run.name("backend"), run.name("caller")
    backend, caller = (running(client, name) for name in names)
    server, asker = (attached(client, name) for name in names)
    if backend is None or caller is None or server is None or asker is None:
        gone = names[0] if backend is None else names[1]
        return report.give_up(
            failed=f"There is no container {gone} that runs.",
            hint="Look at the list of all containers, and at the log of the one that has ended.",
        )
    if not all(net in end.networks for end in (server, asker)):
        return report.give_up(
            failed=_not_on(net, {names[0]: server, names[1]: asker}), hint="Inspect shows the networks."
        )
    report.require(
        not asker.extra_hosts and not asker.links,
        passed="No name was written into the container by hand.",
        failed=f"The name was written into {names[1]} by hand ({', '.join(asker.extra_hosts + asker.links)}). "
        "That is right until the address changes.",
        hint="On a network of your own the Engine answers questions for names. Nothing has to be written down.",
        essential=True,
    )
    report.require(
        resolves(client, net, names[0]),
        passed=f"A third container on the network finds {names[0]} by its name and gets its page.",
        failed=f"A third container on the network does not get a page from http://{names[0]}/.",
        hint="Which image answers on port 80?",
        essential=True,
    )
    asks = _calls(client, backend, asker, net)
    report.require(
        asks,
        passed=f"{names[1]} asks {names[0]} again and again.",
        failed=f"{names[0]} gets no requests from {names[1]}.",
        hint=f"What does the log of {names[1]} say?",
        essential=True,
    )
    if not asks:
        return report
    moved = move(client, net, names[0])
    report.require(
        lambda: moved and _calls(client, facts.container(client, names[0]) or backend, asker, net),
        passed="The check gave the backend another address, and it was found there as well.",
        failed=f"The check gave {names[0]} another address, and {names[1]} did not find it any more: "
        "it asks an address, not a name.",
        hint="An address is given out anew at each start. What stays the same?",
        essential=True,
    )
    return report


def resolves(client: DockerClient, network: str, name: str) -> bool:
    """Tell whether a throw-away container on the network gets a page from the one so called, twice."""
    line = ["timeout", "4", "wget", "-q", "-O", "-", f"http://{name}/"]
    for _ in range(2):
        outcome = from_network(client, network, line)
        if outcome is None or outcome.exit_code != 0:
            return False
    return True


def move(client: DockerClient, network: str, name: str) -> bool:
    """Take a container off a network and put it back under the same names, at another address."""
    before = attached(client, name)
    if before is None:
        return False
    aliases = [alias for alias in before.aliases.get(network, ()) if len(alias) != 12]
    with helper(client, network_mode=network) as first, helper(client, network_mode=network) as second:
        try:
            client.api.disconnect_container_from_network(name, network, force=True)
            for made in (
                first,
                second,
            ):  # one of them takes the address that has become free, if it is given out again
                if made is not None:
                    client.api.start(made)
            client.api.connect_container_to_network(name, network, aliases=aliases)
        except APIError:
            return False
        after = attached(client, name)
        return after is not None and after.networks.get(network) not in ("", before.networks[network])


def _calls(client: DockerClient, backend: Container, caller: Attached, network: str) -> bool:
    """Tell whether new requests from the caller's address turn up in the backend's log."""
    address, begun = caller.networks[network], engine_time(client)
    # Only what comes from now on: of a log that is older, the last lines would be as many as before.
    return eventually(
        lambda: sum(line.startswith(f"{address} ") for line in log_lines(client, backend.id, begun)) > 1, 6
    )


def _not_on(net: str, ends: dict[str, Attached]) -> str:
    on = {name: sorted(end.networks) for name, end in ends.items()}
    if all(networks == ["bridge"] for networks in on.values()):
        return "Both are on the default network (bridge), and there containers have no names for each other."
    told = "; ".join(f"{name} is on {', '.join(networks) or 'none'}" for name, networks in on.items())
    return f"Not both are on the network {net}: {told}."
