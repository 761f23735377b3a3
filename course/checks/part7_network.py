"""The check of Part 7 on a container that does not find another one by name."""

from __future__ import annotations

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.addresses import calls, move, shared_networks
from course.checks.check import LOOK_AT_ALL, Check, exercise
from course.checks.lifecycle import planted, undisturbed
from course.facts import Container
from course.setups import part7_network as setup
from course.setups.part2 import SERVER


@exercise
def unresolved(check: Check) -> None:
    """Require that both are on one network, that the asker finds the stock by name, and the stock was left alone."""
    client, name = check.client, run.name("asker")
    asker = facts.container(client, name)
    if asker is not None and asker.host_config.network_mode == "host":
        check.stop(
            "finds",
            f"{name} uses the host's network: there the names of containers are not known at all.",
            "Which networks are there, and who is on which?",
        )
    own = setup.networks()[0]
    stock = facts.container(client, run.name("stock"))
    check.require(
        "undisturbed",
        lambda: (
            stock is not None
            and planted(client, stock, SERVER)
            and own in stock.networks
            and undisturbed(client, stock)
        ),
        lambda: f"The stock was disturbed: {_disturbance(client, stock, own)}.",
        "A container can join a network while it runs. (The set-up can be run again.)",
    )
    check.settle()
    stock = check.running("stock", demand="undisturbed")
    asker = check.running("asker", f"{LOOK_AT_ALL} (The host's network is no way out, and refused in many places.)")
    criteria.runs_given_image(check, "image", asker, "asker", setup.asker_files())
    networks = shared_networks(stock, asker)
    if not networks:
        check.stop(
            "finds",
            "They have no network of their own in common: "
            + "; ".join(f"{one.name} is on {', '.join(one.networks)}" for one in (stock, asker))
            + ".",
            "A container may be on several networks.",
        )
    criteria.finds_by_name(check, "finds", stock, asker, *networks)


def finds_once_more(client: DockerClient) -> bool:
    """Give the stock one more address, and tell whether the asker finds it there as well."""
    stock, asker = (facts.container(client, run.name(what)) for what in ("stock", "asker"))
    if stock is None or asker is None:
        return False
    networks = shared_networks(stock, asker)
    return all(move(client, network, stock.name) for network in networks) and all(
        calls(client, now, asker, *networks) for now in (facts.container(client, stock.id),) if now is not None
    )


def _disturbance(client: DockerClient, stock: Container | None, own: str) -> str:
    if stock is None:
        return f"{run.name('stock')} is gone"
    if not stock.running:
        return f"{stock.name} is {stock.state.status}"
    if not planted(client, stock, SERVER):
        return f"{stock.name} is another container than the one that the set-up made"
    if own not in stock.networks:
        return f"{stock.name} is no longer on its network {own}"
    return f"{stock.name} was stopped and started again, or paused, in between"
