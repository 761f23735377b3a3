"""Checks of Part 5 on running for long: memory, health, logs. Each tries what the settings promise."""

from __future__ import annotations

import time
from typing import Final

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.probing import SETTLE_SECONDS, eventually, loopback_port, still_running
from course.checks.proof_programs import does_its_work
from course.facts import Container
from course.facts.http import fetch
from course.facts.values import size
from course.setups import part5 as setup

MEBIBYTE: Final = 1 << 20
MAX_NOTICE_SECONDS: Final = 12.0
"""Seconds within which the student's health check has to notice an illness."""
COME_UP_TIMEOUT: Final = 8.0


@exercise("Out of memory")
def memory(check: Check) -> None:
    """Require that the victim of the memory limit was found, and runs within that limit."""
    role = next(name for name, fate in setup.roles().items() if fate == "memory")
    victim, limit = run.name(role), setup.limit_megabytes()
    named = check.answer("victim", "It is the name of one of the three containers.")
    check.gate(
        named == victim,
        f"It was {victim} that the kernel ended for its memory.",
        lambda: _wrong_victim(named),
        "Exit code 137 says only that signal 9 ended it. The state also says whether it was OOMKilled.",
    )
    found = check.container(role, "Make it again under the same name.")
    bytes_allowed = found.host_config.memory
    check.gate(
        bytes_allowed == limit * MEBIBYTE,
        f"Its memory limit is {limit} MiB, as it was.",
        f"The limit is {bytes_allowed / MEBIBYTE:g} MiB now; it was, and should stay, {limit} MiB."
        if bytes_allowed
        else "It has no memory limit any more: it may use up the whole machine, and then others are killed.",
        "The limit is right. What is too large?",
    )
    eventually(lambda: _has_settled(check.client, found.id), COME_UP_TIMEOUT)
    after = facts.container(check.client, found.id) or found
    if not check.gate(
        after.restart_count == 0 and found.state.status != "restarting",
        "The Engine did not have to start it again.",
        f"It dies and is started again and again ({after.restart_count} times so far): a restart policy does not make "
        "it fit.",
        "Look at its log and its state: why does it die?",
    ):
        return
    now = still_running(check.client, found.id)
    check.gate(
        now is not None,
        "It runs, and still does a moment later.",
        f"It was killed again because its memory did not suffice (exit code {after.state.exit_code})."
        if after.state.oom_killed
        else f"It is {after.state.status}, with exit code {after.state.exit_code}.",
        "Its log says how much it loads. What decides that?",
    )
    if now is not None:
        does_its_work(check, now, "It", "Ask its port yourself.")


@exercise("Unhealthy")
def health(check: Check) -> None:
    """Require a health check that notices an illness, and that the container is not restarted for it."""
    found = check.running("clinic", "Its log says why.")
    criteria.predicted(check, "unhealthy")
    test = check.need(
        found.config.healthcheck,
        f"{found.name} has no health check.",
        "It can be said when the container is made, or in the image that it is made from.",
    )
    policy = found.host_config.restart_policy
    check.gate(
        policy != "no",
        f"It has a restart policy: {policy}.",
        "It has no restart policy, so it proves nothing that it is not restarted.",
        "The question is whether a policy reacts to the health.",
    )
    if test.retries * test.interval > MAX_NOTICE_SECONDS:
        check.stop(
            f"The health check asks every {test.interval:g} seconds and needs {test.retries} failures: too slow, it "
            f"should need at most {MAX_NOTICE_SECONDS:g} seconds in all.",
            "How often it asks, and how many failures count, can be set.",
        )
    slowest = min(test.retries * (test.interval + test.timeout), MAX_NOTICE_SECONDS)
    timeout = slowest + 5  # a busy machine needs longer to run a test
    check.gate(
        _becomes(check.client, found.id, "USR2", "healthy", timeout),
        "While the program is well, the container is healthy.",
        lambda: _never_healthy(facts.container(check.client, found.id)),
        "The test runs inside, with what the image has. Inspect shows its output under State, Health, Log.",
    )
    check.settle()
    ill = _becomes(check.client, found.id, "USR1", "unhealthy", timeout)
    time.sleep(2 * SETTLE_SECONDS)  # for whoever would want to restart it
    now = facts.container(check.client, found.id)
    check.gate(
        now is not None and now.restart_count == 0 and now.state.started_at == found.state.started_at,
        "It was not restarted: the restart count is 0.",
        "It was started again, and not for its health: a policy knows exit codes only, so something ended it.",
        "Does the test itself end the program? It is to ask, and to touch nothing.",
    )
    check.settle()
    check.gate(
        ill,
        "The check made the program ill, and the container became unhealthy, and runs on.",
        "The check made the program ill, so that /health answers 503, and the container stayed healthy: the test does "
        "not notice.",
        "The exit code of the test decides: 0 is healthy, 1 is not. Does an error reach it? Does it ask /health?",
        weight=2,
    )
    check.settle()
    check.part(
        _becomes(check.client, found.id, "USR2", "healthy", timeout),
        "Well again, it is healthy again.",
        "The program is well again, and the container is not healthy.",
        "What does the log of the health check say?",
    )


@exercise("Logs with rotation")
def logs(check: Check) -> None:
    """Require that each line is in the Engine's log at once, and that the log's size is bounded."""
    found = check.running("teller", "Its log says why.")
    driver, options = found.host_config.log_driver, found.host_config.log_options
    if driver == "none":
        check.stop(
            "The log driver is none: whatever the program writes is thrown away.",
            "The log is to be bounded, not to be missing.",
        )
    check.gate(
        driver in ("json-file", "local"),
        f"The log is kept on this machine (driver {driver}).",
        f"The log driver is {driver}.",
        "json-file and local keep the log on this machine, and can rotate it.",
    )
    kilobytes, count = setup.log_wishes()
    check.gate(
        (size(options.get("max-size", "")), options.get("max-file", "")) == (kilobytes << 10, str(count)),
        f"It rotates: at most {count} files of {kilobytes} KiB.",
        lambda: wrong_rotation(found, kilobytes, count),
        "Inspect shows the LogConfig in the HostConfig.",
    )
    check.gate(
        shows_at_once(check, found),
        "The check asked for something, and the line was in the log at once.",
        lambda: _where_it_went(check.client, found),
        "Where does the program write, and when? Its first lines, in /app/app.py, tell; for standard output Python "
        "decides.",
        weight=2,
    )


def shows_at_once(check: Check, found: Container) -> bool:
    """Tell whether a request with a random path turns up in the container's log within three seconds."""
    port = loopback_port(found)
    if port is None or not eventually(lambda: fetch(port).ok):
        return False
    return criteria.logs_a_request(check, found, port, 3)


def wrong_rotation(found: Container, kilobytes: int, count: int) -> str:
    """Return a sentence on a rotation that is missing, or another one than this."""
    options = found.host_config.log_options
    large, many = options.get("max-size"), options.get("max-file")
    wanted = f"it should keep at most {count} files of {kilobytes} KiB"
    if large is None and many is None:
        return f"The container says nothing about rotation; {wanted}."
    return f"It rotates with max-size {large or 'not set'} and max-file {many or 'not set'}; {wanted}."


def _has_settled(client: DockerClient, container_id: str) -> bool:
    """Tell whether it has come up, has ended, or was started again: before that, nothing can be said."""
    found = facts.container(client, container_id)
    if found is None or not found.running or found.restart_count > 0:
        return True
    port = loopback_port(found)
    return port is None or fetch(port).status is not None


def _becomes(client: DockerClient, container_id: str, signal: str, status: str, seconds: float) -> bool:
    """Send a signal and tell whether the health becomes ``status`` in time, by a test that ran after the signal."""

    def tests() -> tuple[str, list[str]]:
        found = facts.container(client, container_id)
        return (found.state.health, [probe.start for probe in found.state.probes]) if found else ("", [])

    _, before = tests()
    setup.send(client, container_id, signal)

    def has_become() -> bool:
        now, ran = tests()
        return now == status and ran != before

    return eventually(has_become, seconds)


def _never_healthy(found: Container | None) -> str:
    if found is None:
        return "The container has been removed."
    output = found.state.probes[-1].output.strip()[:140] if found.state.probes else ""
    return f"The program is well, but its container is {found.state.health}. The test says: {output or 'nothing'}"


def _wrong_victim(named: object) -> str:
    fate = {run.name(name): fate for name, fate in setup.roles().items()}.get(str(named))
    if fate == "killed":
        return f"{named} has exit code 137 too, but not because of its memory: somebody sent signal 9."
    if fate == "setting":
        return f"{named} ended by itself, with an error of its own."
    return f"victim is {str(named)[:60]!r}, which is none of the three containers."


def _where_it_went(client: DockerClient, found: Container) -> str:
    if loopback_port(found) is None:
        return "No port is published, so the check cannot ask for anything."
    if facts.read_file(client, found.id, setup.LOG_FILE):
        return (
            f"The line is not in the log: the program writes into {setup.LOG_FILE} inside, which only grows."
        )
    return "The line is not in the log yet: the program keeps it in a buffer and will write it some time."
