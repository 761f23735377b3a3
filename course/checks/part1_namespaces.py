"""The check of Part 1 on what a container is made of: two containers' namespaces, and a limit of one of them."""

from __future__ import annotations

from course import facts, run
from course.answers import answer
from course.checks import criteria
from course.checks.answers import whole_number
from course.checks.check import Check, exercise
from course.facts import Container, Event, History
from course.facts.namespaces import namespaces as namespaces_of
from course.setups import part1 as setup


@exercise
def namespaces(check: Check) -> None:
    """Require one network and two lists of processes, and a limit that was changed while the container ran."""
    client = check.client
    server = check.running("server")
    visitor = check.running("visitor", "Give it a command that goes on running, such as a long sleep.")
    with check.disturbing():
        here, there = namespaces_of(client, server.id), namespaces_of(client, visitor.id)
    check.require(
        "network",
        here is not None and there is not None and here.network == there.network,
        lambda: (
            f"The kernel shows two network namespaces: {server.name} has {here and here.network}, "
            f"{visitor.name} has {there and there.network}."
        ),
        "Two containers on one network still have a network namespace each. What can --network name besides a network?",
        seen=lambda: f"Both have the network namespace {here and here.network}.",
    )
    check.settle()
    check.require(
        "network",
        not any(one.host_config.network_mode == "host" for one in (server, visitor)),
        "They share the network namespace of the host, and so does everything else that uses the host's network.",
        "The namespace to join is that of a container.",
    )
    check.settle()
    check.require(
        "processes",
        here is not None and there is not None and here.pid != there.pid and visitor.host_config.pid_mode != "host",
        lambda: (
            f"{visitor.name} has no PID namespace of its own: it was made with the PID mode "
            f"{_kind(visitor.host_config.pid_mode) or _kind(server.host_config.pid_mode)}."
        ),
        "Share the network, and nothing else. Which option shares the processes?",
        seen=lambda: f"They have the PID namespaces {here and here.pid} and {there and there.pid}.",
    )
    criteria.runs_course_image(check, "images", server, "nginx")
    criteria.runs_course_image(check, "images", visitor, setup.BASE)
    wanted = setup.memory_limit() * setup.MEBIBYTE
    check.require(
        "limit",
        server.host_config.memory == wanted,
        lambda: f"{_in_words(server)}; {setup.memory_limit()} MiB were asked for.",
        "Inspect shows the limit as Memory, in bytes. 1 MiB is 1024 × 1024 bytes.",
    )
    check.require(
        "limit",
        lambda: _updated(facts.history(client, "container"), server),
        f"{server.name} was started with this limit: nothing was changed while it ran.",
        "One command changes a container that runs already. It keeps its ID and its processes.",
        seen="The limit was changed while it ran.",
    )
    check.require(
        "kernel-limit",
        lambda: kernel_limit() == server.host_config.memory,
        lambda: f"kernel_limit is {kernel_limit()}; the kernel has another number for {run.name('server')}.",
        "Read the file below /sys/fs/cgroup in the container again, after the change.",
    )


def updated_while_running(life: tuple[Event, ...]) -> bool:
    """Tell whether a container was changed after it was started."""
    actions = [event.action for event in life]
    return "start" in actions and "update" in actions[actions.index("start") :]


def kernel_limit() -> int:
    """Return the student's number; the text that a program printed is one, too."""
    given = answer("kernel_limit")
    return int(given) if isinstance(given, str) and given.strip().isdecimal() else whole_number("kernel_limit")


def _updated(history: History, container: Container) -> bool:
    return history.happened(updated_while_running(history.of(container.id)), container.id)


def _kind(pid_mode: str) -> str:
    """Return a PID mode without the ID in it."""
    return pid_mode.partition(":")[0]


def _in_words(container: Container) -> str:
    if not (limit := container.host_config.memory):
        return f"{container.name} has no memory limit"
    return f"The memory limit of {container.name} is {limit / setup.MEBIBYTE:g} MiB"
