"""Checks of Part 5 on running for long: memory, health, logs. Each tries what the settings promise."""

from __future__ import annotations

import time
from typing import Final

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.probing import SETTLE_SECONDS, becomes, eventually, loopback_port, still_running
from course.checks.proof_programs import does_its_work
from course.facts import Container
from course.facts.http import fetch
from course.facts.values import size
from course.setups import part5 as setup

MEBIBYTE: Final = 1 << 20
MAX_NOTICE_SECONDS: Final = 12.0
"""Seconds within which the student's health check has to notice an illness."""
COME_UP_TIMEOUT: Final = 8.0


@exercise
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
    container = check.container(role, "Make it again under the same name.")
    bytes_allowed = container.host_config.memory
    check.gate(
        bytes_allowed == limit * MEBIBYTE,
        f"Its memory limit is {limit} MiB, as it was.",
        f"The limit is {bytes_allowed / MEBIBYTE:g} MiB now; it was, and should stay, {limit} MiB."
        if bytes_allowed
        else "It has no memory limit any more: it may use up the whole machine, and then others are killed.",
        "The limit is right. What is too large?",
    )
    eventually(lambda: _has_settled(check.client, container.id), COME_UP_TIMEOUT)
    after = facts.container(check.client, container.id) or container
    if not check.gate(
        after.restart_count == 0 and container.state.status != "restarting",
        "The Engine did not have to start it again.",
        f"It dies and is started again and again ({after.restart_count} times so far): a restart policy does not make "
        "it fit.",
        "Look at its log and its state: why does it die?",
    ):
        return
    now = still_running(check.client, container.id)
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


@exercise
def health(check: Check) -> None:
    """Require a health check that notices an illness, and that the container is not restarted for it."""
    container = check.running("clinic", "Its log says why.")
    criteria.predicted(check, "unhealthy")
    test = check.need(
        container.config.healthcheck,
        f"{container.name} has no health check.",
        "It can be said when the container is made, or in the image that it is made from.",
    )
    policy = container.host_config.restart_policy
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
        _becomes(check.client, container.id, "USR2", "healthy", timeout),
        "While the program is well, the container is healthy.",
        lambda: _never_healthy(facts.container(check.client, container.id)),
        "The test runs inside, with what the image has. Inspect shows its output under State, Health, Log.",
    )
    check.settle()
    ill = _becomes(check.client, container.id, "USR1", "unhealthy", timeout)
    time.sleep(2 * SETTLE_SECONDS)  # for whoever would want to restart it
    now = facts.container(check.client, container.id)
    check.gate(
        now is not None and now.restart_count == 0 and now.state.started_at == container.state.started_at,
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
        _becomes(check.client, container.id, "USR2", "healthy", timeout),
        "Well again, it is healthy again.",
        "The program is well again, and the container is not healthy.",
        "What does the log of the health check say?",
    )


@exercise
def logs(check: Check) -> None:
    """Require that each line is in the Engine's log at once, and that the log's size is bounded."""
    container = check.running("teller", "Its log says why.")
    driver, options = container.host_config.log_driver, container.host_config.log_options
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
        lambda: wrong_rotation(container, kilobytes, count),
        "Inspect shows the LogConfig in the HostConfig.",
    )
    check.gate(
        shows_at_once(check, container),
        "The check asked for something, and the line was in the log at once.",
        lambda: _where_it_went(check.client, container),
        "Where does the program write, and when? Its first lines, in /app/app.py, tell; for standard output Python "
        "decides.",
        weight=2,
    )


def shows_at_once(check: Check, container: Container) -> bool:
    """Tell whether a request with a random path turns up in the container's log within three seconds."""
    port = loopback_port(container)
    if port is None or not eventually(lambda: fetch(port).ok):
        return False
    return criteria.logs_a_request(check, container, port, 3)


def wrong_rotation(container: Container, kilobytes: int, count: int) -> str:
    """Return a sentence on a rotation that is missing, or another one than this."""
    options = container.host_config.log_options
    large, many = options.get("max-size"), options.get("max-file")
    wanted = f"it should keep at most {count} files of {kilobytes} KiB"
    if large is None and many is None:
        return f"The container says nothing about rotation; {wanted}."
    return f"It rotates with max-size {large or 'not set'} and max-file {many or 'not set'}; {wanted}."


def _has_settled(client: DockerClient, container_id: str) -> bool:
    """Tell whether it has come up, has ended, or was started again: before that, nothing can be said."""
    container = facts.container(client, container_id)
    if container is None or not container.running or container.restart_count > 0:
        return True
    port = loopback_port(container)
    return port is None or fetch(port).status is not None


def _becomes(client: DockerClient, container_id: str, signal: str, status: str, seconds: float) -> bool:
    """Send a signal and tell whether the health becomes ``status`` in time, by a test that ran after the signal."""
    before = facts.container(client, container_id)
    tests = before.state.probes if before is not None else ()
    setup.send(client, container_id, signal)
    return becomes(client, container_id, lambda now: now.state.health == status and now.state.probes != tests, seconds)


def _never_healthy(container: Container | None) -> str:
    if container is None:
        return "The container has been removed."
    output = container.state.probes[-1].output.strip()[:140] if container.state.probes else ""
    return f"The program is well, but its container is {container.state.health}. The test says: {output or 'nothing'}"


def _wrong_victim(named: object) -> str:
    fate = {run.name(name): fate for name, fate in setup.roles().items()}.get(str(named))
    if fate == "killed":
        return f"{named} has exit code 137 too, but not because of its memory: somebody sent signal 9."
    if fate == "setting":
        return f"{named} ended by itself, with an error of its own."
    return f"victim is {str(named)[:60]!r}, which is none of the three containers."


def _where_it_went(client: DockerClient, container: Container) -> str:
    if loopback_port(container) is None:
        return "No port is published, so the check cannot ask for anything."
    if facts.read_file(client, container.id, setup.LOG_FILE):
        return f"The line is not in the log: the program writes into {setup.LOG_FILE} inside, which only grows."
    return "The line is not in the log yet: the program keeps it in a buffer and will write it some time."
