"""The checks of Part 3 on small images: two stages for an app, and a C program with nothing around it."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from docker import DockerClient
from docker.errors import APIError, NotFound

from course import facts, run
from course.checks.probing import eventually, log_lines, loopback_port, steady
from course.checks.report import Report
from course.engine import connect
from course.facts import Image
from course.facts.filesystem import unpacked
from course.facts.http import fetch
from course.facts.processes import processes
from course.setups import part3_small as setup
from course.setups.part3 import APP_PORT

MEGABYTE: Final = 1_000_000
SHARE: Final = 60
"""Per cent of the naive image's size that a small one stays below."""
_NAIVE_AT_MOST: Final = 400 * MEGABYTE
"""The naive image counts for no more than this, so that it cannot be made large instead of the other one small."""
TINY: Final = 2 * MEGABYTE
_UNREADABLE: Final = "Who may read the directory where the program is? /root, for one, is root's only."
_COMPILER: Final = re.compile(r"(?:.*-)?(?:gcc|g\+\+|cc|c\+\+|cc1|cc1plus|clang|tcc)(?:-[\d.]+)?")


@dataclass(frozen=True)
class Trial:
    """A container that the check has started from an image."""

    id: str
    refusal: str
    """Why it did not start; empty text if it did."""
    exit_code: int


def small() -> Report:
    """Exercise 24: the app answers, not as root, from an image without a compiler that is much smaller."""
    report = Report("A small image")
    client, name = connect(), run.name("small")
    naive, image, base = (facts.image(client, each) for each in (run.name("naive"), name, setup.PYTHON))
    if naive is None or image is None:
        gone = name if image is None else run.name("naive")
        return report.give_up(
            failed=f"There is no image called {gone}.", hint="The set-up builds the one, you build the other."
        )
    found = compilers(client, name)
    report.require(
        not found,
        passed="There is no compiler in it.",
        failed=_with_compiler(found, image, base),
        hint="The last stage decides what is in the image: it begins with a base of its own.",
        essential=True,
    )
    limit = min(naive.size, _NAIVE_AT_MOST) * SHARE // 100
    heaviest = max(image.history, key=lambda row: row.size, default=None)
    report.require(
        image.size < limit,
        passed=f"It weighs {_mb(image.size)}, the naive one {_mb(naive.size)}.",
        failed=f"It weighs {_mb(image.size)}; under {_mb(limit)} was expected ({SHARE} % of the naive one). "
        f"The heaviest step: {heaviest.created_by[:100] if heaviest else 'not told'}",
        hint="What a later step removes is still in the layer below. The history tells the size of each step.",
        essential=True,
    )
    if report.share() == 0:
        return report
    with started(client, name) as trial:
        _serves_as_nobody(report, client, image, trial)
    return report


def _serves_as_nobody(report: Report, client: DockerClient, image: Image, trial: Trial) -> None:
    """Add the criteria on a container that the check has started."""
    if trial.refusal:
        report.give_up(
            failed=_refused(trial, image),
            hint=_UNREADABLE
            if "permission denied" in trial.refusal.lower() or "/root" in trial.refusal
            else "Is the program in the last stage, and in the PATH? The builder's files are not there by themselves.",
        )
        return
    place = facts.container(client, trial.id)
    port = loopback_port(place) if place is not None else None
    words = [secrets.token_hex(6) for _ in range(2)]
    reply = steady(port, f"/{words[0]}") if port is not None else None
    problem = "it ended" if reply is None else reply.problem or f"status {reply.status}"
    last = " / ".join(log_lines(client, trial.id)[-2:])[:300]
    report.require(
        reply is not None and reply.ok,
        passed="A container of it, started by the check, answers, and again a moment later.",
        failed=f"A container of it, started by the check, does not answer at its port {APP_PORT}: {problem}. "
        f"Its log ends with: {last or 'nothing'}",
        hint=_UNREADABLE
        if "permission denied" in last.lower()
        else "Run it yourself and read its log. What does the app need besides its own file?",
        essential=True,
    )
    if reply is None or not reply.ok:
        return
    report.require(
        all(fetch(port, f"/{word}").body.strip() == setup.checksum(word) for word in words)
        if port
        else False,
        passed="Its checksums are those of this run's C library.",
        failed="Its checksums are not those of this run's C library.",
        hint="Compile the checksum.c that lies in the directory, unchanged.",
        essential=True,
    )
    inside = processes(client, trial.id)
    report.require(
        bool(inside) and not any(process.is_root for process in inside),
        passed=f"It does not run as root, but as the user {inside[0].user_ids[0] if inside else '?'}.",
        failed="It runs as root: the image says "
        + (f"USER {image.user[:40]}." if image.user else "nothing about a user."),
        hint="Which instruction says who runs the program? It has to be in the last stage.",
        essential=True,
    )


def calculates(word: str) -> bool:
    """Tell whether the small image's app, started once more, gives the checksum of a word."""
    client = connect()
    with started(client, run.name("small")) as trial:
        place = facts.container(client, trial.id)
        port = loopback_port(place) if place is not None else None
        return port is not None and eventually(
            lambda: fetch(port, f"/{word}").body.strip() == setup.checksum(word)
        )


def tiny() -> Report:
    """Exercise 26: a C program runs in an image that holds nothing else."""
    report = Report("A program and nothing else")
    client, name = connect(), run.name("tiny")
    image, base = facts.image(client, name), facts.image(client, setup.PYTHON)
    if image is None:
        return report.give_up(
            failed=f"There is no image called {name}.",
            hint="Give the image that you build exactly this name.",
        )
    kept = base is not None and image.builds_on(base)
    report.require(
        image.size < TINY,
        passed=f"It weighs {image.size / MEGABYTE:.2f} MB.",
        failed=f"It weighs {_mb(image.size)}; under {_mb(TINY)} was expected. "
        + (f"All of {setup.PYTHON} is still in it." if kept else "More than one program is in it."),
        hint="What does the last FROM name? There is one base that holds no file at all.",
        essential=True,
    )
    if image.size >= TINY:
        return report
    with started(client, name, [secrets.token_hex(6)], ports=False) as trial:
        if trial.refusal:
            return report.give_up(failed=_refused(trial, image), hint=_start_hint(image))
    words = [secrets.token_hex(6) for _ in range(2)]
    outcomes = [facts.run_once(client, name, [word]) for word in words]
    told = outcomes[0].output.strip()[:160] if outcomes[0] is not None else ""
    dynamic = "no such file or directory" in told
    report.require(
        all(
            each is not None and each.exit_code == 0 and each.output.strip() == setup.checksum(word)
            for each, word in zip(outcomes, words, strict=True)
        ),
        passed="Given a word, it prints this run's checksum of it; the check tried two.",
        failed=f"The program is there, and does not start: “{told}”. It needs a loader and a C library, "
        "and they are not in the image."
        if dynamic
        else f"Given the word {words[0]}, it does not print its checksum, but: “{told or 'nothing'}”",
        hint="Not the program is missing. An option of gcc puts the library into the program itself."
        if dynamic
        else "The word after the image's name has to reach the program. Run it yourself with one.",
        essential=True,
    )
    return report


def compilers(client: DockerClient, image: str) -> list[str]:
    """Return the paths of the C compilers in an image; nothing is run for that."""
    found = []
    with unpacked(client, image) as archive:
        for member in archive or ():
            program = member.name.rpartition("/")[2]
            if member.isfile() and member.mode & 0o111 and _COMPILER.fullmatch(program):
                found.append(f"/{member.name}")
    return found


@contextlib.contextmanager
def started(
    client: DockerClient, image: str, command: list[str] | None = None, *, ports: bool = True
) -> Iterator[Trial]:
    """Start a container as its image says, yield what became of that, and remove it.

    With ``ports`` the app's port is published on 127.0.0.1; without it has no network at all.
    """
    bindings = {f"{APP_PORT}/tcp": ("127.0.0.1", None)}
    host = {"port_bindings": bindings} if ports else {"network_mode": "none"}
    made = ""
    try:
        made = client.api.create_container(
            image,
            command,
            ports=[APP_PORT] if ports else None,
            labels=run.labels(),
            host_config=client.api.create_host_config(mem_limit="256m", **host),
        )["Id"]
        client.api.start(made)
        refusal = ""
    except APIError as error:
        refusal = str(error.explanation or error)
    try:
        found = facts.container(client, made) if made else None
        yield Trial(made, refusal, found.exit_code if found is not None else 0)
    finally:
        if made:
            with contextlib.suppress(NotFound, APIError):
                client.api.remove_container(made, force=True, v=True)


def _mb(size: float) -> str:
    return f"{size / MEGABYTE:.0f} MB"


def _with_compiler(found: list[str], image: Image, base: Image | None) -> str:
    where = min(found, key=lambda path: "c89" in path or "c99" in path, default="")[:80]
    if base is not None and not image.entrypoint and image.command == base.command:
        return (
            f"There is a compiler in it ({where}), and no command that starts the app: "
            "it is the stage that compiles, not the last one."
        )
    return f"There is a compiler in it ({where}), which is needed while it is built only."


def _refused(trial: Trial, image: Image) -> str:
    reason = trial.refusal.rpartition("runc create failed: ")[2].partition(": unknown")[0][:220]
    who = f" as the user {image.user[:40]}" if image.user else ""
    return f"A container of it does not start{who} (exit code {trial.exit_code}): {reason}"


def _start_hint(image: Image) -> str:
    first = (image.entrypoint or image.command or ("",))[0]
    if first == "/bin/sh":
        return "The image notes a line for a shell, and there is no shell in it. Which form needs none?"
    if not image.entrypoint:
        return "A word after the image's name takes the place of CMD. Which instruction stays?"
    return "Is the program at the place that the image names?"
