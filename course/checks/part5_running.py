"""Checks of Part 5 on running for long: memory and logs. Each tries what the settings promise."""

from __future__ import annotations

from typing import Final

from docker import DockerClient

from course import facts, run
from course.answers import answer
from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.probing import eventually, loopback_port, still_running
from course.checks.proof_programs import START_TIMEOUT, does_its_work, runs_program, works_again
from course.errors import NotKept, NotKnown
from course.facts import Container, History
from course.facts.http import fetch
from course.facts.values import size
from course.setups import part5 as setup
from course.setups.part5_programs import PORT

MEBIBYTE: Final = 1 << 20
KILLED: Final = 137
"""Exit code of a program that signal 9 ended: 128 and the signal's number."""
_LOG_TIMEOUT: Final = 10.0


@exercise
def memory(check: Check) -> None:
    """Require that the victim of the memory limit was found, and runs within that limit."""
    role = next(name for name, fate in setup.roles().items() if fate == "memory")
    victim, limit = run.name(role), setup.limit_megabytes()
    named = check.answer("victim", "It is the name of one of the three containers.", read=container_name)
    check.require(
        "victim",
        named == victim,
        lambda: _wrong_victim(named),
        "Exit code 137 says only that signal 9 ended it. The state also says whether it was OOMKilled.",
    )
    check.settle()
    container = check.container(role, "Make it again under the same name.", demand="stays-up")
    runs_program(check, "same-image", container, "cache")
    check.settle()
    bytes_allowed = container.host_config.memory
    check.require(
        "limit",
        bytes_allowed == limit * MEBIBYTE,
        f"The limit is {bytes_allowed / MEBIBYTE:g} MiB now; it was {limit} MiB."
        if bytes_allowed
        else "It has no memory limit any more: it may use up the whole machine, and then others are killed.",
        "The limit is right. What is too large?",
    )
    check.settle()
    eventually(lambda: _has_settled(check.client, container.id), START_TIMEOUT)
    after = facts.container(check.client, container.id) or container
    check.require(
        "stays-up",
        after.restart_count == 0 and after.state.status != "restarting",
        f"It ends and is started again and again ({after.restart_count} times so far): a restart policy does not make "
        "it fit.",
        "Look at its log and its state: why does it die?",
    )
    check.settle()
    now = check.need(
        "stays-up",
        still_running(check.client, container.id),
        lambda: how_it_ended(after, facts.history(check.client, "container")),
        "Its log says how much it loads. What decides that?",
    )
    criteria.on_loopback(check, "on-loopback", now)
    does_its_work(check, "stays-up", now, "It", "Ask its port yourself.")
    check.settle()
    works_again(check, "stays-up", now)


@exercise
def logs(check: Check) -> None:
    """Require that each line is in the Engine's log at once, and that the log's size is bounded."""
    container = check.running("teller", "Its log says why.")
    runs_program(check, "same-image", container, "teller")
    check.settle()
    driver, options = container.host_config.log_driver, container.host_config.log_options
    if driver == "none":
        check.stop(
            "at-once",
            "The log driver is none: whatever the program writes is thrown away.",
            "The log needs a limit, and must not be missing.",
        )
    kilobytes, count = setup.log_wishes()
    wished = (size(options.get("max-size", "")), options.get("max-file", "")) == (kilobytes << 10, str(count))
    check.require(
        "rotates",
        driver in ("json-file", "local") and wished,
        lambda: wrong_rotation(container, kilobytes, count),
        "Inspect shows the LogConfig in the HostConfig.",
    )
    criteria.on_loopback(check, "on-loopback", container)
    check.require(
        "at-once",
        lambda: shows_at_once(check, container),
        lambda: _where_it_went(check.client, container),
        "Where does the program write, and when? Its first lines, in /app/app.py, tell; for standard output Python "
        "decides.",
        seen="The check asked for something, and the line was in the log.",
    )
    check.settle()
    works_again(check, "at-once", container)
    check.settle()
    check.require(
        "at-once",
        lambda: shows_at_once(check, facts.container(check.client, container.id) or container),
        "After a restart a line is no longer there at once.",
        "What was set by hand in a running container is gone after a restart.",
    )


def container_name(variable: str) -> str:
    """Return the student's variable as a container's name, without the slash that ``inspect`` writes before it."""
    return str(answer(variable)).strip().removeprefix("/")


def how_it_ended(container: Container, history: History) -> str:
    """Return a sentence on how a container ended that does not run.

    An Engine may fail to note that memory was the reason (``OOMKilled``). So signal 9 counts for it, too, if the record
    shows no request for that signal: then it came from the kernel.
    """
    state = container.state
    if state.oom_killed or (state.exit_code == KILLED and _nobody_killed(container, history)):
        return f"It was killed because its memory did not suffice (exit code {state.exit_code})."
    return f"It is {state.status}, with exit code {state.exit_code}."


def _nobody_killed(container: Container, history: History) -> bool:
    """Tell whether it is certain that nobody asked the Engine for a signal."""
    try:
        history.vouch(container.id, since=container.created, actions=("kill",))
    except (NotKnown, NotKept):
        return False
    return not any(event.action == "kill" for event in history.of(container.id))


def shows_at_once(check: Check, container: Container) -> bool:
    """Tell whether a request with a random path turns up in the container's log."""
    port = loopback_port(container, PORT)
    if port is None or not eventually(lambda: fetch(port).ok, START_TIMEOUT):
        return False
    return criteria.logs_a_request(check, container, port, _LOG_TIMEOUT)


def wrong_rotation(container: Container, kilobytes: int, count: int) -> str:
    """Return a sentence on a rotation that is missing, or another one than this."""
    options = container.host_config.log_options
    large, many = options.get("max-size"), options.get("max-file")
    wanted = f"the exercise asks for {count} files of {kilobytes} KiB"
    if container.host_config.log_driver not in ("json-file", "local"):
        return f"The log driver is {container.host_config.log_driver}; json-file and local can rotate."
    if large is None and many is None:
        return f"The container says nothing about rotation; {wanted}."
    return f"It rotates with max-size {large or 'not set'} and max-file {many or 'not set'}; {wanted}."


def _has_settled(client: DockerClient, container_id: str) -> bool:
    """Tell whether it has come up, has ended, or was started again: before that, nothing can be said."""
    container = facts.container(client, container_id)
    if container is None or not container.running or container.restart_count > 0:
        return True
    port = loopback_port(container, PORT)
    return port is None or fetch(port).status is not None


def _wrong_victim(named: str) -> str:
    fate = {run.name(name): fate for name, fate in setup.roles().items()}.get(named)
    if fate == "killed":
        return f"{named} has exit code 137 too, but not because of its memory: somebody sent signal 9."
    if fate == "setting":
        return f"{named} ended by itself, with an error of its own."
    return f"victim is {named[:60]!r}, which is none of the three containers."


def _where_it_went(client: DockerClient, container: Container) -> str:
    port = loopback_port(container, PORT)
    if port is None:
        return "No port is published, so the check cannot ask for anything."
    if not fetch(port).ok:
        return f"The program does not answer: {criteria.described(fetch(port))}."
    if facts.read_file(client, container.id, setup.LOG_FILE):
        return f"The line is not in the log: the program writes into {setup.LOG_FILE} inside, which only grows."
    return f"The check asked for something, and the line was not in the log {_LOG_TIMEOUT:g} seconds later."
