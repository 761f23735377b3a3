"""The layers of one or more images, side by side: what they share is easy to tell from what is their own."""

from __future__ import annotations

import re
import textwrap
from typing import Final, NamedTuple

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

_COLUMN, _GAP = 270, 24
_HEAD, _LINE = 26, 15
"""Heights of a layer's first line, and of each line of its instruction."""
_TALLEST: Final = 260
"""Height of the heaviest image's layers together, as far as their texts allow."""
_LETTERS: Final = 36
"""Letters of an instruction in one line."""
_MAX_LINES: Final = 4
# Instructions that only note a setting, as the classic builder ("/bin/sh -c #(nop)  ENV …") and BuildKit write them.
_NOTING: Final = re.compile(
    r"(/bin/sh -c #\(nop\) +)?"
    r"(ARG|CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|SHELL|STOPSIGNAL|USER|VOLUME)\b"
)
_MAX_IMAGES, _MAX_LAYERS = 4, 14
_SCALE: Final = "A layer is as high as it is heavy, but never too low for its text."


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
        for digest in dict.fromkeys(image.layers):
            counts[digest] = counts.get(digest, 0) + 1
    heaviest = max((sum(row.size for row in layer_rows(image)) for _, image in images), default=0)
    stacks = [_stack(image, _TALLEST / max(heaviest, 1)) for _, image in images]
    width = len(images) * (_COLUMN + _GAP) + _GAP
    floor = 48 + max(sum(layer.height + 4 for layer in stack) for stack in stacks)
    picture = Picture(width, floor + 60, "Layers of " + ", ".join(name for name, _ in images), _tell(images, counts))
    for column, ((name, image), stack) in enumerate(zip(images, stacks, strict=True)):
        x, y = _GAP + column * (_COLUMN + _GAP), floor
        picture.text(x + _COLUMN / 2, 24, name, bold=True, room=_COLUMN)
        for layer in stack:
            y -= layer.height + 4
            _draw_layer(picture, x, y, layer, counts[layer.digest] > 1)
        if len(image.layers) > _MAX_LAYERS:
            picture.text(x + _COLUMN / 2, 40, f"… and {len(image.layers) - _MAX_LAYERS} more on top", size=11)
    for x, fill, dashes, words in ((_GAP, _SHARED, "", "shared"), (_GAP + 110, _OWN, _DASHES, "only here")):
        picture.box(x, floor + 14, 18, 14, fill, dashes=dashes)
        picture.text(x + 24, floor + 26, words, anchor="start")
    picture.text(_GAP, floor + 48, _SCALE, anchor="start", size=11)
    return picture


class _Layer(NamedTuple):
    """One layer as it is drawn."""

    digest: str
    size: str
    lines: tuple[str, ...]
    height: int


def _stack(image: Image, pixels: float) -> list[_Layer]:
    """Return an image's layers, the lowest first; ``pixels`` is the height of a byte."""
    rows = layer_rows(image)
    found = []
    for level, digest in enumerate(image.layers[:_MAX_LAYERS]):
        lines = tuple(textwrap.wrap(instruction(rows[level]), _LETTERS) if rows else ())
        if len(lines) > _MAX_LINES:
            lines = (*lines[: _MAX_LINES - 1], "…")
        high = round(rows[level].size * pixels) if rows else 0
        size = megabytes(rows[level].size) if rows else ""
        found.append(_Layer(digest, size, lines, max(high, _HEAD + _LINE * len(lines) + 3)))
    return found


def _draw_layer(picture: Picture, x: float, y: float, layer: _Layer, shared: bool) -> None:
    picture.box(x, y, _COLUMN, layer.height, _SHARED if shared else _OWN, dashes="" if shared else _DASHES)
    picture.text(x + 10, y + 18, short(layer.digest), anchor="start", fill=INK)
    if layer.size:
        picture.text(x + _COLUMN - 10, y + 18, layer.size, anchor="end", fill=INK, bold=True)
    for number, line in enumerate(layer.lines):
        picture.text(x + 10, y + _HEAD + 9 + number * _LINE, line, size=11, anchor="start", fill=INK)


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
