"""Where an image's layers came from: a set-up, a build, or a commit by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from docker import DockerClient

from course import facts, run
from course.facts import Image

_INSTRUCTION: Final = re.compile(r"^[A-Z]+ ", re.MULTILINE)
_COPY: Final = re.compile(r"^COPY (\S+) (\S+)$", re.MULTILINE)


def is_given(client: DockerClient, image: Image, files: Mapping[str, str], *, extended: bool = False) -> bool:
    """Tell whether an image is the one that a set-up built from ``files``, by what is in it.

    It stands on the same base, has as many steps over it, and each file that the set-up copied is as it was. Its name
    and labels prove nothing: another image can have them, and an image that is built on this one inherits the labels.

    Args:
        client: the Engine.
        image: the image.
        files: the set-up's, by name; one of them is called ``Dockerfile``.
        extended: whether an image that is built on the set-up's counts as well, if it leaves those files as they are.
    """
    recipe = files["Dockerfile"]
    base = facts.image(client, recipe.split()[1])
    if base is None or not image.builds_on(base):
        return False
    steps = len(image.history) - len(base.history)
    if steps != len(_INSTRUCTION.findall(recipe)) - 1 and not extended:
        return False
    return all(
        facts.read_image_file(client, image.id, target) == files[source].encode()
        for source, target in _COPY.findall(recipe)
    )


def from_commit(client: DockerClient, image: Image, base: Image, also: Image | None = None) -> bool:
    """Tell whether the image has a layer over ``base`` that a commit made, or that ``also`` has.

    Raises NotKept or NotKnown where neither is found and the record of commits is not whole.
    """
    committed = [also] if also is not None else []
    history = facts.history(client, "container")
    for event in history.events:
        if event.action == "commit":
            if "imageID" not in event.attributes:  # a label hides it
                return True
            result = facts.image(client, event.attributes["imageID"])
            committed += [result] if result is not None else []
    own = {layer for item in committed if item.builds_on(base) for layer in item.layers[len(base.layers) :]}
    if own & set(image.layers):
        return True
    history.vouch(since=run.began(), actions=("commit",))
    return False
