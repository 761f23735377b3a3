"""The check of Part 4 on a health check: Redis is broken in several ways, and the test has to notice."""

from __future__ import annotations

import secrets

from docker import DockerClient

from course.checks import criteria, redis_client
from course.checks.check import Check, exercise
from course.checks.compose_projects import need_running, need_services, stop_if_untouched
from course.checks.probing import becomes, eventually
from course.facts import Completed, Container
from course.facts.health import MAX_TEST_SECONDS, try_health, try_health_without_program
from course.setups import part4 as setup

_PORT = 6379


@exercise
def honest(check: Check) -> None:
    """Require that Redis keeps its password, and that its health check is green only if the server does its work."""
    member = need_services(check, "red", "honest", "cache")["cache"]
    stop_if_untouched(check, "red", "honest", member, setup.HONEST)
    cache = need_running(check, "red", member)
    client, word = check.client, setup.password("cache")
    criteria.runs_course_image(check, "redis", cache, setup.CACHE_IMAGE)
    with check.disturbing():
        eventually(lambda: bool(redis_client.ask(client, cache.id, "PING")))
        closed = redis_client.refused(redis_client.ask(client, cache.id, "PING"))
        opened = "+PONG" in redis_client.ask(client, cache.id, f"AUTH {word}", "PING")
    check.require(
        "password",
        closed and opened,
        "Redis does not take the password that is in the file .env."
        if closed
        else "Redis does not ask for a password, or does not answer at all. A health check needs no open door.",
        "Leave the server as it was. It is the test that has to change.",
    )
    check.settle()
    check.need(
        "green", cache.config.healthcheck, "The service cache has no health check.", "It is to have a better one."
    )
    _green(check, cache)
    check.settle()
    broken = {
        "had another password": lambda: with_another_password(client, cache, word),
        "did not run": lambda: try_health_without_program(client, cache),
        "took connections and answered nothing": lambda: try_health_without_program(client, cache, silent_port=_PORT),
    }
    for how, attempt in broken.items():
        with check.disturbing():
            outcome = attempt()
        check.require(
            "red",
            outcome is not None and not outcome.ok,
            f"The check ran the test while the server {how}, and it stayed green. It wrote: {_output(outcome)}",
            "What a program writes and its exit status are two things. Docker looks at the exit status only.",
            seen=f"The check ran the test while the server {how}, and it was red.",
        )
    check.settle()
    _green(check, cache)


def _green(check: Check, cache: Container) -> None:
    """Require that the test passes, and that the Engine does not say otherwise when the next ones have run."""
    test = cache.config.healthcheck
    patience = min(test.interval + test.timeout, MAX_TEST_SECONDS) + 5 if test is not None else 0
    with check.disturbing():
        now = try_health(check.client, cache)
    check.require(
        "green",
        now is not None
        and now.ok
        and becomes(check.client, cache.id, lambda one: one.running and one.state.health != "unhealthy", patience),
        f"Redis answers, and the test wrote: {_output(now)}",
        "The test has to know the password, too. Which variables does it see?",
    )


def with_another_password(client: DockerClient, cache: Container, word: str) -> Completed | None:
    """Run the health check's test while the server has another password; afterwards it has the old one again."""
    other = secrets.token_hex(8)
    redis_client.ask(client, cache.id, f"AUTH {word}", f"CONFIG SET requirepass {other}")
    try:
        return try_health(client, cache)
    finally:
        redis_client.ask(client, cache.id, f"AUTH {other}", f"CONFIG SET requirepass {word}")


def _output(outcome: Completed | None) -> str:
    if outcome is None:
        return "nothing: it could not be run."
    return f"{outcome.output.strip()[:160] or 'nothing'} (exit status {outcome.exit_code})"
