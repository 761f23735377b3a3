"""The check of Part 3 on the cache: it edits the app, builds again, and compares the layers."""

from __future__ import annotations

import secrets
from pathlib import Path

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.building import built, copied, same_image
from course.checks.check import Check, exercise
from course.checks.fresh_containers import page
from course.engine import connect
from course.facts import Image
from course.facts.layer_files import find
from course.folders import folder
from course.setups import part3 as setup
from course.setups.part2 import PYTHON


@exercise
def cache_order(check: Check) -> None:
    """Require that after a change in the app the layer with the packages is the same, and the change is in."""
    image, base = check.image("quick"), criteria.course_image(check, PYTHON)
    with copied(folder("slow")) as directory:
        if directory is None or not all((directory / file).is_file() for file in ("Dockerfile", "app.py")):
            check.stop(
                f"In the directory {run.name('slow')} there is no Dockerfile beside app.py.",
                "Change the Dockerfile that the set-up wrote.",
            )
        with built(check.client, directory, image) as rebuilt:
            before = same_image(check, image, rebuilt, run.name("quick"))
            _edited(check, directory, base, before)


def _edited(check: Check, directory: Path, base: Image, before: Image) -> None:
    """Change the app in the copy of the directory, build that, and add the criteria on what came of it."""
    client = check.client
    flask = find(client, before.id, lambda path, _: path.endswith("/flask/__init__.py"), skip=base.layers)
    if not flask:
        check.stop("No layer of the image has the package Flask.", "Who installs it?")
    packages = flask[0].layer
    word = f"Version {secrets.token_hex(6)}"
    app = directory / "app.py"
    text = app.read_text(encoding="utf-8", errors="replace")
    if setup.WORD not in text:
        check.stop("app.py is not the one of the set-up.", "Run the set-up again: only the Dockerfile is slow.")
    app.write_text(text.replace(setup.WORD, word), encoding="utf-8")
    with built(client, directory, before) as after:
        if isinstance(after, str):
            check.stop(f"The check changed app.py and built again, and that failed: {after}")
        check.gate(
            before.layers[packages] in after.layers,
            "The check changed app.py and built again: the layer with the packages is the same, "
            "so they were not installed again.",
            lambda: (
                "The check changed app.py and built again: the packages were installed once more. "
                + _below(client, base, before, packages)
            ),
            "A step is taken from the cache if it and all before it are unchanged. What comes before them?",
            weight=2,
        )
        answer = page(client, after.id) or "nothing"
    check.gate(
        answer == word,
        "The new image answers with the change.",
        f"The check changed app.py, and the new image does not answer with the change, but with: {answer[:80]}",
        "The app has to be copied as well, and gunicorn has to find it.",
    )


def _below(client: DockerClient, base: Image, image: Image, packages: int) -> str:
    """Return a sentence on what lies below the packages and should not."""
    names = {"app.py", "requirements.txt"}
    copies = find(client, image.id, lambda path, _: path.rpartition("/")[2] in names, skip=base.layers)
    early = [copy.layer for copy in copies if copy.path.endswith("app.py") and copy.layer < packages]
    if not early:
        return "app.py goes into their layer."
    if any(copy.layer == early[0] and copy.path.endswith("requirements.txt") for copy in copies):
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
