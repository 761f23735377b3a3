"""Checks of Part 7 on what weighs: a build that takes too long, and things that nobody needs any more."""

from __future__ import annotations

import json
import secrets
import subprocess
from pathlib import Path
from typing import Final

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.building import built, context_files, copied, docker_build, same_image, with_buildkit
from course.checks.check import Check, exercise
from course.checks.lifecycle import undisturbed
from course.facts import Container, Image
from course.facts.filesystem import read_volume_file
from course.facts.layer_files import find
from course.facts.values import when
from course.setups import part7_weight as setup
from course.setups.part2 import PYTHON

MAX_SENT: Final = 1 << 20
"""Bytes that a build may send to the builder."""
NO_PACKAGE: Final = "== this is no package =="
_RUN_AGAIN: Final = "(The set-up can be run again.)"


@exercise
def slow_build(check: Check) -> None:
    """Require that little is sent to the builder, and that a change in the app installs no package again."""
    with copied(setup.project()) as directory:
        if directory is None:
            check.stop("kept", f"There is no directory {setup.project()}, or far too much is in it.", _RUN_AGAIN)
        missing = [file for file in ("Dockerfile", "app.py", "requirements.txt") if not (directory / file).is_file()]
        if sum(file.lstat().st_size for file in setup.pile().glob("*.bin")) < setup.HEAVY * setup.MEBIBYTE:
            missing.append(f"what was in {setup.pile().name}")  # in the student's own: it need not be in the copy
        check.require(
            "kept",
            not missing,
            f"Moved, emptied or deleted: {', '.join(missing)}. It is somebody's work, and stays where it is.",
            f"What is in a directory need not be in its build context. {_RUN_AGAIN}",
        )
        check.settle()
        if untouched(directory):
            check.stop("builds", "Nothing was done yet: the Dockerfile is as it was, and there is no .dockerignore.")
        image = check.image("bakery", demand="builds")
        base = criteria.course_image(check, "builds", PYTHON)
        with check.disturbing():
            bytes_sent = sent(directory, image)
        if bytes_sent is not None:
            check.require(
                "little",
                bytes_sent <= MAX_SENT,
                f"The check built the directory, and {bytes_sent / 1e6:,.1f} MB were sent to the builder.",
                "The first lines of a build say how much is transferred. Which files does the image need?",
                seen=f"The check built the directory: {bytes_sent / 1000:,.1f} kB were sent to the builder.",
            )
        with check.disturbing(), built(check.client, directory, image) as rebuilt:
            _edited(check, directory, base, same_image(check, "builds", image, rebuilt, run.name("bakery")))


def untouched(directory: Path) -> bool:
    """Tell whether the project still has the Dockerfile that it was planted with, and nothing that filters it."""
    recipe = (directory / "Dockerfile").read_text("utf-8", "replace")
    return recipe == setup.slow_recipe() and not (directory / ".dockerignore").exists()


def sent(directory: Path, like: Image) -> int | None:
    """Build a directory that was never built before, and return how many bytes were sent for it.

    BuildKit tells it while it builds, and asks only for what a Dockerfile copies; the classic builder gets all that
    ``.dockerignore`` lets through. None if it cannot be built.
    """
    if not with_buildkit(like):
        files = [directory / path for path in context_files(directory)]
        return sum(file.stat().st_size for file in files if file.is_file())
    try:
        done = docker_build(directory, "--progress=rawjson", "--output=type=cacheonly")
    except (OSError, subprocess.TimeoutExpired):
        return None
    return transferred(done.stderr) if done.returncode == 0 else None


def transferred(account: str) -> int:
    """Return how many bytes of the context were sent, from BuildKit's account of a build in lines of JSON."""
    most: dict[str, int] = {}
    for line in account.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        for status in (entry.get("statuses") or ()) if isinstance(entry, dict) else ():
            if status.get("id") == "transferring context:":
                key = str(status.get("vertex"))
                most[key] = max(most.get(key, 0), int(status.get("current") or 0))
    return sum(most.values())


def _edited(check: Check, directory: Path, base: Image, before: Image) -> None:
    """Change the app in the copy of the directory, build that, and add the criteria on what came of it."""
    client = check.client
    packages = find(client, before.id, lambda path, _: path.endswith("/gunicorn/__init__.py"), skip=base.layers)
    if not packages:
        check.stop("builds", "No layer of the image has the package gunicorn.", "Who installs it?")
    word = secrets.token_hex(12)
    with (directory / "app.py").open("a", encoding="utf-8") as app:
        app.write(f"\n# {word}\n")
    with built(client, directory, before) as after:
        if isinstance(after, str):
            check.stop("builds", f"The check changed app.py and built again, and that failed: {after}")
        check.require(
            "builds",
            lambda: find(
                client,
                after.id,
                lambda path, read: path.endswith("app.py") and word.encode() in read(),
                skip=base.layers,
            ),
            "The check changed app.py and built again, and the change is not in the new image.",
            "A build that is fast because it leaves the work out is none.",
        )
        check.require(
            "cached",
            before.layers[packages[0].layer] in after.layers,
            "The check changed app.py and built again, and the layer with the packages is another one.",
            "A step is taken from the cache if it and all before it are unchanged. What comes before it?",
            seen="The check changed app.py and built again: the layer with the packages was taken from the cache.",
        )
    with (directory / "requirements.txt").open("a", encoding="utf-8") as requirements:
        requirements.write(f"\n{NO_PACKAGE}\n")
    with built(client, directory, before) as broken:
        check.require(
            "builds",
            isinstance(broken, str),
            "The check wrote a line into requirements.txt that no installer accepts, and the build went through: "
            "the packages do not come from that file.",
            "Somebody adds a package to the list tomorrow. Who installs it?",
        )


@exercise
def reclaim(check: Check) -> None:
    """Require that what is not needed is gone, and that the volumes, and what runs, are as they were."""
    client, chosen = check.client, {"label": f"{setup.ATTIC_LABEL}={run.token()}"}
    clock = facts.container(client, run.name("clock"))
    with check.disturbing():
        old, versions = _images_left(client, "" if clock is None else clock.image)
    check.require(
        "old-image",
        not old,
        lambda: f"The image attic-old is still on the disk, {' and '.join(old)}, though no container uses it.",
        "It has a name, so it counts as wanted until you say otherwise.",
    )
    with check.disturbing():
        lost = _lost(client, before=clock.created if clock is not None else float("inf"))
    check.require(
        "volumes",
        not lost,
        lambda: f"Volumes were removed, and their data with them: {', '.join(lost)}.",
        "Images can be built again and containers made again. Data cannot. (The set-up can be run again.)",
    )
    check.require(
        "clock",
        lambda: clock is not None and clock.running and undisturbed(client, clock) and _is_first(client, clock),
        f"{run.name('clock')} was removed, replaced, or stopped in between; it was in use.",
        "What runs is no rubbish. (The set-up can be run again.)",
    )
    ended = [c for c in client.api.containers(all=True, filters=chosen) if c.get("State") not in ("running", "paused")]
    check.require(
        "containers",
        not ended,
        f"{len(ended)} containers that have ended are still there.",
        "They do not show in the list of what runs.",
    )
    check.require(
        "versions",
        not versions,
        lambda: f"Old versions of an image are still on the disk: {', '.join(versions)}.",
        "The list of images shows them as <none>. One that a container uses cannot go.",
    )
    criteria.predicted(check, "volumes-left", "old-image")


def _images_left(client: DockerClient, in_use: str) -> tuple[list[str], list[str]]:
    """Return how the attic's images are called that are not in use: those that are ``attic-old``, and the others.

    What an image is, its files say: a name can be taken away, or given to another.
    """
    old: list[str] = []
    versions: list[str] = []
    for item in client.api.images(filters={"label": f"{setup.ATTIC_LABEL}={run.token()}"}):
        if item["Id"] != in_use:
            names = [name for name in item.get("RepoTags") or () if name != "<none>:<none>"]
            shown = ", ".join(names) or f"{item['Id'][7:19]} without a name"
            is_old = facts.read_image_file(client, item["Id"], setup.NOTE) == setup.OLD_NOTE
            (old if is_old else versions).append(shown)
    return old, versions


def _lost(client: DockerClient, *, before: float) -> list[str]:
    """Return which volumes are not there any more, with what was in them, as they were made before a time."""
    text = setup.volume_text().encode()
    kept = [
        name
        for name in setup.volumes(client)
        if text in (read_volume_file(client, name, "text") or b"")
        and (when(client.api.inspect_volume(name).get("CreatedAt")) or 0.0) <= before
    ]
    named = [run.name(what) for what in ("ledger", "letters")]
    unnamed = [] if len(set(kept) - set(named)) else ["the one without a name"]
    return [name for name in named if name not in kept] + unnamed


def _is_first(client: DockerClient, clock: Container) -> bool:
    """Tell whether no other container had the clock's name since the attic's volumes were made."""
    history = facts.history(client, "container")
    letters = run.name("letters")
    if letters not in setup.volumes(client):
        return True  # that is told of by itself
    made = when(client.api.inspect_volume(letters).get("CreatedAt")) or 0.0
    others = [
        event
        for id in history.called(clock.name)
        for event in history.of(id)
        if id != clock.id and event.action == "create" and event.time >= made
    ]
    return not others
