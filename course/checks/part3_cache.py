"""The check of Part 3 on the cache: it edits the app, builds again, and compares the layers."""

from __future__ import annotations

import secrets
from pathlib import Path

from docker import DockerClient

from course import facts, run
from course.checks.building import built, copied, require_same
from course.checks.part3_image import serving
from course.checks.report import Report
from course.engine import connect
from course.facts import Image
from course.facts.http import fetch
from course.facts.layer_files import find
from course.setups import part3 as setup
from course.setups.part2 import PYTHON, folder


def cache_order() -> Report:
    """Exercise 20: after a change in the app, the layer with the packages is the same, and the change is in."""
    report = Report("Packages first, app last")
    client, name = connect(), run.name("quick")
    base, image = facts.image(client, PYTHON), facts.image(client, name)
    if base is None or image is None:
        return report.give_up(
            failed=f"There is no image called {name}.",
            hint="Give the image that you build exactly this name.",
        )
    with copied(folder("slow")) as directory:
        if directory is None or not all((directory / file).is_file() for file in ("Dockerfile", "app.py")):
            return report.give_up(
                failed=f"In the directory {run.name('slow')} there is no Dockerfile beside app.py.",
                hint="Change the Dockerfile that the set-up wrote.",
            )
        with built(client, directory, image) as before:
            require_same(report, image, before, name)
            if isinstance(before, Image):
                _edited(report, client, directory, base, before)
    return report


def _edited(report: Report, client: DockerClient, directory: Path, base: Image, before: Image) -> None:
    """Change the app in the copy of the directory, build that, and add the criteria on what came of it."""
    flask = find(client, before.id, lambda path, _: path.endswith("/flask/__init__.py"), skip=base.layers)
    if not flask:
        report.give_up(failed="No layer of the image has the package Flask.", hint="Who installs it?")
        return
    word = f"Version {secrets.token_hex(6)}"
    app = directory / "app.py"
    if setup.WORD not in app.read_text(encoding="utf-8", errors="replace"):
        report.give_up(
            failed="app.py is not the one of the set-up.",
            hint="Run the set-up again: only the Dockerfile is slow.",
        )
        return
    app.write_text(app.read_text(encoding="utf-8").replace(setup.WORD, word), encoding="utf-8")
    with built(client, directory, before) as after:
        kept = isinstance(after, Image) and before.layers[flask[0].layer] in after.layers
        report.require(
            kept,
            passed="The check changed app.py and built again: the layer with the packages is the same, "
            "so they were not installed again.",
            failed=after
            if isinstance(after, str)
            else "The check changed app.py and built again: the packages were installed once more. "
            + _below(client, base, before, flask[0].layer),
            hint="A step is taken from the cache if it and all before it are unchanged. What comes before them?",
            essential=True,
            weight=2,
        )
        if not isinstance(after, Image):
            return
        with serving(client, after.id, {}) as port:
            answer = fetch(port).body if port is not None else "nothing"
    report.require(
        answer == word,
        passed="The new image answers with the change.",
        failed=f"The check changed app.py, and the new image does not answer with the change, but with: {answer[:80]}",
        hint="The app has to be copied as well, and gunicorn has to find it.",
        essential=True,
    )


def _below(client: DockerClient, base: Image, image: Image, packages: int) -> str:
    """Say what lies below the packages and should not."""
    names = {"app.py", "requirements.txt"}
    copies = find(client, image.id, lambda path, _: path.rpartition("/")[2] in names, skip=base.layers)
    early = [found.layer for found in copies if found.path.endswith("app.py") and found.layer < packages]
    if not early:
        return "app.py goes into their layer."
    together = any(found.layer == early[0] and found.path.endswith("requirements.txt") for found in copies)
    if together:
        return "The step before copies everything at once, app.py included."
    return "app.py is copied before the packages are installed."


def reads_requirements() -> bool:
    """Tell whether the build depends on requirements.txt: with nonsense in it, it has to fail."""
    client = connect()
    image = facts.image(client, run.name("quick"))
    with copied(folder("slow")) as directory:
        if image is None or directory is None:
            return False
        (directory / "requirements.txt").write_text(f"=== {secrets.token_hex(8)}\n", encoding="utf-8")
        with built(client, directory, image) as result:
            return isinstance(result, str)
