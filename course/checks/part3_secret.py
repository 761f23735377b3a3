"""The check of Part 3 on a build's secret: it was used, and it is nowhere in the image."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any, Final

from docker import DockerClient

from course import facts, run
from course.checks.report import Report
from course.engine import connect
from course.facts import Image
from course.facts.layer_files import Found, find
from course.setups import part3_small as setup

_SEARCHED_AT_MOST: Final = 1_000_000_000


def sealed() -> Report:
    """Exercise 25: the image holds the seal that only the key gives, and the key is nowhere in it."""
    report = Report("A secret for the build only")
    client, name = connect(), run.name("sealed")
    image, base = facts.image(client, name), facts.image(client, setup.BASE)
    if image is None:
        return report.give_up(
            failed=f"There is no image called {name}.",
            hint="Give the image that you build exactly this name.",
        )
    right = setup.seal(setup.key())
    there = (facts.read_image_file(client, name, setup.SEAL) or b"").split()[:1]
    report.require(
        there == [right.encode()],
        passed=f"{setup.SEAL} holds the seal of the release: the build had the key.",
        failed=_wrong_seal(there[0].decode("utf-8", "replace") if there else None),
        hint="Let the step print what it gets (on a trial key): a secret without the right id is silently missing.",
        essential=True,
    )
    data = client.api.inspect_image(name)
    words = spellings(setup.key())
    report.require(
        not _holds(words, data),
        passed="The key is not in the image's configuration.",
        failed=f"The key is in the image's configuration ({_setting(words, data)}): inspect shows it, and each "
        "container gets it.",
        hint="A variable of the image is there for everybody who has the image.",
        essential=True,
    )
    rows = [row.created_by for row in image.history if _holds(words, row.created_by)]
    report.require(
        not rows,
        passed="The key is in no line of the image's history.",
        failed=f"The key is in the image's history, in a step of {rows[0].split()[0] if rows else ''}: "
        "whatever a line holds, and the arguments of a build, are written down there.",
        hint="Read the history of your image, uncut. How else does a step get a value?",
        essential=True,
    )
    if image.size > _SEARCHED_AT_MOST:
        return report.give_up(
            failed="The image is too large to be searched.", hint=f"It may stand on {setup.BASE}."
        )
    hits, seals = search(client, name, words, right, base)
    if hits:
        first = hits[0]
        hidden = facts.read_image_file(client, name, f"/{first.path}") is None
        failed = (
            f"The key is in layer {first.layer + 1} of {len(image.layers)}, in the file /{first.path[:80]}"
            + (". A later step removed it from sight, not from the layer." if hidden else ".")
        )
    else:
        failed = "The layers of the image could not be read."
    report.require(
        not hits and (bool(seals) or there != [right.encode()]),
        passed="The key is in no layer: the check saved the image and searched each file.",
        failed=failed,
        hint="What a COPY brings in is in a layer for good. What may a step see without its being copied?",
        essential=True,
        weight=2,
    )
    return report


def search(
    client: DockerClient, image: str, words: tuple[bytes, ...], seal: str, base: Image | None
) -> tuple[list[Found], list[Found]]:
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

    found = find(client, image, matches, skip=base.layers if base is not None else ())
    hits = [each for each in found if each.path in with_word]
    return hits, [each for each in found if each.path not in with_word]


def spellings(secret: str) -> tuple[bytes, ...]:
    """Return a secret as it is, and as people spell it to hide it: in Base64 and in hexadecimal digits."""
    raw = secret.encode()
    return raw, base64.b64encode(raw).rstrip(b"="), raw.hex().encode()


def _holds(words: tuple[bytes, ...], value: Any) -> bool:
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return any(word in text for word in words)


def _setting(words: tuple[bytes, ...], data: dict[str, Any]) -> str:
    config = data.get("Config") or {}
    return next((key for key, value in config.items() if _holds(words, value)), "elsewhere")


def _wrong_seal(given: str | None) -> str:
    if given is None:
        return f"There is no {setup.SEAL} in the image."
    if given == setup.seal(""):
        return (
            f"{setup.SEAL} is the seal of the release without a key: the step found no secret, and went on."
        )
    if given == hashlib.sha256(setup.key().encode()).hexdigest():
        return f"{setup.SEAL} is the sum of the key alone, without the release."
    if given == setup.seal(setup.key() + "\n"):
        return f"{setup.SEAL} was made with a key that ends with a line break; the key in the file does not."
    return f"{setup.SEAL} is not the seal of this run's release with this run's key."
