"""The plug-ins of the command docker that a sandbox has: buildx and Compose, for a machine without them."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from pathlib import Path

import docker
from docker.errors import DockerException

from autograder.errors import SandboxError

INSIDE = "/usr/libexec/docker/cli-plugins"
"""Where Debian's packages put them."""


def copy(client: docker.DockerClient, image: str, name: str, folder: Path) -> Path:
    """Copy a plug-in from the sandbox's image to the folder, which is made, and return the new file.

    Raises:
        SandboxError: the image has no such plug-in.
        OSError: the folder cannot be written.
    """
    container = client.containers.create(image, network_mode="none")
    try:
        with tempfile.TemporaryFile() as archive:
            try:
                pieces, _ = container.get_archive(f"{INSIDE}/docker-{name}")
                for piece in pieces:
                    archive.write(piece)
            except DockerException as error:
                raise SandboxError(f"The sandbox's image has no {INSIDE}/docker-{name}: {error}") from error
            archive.seek(0)
            folder.mkdir(parents=True, exist_ok=True)
            target = folder / f"docker-{name}"
            new = target.with_name(f".{target.name}.new")
            with tarfile.open(fileobj=archive) as tar, new.open("wb") as file:
                content = tar.extractfile(tar.getmembers()[0])
                if content is None:
                    raise SandboxError(f"{INSIDE}/docker-{name} in the sandbox's image is no file.")
                shutil.copyfileobj(content, file)
            new.chmod(0o755)
            return new.replace(target)
    finally:
        container.remove(force=True)
