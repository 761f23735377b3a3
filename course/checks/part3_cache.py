"""The check of Part 3 on the cache: it edits the app, builds again, and compares the layers."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

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

LISTED: Final = "itsdangerous"
"""A package that the check lists in place of the app's; it comes along with Flask, so wherever Flask comes from."""
ADDED: Final = "redis"
"""A package that the app does not need."""
_TOOLS: Final = frozenset({"pip", "setuptools", "wheel", "uv", "virtualenv"})
"""Packages that install others; they may come along."""


@exercise
def cache_order(check: Check) -> None:
    """Require that after a change in the app the layer with the packages is the same, and the change is in."""
    image, base = check.image("quick", demand="same-image"), criteria.course_image(check, "same-image", PYTHON)
    with check.disturbing(), copied(folder("slow")) as directory:
        if directory is None or not all((directory / file).is_file() for file in ("Dockerfile", "app.py")):
            check.stop(
                "same-image",
                f"In the directory {run.name('slow')} there is no Dockerfile beside app.py.",
                "Change the Dockerfile that the set-up wrote.",
            )
        with built(check.client, directory, image) as rebuilt:
            before = same_image(check, "same-image", image, rebuilt, run.name("quick"))
            _edited(check, directory, base, before)
            problem = wrongly_installed(check.client, directory, before, LISTED)
        check.require(
            "from-list",
            not problem,
            problem,
            "The list of packages has one place. A second list in the Dockerfile would soon differ.",
            seen="The check wrote another list into requirements.txt and built again: just that was installed.",
        )


def _edited(check: Check, directory: Path, base: Image, before: Image) -> None:
    """Change the app in the copy of the directory, build that, and add the criteria on what came of it."""
    client, word = check.client, f"Version {secrets.token_hex(6)}"
    (directory / "app.py").write_text(setup.slow_program(word), encoding="utf-8")
    with built(client, directory, before) as after:
        if isinstance(after, str):
            check.stop("has-change", f"The check changed app.py and built again, and that failed: {after}")
        again = packages(client, after, before)
        check.require(
            "not-again",
            not again,
            lambda: (
                "The check changed app.py and built again: packages were installed once more "
                f"({', '.join(sorted(again))[:80]}). {_below(client, base, before)}"
            ),
            "A step is taken from the cache if it and all before it are unchanged. What comes before them?",
            seen="The check changed app.py and built again: no new layer holds a package.",
        )
        check.settle()
        answer = page(client, after.id)
    check.require(
        "has-change",
        answer == word,
        f"The check changed app.py, and the new image answers with: {answer[:80] or 'nothing'}",
        "The app has to be copied as well, and gunicorn has to find it.",
    )


def packages(client: DockerClient, image: Image, without: Image) -> set[str]:
    """Return the Python packages in an image's layers, but for the layers of another one."""
    known = set(without.layers)
    found = find(client, image.id, lambda path, _: path.endswith(".dist-info/METADATA"), skip=without.layers)
    paths = [file.path for file in found if image.layers[file.layer] not in known]
    return {path.split("/")[-2].partition("-")[0].lower() for path in paths}


def wrongly_installed(client: DockerClient, directory: Path, image: Image, package: str) -> str:
    """Return a sentence on what a build installs that is not what the list says; the list is one package, by itself.

    Where that is not built, because a later step needs the app's packages, it is one more package.
    """
    found = _installed(client, directory, image, f"{package}\n")
    tried = f"The check wrote nothing but {package} into requirements.txt and built again"
    if isinstance(found, str):
        package = ADDED
        found = _installed(client, directory, image, f"{setup.REQUIREMENTS}{package}\n")
        tried = f"The check wrote {package} into requirements.txt as well and built again"
        if isinstance(found, str):
            return f"{tried}, and that failed: {found}"
    elif more := ", ".join(sorted(found - {package} - _TOOLS)):
        return f"{tried}, and {more[:80]} was installed all the same."
    return "" if package in found else f"{tried}, and {package} was not installed."


def _installed(client: DockerClient, directory: Path, image: Image, listed: str) -> set[str] | str:
    """Return the packages that a build with this list installs, or the last lines of the builder if it fails."""
    base = facts.image(client, PYTHON)
    (directory / "requirements.txt").write_text(listed, encoding="utf-8")
    with built(client, directory, image) as result:
        if isinstance(result, str):
            return result
        return packages(client, result, base) if base is not None else set()


def _below(client: DockerClient, base: Image, image: Image) -> str:
    """Return a sentence on what lies below the packages and should not."""
    names = ("app.py", "requirements.txt", "METADATA")
    copies = find(client, image.id, lambda path, _: path.rpartition("/")[2] in names, skip=base.layers)
    first = {name: next((one.layer for one in copies if one.path.endswith(name)), None) for name in names}
    app, packages_at = first["app.py"], first["METADATA"]
    if app is None or packages_at is None or app >= packages_at:
        return ""
    if app == first["requirements.txt"]:
        return "The step before copies everything at once, app.py included."
    return "app.py is copied before the packages are installed."


def installs(package: str) -> bool:
    """Tell whether a build installs this package, and not the app's, if requirements.txt lists nothing else."""
    client = connect()
    image = facts.image(client, run.name("quick"))
    with copied(folder("slow")) as directory:
        return image is not None and directory is not None and not wrongly_installed(client, directory, image, package)
