"""Facts about an image."""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
from docker.errors import NotFound

from course.facts.values import texts


@dataclass(frozen=True)
class HistoryEntry:
    """One row of an image's history: an instruction that was carried out."""

    created_by: str
    size: int
    """Bytes that this step added, unpacked. 0 is possible for a step that did make a layer."""
    comment: str = ""
    """What the builder noted; BuildKit leaves its name."""


@dataclass(frozen=True)
class Image:
    """An image as ``inspect`` and ``history`` describe it."""

    id: str
    tags: tuple[str, ...]
    layers: tuple[str, ...]
    """Digests of the layers' contents, the lowest first (``RootFS.Layers``)."""
    history: tuple[HistoryEntry, ...]
    """The rows of the history, the oldest first."""
    environment: tuple[str, ...]
    command: tuple[str, ...]
    entrypoint: tuple[str, ...]
    user: str
    working_directory: str
    exposed_ports: tuple[str, ...]
    """Such as ``80/tcp``."""
    labels: Mapping[str, str]
    size: int
    """Bytes of all layers.

    The larger of two figures: what the history adds up to, and ``Size`` of ``inspect``. The latter counts packed bytes
    on Engines with the containerd store; the former is what the image says of itself.
    """

    @classmethod
    def read(cls, data: Mapping[str, Any], history: Iterable[Mapping[str, Any]] = ()) -> Image:
        """Make the record from the answers to ``GET /images/{name}/json`` and ``…/history`` (newest first)."""
        config = data.get("Config") or {}
        rows = [
            HistoryEntry(str(row.get("CreatedBy") or ""), int(row.get("Size") or 0), str(row.get("Comment") or ""))
            for row in history
        ]
        return cls(
            id=data["Id"],
            tags=texts(data.get("RepoTags")),
            layers=texts((data.get("RootFS") or {}).get("Layers")),
            history=tuple(reversed(rows)),
            environment=texts(config.get("Env")),
            command=texts(config.get("Cmd")),
            entrypoint=texts(config.get("Entrypoint")),
            user=str(config.get("User") or ""),
            working_directory=str(config.get("WorkingDir") or ""),
            exposed_ports=texts(config.get("ExposedPorts")),
            labels={str(key): str(value) for key, value in (config.get("Labels") or {}).items()},
            size=max(sum(row.size for row in rows), int(data.get("Size") or 0)),
        )

    def builds_on(self, base: Image) -> bool:
        """Tell whether the lowest layers are exactly those of ``base``."""
        return self.layers[: len(base.layers)] == base.layers

    def is_called(self, reference: str) -> bool:
        """Tell whether a reference, as somebody wrote it, names this image: by a tag of its own, or by ID."""
        digits = reference.removeprefix("sha256:")
        if re.fullmatch("[0-9a-f]{4,64}", digits) and self.id.removeprefix("sha256:").startswith(digits):
            return True
        name = reference.removeprefix("docker.io/").removeprefix("library/")
        return name in self.tags or f"{name}:latest" in self.tags


def pinned(name: str) -> str:
    """Return by what to ask for an image, so that a course image's name cannot be moved to another meanwhile.

    In grading it is the ID that the name had before the student's first cell. Elsewhere, and for every other name, it
    is the name itself.
    """
    place = os.environ.get("DOCKER_COURSE_IMAGES")
    full = name if ":" in name.rpartition("/")[2] else f"{name}:latest"
    return _noted(place).get(full, name) if place else name


@functools.cache
def _noted(place: str) -> dict[str, str]:
    """Return the IDs of the course's images by name, as the grader noted them in a file."""
    found: dict[str, str] = json.loads(Path(place).read_text(encoding="utf-8"))
    return found


def image(client: docker.DockerClient, name: str) -> Image | None:
    """Return the image with this name, digest or ID, or None; a course image as `pinned` has it."""
    try:
        data = client.api.inspect_image(pinned(name))
        return Image.read(data, client.api.history(data["Id"]))
    except NotFound:
        return None
