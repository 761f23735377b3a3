"""The check of Part 7 on three couriers that do not reach a server, each for a reason of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from docker import DockerClient

from course import facts, run
from course.checks.addresses import move, shared_networks
from course.checks.answers import read_now
from course.checks.check import LOOK_AT_ALL, Check, exercise
from course.checks.lifecycle import planted, undisturbed
from course.checks.origin import is_given
from course.checks.probing import engine_time, eventually, last_lines, log_lines, still_running
from course.facts import Container
from course.setups import part7_way_out as setup
from course.setups.part2 import PYTHON, SERVER

_REQUEST_TIMEOUT: Final = 15.0
"""Seconds in which two requests of each courier have to come; each asks twice a second."""
_SEVERAL: Final = 2


@exercise
def no_way_out(check: Check) -> None:
    """Require that the depot hears each courier, wherever it is moved, and that the causes were named."""
    client, town, named = check.client, run.name("town"), read_now("causes")
    depot, names = (facts.container(client, run.name(what)) for what in ("depot", "names"))
    for container, what, image in ((depot, "depot", SERVER), (names, "names", PYTHON)):
        check.require(
            "undisturbed",
            lambda: (
                container is not None  # noqa: B023  used at once
                and planted(client, container, image)  # noqa: B023
                and town in container.networks  # noqa: B023
                and undisturbed(client, container)  # noqa: B023
            ),
            f"{run.name(what)} is gone, was stopped or replaced, or is no longer on the network {town}.",
            "Others use it. What is wrong is wrong with the couriers. (The set-up can be run again.)",
        )
    check.require(
        "causes",
        lambda: not wrong_causes(named()),
        lambda: wrong_causes(named()),
        "Compare the three with each other: their networks, their environment, the name server that they were given.",
    )
    check.settle()
    if depot is None:  # the criterion above says so
        return
    couriers = {cause: still_running(client, name) for cause, name in setup.couriers().items()}
    problems: dict[str, tuple[str, str]] = {}
    for cause, courier in couriers.items():
        with check.disturbing():
            problems[cause] = _why_not(client, depot, courier, setup.couriers()[cause])
    able = {cause: courier for cause, courier in couriers.items() if courier and not problems[cause][0]}
    for cause in able.keys() - _heard(client, depot, able):
        problems[cause] = (
            f"The depot hears nothing of {able[cause].name} that asks for {setup.address_name()}. The log of "
            f"{able[cause].name} ends with: {last_lines(client, able[cause].id, 1)}",
            "Which name does it ask for, whom does it ask, and which way does the request take?",
        )
        del able[cause]
    with check.disturbing():
        moved = all(move(client, network, depot.name) for network in _networks(depot, able.values()))
    for cause in able.keys() - (_heard(client, depot, able) if moved else set()):
        problems[cause] = (
            f"The check gave the depot another address, and {able[cause].name} did not find it there.",
            "Each start may give another address. What stays the same?",
        )
    _arrives(check, "had-dns", *problems["dns"])
    _arrives(check, "had-proxy", *problems["proxy"])
    _arrives(check, "had-internal", *problems["internal"])


def _arrives(check: Check, demand: str, problem: str, hint: str) -> None:
    check.require(demand, not problem, problem, hint)


def wrong_causes(given: Any) -> str:
    """Return a sentence on the couriers whose causes are not right; empty text if all are."""
    if not isinstance(given, Mapping):
        return "causes is no dictionary of names and words."
    wanted = sorted((name, cause) for cause, name in setup.couriers().items())
    said = {str(name).removeprefix("/"): str(cause).strip().lower() for name, cause in given.items()}
    wrong = [f"{name} ({said.get(name, 'missing')[:20]})" for name, cause in wanted if said.get(name) != cause]
    return f"causes is not right for {', '.join(wrong)}." if wrong else ""


def heard_after_restart(client: DockerClient, cause: str) -> bool:
    """Tell whether the depot hears a courier by its name once the courier was restarted."""
    client.api.restart(setup.couriers()[cause], timeout=0)
    depot, courier = (facts.container(client, name) for name in (run.name("depot"), setup.couriers()[cause]))
    return depot is not None and courier is not None and bool(_heard(client, depot, {cause: courier}))


def _why_not(client: DockerClient, depot: Container, courier: Container | None, name: str) -> tuple[str, str]:
    """Return why a courier cannot reach the depot, and where to look; twice empty text if it may."""
    if courier is None:
        return f"There is no container {name} that runs.", LOOK_AT_ALL
    image = facts.image(client, courier.image)
    if image is None or not is_given(client, image, setup.courier_files()):
        return (
            f"{name} runs {courier.config.image[:120]}, which is not the image {run.name('courier')}.",
            "Nothing is wrong with the program.",
        )
    if courier.host_config.network_mode == "host":
        return f"{name} uses the host's network.", "Which networks are there, and who is on which?"
    if not shared_networks(depot, courier):
        return (
            f"{name} and the depot have no network in common: {name} is on {', '.join(courier.networks) or 'none'}, "
            f"the depot on {', '.join(depot.networks)}.",
            "A container may be on several networks.",
        )
    return "", ""


def _networks(depot: Container, couriers: Iterable[Container]) -> list[str]:
    return sorted({network for courier in couriers for network in shared_networks(depot, courier)})


def _heard(client: DockerClient, depot: Container, couriers: Mapping[str, Container]) -> set[str]:
    """Return those of the couriers, by cause, whose requests turn up in the depot's log in time.

    The depot writes down only requests that ask for it by its name.
    """
    begin = engine_time(client)
    addresses = {
        cause: {courier.networks[network].ip_address for network in shared_networks(depot, courier)}
        for cause, courier in couriers.items()
    }

    def heard() -> set[str]:
        callers = [line.partition(" ")[0] for line in log_lines(client, depot.id, begin)]
        return {cause for cause, own in addresses.items() if sum(one in own for one in callers) >= _SEVERAL}

    eventually(lambda: heard() == addresses.keys(), _REQUEST_TIMEOUT)
    return heard()
