"""Checks of Part 7 on what weighs: a build that takes too long, and things that nobody needs any more."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from pathlib import Path
from typing import Final

from docker import DockerClient
from docker.utils.build import exclude_paths

from course import facts, run
from course.checks.building import SECONDS, built, copied, require_same, with_buildkit
from course.checks.common import require_prediction
from course.checks.part7_start import undisturbed
from course.checks.report import Report
from course.engine import connect
from course.facts import Image
from course.facts.inside import read_volume_file
from course.facts.layer_files import find
from course.setups import part7_weight as setup

SMALL: Final = 1 << 20
"""Most bytes that a build of exercise 48 may send to the builder."""


def slow_build() -> Report:
    """Exercise 48: little is sent to the builder, and a change in the app installs no package again."""
    report = Report("The build is slow")
    client, name = connect(), run.name("bakery")
    base, image = facts.image(client, setup.PYTHON), facts.image(client, name)
    if base is None or image is None:
        return report.give_up(
            failed=f"There is no image called {name}.",
            hint="Give the image that you build exactly this name.",
        )
    with copied(setup.project()) as directory:
        if directory is None or not all((directory / file).is_file() for file in ("Dockerfile", "app.py")):
            return report.give_up(
                failed=f"In the directory {name} there is no Dockerfile beside app.py, or there is far too much in it.",
                hint="Run the set-up again, and change as little as you need.",
            )
        pile = directory / setup.pile().name
        report.require(
            sum(file.stat().st_size for file in pile.glob("*.bin")) >= setup.HEAVY * setup.MEBIBYTE,
            passed=f"The directory {pile.name} is still where it was.",
            failed=f"The directory {pile.name} was moved or emptied. It is somebody's work, and stays where it is.",
            hint="What is in a directory need not be in its build context. (The set-up can be run again.)",
            essential=True,
            weight=0,
        )
        bytes_sent = sent(directory, image)
        report.require(
            bytes_sent is not None and bytes_sent <= SMALL,
            passed=f"The check built the directory: {(bytes_sent or 0) / 1000:,.1f} kB were sent to the builder.",
            failed="It does not build."
            if bytes_sent is None
            else f"The check built the directory: {bytes_sent / 1e6:,.1f} MB were sent to the builder, most of it "
            "for nothing.",
            hint="The first lines of a build say how much is transferred. Which files does the image need?",
        )
        with built(client, directory, image) as before:
            require_same(report, image, before, name, weight=0)
            if isinstance(before, Image):
                _edited(report, client, directory, base, before)
    return report


def sent(directory: Path, like: Image) -> int | None:
    """Build a directory that was never built before, and return how many bytes were sent for it.

    BuildKit tells it while it builds, and asks only for what a Dockerfile copies; the classic builder gets all that
    ``.dockerignore`` lets through. None if it cannot be built.
    """
    if not with_buildkit(like):
        rules = directory / ".dockerignore"
        patterns = rules.read_text(encoding="utf-8", errors="replace").splitlines() if rules.is_file() else []
        kept = exclude_paths(
            str(directory), [line.strip() for line in patterns if line.strip()[:1] not in ("", "#")]
        )
        return sum((directory / path).stat().st_size for path in kept if (directory / path).is_file())
    line = ["docker", "build", "--progress=rawjson", "--output=type=cacheonly", str(directory)]
    # What the command's user has set stays: on a Mac it says where buildx is. It makes no difference to what is sent.
    settings = {"DOCKER_BUILDKIT": "1"}
    try:
        done = subprocess.run(
            line, env={**os.environ, **settings}, capture_output=True, text=True, timeout=SECONDS, check=False
        )
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


def _edited(report: Report, client: DockerClient, directory: Path, base: Image, before: Image) -> None:
    """Change the app in the copy of the directory, build that, and add the criterion on what came of it."""
    packages = find(
        client, before.id, lambda path, _: path.endswith("/gunicorn/__init__.py"), skip=base.layers
    )
    if not packages:
        report.give_up(failed="No layer of the image has the package gunicorn.", hint="Who installs it?")
        return
    word = secrets.token_hex(12)
    with (directory / "app.py").open("a", encoding="utf-8") as app:
        app.write(f"\n# {word}\n")
    with built(client, directory, before) as after:
        kept = isinstance(after, Image) and before.layers[packages[0].layer] in after.layers
        report.require(
            kept,
            passed="The check changed app.py and built again: the layer with the packages was taken from the cache.",
            failed=after
            if isinstance(after, str)
            else "The check changed app.py and built again: the packages were installed once more.",
            hint="A step is taken from the cache if it and all before it are unchanged. What comes before it?",
        )
        changed = isinstance(after, Image) and find(
            client,
            after.id,
            lambda path, read: path.endswith("app.py") and word.encode() in read(),
            skip=base.layers,
        )
        report.require(
            bool(changed),
            passed="The change is in the new image.",
            failed="The check changed app.py, and the change is not in the new image.",
            hint="A build that is fast because it leaves the work out is none.",
            essential=True,
            weight=0,
        )


def reclaim() -> Report:
    """Exercise 49: what nobody needs is gone; the volumes, and what runs, are as they were."""
    report = Report("Room on the disk")
    client, chosen = connect(), {"label": f"{setup.ATTIC_LABEL}={run.token()}"}
    require_prediction(report, "volumes-left")
    require_prediction(report, "old-image")
    volumes = setup.volumes(client)
    text = setup.volume_text().encode()
    kept = [name for name in volumes if text in (read_volume_file(client, name, "text") or b"")]
    named = [run.name(what) for what in ("ledger", "letters")]
    lost = [name for name in named if name not in kept]
    report.require(
        not lost and len(kept) == len(named) + 1,
        passed="All three volumes are there, with what is in them.",
        failed=f"Volumes were removed, and their data with them: {', '.join(lost) or 'the one without a name'}.",
        hint="Images can be built again and containers made again. Data cannot. (The set-up can be run again.)",
        essential=True,
        weight=0,
    )
    clock = facts.container(client, run.name("clock"))
    report.require(
        lambda: clock is not None and clock.state == "running" and undisturbed(client, clock),
        passed=f"{run.name('clock')} runs on undisturbed.",
        failed=f"{run.name('clock')} was removed, or stopped in between; it was in use.",
        hint="What runs is no rubbish. (The set-up can be run again.)",
        essential=True,
        weight=0,
    )
    ended = [c for c in client.api.containers(all=True, filters=chosen) if c.get("State") != "running"]
    report.require(
        not ended,
        passed="No container that has ended is left.",
        failed=f"{len(ended)} containers that have ended are still there.",
        hint="They do not show in the list of what runs.",
    )
    nameless = client.api.images(filters={**chosen, "dangling": True})
    report.require(
        not nameless,
        passed="No image without a name is left.",
        failed=f"{len(nameless)} images that have lost their name are still there.",
        hint="The list of images shows them as <none>. One that a container uses cannot go.",
    )
    report.require(
        facts.image(client, setup.old_image()) is None,
        passed=f"{setup.old_image()}, which nobody used, is gone.",
        failed=f"{setup.old_image()} is still there, though no container uses it.",
        hint="It has a name, so it counts as wanted until you say otherwise.",
        essential=True,
        weight=2,
    )
    return report
