"""The check of Part 3 on the build context: each layer is searched, also for what a later layer hides."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.building import built, copied, same_image
from course.checks.check import Check, exercise
from course.engine import connect
from course.facts import Image
from course.facts.layer_files import LayerFile, find
from course.folders import folder
from course.setups import part3 as setup
from course.setups.part2 import BASE


@exercise
def ignored(check: Check) -> None:
    """Require that what the secret files hold is in no layer, and what the other files hold is in the image."""
    client, image = check.client, check.image("shipment")
    base = criteria.course_image(check, "dockerfile", BASE)
    files = {
        path: _holding(client, image, base, setup.mark(path).encode())
        for path in (*setup.SECRET_FILES, *setup.NEEDED_FILES)
    }
    leaked = {path: files[path][0] for path in setup.SECRET_FILES if files[path]}
    with check.disturbing():
        check.require(
            "outside",
            not leaked,
            lambda: _leaked(client, image, leaked),
            "A rule of .dockerignore is a path from the top of the context; two stars mean any directories, or none.",
        )
        check.settle()
        place = "/".join(secrets.token_hex(2) for _ in range(5))
        more = [f"docs/{place}/{secrets.token_hex(4)}.pem", f"services/{place}/.env", f"{secrets.token_hex(4)}.pem"]
        let_in = lets_in(more)
        check.require(
            "outside",
            not let_in,
            f"The check put more keys and passwords into a copy of the directory and built that with the Dockerfile of "
            f"the set-up: {', '.join(let_in)} got into the image.",
            "The rule has to hold in any directory, also in one that will be there next year.",
            seen="The check put more of them into deeper directories of a copy, and built that: they stayed outside.",
        )
        check.settle()
    missing = [path for path in setup.NEEDED_FILES if not files[path]]
    check.require(
        "needed",
        not missing,
        f"Files that are needed are missing in the image: {', '.join(missing)}.",
        "Only the secret files stay outside.",
    )
    with check.disturbing(), copied(folder("shipment")) as directory:
        if directory is None:
            check.stop("dockerfile", f"The directory {run.name('shipment')} cannot be read.")
        (directory / "Dockerfile").write_text(setup.shipment_recipe(), encoding="utf-8")
        with built(client, directory, image) as result:
            same_image(check, "dockerfile", image, result, run.name("shipment"))


def lets_in(paths: Iterable[str]) -> list[str]:
    """Return which of these files, put there by the check, get into an image by the Dockerfile of the set-up.

    All of them if there is nothing to build, or it cannot be built.
    """
    client, words = connect(), {path: secrets.token_hex(12) for path in paths}
    base, image = facts.image(client, BASE), facts.image(client, run.name("shipment"))
    with copied(folder("shipment")) as directory:
        if base is None or image is None or directory is None:
            return list(words)
        for path, word in words.items():
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            (directory / path).write_text(word, encoding="utf-8")
        (directory / "Dockerfile").write_text(setup.shipment_recipe(), encoding="utf-8")
        with built(client, directory, image) as result:
            if isinstance(result, str):
                return list(words)
            return [path for path, word in words.items() if _holding(client, result, base, word.encode())]


def _holding(client: DockerClient, image: Image, base: Image, word: bytes) -> tuple[LayerFile, ...]:
    return find(client, image.id, lambda _, read: word in read(), skip=base.layers)


def _leaked(client: DockerClient, image: Image, leaked: dict[str, LayerFile]) -> str:
    path, file = next(iter(leaked.items()))
    place = f"layer {file.layer + 1} of {len(image.layers)}"
    if facts.read_image_file(client, image.id, f"/{file.path}") is None:
        return f"{path} is still in {place}: a later step hides it, and whoever has the image can get it out of there."
    deeper = all("/" in each for each in leaked)
    return f"{', '.join(leaked)} got into the image ({place})" + (
        ": the rule holds in the top directory only." if deeper else "."
    )
