"""The check of Part 2 on an interactive shell: its container ended, was started again, and kept its file."""

from __future__ import annotations

import re
import secrets
from typing import Final, NamedTuple

from docker import DockerClient
from docker.errors import APIError

from course import facts
from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.part2_storage import in_words
from course.checks.probing import eventually, log_lines
from course.facts import Container, History
from course.facts.container import Mount
from course.facts.events import SLACK
from course.facts.filesystem import modified
from course.facts.keyboard import type_lines
from course.facts.throwaway import throwaway
from course.setups import part2 as setup

FILE: Final = "/root/word.txt"
IMAGE: Final = "debian:trixie-slim"
_ANSWER_TIMEOUT: Final = 10.0
"""Seconds in which a shell has to carry out what is typed."""
_CONTROL: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|[\r\x07]")
"""What a terminal's programs write beside their text: colours, titles, the ends of lines."""


class Run(NamedTuple):
    """One run of a container, by the Engine's clock."""

    begin: float
    end: float
    """Infinite while it runs."""


@exercise
def shell(check: Check) -> None:
    """Require a shell that got its commands from outside, ended, and found its file in the container's next run."""
    client, word = check.client, setup.shell_word()
    container = check.container("shell")
    criteria.runs_course_image(check, "image", container, IMAGE)
    if not container.config.open_stdin:
        check.stop(
            "shell",
            f"The input of {container.name} is closed, so its main program reads nothing that you type.",
            "Inspect shows OpenStdin under Config. An option keeps the input open when the container is made.",
        )
    check.require(
        "shell",
        lambda: _obeys(client, container),
        lambda: (
            "The check typed a command into a new container with the same settings, and no shell carried it out. "
            f"Its main program is {' '.join(container.config.command)[:120]!r}."
        ),
        "The main program has to be the shell itself, and nothing but the shell.",
        seen="The check typed a command into a new container with the same settings, and its shell carried it out.",
        disturbs=True,
    )
    check.settle()
    history = facts.history(client, "container")
    runs = _runs(history, container.id)
    check.require(
        "again",
        lambda: history.happened(len(runs) > 1, container.id, since=container.created),
        lambda: _only_once(history, container),
        "Starting a container that has ended, and making another one, are two commands.",
        seen=f"It was started {len(runs)} times.",
    )
    check.settle()
    copied = any(event.action == "extract-to-dir" for event in history.of(container.id))
    written = modified(client, container.id, FILE)
    wrote = _run_at(runs[:-1], written)
    content = facts.read_file(client, container.id, FILE)
    mount = _mount_over(container, FILE)
    right = content is not None and word.encode() in content and mount is None and not copied
    check.require(
        "kept",
        lambda: right and history.happened(wrote is not None, container.id, since=container.created),
        lambda: _not_kept(container, content, mount, copied=copied, last=_run_at(runs, written) is not None),
        "Look at the file in the container, and at the list of what differs from the image.",
    )
    check.settle()
    printed = _lines(client, container.id)
    later = _lines(client, container.id, since=wrote.end if wrote else None)
    user = container.config.user.partition(":")[0] or "root"
    check.require(
        "said",
        user in printed and any(re.fullmatch(r"/\S*", line) for line in printed),
        f"The log of {container.name} does not hold what whoami and pwd answer.",
        "The log has what the main program's commands print, and nothing of what runs beside it.",
    ) and check.require(
        "said",
        any(word in line.split() for line in later),
        "In the log of a later run, the word is not there on a line of its own.",
        "Let the shell of the second run print the file.",
    )


def answers(client: DockerClient, container: str, command: str, wanted: str) -> bool:
    """Start a container, type a command into its shell, and tell whether it then prints a text on its own line."""
    # Nothing that is typed holds the mark in one piece: a terminal shows what is typed as well.
    left, right = secrets.token_hex(6), secrets.token_hex(6)
    typed = type_lines(client, container, f"printf '%s%s ' {left} {right}; {command}", "sleep 0.3", "exit")
    return typed and eventually(
        lambda: any(f"{left}{right} {wanted}" in line for line in _lines(client, container)), _ANSWER_TIMEOUT
    )


def _obeys(client: DockerClient, container: Container) -> bool:
    """Tell whether the main program of a new container with the same settings does what is typed."""
    config, word = container.config, secrets.token_hex(6)
    try:
        with throwaway(
            client,
            container.image,
            config.cmd,
            entrypoint=config.entrypoint,
            environment=config.env,
            user=config.user,
            working_dir=config.working_directory,
            stdin_open=True,
            tty=config.tty,
        ) as twin:
            return answers(client, twin, f"echo {word}", word)
    except APIError:
        return False


def _runs(history: History, container: str) -> list[Run]:
    """Return the runs of a container, the oldest first."""
    life = history.of(container)
    starts = [event.time for event in life if event.action == "start"]
    ends = [event.time for event in life if event.action == "die"]
    return [Run(start, min((end for end in ends if end >= start), default=float("inf"))) for start in starts]


def _run_at(runs: list[Run], time: float | None) -> Run | None:
    """Return the run in which something happened; the Engine reports a start when the program runs already."""
    return next((run for run in runs if time is not None and run.begin - SLACK <= time <= run.end), None)


def _mount_over(container: Container, path: str) -> Mount | None:
    """Return the mount that a path of the container lies on, or None."""
    return next(
        (each for each in container.mounts if f"{path}/".startswith(f"{each.target.rstrip('/')}/")),
        None,
    )


def _lines(client: DockerClient, container: str, since: float | None = None) -> list[str]:
    """Return the lines of a log as a person sees them."""
    return [_CONTROL.sub("", line).strip() for line in log_lines(client, container, since)]


def _only_once(history: History, container: Container) -> str:
    made = len(history.called(container.name))
    others = f" There were {made} containers of that name, one after the other." if made > 1 else ""
    return f"{container.name} was started only once.{others}"


def _not_kept(container: Container, content: bytes | None, mount: Mount | None, *, copied: bool, last: bool) -> str:
    if mount is not None:
        return f"{FILE} lies on {in_words(mount)}, mounted at {mount.target}: it is not in the container's own layer."
    if content is None:
        return f"There is no file {FILE} in {container.name}."
    if setup.shell_word().encode() not in content:
        return f"{FILE} does not hold this run's word."
    if copied:
        return f"Something was copied into {container.name} from outside. Its own shell has to write the file."
    when = "in the last run" if last else "while no shell ran"
    return f"{FILE} was last written {when}: that does not show that it outlives the end of the shell that wrote it."
