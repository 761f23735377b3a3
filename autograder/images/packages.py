"""Packages for sandboxes without a network: an image with the packages, and a layer that configures apt and pip.

Both are recipes: ``images/packages`` and ``images/offline``. The sandbox's image holds the packages and serves them to
the containers inside; the layer goes over the catalogue's images of ``installs = true`` when a golden store is made, so
that the same Dockerfile builds in a sandbox and, with the internet, anywhere else.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import docker
from docker.models.images import Image

from autograder.errors import BadInput
from autograder.host import Progress, connect, silent
from autograder.host.lock import exclusive
from autograder.images import labels, recipe
from autograder.images.catalogue import FOLDER, load

PACKAGES = "docker-fundamentals/packages:latest"


def ensure_packages(
    client: docker.DockerClient | None = None, progress: Progress = silent, *, folder: Path = FOLDER
) -> Image:
    """Return the image with the packages, made if it is not there or if its recipe or the images below it have changed.

    Making it takes about a minute and needs Debian's and Python's package servers. Raises ``BuildFailed``.
    """
    client = client or connect()
    made_from = recipe.recipe_hash(folder / "packages", [_content(client, base) for base in _bases(folder)])
    with exclusive("packages"):
        there = labels.find(client, PACKAGES)
        if there is not None and labels.recipe_hash_of(there) == made_from:
            return there
        made = recipe.build(client, folder / "packages", PACKAGES, made_from, progress)
        return labels.give_name(client, made, PACKAGES)


def offline_context(folder: Path = FOLDER) -> bytes:
    """Return the build context of the layer, a tar archive; its Dockerfile takes the argument ``IMAGE``."""
    return recipe.context(folder / "offline")


def installing(folder: Path = FOLDER) -> list[str]:
    """Names of the images that get the layer in a sandbox."""
    return [image.name for image in load(folder / "catalogue.toml").image if image.installs]


def offline_fingerprint(folder: Path = FOLDER) -> str:
    """Return a hash that changes with the layer and with the list of images that get it."""
    words = [recipe.recipe_hash(folder / "offline", []), *installing(folder)]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:8]


def _bases(folder: Path) -> list[str]:
    return [base for base in recipe.bases(folder / "packages") if base != "scratch"]


def _content(client: docker.DockerClient, name: str) -> str:
    there = labels.find(client, name)
    if there is None:
        raise BadInput(f"The Engine does not have the image {name}. Run `docker-course images ensure` to get it.")
    return labels.content(there)
