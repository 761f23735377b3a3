"""The programs of Part 5 as checks meet them: each answers a path with a sum that only this run's program knows."""

from __future__ import annotations

from course.checks import criteria
from course.checks.check import Check
from course.checks.probing import answers_twice, eventually, loopback_port
from course.facts import Container
from course.facts.http import Reply, fetch
from course.setups.part5_programs import PORT, proof


def does_its_work(check: Check, demand: str, container: Container, who: str, hint: str) -> None:
    """Require that this run's program answers at the published port, twice; ``hint`` is for its errors."""
    port = loopback_port(container)
    reply = answers_twice(port, "/first") if port is not None else Reply(None, problem="no port is published")
    check.require(
        demand,
        reply.ok and proof("/first") in reply.body,
        f"{who} runs, but does not do its work: {criteria.described(reply)}.",
        hint if reply.status == 500 else f"It listens on port {PORT} inside.",
    )


def answers(container: Container | None, path: str) -> bool:
    """Tell whether this run's program answers a path, within a few seconds."""
    port = loopback_port(container) if container is not None else None
    return port is not None and eventually(lambda: proof(path) in fetch(port, path).body)
