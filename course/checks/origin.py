"""Where an image's layers came from: a build, or a commit by hand."""

from __future__ import annotations

from docker import DockerClient

from course import facts, run
from course.facts import Image


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
