"""What the layers of an image hold, each layer by itself: also the files that a later layer hides.

It is read from the archive that ``docker save`` writes; nothing is run.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import IO, Final

import docker
from docker.errors import APIError

from course.facts.filesystem import Stream

MAX_FILE: Final = 8 << 20
"""Bytes of one file that are read."""
_INDEX: Final = "manifest.json"


@dataclass(frozen=True)
class LayerFile:
    """A file in a layer."""

    layer: int
    """Place of the layer in ``RootFS.Layers``, the lowest is 0."""
    path: str
    """Without a slash at the beginning."""


def find(
    client: docker.DockerClient,
    image: str,
    matches: Callable[[str, Callable[[], bytes]], bool],
    *,
    skip: Collection[str] = (),
) -> tuple[LayerFile, ...]:
    """Return the files of an image's layers that match, the lowest layer first.

    ``matches`` gets the path, and a function that reads the content (the first 8 MiB). Layers whose digest is in
    ``skip``, such as the base's, are not looked into where the archive names layers by digest.
    """

    def of_files(entry: tarfile.TarInfo, path: str, read: Callable[[int], bytes]) -> bool:
        return entry.isfile() and matches(path, partial(read, MAX_FILE))

    return search(client, image, of_files, skip=skip)


def search(
    client: docker.DockerClient,
    image: str,
    matches: Callable[[tarfile.TarInfo, str, Callable[[int], bytes]], bool],
    *,
    skip: Collection[str] = (),
) -> tuple[LayerFile, ...]:
    """Return the entries of an image's layers that match, also directories and links; see `find`.

    ``matches`` gets the entry, its path, and a function that reads so many bytes of a file, nothing of other entries.
    """
    passed = {f"blobs/sha256/{digest.removeprefix('sha256:')}" for digest in skip}
    hits: dict[str, list[str]] = {}
    order: list[str] = []
    try:
        stream = client.api.get_image(image)
    except APIError:
        return ()
    with tarfile.open(fileobj=Stream(stream), mode="r|") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is None or member.name in passed:
                continue
            if member.name == _INDEX:
                order = list(json.load(content)[0]["Layers"])
            else:
                hits[member.name] = _search(content, matches)
    return tuple(LayerFile(place, path) for place, name in enumerate(order) for path in hits.get(name, ()))


def _search(content: IO[bytes], matches: Callable[[tarfile.TarInfo, str, Callable[[int], bytes]], bool]) -> list[str]:
    """Return the matching entries of a layer; none if it is no layer but a description in JSON."""
    found = []
    try:
        with tarfile.open(fileobj=content, mode="r|*") as layer:
            for member in layer:
                file = layer.extractfile(member) if member.isfile() else None
                path = member.name.removeprefix("./")
                if matches(member, path, file.read if file is not None else _nothing):
                    found.append(path)
    except tarfile.TarError:
        return found
    return found


def _nothing(_: int) -> bytes:
    return b""
