"""The check of Part 5 on a health check: the program is made ill, and the container's health has to tell."""

from __future__ import annotations

import time
from typing import Final

from docker import DockerClient

from course import facts
from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.probing import SETTLE_SECONDS, becomes, eventually
from course.checks.proof_programs import runs_program
from course.facts import Container
from course.facts.container import HealthCheck
from course.facts.health import try_health, try_health_without_program
from course.setups import part5 as setup
from course.setups.part5_programs import PORT

MAX_WAIT: Final = 40.0
"""Seconds for which the Engine's own tests are waited for; one that is slower is run by hand."""
MORE_TESTS: Final = 8
"""How often a test that has failed is run again while the program is ill: it may not count and then give up."""
SLACK: Final = 15.0
"""Seconds by which a busy machine may be late with a test."""


@exercise
def unhealthy(check: Check) -> None:
    """Require a health check that notices an illness, and that the container is not restarted for it."""
    container = check.running("clinic", "Its log says why.", demand="same-image")
    criteria.predicted(check, "unhealthy")
    runs_program(check, "same-image", container, "clinic")
    check.settle()
    test = check.need(
        "notices",
        container.config.healthcheck,
        f"{container.name} has no health check.",
        "You can set one when you start the container, or in its image.",
    )
    policy = container.host_config.restart_policy
    check.require(
        "policy",
        policy != "no",
        "It has no restart policy, so it proves nothing that Docker leaves it alone.",
        "The question is whether a policy reacts to the health.",
        seen=f"Its restart policy is {policy}.",
    )
    client = check.client
    with check.disturbing():
        well = _turns(client, container, test, "USR2", "healthy")
    check.require(
        "notices",
        well,
        lambda: _never_healthy(facts.container(client, container.id)),
        "The test runs inside, with what the image has. Inspect shows its output under State, Health, Log.",
        seen="While the program is well, the test passes.",
    )
    check.settle()
    with check.disturbing():
        ill = _turns(client, container, test, "USR1", "unhealthy")
        time.sleep(2 * SETTLE_SECONDS)  # for whatever would want to restart it
    now = facts.container(client, container.id)
    check.require(
        "left-alone",
        now is not None and now.state.started_at == container.state.started_at,
        "While the program was ill the container was started again: a policy reacts to a program's end only, so "
        "something ended it.",
        "Does the test itself end the program? It should ask, and touch nothing.",
        seen="It is still the same run.",
    )
    check.settle()
    check.require(
        "notices",
        ill,
        "The check made the program ill, so that /health answers 503, and the test does not notice.",
        "The exit code of the test decides: 0 is healthy, 1 is not. Does an error reach it? Does it ask /health?",
        seen="The check made the program ill, and the test failed.",
    )
    with check.disturbing():
        again = [try_health(client, container) for _ in range(MORE_TESTS)]
    check.require(
        "notices",
        not any(outcome is not None and outcome.ok for outcome in again),
        "The program was still ill, and after some failures the test passed.",
        "Each run of the test must ask again, and remember nothing.",
        seen="It failed each time, as long as the program was ill.",
    )
    for how, port in {"did not run": None, "took connections and answered nothing": PORT}.items():
        with check.disturbing():
            alone = try_health_without_program(client, container, silent_port=port)
        check.require(
            "notices",
            alone is None or not alone.ok,
            f"The check ran the test where the program {how}, and it passed.",
            "Only the program itself can say that it is well.",
        )
    with check.disturbing():
        recovered = _turns(client, container, test, "USR2", "healthy")
    check.require(
        "recovers",
        recovered,
        "The program is well again, and the container is not healthy.",
        "What does the log of the health check say?",
    )


def _turns(client: DockerClient, container: Container, test: HealthCheck, signal: str, status: str) -> bool:
    """Send a signal and tell whether the health becomes ``status``, by a test that ran after the signal.

    If the Engine asks too seldom for that, the test is run by hand.
    """
    before = facts.container(client, container.id)
    tests = before.state.probes if before is not None else ()
    setup.send(client, container.id, signal)
    slowest = (test.retries if status == "unhealthy" else 1) * (test.interval + min(test.timeout, test.interval))
    if slowest <= MAX_WAIT:
        return becomes(
            client,
            container.id,
            lambda now: now.state.health == status and now.state.probes != tests,
            slowest + SLACK,
        )

    def by_hand() -> bool:
        outcome = try_health(client, container)
        return outcome is not None and outcome.ok == (status == "healthy")

    return eventually(by_hand)


def _never_healthy(container: Container | None) -> str:
    if container is None:
        return "The container has been removed."
    output = container.state.probes[-1].output.strip()[:140] if container.state.probes else ""
    return f"The program is well, but its container is {container.state.health}. The test says: {output or 'nothing'}"
