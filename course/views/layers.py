"""The layers of one or more images, side by side: what they share is easy to tell from what is their own."""

from __future__ import annotations

import re
from typing import Final

import docker

from course import facts
from course.engine import connect
from course.errors import CourseError
from course.facts import HistoryEntry, Image
from course.views.svg import INK, Picture

_SHARED: Final = "#9ecbff"
_OWN: Final = "#ffd58a"
_DASHES: Final = "6 3"
"""A layer's border if it is in one image only: colour alone must not tell."""

_COLUMN, _GAP, _ROW = 250, 24, 44
# Instructions that only note a setting, as the classic builder ("/bin/sh -c #(nop)  ENV …") and BuildKit write them.
_NOTING: Final = re.compile(
    r"(/bin/sh -c #\(nop\) +)?"
    r"(ARG|CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|SHELL|STOPSIGNAL|USER|VOLUME)\b"
)
_MAX_IMAGES, _MAX_LAYERS = 4, 14


def layers(*images: str, client: docker.DockerClient | None = None) -> Picture:
    """Draw the layers of one to four images, the lowest at the bottom.

    Blue layers are in more than one of the images (kept once on the disk), yellow ones in one only. Raises
    `CourseError` if there is no such image.
    """
    if not 1 <= len(images) <= _MAX_IMAGES:
        raise CourseError(f"This picture shows 1 to {_MAX_IMAGES} images.")
    engine = client or connect()
    found = []
    for name in images:
        image = facts.image(engine, name)
        if image is None:
            raise CourseError(f"There is no image called {name}.")
        found.append((name, image))
    return draw(found)


def draw(images: list[tuple[str, Image]]) -> Picture:
    """Draw images that were read already, each with the name to show."""
    counts: dict[str, int] = {}
    for _, image in images:
        for layer in dict.fromkeys(image.layers):
            counts[layer] = counts.get(layer, 0) + 1
    tallest = min(max(len(image.layers) for _, image in images), _MAX_LAYERS)
    width = len(images) * (_COLUMN + _GAP) + _GAP
    floor = 44 + tallest * (_ROW + 4)
    picture = Picture(width, floor + 40, "Layers of " + ", ".join(name for name, _ in images), _tell(images, counts))
    for column, (name, image) in enumerate(images):
        x = _GAP + column * (_COLUMN + _GAP)
        picture.text(x + _COLUMN / 2, 24, name, bold=True, room=_COLUMN)
        rows = layer_rows(image)
        for level, layer in enumerate(image.layers[:_MAX_LAYERS]):
            y = floor - (level + 1) * (_ROW + 4)
            _layer(picture, x, y, layer, counts[layer] > 1, rows[level] if rows else None)
        if len(image.layers) > _MAX_LAYERS:
            picture.text(x + _COLUMN / 2, 40, f"… and {len(image.layers) - _MAX_LAYERS} more on top", size=11)
    for x, fill, dashes, words in ((_GAP, _SHARED, "", "shared"), (_GAP + 110, _OWN, _DASHES, "only here")):
        picture.box(x, floor + 14, 18, 14, fill, dashes=dashes)
        picture.text(x + 24, floor + 26, words, anchor="start")
    return picture


def _layer(picture: Picture, x: float, y: float, layer: str, shared: bool, row: HistoryEntry | None) -> None:
    picture.box(x, y, _COLUMN, _ROW, _SHARED if shared else _OWN, dashes="" if shared else _DASHES)
    picture.text(x + 10, y + 18, short(layer), anchor="start", fill=INK)
    if row is not None:
        picture.text(x + _COLUMN - 10, y + 18, megabytes(row.size), anchor="end", fill=INK, bold=True)
        picture.text(x + 10, y + 35, instruction(row), size=11, anchor="start", fill=INK, room=_COLUMN - 20)


def layer_rows(image: Image) -> list[HistoryEntry]:
    """Return the history's row for each layer, the lowest first, or nothing where the history does not tell.

    The history does not say which of its rows made a layer. Rows with a size did, and so did the instructions that
    change files. If these are as many as the layers, they belong together in order; else a guess would be a lie.
    """
    rows = [row for row in image.history if row.size or not _NOTING.match(row.created_by)]
    return rows if len(rows) == len(image.layers) else []


def instruction(row: HistoryEntry) -> str:
    """Return a history row as it was in the Dockerfile, without what the two builders put around it."""
    text = re.sub(r"\s*# buildkit$", "", row.created_by)
    text = re.sub(r"^/bin/sh -c #\(nop\)\s+", "", text)
    return re.sub(r"^(RUN )?(\|\d+ .*?)?/bin/sh -c ", "RUN ", text)


def short(digest: str) -> str:
    """Return the first 12 digits of a digest."""
    return digest.removeprefix("sha256:")[:12]


def megabytes(size: int) -> str:
    """Return a size in bytes as people read it (1 MB = 1 000 000 bytes)."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size} B"


def _tell(images: list[tuple[str, Image]], counts: dict[str, int]) -> str:
    sentences = []
    for name, image in images:
        shared = sum(1 for layer in image.layers if counts[layer] > 1)
        of = ", ".join(short(layer) for layer in image.layers[:_MAX_LAYERS])
        sentences.append(f"{name}: {len(image.layers)} layers, {shared} shared, from the bottom: {of}.")
    return " ".join(sentences)
