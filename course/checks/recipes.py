"""What a Dockerfile says, as far as checks have to know it before they build: images, and secrets that it borrows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from docker import DockerClient

from course import facts, run
from course.facts import Image
from course.facts.image import pinned

_CONTINUED: Final = re.compile(r"[\\`][ \t]*\n")
_COMMENT: Final = re.compile(r"^\s*#.*\n?", re.MULTILINE)
_FROM: Final = re.compile(r"FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_ARG: Final = re.compile(r"ARG\s+(\w+)=[\"']?([^\s\"']*)", re.IGNORECASE)
_TAKEN: Final = re.compile(r"--(?:mount=\S*?\b)?from=([^\s,]+)")
_VARIABLE: Final = re.compile(r"\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))")
_SECRET: Final = re.compile(r"--mount=(\S*type=secret\S*)")


def instructions(directory: Path) -> list[str]:
    """Return the instructions of a copied directory's Dockerfile, each in one line, without comments."""
    text = (directory / "Dockerfile").read_text("utf-8", "replace").replace("\r\n", "\n")
    lines = _CONTINUED.sub(" ", _COMMENT.sub("", text)).splitlines()
    return [line.strip() for line in lines if line.strip()]


def images(directory: Path) -> list[str]:
    """Return the images that a Dockerfile takes something from, as they are named there; no stages of its own."""
    values: dict[str, str] = {}
    stages: set[str] = {"scratch"}
    found: list[str] = []

    def filled(text: str) -> str:
        return _VARIABLE.sub(lambda match: values.get(match[1] or match[3], match[2] or ""), text)

    for line in instructions(directory):
        if match := _ARG.match(line):
            values.setdefault(match[1], filled(match[2]))
        if match := _FROM.match(line):
            found.append(filled(match[1]))
            stages.add((match[2] or "").lower())
        elif line.upper().startswith(("COPY ", "RUN ", "ADD ")):
            found += map(filled, _TAKEN.findall(line))
    return [name for name in dict.fromkeys(found) if name.lower() not in stages and not name.isdecimal()]


def local_images(client: DockerClient, directory: Path) -> list[str]:
    """Return the images that a Dockerfile names and that this run made: another machine does not have them."""
    history = facts.history(client, "image", "container")
    made = {event.attributes.get("name", "") for event in history.events if event.action in ("tag", "import", "load")}
    made |= {event.attributes.get("imageID", "") for event in history.events if event.action == "commit"}
    return [name for name in images(directory) if run.token() in name or _is_of(made, name, facts.image(client, name))]


def _is_of(made: set[str], name: str, image: Image | None) -> bool:
    """Tell whether a name, or the image that it names, is one of those; a course image or a digest is not."""
    if pinned(name) != name or "@" in name:
        return False
    full = name if ":" in name.rpartition("/")[2] else f"{name}:latest"
    return full in made or (image is not None and (image.id in made or (bool(image.tags) and {*image.tags} <= made)))


def secrets_of(directory: Path) -> list[str]:
    """Return the IDs of the secrets that a Dockerfile's steps borrow."""
    found = []
    for line in instructions(directory):
        for options in _SECRET.findall(line):
            values = dict(option.split("=", 1) for option in options.split(",") if "=" in option)
            target = values.get("target") or values.get("dst") or values.get("destination") or ""
            found.append(values.get("id") or target.rpartition("/")[2])
    return list(dict.fromkeys(filter(None, found)))
