"""The checks of Part 3 on small images: two stages for an app, and a C program with nothing around it."""

from __future__ import annotations

import re
import secrets
from typing import Final

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.fresh_containers import PUBLISH, FreshContainer, page, started
from course.checks.probing import answers_twice, last_lines
from course.engine import connect
from course.facts import Image
from course.facts.filesystem import unpacked
from course.facts.http import Reply, fetch
from course.facts.processes import processes
from course.setups import part3_small as setup
from course.setups.part3 import APP_PORT

MEGABYTE: Final = 1_000_000
PER_CENT: Final = 60
"""Of the naive image's size: a small one stays below."""
_MAX_NAIVE: Final = 400 * MEGABYTE
"""The naive image counts for no more than this, so that it cannot be made large instead of the other one small."""
TINY: Final = 2 * MEGABYTE
_UNREADABLE: Final = "Who may read the directory where the program is? /root, for one, is root's only."
_COMPILER: Final = re.compile(r"(?:.*-)?(?:gcc|g\+\+|cc|c\+\+|cc1|cc1plus|clang|tcc)(?:-[\d.]+)?")


@exercise
def small(check: Check) -> None:
    """Require that the app answers, not as root, from an image without a compiler that is much smaller."""
    image, naive = check.image("small"), check.image("naive", "The set-up builds this one.")
    paths = compilers(check.client, image.id)
    check.gate(
        not paths,
        "There is no compiler in it.",
        lambda: _with_compiler(paths, image, facts.image(check.client, setup.PYTHON)),
        "The last stage decides what is in the image: it begins with a base of its own.",
    )
    limit = min(naive.size, _MAX_NAIVE) * PER_CENT // 100
    check.gate(
        image.size < limit,
        f"It weighs {_mb(image.size)}, the naive one {_mb(naive.size)}.",
        f"It weighs {_mb(image.size)}; expected: under {_mb(limit)} ({PER_CENT} % of the naive one). "
        f"The heaviest step: {criteria.heaviest_step(image)[:100]}",
        "What a later step removes is still in the layer below. The history shows the size of each step.",
    )
    check.settle()
    with started(check.client, image.id, publish=PUBLISH) as trial:
        _serves_without_root(check, image, trial)


def _serves_without_root(check: Check, image: Image, trial: FreshContainer) -> None:
    """Add the criteria on a container that the check has started."""
    if trial.refusal:
        unreadable = "permission denied" in trial.refusal.lower() or "/root" in trial.refusal
        check.stop(
            _refused(trial, image),
            _UNREADABLE
            if unreadable
            else "Is the program in the last stage, and in the PATH? The builder's files are not there by themselves.",
        )
    words = [secrets.token_hex(6) for _ in range(2)]
    port = trial.port or 0
    reply = answers_twice(port, f"/{words[0]}") if port else Reply(None, problem="it ended")
    log = "" if reply.ok else last_lines(check.client, trial.id)
    check.gate(
        reply.ok,
        "A container of it, started by the check, answers, and again a moment later.",
        f"A container of it, started by the check, does not answer at its port {APP_PORT}: "
        f"{reply.problem or f'status {reply.status}'}. Its log ends with: {log}",
        _UNREADABLE
        if "permission denied" in log.lower()
        else "Run it yourself and read its log. What does the app need besides its own file?",
    )
    check.settle()
    check.gate(
        all(fetch(port, f"/{word}").body.strip() == setup.checksum(word) for word in words),
        "Its checksums are those of this run's C library.",
        "Its checksums are not those of this run's C library.",
        "Compile the checksum.c that lies in the directory, unchanged.",
    )
    inside = processes(check.client, trial.id)
    check.gate(
        bool(inside) and not any(process.is_root for process in inside),
        f"It does not run as root, but as the user {inside[0].user_ids[0] if inside else '?'}.",
        f"It runs as root: the image says {f'USER {image.user[:40]}' if image.user else 'nothing about a user'}.",
        "Which instruction says who runs the program? It has to be in the last stage.",
    )


def calculates(word: str) -> bool:
    """Tell whether the small image's app, started once more, gives the checksum of a word."""
    return page(connect(), run.name("small"), f"/{word}") == setup.checksum(word)


@exercise
def tiny(check: Check) -> None:
    """Require that a C program runs in an image that holds nothing else."""
    client, image = check.client, check.image("tiny")
    check.gate(
        image.size < TINY,
        f"It weighs {image.size / MEGABYTE:.2f} MB.",
        lambda: f"It weighs {_mb(image.size)}; expected: under {_mb(TINY)}. {_left_over(client, image)}",
        "What does the last FROM name? There is one base that holds no file at all.",
    )
    check.settle()
    words = [secrets.token_hex(6) for _ in range(2)]
    with started(client, image.id, words[:1]) as trial:
        if trial.refusal:
            check.stop(_refused(trial, image), _start_hint(image))
    outcomes = [facts.run_once(client, image.id, [word]) for word in words]
    output = outcomes[0].output.strip()[:160] if outcomes[0] is not None else ""
    dynamic = "no such file or directory" in output
    check.gate(
        all(
            outcome is not None and outcome.ok and outcome.output.strip() == setup.checksum(word)
            for outcome, word in zip(outcomes, words, strict=True)
        ),
        "Given a word, it prints this run's checksum of it; the check tried two.",
        f"The program is there, and does not start: “{output}”. It needs a loader and a C library, "
        "and they are not in the image."
        if dynamic
        else f"Given the word {words[0]}, it does not print its checksum, but: “{output or 'nothing'}”",
        "The program is not missing. An option of gcc puts the library into the program itself."
        if dynamic
        else "The word after the image's name has to reach the program. Run it yourself with one.",
    )


def compilers(client: DockerClient, image: str) -> list[str]:
    """Return the paths of the C compilers in an image; nothing is run for that."""
    paths = []
    with unpacked(client, image) as archive:
        for member in archive or ():
            program = member.name.rpartition("/")[2]
            if member.isfile() and member.mode & 0o111 and _COMPILER.fullmatch(program):
                paths.append(f"/{member.name}")
    return paths


def _mb(size: float) -> str:
    return f"{size / MEGABYTE:.0f} MB"


def _left_over(client: DockerClient, image: Image) -> str:
    base = facts.image(client, setup.PYTHON)
    kept = base is not None and image.builds_on(base)
    return f"All of {setup.PYTHON} is still in it." if kept else "More than one program is in it."


def _with_compiler(paths: list[str], image: Image, base: Image | None) -> str:
    where = min(paths, key=lambda path: "c89" in path or "c99" in path, default="")[:80]
    if base is not None and not image.entrypoint and image.command == base.command:
        return (
            f"There is a compiler in it ({where}), and no command that starts the app: "
            "it is the stage that compiles, not the last one."
        )
    return f"There is a compiler in it ({where}), and it is needed during the build only."


def _refused(trial: FreshContainer, image: Image) -> str:
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
