"""Labels that identify images built by this project."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import docker
from docker.errors import APIError, ImageNotFound
from docker.models.images import Image

from autograder.errors import BadInput

SOURCE = "org.docker-fundamentals.source"
"""Always "recipe": an image pulled from a registry carries no label of ours."""

RECIPE = "org.docker-fundamentals.recipe"
"""Hash of everything that the image was made from; another hash means that the recipe has changed since."""

STAGE = "org.docker-fundamentals.stage"
"""Set in the build stages of recipes, so that they can be told from a user's own and removed."""


def recipe_labels(recipe_hash: str) -> dict[str, str]:
    """Return the labels of an image made here from the recipe with this hash."""
    return {SOURCE: "recipe", RECIPE: recipe_hash}


def recipe_hash_of(image: Image) -> str | None:
    """Return the recipe hash that the image carries, or ``None`` if it was not made here."""
    labels = (image.attrs.get("Config") or {}).get("Labels") or {}
    return str(labels[RECIPE]) if labels.get(SOURCE) == "recipe" and RECIPE in labels else None


def content(image: Image) -> str:
    """Return a hash of the image's layers and settings.

    It is the same on every Engine. An image's ID is not: it depends on the image store, of which Docker has two since
    its version 29 (https://docs.docker.com/engine/storage/containerd/).
    """
    config = image.attrs.get("Config") or {}
    settings = {key: config[key] for key in ("Cmd", "Entrypoint", "Env", "User", "WorkingDir") if config.get(key)}
    seen = json.dumps([image.attrs["RootFS"]["Layers"], settings], sort_keys=True)
    return hashlib.sha256(seen.encode()).hexdigest()


def find(client: docker.DockerClient, name: str) -> Image | None:
    """Return the image that the Engine has under this name, if any."""
    try:
        return client.images.get(name)
    except ImageNotFound:
        return None


def give_name(client: docker.DockerClient, image_id: str, name: str) -> Image:
    """Give the image the name of one that we made before; that one goes if nothing uses it.

    Raises ``BadInput`` rather than take the name away from an image that was not made here.
    """
    old = find(client, name)
    if old is not None and old.id != image_id and recipe_hash_of(old) is None:
        raise BadInput(
            f"The image {name} exists and was not built by this project. Give it another name "
            f"(`docker tag {name} NEW`, then `docker rmi {name}`) and try again."
        )
    client.api.tag(image_id, *name.rsplit(":", 1))
    if old is not None and old.id != image_id:
        remove_unused(client, [str(old.id)])
    return client.images.get(name)


def remove_stages(client: docker.DockerClient) -> None:
    """Remove what the build stages of recipes left: compilers and the like, over 100 MB without a name."""
    left = client.images.list(filters={"dangling": True, "label": STAGE})
    remove_unused(client, [str(image.id) for image in left])


def remove_unused(client: docker.DockerClient, ids: Iterable[str]) -> None:
    """Remove these images, except those that still have a name or a container."""
    for image_id in ids:
        try:
            if not client.images.get(image_id).tags:
                client.images.remove(image_id)
        except ImageNotFound:
            continue
        except APIError as error:
            if error.status_code != 409:
                raise
