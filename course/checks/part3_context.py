"""The check of Part 3 on the build context: each layer is searched, also for what a later layer hides."""

from __future__ import annotations

import secrets

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.building import built, copied
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
    client, image, base = check.client, check.image("shipment"), criteria.course_image(check, BASE)
    files = {
        path: _holding(client, image, base, setup.mark(path).encode())
        for path in (*setup.SECRET_FILES, *setup.NEEDED_FILES)
    }
    leaked = {path: files[path][0] for path in setup.SECRET_FILES if files[path]}
    check.gate(
        not leaked,
        "The words in the secret files are in no layer of the image.",
        lambda: _leaked(client, image, leaked),
        "A rule of .dockerignore is a path from the top of the context; two stars mean any directories, or none.",
        weight=2,
    )
    missing = [path for path in setup.NEEDED_FILES if not files[path]]
    check.gate(
        not missing,
        "All other files are in the image.",
        f"Files that are needed are missing in the image: {', '.join(missing)}.",
        "Only the secret files stay outside.",
    )


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
