"""Checks of Part 5 on running for long: memory, health, logs. Each tries what the settings promise."""

from __future__ import annotations

import secrets
import time

from docker import DockerClient

from course import facts, run
from course.answers import answer
from course.checks.common import require_prediction
from course.checks.part5_rights import works
from course.checks.probing import GAP, eventually, log_lines, loopback_port, running
from course.checks.report import Report
from course.engine import connect
from course.errors import NoAnswer
from course.facts import Container
from course.facts.http import fetch
from course.facts.settings import Settings, health_tests, settings, size
from course.setups import part5 as setup

MEBIBYTE = 1 << 20
LONGEST = 12.0
"""Seconds within which the health check of exercise 37 has to notice."""


def memory() -> Report:
    """Exercise 36: the victim of the memory limit was found, and runs within that limit."""
    report = Report("Out of memory")
    client = connect()
    victim = next(run.name(name) for name, fate in setup.roles().items() if fate == "memory")
    try:
        named = answer("victim")
    except NoAnswer as reason:
        return report.give_up(failed=str(reason), hint="It is the name of one of the three containers.")
    report.require(
        named == victim,
        passed=f"It was {victim} that the kernel ended for its memory.",
        failed=_wrong_victim(named),
        hint="Exit code 137 says only that signal 9 ended it. The state also says whether it was OOMKilled.",
        essential=True,
    )
    found, wishes, limit = facts.container(client, victim), settings(client, victim), setup.limit_megabytes()
    if found is None or wishes is None:
        return report.give_up(
            failed=f"There is no container {victim}.", hint="Make it anew under the same name."
        )
    report.require(
        wishes.memory == limit * MEBIBYTE,
        passed=f"Its memory limit is {limit} MiB, as it was.",
        failed=f"The limit is {wishes.memory / MEBIBYTE:g} MiB now; it was, and should stay, {limit} MiB."
        if wishes.memory
        else "It has no memory limit any more: it may use up the whole machine, and then others are killed.",
        hint="The limit is right. What is too large?",
        essential=True,
    )
    eventually(lambda: _settled(client, victim), 8)
    after = settings(client, victim) or wishes
    looping = after.restarts > 0 or found.state == "restarting"
    report.require(
        not looping,
        passed="The Engine did not have to start it again.",
        failed=f"It dies and is started again and again ({after.restarts} times so far): "
        "a restart policy does not make it fit.",
        hint="Look at its log and its state: why does it die?",
        essential=True,
    )
    if looping:
        return report
    now = running(client, victim)
    report.require(
        now is not None,
        passed="It runs, and still does a moment later.",
        failed=_ended(found, after),
        hint="Its log says how much it loads. What decides that?",
        essential=True,
    )
    if now is not None:
        works(report, now, "It", "Ask its port yourself.")
    return report


def health() -> Report:
    """Exercise 37: the health check notices an illness, and nobody restarts the container for it."""
    report = Report("Unhealthy")
    client, name = connect(), run.name("clinic")
    found, wishes = running(client, name), settings(client, name)
    if found is None or wishes is None:
        return report.give_up(failed=f"There is no container {name} that runs.", hint="Its log says why.")
    require_prediction(report, "unhealthy")
    if wishes.health is None:
        return report.give_up(
            failed=f"{name} has no health check.",
            hint="It can be said when the container is made, or in the image that it is made from.",
        )
    report.require(
        wishes.restart_policy not in ("no", ""),
        passed=f"It has a restart policy: {wishes.restart_policy}.",
        failed="It has no restart policy, so that nobody restarts it proves nothing.",
        hint="The question is whether a policy reacts to the health.",
        essential=True,
    )
    slowest = wishes.health.retries * (wishes.health.interval + wishes.health.timeout)
    if wishes.health.retries * wishes.health.interval > LONGEST:
        return report.give_up(
            failed=f"The health check asks every {wishes.health.interval:g} seconds and needs {wishes.health.retries} "
            f"failures: too slow, at most {LONGEST:g} seconds in all were asked for.",
            hint="How often it asks, and how many failures count, can be set.",
        )
    patience = min(slowest, LONGEST) + 5  # a busy machine needs longer to run a test
    well = _becomes(client, found.id, "USR2", "healthy", patience)
    report.require(
        well,
        passed="While the program is well, the container is healthy.",
        failed=_never_healthy(settings(client, found.id)),
        hint="The test runs inside, with what the image has. Inspect shows its output under State, Health, Log.",
        essential=True,
    )
    if report.share() == 0:
        return report
    ill = _becomes(client, found.id, "USR1", "unhealthy", patience)
    time.sleep(2 * GAP)  # for whoever would want to restart it
    now = settings(client, found.id)
    report.require(
        now is not None and now.restarts == 0 and now.started_at == wishes.started_at,
        passed="Nobody restarted it: the restart count is 0.",
        failed="It was started anew, and not for its health: a policy knows exit codes only, so something ended it.",
        hint="Does the test itself end the program? It is to ask, and to touch nothing.",
        essential=True,
    )
    if report.share() == 0:
        return report
    report.require(
        ill,
        passed="The check made the program ill, and the container became unhealthy, and runs on.",
        failed="The check made the program ill, so that /health answers 503, and the container stayed healthy: "
        "the test does not notice.",
        hint="The exit code of the test decides: 0 is healthy, 1 is not. Does an error reach it? Does it ask /health?",
        essential=True,
        weight=2,
    )
    if report.share() == 0:
        return report
    report.require(
        _becomes(client, found.id, "USR2", "healthy", patience),
        passed="Well again, it is healthy again.",
        failed="The program is well again, and the container is not healthy.",
        hint="What does the log of the health check say?",
    )
    return report


def logs() -> Report:
    """Exercise 38: each line is in the Engine's log at once, and the log's size is bounded."""
    report = Report("Logs with rotation")
    client, name = connect(), run.name("teller")
    found, wishes = running(client, name), settings(client, name)
    if found is None or wishes is None:
        return report.give_up(failed=f"There is no container {name} that runs.", hint="Its log says why.")
    if wishes.log_driver == "none":
        return report.give_up(
            failed="The log driver is none: whatever the program writes is thrown away.",
            hint="The log is to be bounded, not to be missing.",
        )
    kilobytes, count = setup.log_wishes()
    report.require(
        wishes.log_driver in ("json-file", "local"),
        passed=f"The log is kept on this machine (driver {wishes.log_driver}).",
        failed=f"The log driver is {wishes.log_driver}.",
        hint="json-file and local keep the log on this machine, and can rotate it.",
        essential=True,
    )
    given = (size(wishes.log_options.get("max-size", "")), wishes.log_options.get("max-file", ""))
    report.require(
        given == (kilobytes << 10, str(count)),
        passed=f"It rotates: at most {count} files of {kilobytes} KiB.",
        failed=_wrong_rotation(wishes, kilobytes, count),
        hint="Inspect shows the LogConfig in the HostConfig.",
        essential=True,
    )
    at_once = shows_at_once(client, found)
    report.require(
        at_once,
        passed="The check asked for something, and the line was in the log at once.",
        failed=_where_it_went(client, found),
        hint="Where does the program write, and when? Its first lines, in /app/app.py, tell; for standard output "
        "Python decides.",
        essential=True,
        weight=2,
    )
    return report


def shows_at_once(client: DockerClient, found: Container) -> bool:
    """Tell whether a request with a random path turns up in the container's log within three seconds."""
    port, path = loopback_port(found), f"/{secrets.token_hex(8)}"
    if port is None or not eventually(lambda: fetch(port, path).ok):
        return False
    return eventually(lambda: any(path in line for line in log_lines(client, found.id)), 3)


def _settled(client: DockerClient, name: str) -> bool:
    """Tell whether it has come up, has ended, or was started again: before that, nothing can be said."""
    found, wishes = facts.container(client, name), settings(client, name)
    if found is None or wishes is None or found.state != "running" or wishes.restarts > 0:
        return True
    port = loopback_port(found)
    return port is None or fetch(port).status is not None


def _becomes(client: DockerClient, container: str, signal: str, status: str, seconds: float) -> bool:
    """Send a signal and tell whether the health becomes ``status`` in time, by a test that ran after the signal."""
    before = health_tests(client, container)
    setup.send(client, container, signal)

    def there() -> bool:
        found = settings(client, container)
        tested = health_tests(client, container) != before
        return found is not None and found.health is not None and tested and found.health.status == status

    return eventually(there, seconds)


def _never_healthy(found: Settings | None) -> str:
    if found is None or found.health is None:
        return "The container is gone."
    said = found.health.last_output[:140]
    return (
        f"The program is well, but its container is {found.health.status}. The test says: {said or 'nothing'}"
    )


def _wrong_victim(named: object) -> str:
    fate = {run.name(name): fate for name, fate in setup.roles().items()}.get(str(named))
    if fate == "killed":
        return f"{named} has exit code 137 too, but not because of its memory: somebody sent signal 9."
    if fate == "setting":
        return f"{named} ended by itself, with an error of its own."
    return f"victim is {str(named)[:60]!r}, which is none of the three containers."


def _ended(found: Container, wishes: Settings) -> str:
    if wishes.oom_killed:
        return f"It was killed again because its memory did not suffice (exit code {found.exit_code})."
    return f"It is {found.state}, with exit code {found.exit_code}."


def _wrong_rotation(wishes: Settings, kilobytes: int, count: int) -> str:
    large, many = wishes.log_options.get("max-size"), wishes.log_options.get("max-file")
    asked = f"asked for were at most {count} files of {kilobytes} KiB"
    if large is None and many is None:
        return f"The container says nothing about rotation; {asked}."
    return f"It rotates with max-size {large or 'not set'} and max-file {many or 'not set'}; {asked}."


def _where_it_went(client: DockerClient, found: Container) -> str:
    if loopback_port(found) is None:
        return "No port is published, so the check cannot ask for anything."
    if facts.read_file(client, found.id, setup.LOG_FILE):
        return (
            f"The line is not in the log: the program writes into {setup.LOG_FILE} inside, which only grows."
        )
    return "The line is not in the log yet: the program keeps it in a buffer and will write it some time."
