"""The check of Part 2 on names: the backend is moved to another address, and has to be found there."""

from __future__ import annotations

from course import run
from course.checks import criteria
from course.checks.addresses import shared_networks
from course.checks.check import Check, exercise
from course.facts import Container
from course.setups import part2 as setup


@exercise
def by_name(check: Check) -> None:
    """Require that one container reaches the other by name, on a network of their own, whatever its address is."""
    net = run.name("net")
    backend, caller = check.running("backend"), check.running("caller")
    for container in (backend, caller):
        criteria.on_loopback(
            check, "on-loopback", container, "Containers on one network need no published ports for each other."
        )
    criteria.runs_course_image(check, "images", backend, "nginx")
    criteria.runs_given_image(check, "images", caller, "caller", setup.caller_files(), extended=True)
    check.require(
        "network",
        all(net in container.networks for container in (backend, caller)),
        lambda: _not_on(net, backend, caller),
        "Inspect shows the networks.",
    )
    check.settle()
    criteria.finds_by_name(check, "found", backend, caller, *shared_networks(backend, caller))


def _not_on(net: str, *containers: Container) -> str:
    if all(list(container.networks) == ["bridge"] for container in containers):
        return "Both are on the default network (bridge), and there containers have no names for each other."
    where = "; ".join(
        f"{container.name} is on {', '.join(sorted(container.networks)) or 'none'}" for container in containers
    )
    return f"Not both are on the network {net}: {where}."
