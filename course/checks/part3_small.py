"""The checks of Part 3 on small images: two stages for an app, and a C program with nothing around it."""

from __future__ import annotations

import secrets
from typing import Final

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.building import built, copied, same_image
from course.checks.check import Check, exercise
from course.checks.fresh_containers import PATIENCE, PUBLISH, FreshContainer, page, serves, started
from course.checks.part3_stages import uses_library, without_compiler
from course.checks.probing import answers_twice, last_lines
from course.engine import connect
from course.facts import Completed, Image
from course.facts.http import Reply, fetch
from course.facts.processes import processes
from course.folders import folder
from course.setups import part3_small as setup
from course.setups.part3 import APP_PORT

MEGABYTE: Final = 1_000_000
PER_CENT: Final = 60
"""Of the naive image's size: a small one stays below."""
_MAX_NAIVE: Final = 400 * MEGABYTE
"""The naive image counts for no more than this, so that it cannot be made large instead of the other one small."""
TINY: Final = 2 * MEGABYTE
_UNREADABLE: Final = "Who may read the directory where the program is? /root, for one, is root's only."


@exercise
def small(check: Check) -> None:
    """Require that the app answers, not as root, from an image without a compiler that is much smaller."""
    image, naive = check.image("small"), check.image("naive", "The set-up builds this one.")
    with check.disturbing():
        with started(check.client, image.id, publish=PUBLISH) as trial:
            _serves(check, image, trial)
            inside = processes(check.client, trial.id)
        uses_library(check, "library", image, lambda word, files: page(check.client, image.id, f"/{word}", files=files))
        check.settle()
        before = min(_naive_size(check.client, naive), _MAX_NAIVE)
        limit = before * PER_CENT // 100
        check.require(
            "light",
            image.size < limit,
            f"It weighs {_mb(image.size)}; the limit is {_mb(limit)} ({PER_CENT} % of the naive one). "
            f"The heaviest step: {criteria.heaviest_step(image)[:100]}",
            "What a later step removes is still in the layer below. The history shows the size of each step.",
            seen=f"It weighs {_mb(image.size)}, the naive one {_mb(before)}.",
        )
        check.settle()
        without_compiler(check, "no-compiler", image, naive)
        check.require(
            "not-root",
            inside and not any(process.is_root for process in inside),
            f"It runs as root: the image says {f'USER {image.user[:40]}' if image.user else 'nothing about a user'}.",
            "Which instruction says who runs the program? It has to be in the last stage.",
            seen=f"It runs as the user {inside[0].user_ids[0] if inside else '?'}.",
        )
        with copied(folder("calculator")) as directory:
            if directory is None or not (directory / "Dockerfile").is_file():
                check.stop("from-dockerfile", f"There is no Dockerfile in the directory {run.name('calculator')}.")
            with built(check.client, directory, image) as rebuilt:
                same_image(check, "from-dockerfile", image, rebuilt, run.name("small"))


def _serves(check: Check, image: Image, trial: FreshContainer) -> None:
    """Require that a container that the check has started gives the right checksums; stop if it does not."""
    if trial.refusal:
        unreadable = "permission denied" in trial.refusal.lower() or "/root" in trial.refusal
        check.stop(
            "answers",
            _refused(trial, image),
            _UNREADABLE
            if unreadable
            else "Is the program in the last stage, and in the PATH? The builder's files are not there by themselves.",
        )
    words = [secrets.token_hex(6) for _ in range(2)]
    reply = (
        serves(check.client, trial.id, trial.port, f"/{words[0]}") if trial.port else Reply(None, problem="it ended")
    )
    reply = answers_twice(trial.port, f"/{words[0]}") if trial.port and reply.ok else reply
    log = "" if reply.ok else last_lines(check.client, trial.id)
    if not image.entrypoint and image.command[:1] == ("python3",):
        hint = "No command of it starts the app. Which stage is it?"
    else:
        hint = "Run it yourself and read its log. What does the app need besides its own file?"
    check.require(
        "answers",
        reply.ok,
        f"A container of it, started by the check, does not answer at its port {APP_PORT}: "
        f"{criteria.described(reply)}. Its log ends with: {log}",
        _UNREADABLE if "permission denied" in log.lower() else hint,
        seen="A container of it, started by the check, answers, and again a moment later.",
    )
    check.settle()
    check.require(
        "answers",
        all(fetch(trial.port or 0, f"/{word}").body.strip() == setup.checksum(word) for word in words),
        "Its checksums are not those of this run's C library.",
        "Compile the checksum.c that lies in the directory, unchanged.",
    )


def calculates(word: str) -> bool:
    """Tell whether the small image's app, started once more, gives the checksum of a word."""
    return page(connect(), run.name("small"), f"/{word}") == setup.checksum(word)


def _naive_size(client: DockerClient, naive: Image) -> int:
    """Return the size of what the set-up's Dockerfile gives.

    It is built, because the name ``naive`` may be another image's by now, a small one's too: a set-up may run again.
    """
    with copied(folder("calculator")) as directory:
        if directory is None:
            return naive.size
        for name, text in setup.calculator_files().items():
            (directory / name).write_text(text, encoding="utf-8")
        with built(client, directory, naive) as given:
            return given.size if isinstance(given, Image) else naive.size


@exercise
def tiny(check: Check) -> None:
    """Require that a C program runs in an image that holds nothing else."""
    client, image = check.client, check.image("tiny")
    check.require(
        "light",
        image.size < TINY,
        lambda: f"It weighs {image.size / MEGABYTE:.2f} MB; the limit is {_mb(TINY)}. {_left_over(client, image)}",
        "What does the last FROM name? There is one base that holds no file at all.",
        seen=f"It weighs {image.size / MEGABYTE:.2f} MB.",
    )
    check.settle()
    words = [secrets.token_hex(6) for _ in range(2)]
    with check.disturbing():
        with started(client, image.id, words[:1]) as trial:
            if trial.refusal:
                check.stop("prints", _refused(trial, image), _start_hint(image))
        outcomes = [_run(client, image.id, word) for word in words]
        output = outcomes[0].output.strip()[:160] if outcomes[0] is not None else ""
        dynamic = "no such file or directory" in output
        check.require(
            "prints",
            all(_is_checksum(outcome, word) for outcome, word in zip(outcomes, words, strict=True)),
            f"The program is there, and does not start: “{output}”. It needs a loader and a C library, "
            "and they are not in the image."
            if dynamic
            else f"Given the word {words[0]}, it does not print its checksum, but: “{output or 'nothing'}”",
            "The program is not missing. An option of gcc puts the library into the program itself."
            if dynamic
            else "The word after the image's name has to reach the program. Run it yourself with one.",
            seen="The check tried two words.",
        )
        check.settle()
        both = _run(client, image.id, *words)
        check.require(
            "as-before",
            both is not None and both.exit_code == 2 and "one word" in both.output,
            f"Given two words, it ends with exit code {both.exit_code if both is not None else 'none'} and says: "
            f"“{both.output.strip()[:100] if both is not None else ''}”",
            "Compile the checksum.c that lies in the directory, unchanged.",
        )


def prints(word: str) -> bool:
    """Tell whether the tiny image prints the checksum of a word."""
    return _is_checksum(_run(connect(), run.name("tiny"), word), word)


def _run(client: DockerClient, image: str, *words: str) -> Completed | None:
    return facts.run_once(client, image, words, seconds=int(PATIENCE))


def _is_checksum(outcome: Completed | None, word: str) -> bool:
    return outcome is not None and outcome.ok and outcome.output.strip() == setup.checksum(word)


def _mb(size: float) -> str:
    return f"{size / MEGABYTE:.0f} MB"


def _left_over(client: DockerClient, image: Image) -> str:
    base = facts.image(client, setup.PYTHON)
    kept = base is not None and image.builds_on(base)
    return f"All of {setup.PYTHON} is still in it." if kept else "More than one program is in it."


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
