"""Where an image's layers came from: a build, or a commit by hand."""

from __future__ import annotations

from collections.abc import Iterable

from docker import DockerClient

from course import facts
from course.facts import Image


def from_commit(client: DockerClient, image: Image, base: Image, also: Iterable[Image] = ()) -> bool:
    """Tell whether the image has a layer over ``base`` that a remembered commit made, or an image of ``also`` has."""
    committed = list(also)
    events = facts.events_of(client, "container")
    # The Engine copies labels over the attributes of events: such a label would hide the image that a commit made.
    hidden = {event.id for event in events if event.action != "commit" and "imageID" in event.attributes}
    for event in events:
        if event.action == "commit":
            if event.id in hidden:
                return True
            found = facts.image(client, event.attributes.get("imageID", ""))
            committed += [found] if found is not None else []
    own = {layer for item in committed if item.builds_on(base) for layer in item.layers[len(base.layers) :]}
    return bool(own & set(image.layers))
