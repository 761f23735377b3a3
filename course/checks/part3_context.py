"""The check of Part 3 on the build context: each layer is searched, also for what a later layer hides."""

from __future__ import annotations

import secrets

from docker import DockerClient

from course import facts, run
from course.checks.building import built, copied
from course.checks.report import Report
from course.engine import connect
from course.facts import Image
from course.facts.layer_files import Found, find
from course.setups import part3 as setup
from course.setups.part2 import BASE, folder


def ignored() -> Report:
    """Exercise 23: what the secret files hold is in no layer, what the other files hold is in the image."""
    report = Report("What stays outside")
    client, name = connect(), run.name("shipment")
    base, image = facts.image(client, BASE), facts.image(client, name)
    if base is None or image is None:
        return report.give_up(
            failed=f"There is no image called {name}.",
            hint="Give the image that you build exactly this name.",
        )
    marks = {path: setup.mark(path).encode() for path in (*setup.SECRET_FILES, *setup.NEEDED_FILES)}
    held = {path: _holding(client, image, base, word) for path, word in marks.items()}
    leaked = {path: held[path] for path in setup.SECRET_FILES if held[path]}
    report.require(
        not leaked,
        passed="The words in the secret files are in no layer of the image.",
        failed=_leaked(client, image, leaked),
        hint="A rule of .dockerignore is a path from the top of the context; two stars mean any directories, or none.",
        essential=True,
        weight=2,
    )
    missing = [path for path in setup.NEEDED_FILES if not held[path]]
    report.require(
        not missing,
        passed="All other files are in the image.",
        failed=f"Files that are needed are missing in the image: {', '.join(missing)}.",
        hint="Only the secret files stay outside.",
        essential=True,
    )
    return report


def lets_in(path: str) -> bool:
    """Tell whether a file that the check puts there gets into an image, by the Dockerfile that was given.

    True also if that cannot be built.
    """
    client = connect()
    base, image = facts.image(client, BASE), facts.image(client, run.name("shipment"))
    word = secrets.token_hex(12)
    with copied(folder("shipment")) as directory:
        if base is None or image is None or directory is None:
            return True
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(word, encoding="utf-8")
        (directory / "Dockerfile").write_text(setup.shipment_recipe(), encoding="utf-8")
        with built(client, directory, image) as result:
            return isinstance(result, str) or bool(_holding(client, result, base, word.encode()))


def _holding(client: DockerClient, image: Image, base: Image, word: bytes) -> tuple[Found, ...]:
    return find(client, image.id, lambda _, read: word in read(), skip=base.layers)


def _leaked(client: DockerClient, image: Image, leaked: dict[str, tuple[Found, ...]]) -> str:
    if not leaked:
        return ""
    path, (found, *_) = next(iter(leaked.items()))
    place = f"layer {found.layer + 1} of {len(image.layers)}"
    if facts.read_image_file(client, image.id, f"/{found.path}") is None:
        return f"{path} is still in {place}: a later step hides it, and whoever has the image can get it out of there."
    deeper = all("/" in each for each in leaked)
    return f"{', '.join(leaked)} got into the image ({place})" + (
        ": the rule holds in the top directory only." if deeper else "."
    )
