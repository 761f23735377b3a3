"""The check of Part 4 on a health check: the password is changed, and the test has to notice."""

from __future__ import annotations

import secrets

from docker import DockerClient

from course.checks import redis_client
from course.checks.check import Check, exercise
from course.checks.compose_projects import need_running, need_services
from course.checks.probing import becomes, eventually, is_healthy
from course.facts import Completed, Container
from course.facts.health import try_health
from course.setups import part4 as setup


@exercise
def honest_health(check: Check) -> None:
    """Require that Redis keeps its password, and that its health check is green only if the server does its work."""
    cache = need_running(check, need_services(check, "honest", "cache")["cache"])
    client, word = check.client, setup.password("cache")
    check.gate(
        eventually(lambda: bool(redis_client.ask(client, cache.id, "PING")), 3)
        and refused(redis_client.ask(client, cache.id, "PING")),
        "Redis still asks for a password.",
        "Redis takes commands from everybody: the password is gone. A health check needs no open door.",
        "Leave the server as it was. It is the test that has to change.",
    )
    check.gate(
        "+PONG" in redis_client.ask(client, cache.id, f"AUTH {word}", "PING"),
        "It is the password of this run.",
        "Redis does not take this run's password any more.",
        "The password is in the file .env, and Compose puts it where the file asks for it.",
    )
    check.settle()
    check.need(cache.config.healthcheck, "The service cache has no health check.", "It is to have a better one.")
    now = try_health(client, cache)
    check.gate(
        now is not None and now.ok and becomes(client, cache.id, is_healthy, 12),
        "With the right password the health check is green.",
        f"Redis answers, and the health check is not green. Its test wrote: {_output(now)}",
        "The test has to know the password, too. Which variables does it see?",
    )
    wrong = with_another_password(client, cache, word)
    check.gate(
        wrong is not None and not wrong.ok,
        "The check changed the server's password, and the health check turned red.",
        "The check changed the server's password, so that the health check could get nothing from it any more, "
        f"and its test stayed green. It wrote: {_output(wrong)}",
        "What a program writes and its exit status are two things. Docker looks at the exit status only.",
        weight=2,
    )


def with_another_password(client: DockerClient, cache: Container, word: str) -> Completed | None:
    """Run the health check's test while the server has another password; afterwards it has the old one again."""
    other = secrets.token_hex(8)
    redis_client.ask(client, cache.id, f"AUTH {word}", f"CONFIG SET requirepass {other}")
    try:
        return try_health(client, cache)
    finally:
        redis_client.ask(client, cache.id, f"AUTH {other}", f"CONFIG SET requirepass {word}")


def refused(lines: list[str]) -> bool:
    """Tell whether the first answer is that a password is missing."""
    return bool(lines) and lines[0].startswith("-NOAUTH")


def _output(outcome: Completed | None) -> str:
    if outcome is None:
        return "nothing: it could not be run."
    return f"{outcome.output.strip()[:160] or 'nothing'} (exit status {outcome.exit_code})"
