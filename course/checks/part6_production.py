"""The check of Part 6 on production: how many containers and workers run, what they write, and what ends them."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Final

from docker import DockerClient

from course import facts, run
from course.checks.check import Check, exercise
from course.checks.compose_projects import has_no_bind, need_file, need_services, read_files
from course.checks.fresh_containers import PATIENCE, serves
from course.checks.probing import SETTLE_SECONDS, becomes, engine_time, eventually, log_lines, loopback_port
from course.engine import connect
from course.facts import Container
from course.facts.compose import members
from course.facts.processes import Process, processes, workers
from course.facts.sockets import end_processes
from course.folders import folder
from course.setups import part6 as setup
from course.setups import part6_production as sizes

PRODUCTION: Final = ("compose.yaml", "compose.production.yaml")
_CHATTY: Final = re.compile(r"\[(DEBUG|INFO)\]")
_TROUBLE: Final = re.compile(r"\[(WARNING|ERROR|CRITICAL)\]")
"""How gunicorn marks the level of its own messages; what it logs of requests has no mark."""


@exercise
def production(check: Check) -> None:
    """Require production as the two files describe it, and end a worker and a whole server to see what happens then."""
    need_services(check, "copies", "fleet", "api")
    place = folder("fleet").resolve()
    plan = need_file(check, "copies", read_files("fleet", [str(place / name) for name in PRODUCTION]), "api")
    wanted, asked = sizes.sizes(), plan.services["api"].replicas
    check.require(
        "copies",
        asked == wanted.replicas,
        f"{' and '.join(PRODUCTION)} together ask for {asked} container(s) of api; .env says {wanted.replicas}.",
        "Compose starts as many as the file says. Which key says it?",
    )
    check.settle()
    replicas = running(check.client)
    check.require(
        "copies",
        len(replicas) == wanted.replicas,
        f"Of api, {len(replicas)} container(s) run; .env says {wanted.replicas}.",
        "Compose lists its containers, also those that have ended.",
    )
    check.settle()
    for replica in replicas:
        problem = _wrong_answer(check.client, replica)
        check.require(
            "copies",
            not problem,
            f"{replica.name} {problem}",
            f"It should give the title {setup.title()}, and debug false.",
        )
        has_no_bind(check, "no-bind", replica)
        check.settle()
    _limited(check, replicas)
    with check.disturbing():
        families = {replica.name: _workers(check.client, replica) for replica in replicas}
    counts = ", ".join(f"{name}: {len(family)}" for name, family in families.items())
    check.require(
        "workers",
        all(len(family) == wanted.workers for family in families.values()),
        f"The list of processes shows these workers: {counts}. In .env, WORKERS is {wanted.workers}.",
        "gunicorn reads some variables of its own, and has an option for it.",
        seen=f"The list of processes shows the workers ({counts}).",
    )
    _quiet(check, replicas, families[replicas[0].name])
    _comes_back(check, replicas)


def running(client: DockerClient) -> list[Container]:
    """Return the containers of the service that run, and still do a moment later, by number."""
    found = [one.container.id for one in members(client, run.name("fleet")) if one.service == "api" and not one.one_off]
    time.sleep(SETTLE_SECONDS)
    containers = (facts.container(client, id) for id in found)
    return [one for one in containers if one is not None and one.running]


def all_answer() -> bool:
    """Tell whether as many replicas run as are wanted, and each answers as production does."""
    client = connect()
    replicas = running(client)
    return len(replicas) == sizes.sizes().replicas and not any(_wrong_answer(client, one) for one in replicas)


def _wrong_answer(client: DockerClient, replica: Container) -> str:
    """Return what is wrong with a replica's answer; empty text if it is production's."""
    port = loopback_port(replica, setup.PORT)
    if port is None:
        return "publishes no port at 127.0.0.1."
    reply = serves(client, replica.id, port)
    if (reply.json.get("title"), reply.json.get("debug")) == (setup.title(), False):
        return ""
    return f"answers: {reply.problem or ' '.join(reply.body.split())[:160]}."


def _workers(client: DockerClient, replica: Container) -> tuple[Process, ...]:
    """Return a server's workers; those that are just being started are waited for."""
    family: tuple[Process, ...] = ()

    def as_wanted() -> bool:
        nonlocal family
        family = workers(processes(client, replica.id))
        return len(family) == sizes.sizes().workers

    eventually(as_wanted)
    return family


def _limited(check: Check, replicas: Sequence[Container]) -> None:
    limits = {replica.name: replica.host_config.memory for replica in replicas}
    wrong = [f"{name} {f'{limit >> 20} MiB' if limit else 'none'}" for name, limit in limits.items()]
    check.require(
        "limited",
        all(0 < limit <= sizes.MAX_MEMORY for limit in limits.values()),
        f"These are the memory limits: {', '.join(wrong)}. At most {sizes.MAX_MEMORY >> 20} MiB was asked for.",
        "The Engine notes a container's limit as HostConfig.Memory.",
    )


def _quiet(check: Check, replicas: Sequence[Container], family: Sequence[Process]) -> None:
    """Require that the log has no messages below a warning, and has those above."""
    client, replica = check.client, replicas[0]
    chatty = [line for one in replicas for line in log_lines(client, one.id) if _CHATTY.search(line)]
    check.require(
        "quiet",
        not chatty,
        lambda: f"The log says for example: {chatty[0][:160]}",
        "A variable helps only if a program reads it. Which option of gunicorn sets the level?",
    )
    if chatty or not family:
        return
    with check.disturbing():
        since = engine_time(client)
        end_processes(client, replica.id, [family[-1].pid])
    check.require(
        "quiet",
        eventually(lambda: any(_TROUBLE.search(line) for line in log_lines(client, replica.id, since)), PATIENCE),
        f"The check ended a worker of {replica.name} by force, and the log says nothing of it.",
        "Warnings and errors belong in the log.",
        seen="The check ended a worker by force: the log says so, and nothing below a warning.",
    )


def _comes_back(check: Check, replicas: Sequence[Container]) -> None:
    """Require the restart policy, and that the Engine follows it."""
    client, replica = check.client, replicas[-1]
    policies = {one.host_config.restart_policy for one in replicas}
    right = check.require(
        "comes-back",
        policies == {"unless-stopped"},
        f"The restart policy is: {', '.join(sorted(policies))}.",
        "Which policy starts a container again after a crash, and leaves it alone once you have stopped it?",
    )
    if not right:
        return
    with check.disturbing():
        servers = {worker.parent for worker in workers(processes(client, replica.id))} - {1}
        end_processes(client, replica.id, sorted(servers))
    check.require(
        "comes-back",
        not servers or becomes(client, replica.id, lambda now: now.restart_count > replica.restart_count, PATIENCE),
        f"The check ended the server in {replica.name} by force, and the Engine did not start it again.",
        "Look at its state.",
        seen=f"The check ended the server in {replica.name} by force, and the Engine started it again.",
    )
