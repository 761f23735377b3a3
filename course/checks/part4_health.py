"""The check of Part 4 on a health check: the password is changed, and the test has to notice."""

from __future__ import annotations

import secrets

from docker import DockerClient

from course.checks.part4_common import missing, redis_says, services
from course.checks.probing import eventually, running
from course.checks.report import Report
from course.engine import connect
from course.facts.compose import Member
from course.facts.container import Outcome
from course.facts.health import health_test, try_health
from course.setups import part4 as setup


def honest_health() -> Report:
    """Exercise 29: Redis keeps its password, and its health check is green only if the server does its work."""
    report = Report("A health check that tells the truth")
    client, found = connect(), services(connect(), "honest")
    if "cache" not in found:
        return missing(report, "honest", found, ("cache",))
    cache = found["cache"]
    if running(client, cache.container.id) is None:
        return report.give_up(
            failed=f"The container of cache does not run: it is {cache.container.state}.",
            hint="Look at its log.",
        )
    report.require(
        eventually(lambda: bool(_ask(client, cache, "PING")), 3) and refused(_ask(client, cache, "PING")),
        passed="Redis still asks for a password.",
        failed="Redis takes commands from everybody: the password is gone. A health check needs no open door.",
        hint="Leave the server as it was. It is the test that has to change.",
        essential=True,
    )
    word = setup.password("cache")
    report.require(
        "+PONG" in _ask(client, cache, f"AUTH {word}", "PING"),
        passed="It is the password of this run.",
        failed="Redis does not take this run's password any more.",
        hint="The password is in the file .env, and Compose puts it where the file asks for it.",
        essential=True,
    )
    if report.share() == 0:
        return report
    if not health_test(client, cache.container.id):
        return report.give_up(
            failed="The service cache has no health check.", hint="It is to have a better one."
        )
    now = try_health(client, cache.container.id)
    report.require(
        now is not None and now.exit_code == 0 and eventually(lambda: _status(client) == "healthy", 12),
        passed="With the right password the health check is green.",
        failed=f"Redis answers, and the health check is not green. Its test wrote: {_said(now)}",
        hint="The test has to know the password, too. Which variables does it see?",
        essential=True,
    )
    wrong = with_another_password(client, cache, word)
    report.require(
        wrong is not None and wrong.exit_code != 0,
        passed="The check changed the server's password, and the health check turned red.",
        failed="The check changed the server's password, so that the health check could get nothing from it any more, "
        f"and its test stayed green. It wrote: {_said(wrong)}",
        hint="What a program writes and its exit status are two things. Docker looks at the exit status only.",
        essential=True,
        weight=2,
    )
    return report


def with_another_password(client: DockerClient, cache: Member, word: str) -> Outcome | None:
    """Run the health check's test while the server has another password; afterwards it has the old one again."""
    other = secrets.token_hex(8)
    redis_says(client, cache.container.id, f"AUTH {word}", f"CONFIG SET requirepass {other}")
    try:
        return try_health(client, cache.container.id)
    finally:
        redis_says(client, cache.container.id, f"AUTH {other}", f"CONFIG SET requirepass {word}")


def refused(lines: list[str]) -> bool:
    """Tell whether the first answer is that a password is missing."""
    return bool(lines) and lines[0].startswith("-NOAUTH")


def _ask(client: DockerClient, cache: Member, *commands: str) -> list[str]:
    return redis_says(client, cache.container.id, *commands)


def _status(client: DockerClient) -> str:
    member = services(client, "honest").get("cache")
    return member.health if member is not None else ""


def _said(outcome: Outcome | None) -> str:
    if outcome is None:
        return "nothing: it could not be run."
    return f"{outcome.output.strip()[:160] or 'nothing'} (exit status {outcome.exit_code})"
