"""The check of Part 5 on secrets: the place of a leak was found, and the new key is only where it belongs."""

from __future__ import annotations

import json
import secrets
from typing import Any

from docker import DockerClient

from course import facts
from course.checks import criteria
from course.checks.answers import text
from course.checks.check import Check, exercise
from course.checks.probing import loopback_port
from course.checks.proof_programs import does_its_work, works_again
from course.checks.searching import MAX_SEARCHED, Secret, find_secret
from course.facts import Container, Image
from course.facts.http import fetch
from course.setups import part5 as setup
from course.setups.part5_leak import MESSENGER, PLACES, leaking_place, new_key, signature
from course.setups.part5_programs import PORT


@exercise
def five_places(check: Check) -> None:
    """Require the place of the leak, and a successor that works with a key which is in no image and no setting."""
    place = check.answer("leak", f"It is one of {', '.join(PLACES)}.", read=named_place)
    check.require(
        "place",
        place == leaking_place(),
        lambda: wrong_place(place),
        "Each of the five places holds a key. Which of them is the one in leaked?",
    )
    check.settle()
    client = check.client
    container = check.running(MESSENGER, "Its log says what it misses.", demand="signs")
    image = check.need("signs", facts.image(client, container.image), "Its image has been removed.")
    does_its_work(check, "signs", container, "The messenger", "Its log says why.")
    check.settle()
    check.require(
        "signs",
        lambda: _signs(container),
        "It answers, but does not sign with the new key.",
        "What does the program read when it starts?",
        seen="The check compared a signature with the new key's.",
    )
    criteria.on_loopback(check, "on-loopback", container)
    base = criteria.course_image(check, "nowhere", setup.PYTHON)
    if image.size > MAX_SEARCHED:
        check.stop("nowhere", "Its image is too large to be searched.", f"It may stand on {setup.PYTHON}.")
    with check.disturbing():
        where = where_it_is(client, container, image, base, Secret(new_key()))
    check.require(
        "nowhere",
        not where,
        f"The new key is {where}.",
        "Everyone who has the image, or may ask the Engine, can read it there. How does a file get into a container "
        "only when it starts?",
        seen="The check searched the image's settings, history and layers, and the container's settings.",
    )
    check.settle()
    works_again(check, "signs", container)


def named_place(name: str) -> str:
    """Return the student's word for one of the places, in the course's words where it is one of them."""
    word = text(name).lower()
    begins = {"hist": "history", "env": "environment", "layer": "layer", "label": "label", "mount": "mount"}
    return next((place for start, place in begins.items() if word.startswith(start)), word)


def wrong_place(named: str) -> str:
    """Return a sentence on a place that is not the one of the leak."""
    if named in PLACES:
        return f"There is a key in this place ({named}), and it is another one than the key that leaked."
    return f"leak is {named[:60]!r}, which is none of the five places."


def where_it_is(client: DockerClient, container: Container, image: Image, base: Image, key: Secret) -> str:
    """Return where a key is that should be in no image and no setting; empty text if it is nowhere."""
    if _holds(key, client.api.inspect_container(container.id)):
        return "in the settings of the container: inspect shows it"
    if _holds(key, client.api.inspect_image(image.id)):
        return "in the settings of the image: each container gets it"
    if _holds(key, [(row.created_by, row.comment) for row in image.history]):
        return "in the image's history"
    hits = find_secret(client, image.id, key, skip=base.layers)
    return f"in a layer of the image, in /{hits[0].path[:80]}" if hits else ""


def _signs(container: Container) -> bool:
    """Tell whether the answer to a random path is signed with the new key."""
    port, path = loopback_port(container, PORT), f"/{secrets.token_hex(6)}"
    return port is not None and signature(path) in fetch(port, path).body


def _holds(key: Secret, value: Any) -> bool:
    return key.within(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
