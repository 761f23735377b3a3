"""The check of Part 3 on a build's secret: it was used, and it is nowhere in the image."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any, Final

from docker import DockerClient

from course import facts
from course.checks.check import Check, exercise
from course.facts import Image
from course.facts.layer_files import LayerFile, find
from course.setups import part3_small as setup

MAX_SEARCHED: Final = 1_000_000_000
"""Bytes of an image that is searched; a larger one is not."""


@exercise
def sealed(check: Check) -> None:
    """Require the seal that only the key gives, and that the key is nowhere in the image."""
    client, image = check.client, check.image("sealed")
    right = setup.seal(setup.key())
    seal = (facts.read_image_file(client, image.id, setup.SEAL) or b"").split()[:1]
    check.gate(
        seal == [right.encode()],
        f"{setup.SEAL} holds the seal of the release: the build had the key.",
        lambda: wrong_seal(seal[0].decode("utf-8", "replace") if seal else None),
        "Let the step print what it gets (on a trial key): a secret without the right id is silently missing.",
    )
    data, words = client.api.inspect_image(image.id), spellings(setup.key())
    check.gate(
        not _holds(words, data),
        "The key is not in the image's configuration.",
        f"The key is in the image's configuration ({_setting(words, data)}): inspect shows it, and each "
        "container gets it.",
        "A variable of the image is there for everybody who has the image.",
    )
    steps = [row.created_by for row in image.history if _holds(words, row.created_by)]
    check.gate(
        not steps,
        "The key is in no line of the image's history.",
        lambda: (
            f"The key is in the image's history, in a step of {steps[0].split()[0]}: "
            "whatever a line holds, and the arguments of a build, are written down there."
        ),
        "Read the history of your image, uncut. How else does a step get a value?",
    )
    if image.size > MAX_SEARCHED:
        check.stop("The image is too large to be searched.", f"It may stand on {setup.BASE}.")
    hits, seals = search(client, image.id, words, right, facts.image(client, setup.BASE))
    check.gate(
        not hits and (bool(seals) or seal != [right.encode()]),
        "The key is in no layer: the check saved the image and searched each file.",
        lambda: _in_layer(client, image, hits),
        "What a COPY brings in is in a layer for good. What may a step see without its being copied?",
        weight=2,
    )


def search(
    client: DockerClient, image: str, words: tuple[bytes, ...], seal: str, base: Image | None
) -> tuple[list[LayerFile], list[LayerFile]]:
    """Return the files, in whichever layer, that hold one of the words, and those that hold the seal.

    The seal has to be found: that shows that the layers were read.
    """
    with_word: list[str] = []

    def matches(path: str, read: Callable[[], bytes]) -> bool:
        content = read() + path.encode("utf-8", "replace")
        if any(word in content for word in words):
            with_word.append(path)
            return True
        return seal.encode() in content

    files = find(client, image, matches, skip=base.layers if base is not None else ())
    hits = [file for file in files if file.path in with_word]
    return hits, [file for file in files if file.path not in with_word]


def spellings(secret: str) -> tuple[bytes, ...]:
    """Return a secret as it is, and as people spell it to hide it: in Base64 and in hexadecimal digits."""
    raw = secret.encode()
    return raw, base64.b64encode(raw).rstrip(b"="), raw.hex().encode()


def _in_layer(client: DockerClient, image: Image, hits: list[LayerFile]) -> str:
    if not hits:
        return "The layers of the image could not be read."
    file = hits[0]
    hidden = facts.read_image_file(client, image.id, f"/{file.path}") is None
    return f"The key is in layer {file.layer + 1} of {len(image.layers)}, in the file /{file.path[:80]}" + (
        ". A later step removed it from sight, not from the layer." if hidden else "."
    )


def _holds(words: tuple[bytes, ...], value: Any) -> bool:
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return any(word in text for word in words)


def _setting(words: tuple[bytes, ...], data: dict[str, Any]) -> str:
    config = data.get("Config") or {}
    return next((key for key, value in config.items() if _holds(words, value)), "elsewhere")


def wrong_seal(given: str | None) -> str:
    """Return a sentence on a seal that is not the right one; None if there is none."""
    if given is None:
        return f"There is no {setup.SEAL} in the image."
    if given == setup.seal(""):
        return f"{setup.SEAL} is the seal of the release without a key: the step found no secret, and went on."
    if given == hashlib.sha256(setup.key().encode()).hexdigest():
        return f"{setup.SEAL} is the sum of the key alone, without the release."
    if given == setup.seal(setup.key() + "\n"):
        return f"{setup.SEAL} was made with a key that ends with a line break; the key in the file does not."
    return f"{setup.SEAL} is not the seal of this run's release with this run's key."
