"""Look up what a sandbox needs to start: image, golden store, seccomp profile and AppArmor profile.

``setup`` makes them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.errors import ImageNotFound, NotFound
from docker.models.images import Image

from autograder import images
from autograder.errors import SandboxError
from autograder.host import connect, namespaces
from autograder.sandbox import image

SECCOMP = Path(__file__).with_name("seccomp.json")
STORE_SCHEME = 1
"""Raise it when a store of the same images is made in another way."""


@dataclass(frozen=True, slots=True)
class Provision:
    """What a sandbox is started with."""

    image: str
    """Id of the image."""
    store: str
    """Name of the golden store's volume."""
    seccomp: Path = SECCOMP
    apparmor: str = "unconfined"
    """Name of the AppArmor profile."""


@functools.cache
def current() -> Provision:
    """Return the provision of this checkout's files, looked up once per process.

    Raises:
        SandboxError: the store is missing, or there is no image of the files as they are now.
    """
    client = connect()
    try:
        client.volumes.get(store_name(client))
        found = image.find(client)
    except (ImageNotFound, NotFound, images.CatalogueIncomplete) as error:
        raise SandboxError(
            f"Sandboxes cannot start yet: {error}. `docker-course setup` makes what is missing."
        ) from error
    return of_image(client, found)


def of_image(client: docker.DockerClient, found: Image) -> Provision:
    """Return the provision with this image."""
    profile = namespaces.apparmor_profile(namespaces.KernelSettings.of(client))
    return Provision(image=str(found.id), store=store_name(client), apparmor=profile)


def store_name(client: docker.DockerClient) -> str:
    """Return the name of the golden store of the images as they are now."""
    parts = (STORE_SCHEME, images.fingerprint(client=client), images.offline_fingerprint())
    return "docker-course-store-" + "-".join(map(str, parts))
