"""Checks of Part 7 on what weighs: a build that takes too long, and things that nobody needs any more."""

from __future__ import annotations

import json
import secrets
import subprocess
from pathlib import Path
from typing import Final

from course import facts, run
from course.checks import criteria
from course.checks.building import built, context_files, copied, docker_build, same_image, with_buildkit
from course.checks.check import Check, exercise
from course.checks.lifecycle import undisturbed
from course.facts import Image
from course.facts.filesystem import read_volume_file
from course.facts.layer_files import find
from course.setups import part7_weight as setup

MAX_SENT: Final = 1 << 20
"""Bytes that a build may send to the builder."""


@exercise
def slow_build(check: Check) -> None:
    """Require that little is sent to the builder, and that a change in the app installs no package again."""
    image, base = check.image("bakery"), criteria.course_image(check, setup.PYTHON)
    name = run.name("bakery")
    with copied(setup.project()) as directory:
        if directory is None or not all((directory / file).is_file() for file in ("Dockerfile", "app.py")):
            check.stop(
                f"In the directory {name} there is no Dockerfile beside app.py, or there is far too much in it.",
                "Run the set-up again, and change as little as you need.",
            )
        pile = directory / setup.pile().name
        check.gate(
            sum(file.stat().st_size for file in pile.glob("*.bin")) >= setup.HEAVY * setup.MEBIBYTE,
            f"The directory {pile.name} is still where it was.",
            f"The directory {pile.name} was moved or emptied. It is somebody's work, and stays where it is.",
            "What is in a directory need not be in its build context. (The set-up can be run again.)",
            weight=0,
        )
        bytes_sent = sent(directory, image)
        check.part(
            bytes_sent is not None and bytes_sent <= MAX_SENT,
            f"The check built the directory: {(bytes_sent or 0) / 1000:,.1f} kB were sent to the builder.",
            "It does not build."
            if bytes_sent is None
            else f"The check built the directory: {bytes_sent / 1e6:,.1f} MB were sent to the builder, most of it "
            "for nothing.",
            "The first lines of a build say how much is transferred. Which files does the image need?",
        )
        with built(check.client, directory, image) as rebuilt:
            _edited(check, directory, base, same_image(check, image, rebuilt, name, weight=0))


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
        check.stop("No layer of the image has the package gunicorn.", "Who installs it?")
    word = secrets.token_hex(12)
    with (directory / "app.py").open("a", encoding="utf-8") as app:
        app.write(f"\n# {word}\n")
    with built(client, directory, before) as after:
        check.part(
            isinstance(after, Image) and before.layers[packages[0].layer] in after.layers,
            "The check changed app.py and built again: the layer with the packages was taken from the cache.",
            after
            if isinstance(after, str)
            else "The check changed app.py and built again: the packages were installed once more.",
            "A step is taken from the cache if it and all before it are unchanged. What comes before it?",
        )
        check.gate(
            isinstance(after, Image)
            and find(
                client,
                after.id,
                lambda path, read: path.endswith("app.py") and word.encode() in read(),
                skip=base.layers,
            ),
            "The change is in the new image.",
            "The check changed app.py, and the change is not in the new image.",
            "A build that is fast because it leaves the work out is none.",
            weight=0,
        )


@exercise
def reclaim(check: Check) -> None:
    """Require that what is not needed is gone, and that the volumes, and what runs, are as they were."""
    client, chosen = check.client, {"label": f"{setup.ATTIC_LABEL}={run.token()}"}
    criteria.predicted(check, "volumes-left", "old-image")
    text = setup.volume_text().encode()
    kept = [name for name in setup.volumes(client) if text in (read_volume_file(client, name, "text") or b"")]
    named = [run.name(what) for what in ("ledger", "letters")]
    lost = [name for name in named if name not in kept]
    check.gate(
        not lost and len(kept) == len(named) + 1,
        "All three volumes are there, with what is in them.",
        f"Volumes were removed, and their data with them: {', '.join(lost) or 'the one without a name'}.",
        "Images can be built again and containers made again. Data cannot. (The set-up can be run again.)",
        weight=0,
    )
    clock = facts.container(client, run.name("clock"))
    check.gate(
        lambda: clock is not None and clock.running and undisturbed(client, clock),
        f"{run.name('clock')} runs on undisturbed.",
        f"{run.name('clock')} was removed, or stopped in between; it was in use.",
        "What runs is no rubbish. (The set-up can be run again.)",
        weight=0,
    )
    ended = [c for c in client.api.containers(all=True, filters=chosen) if c.get("State") != "running"]
    check.part(
        not ended,
        "No container that has ended is left.",
        f"{len(ended)} containers that have ended are still there.",
        "They do not show in the list of what runs.",
    )
    unnamed = client.api.images(filters={**chosen, "dangling": True})
    check.part(
        not unnamed,
        "No image without a name is left.",
        f"{len(unnamed)} images that have lost their name are still there.",
        "The list of images shows them as <none>. One that a container uses cannot go.",
    )
    check.gate(
        facts.image(client, setup.old_image()) is None,
        f"{setup.old_image()}, which was not in use, is gone.",
        f"{setup.old_image()} is still there, though no container uses it.",
        "It has a name, so it counts as wanted until you say otherwise.",
        weight=2,
    )
