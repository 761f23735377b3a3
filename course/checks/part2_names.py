"""The check of Part 2 on names: the backend is moved to another address, and has to be found there."""

from __future__ import annotations

from course import run
from course.checks import criteria
from course.checks.addresses import resolves
from course.checks.check import Check, exercise
from course.facts import Container


@exercise
def by_name(check: Check) -> None:
    """Require that one container reaches the other by name, on a network of their own, whatever its address is."""
    net = run.name("net")
    backend, caller = check.running("backend"), check.running("caller")
    if not all(net in container.networks for container in (backend, caller)):
        check.stop(_not_on(net, backend, caller), "Inspect shows the networks.")
    criteria.no_names_by_hand(
        check,
        "On a network of your own the Engine answers questions for names. Nothing has to be written down.",
        caller,
    )
    check.gate(
        resolves(check.client, net, backend.name),
        f"A third container on the network finds {backend.name} by its name and gets its page.",
        f"A third container on the network does not get a page from http://{backend.name}/.",
        "Which image answers on port 80?",
    )
    criteria.finds_by_name(check, backend, caller, net)


def _not_on(net: str, *containers: Container) -> str:
    if all(list(container.networks) == ["bridge"] for container in containers):
        return "Both are on the default network (bridge), and there containers have no names for each other."
    places = "; ".join(
        f"{container.name} is on {', '.join(sorted(container.networks)) or 'none'}" for container in containers
    )
    return f"Not both are on the network {net}: {places}."
