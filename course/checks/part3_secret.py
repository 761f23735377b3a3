"""The check of Part 3 on a build's secret: it was used, and it is nowhere in the image."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.building import built, copied
from course.checks.check import Check, exercise
from course.checks.recipes import secrets_of
from course.checks.searching import MAX_SEARCHED, Secret, find_secret
from course.engine import connect
from course.facts import Image
from course.facts.layer_files import LayerFile
from course.folders import folder
from course.setups import part3_small as setup


@exercise
def sealed(check: Check) -> None:
    """Require the seal that only the key gives, and that the key is nowhere in the image."""
    client, image = check.client, check.image("sealed")
    with check.disturbing():
        given = _seal_in(client, image)
        check.require(
            "seal",
            given == setup.seal(setup.key()),
            lambda: wrong_seal(given),
            "Let the step print what it gets (on a trial key): a secret without the right id is silently missing.",
        )
        base = criteria.course_image(check, "busybox", setup.BASE)
        check.require(
            "busybox",
            image.builds_on(base),
            f"It is not based on {setup.BASE}.",
            "The last FROM says what the image is based on.",
        )
        _without_key(check, image, base)
        check.settle()
        answer = sealed_anew(client, image, f"key-{secrets.token_hex(16)}")
        check.require(
            "by-build",
            not answer,
            f"The check built the directory {run.name('release')} once more, with another key and another release: "
            f"{answer}",
            "The step that makes the seal has to read the key, each time.",
            seen="The check built the directory once more, with another key: the seal is that key's.",
        )


def _without_key(check: Check, image: Image, base: Image) -> None:
    """Require that the key is in no setting of the image, in no line of its history, and in no layer."""
    client, key = check.client, Secret(setup.key())
    data = client.api.inspect_image(image.id)
    check.require(
        "no-key",
        not _holds(key, data),
        lambda: (
            f"The key is in the image's configuration ({_setting(key, data)}): inspect shows it, and each "
            "container gets it."
        ),
        "A variable of the image is there for everybody who has the image.",
    )
    steps = [row.created_by for row in image.history if _holds(key, (row.created_by, row.comment))]
    check.require(
        "no-key",
        not steps,
        lambda: (
            f"The key is in the image's history, in a step of {steps[0].split()[0]}: "
            "whatever a line holds, and the arguments of a build, are written down there."
        ),
        "Read the history of your image, uncut. How else does a step get a value?",
    )
    if image.size > MAX_SEARCHED:
        check.stop("no-key", "The image is too large to be searched.", f"Base it on {setup.BASE}.")
    hits = find_secret(client, image.id, key, skip=base.layers)
    check.require(
        "no-key",
        not hits,
        lambda: _in_layer(client, image, hits[0]),
        "What a COPY brings in is in a layer for good. What may a step see without its being copied?",
        seen="The check saved the image and searched each layer: contents, names and links.",
    )


def sealed_anew(client: DockerClient, image: Image, key: str) -> str:
    """Build the student's directory with another key and another release; return a sentence if its seal is not right.

    Nothing is taken from the cache: BuildKit does not run a step once more because a secret is another one.
    """
    release = f"Release {secrets.token_hex(8)}\n"
    with copied(folder("release")) as directory:
        if directory is None or not (directory / "Dockerfile").is_file():
            return "there is no Dockerfile in it."
        files = {setup.KEY_FILE: key, "release.txt": release}
        for name, text in files.items():
            (directory / name).write_text(text, encoding="utf-8")
        lend = {id: directory / name for id, name in _lent(secrets_of(directory)).items()}
        with built(client, directory, image, lend=lend) as result:
            if isinstance(result, str):
                return f"that failed: {result}"
            seal = _seal_in(client, result)
    if seal == hashlib.sha256((key + release).encode()).hexdigest():
        return ""
    return f"{setup.SEAL} holds {seal[:16] or 'nothing'}…, which is not the seal of these two."


def _lent(ids: list[str]) -> dict[str, str]:
    """Return the file that each secret of the student's build is: the key, or the release if it is called so."""
    keys = [id for id in ids if "release" not in id.lower() or "key" in id.lower()] or ids
    return {id: setup.KEY_FILE if id in keys else "release.txt" for id in ids}


def seals(key: str) -> bool:
    """Tell whether a build with this key gives its seal."""
    client = connect()
    image = facts.image(client, run.name("sealed"))
    return image is not None and not sealed_anew(client, image, key)


def _seal_in(client: DockerClient, image: Image) -> str:
    """Return the first word in an image's file for the seal; empty text if there is none."""
    words = (facts.read_image_file(client, image.id, setup.SEAL) or b"").split()[:1]
    return words[0].decode("utf-8", "replace") if words else ""


def _in_layer(client: DockerClient, image: Image, file: LayerFile) -> str:
    hidden = facts.read_image_file(client, image.id, f"/{file.path}") is None
    return f"The key is in layer {file.layer + 1} of {len(image.layers)}, in /{file.path[:80]}" + (
        ". No container sees it there, and it is still in the layer." if hidden else "."
    )


def _holds(key: Secret, value: Any) -> bool:
    return key.within(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _setting(key: Secret, data: dict[str, Any]) -> str:
    config = data.get("Config") or {}
    return next((name for name, value in config.items() if _holds(key, value)), "elsewhere")


def wrong_seal(given: str) -> str:
    """Return a sentence on a seal that is not the right one; empty text if there is none."""
    if not given:
        return f"There is no {setup.SEAL} in the image, or nothing in it."
    if given == setup.seal(""):
        return f"{setup.SEAL} is the seal of the release without a key: the step found no secret, and went on."
    if given == hashlib.sha256(setup.key().encode()).hexdigest():
        return f"{setup.SEAL} is the sum of the key alone, without the release."
    if given == setup.seal(setup.key() + "\n"):
        return f"{setup.SEAL} was made with a key that ends with a line break; the key in the file does not."
    return f"{setup.SEAL} is not the seal of this run's release with this run's key."
