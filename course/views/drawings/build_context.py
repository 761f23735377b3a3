"""The build context: what the command sends, what the builder can copy, and what the image holds in the end."""

from __future__ import annotations

from typing import Final

from course.views.svg import INK, Picture

_SENT: Final = "#9ecbff"
_KEPT_BACK: Final = "#d0d7de"
_BUILDER: Final = "#ffd58a"
_IMAGE: Final = "#b7e4c7"
_FILES: Final = (
    ("Dockerfile", True),
    ("app.py", True),
    ("requirements.txt", True),
    (".git/", False),
    ("secret.env", False),
)
"""Files of a directory, and whether the builder gets them; the rest is in ``.dockerignore``."""


def build_context() -> Picture:
    """Draw a directory, the part of it that is sent to the builder, and the image that comes out."""
    picture = Picture(
        800,
        284,
        "From a directory to an image",
        "The directory holds a Dockerfile, app.py, requirements.txt, .git and secret.env. The command docker build "
        "sends the directory to the builder, without what .dockerignore names: .git and secret.env stay behind. What "
        "is sent is the context. COPY takes files from the context, and from nowhere else. The builder runs the "
        "Dockerfile's instructions and makes the image.",
    )
    picture.box(12, 36, 210, 236, "none", border=2)
    picture.text(117, 24, "directory", bold=True)
    for row, (name, sent) in enumerate(_FILES):
        y = 50 + row * 43
        picture.box(28, y, 178, 34, _SENT if sent else _KEPT_BACK, dashes="" if sent else "5 3")
        picture.text(117, y + 22, name, fill=INK)
    picture.text(304, 92, "docker build", bold=True)
    picture.arrow(222, 108, 386, 108)
    picture.text(304, 128, "sends the context", size=12)
    picture.text(304, 216, ".dockerignore", bold=True)
    picture.text(304, 234, "these stay behind", size=12)
    picture.box(388, 36, 190, 144, "none", border=2)
    picture.text(483, 24, "builder", bold=True)
    for row, words in enumerate(("FROM a base", "COPY from the context", "RUN a command")):
        picture.box(402, 50 + row * 42, 162, 34, _BUILDER)
        picture.text(483, 72 + row * 42, words, fill=INK, size=12)
    picture.arrow(578, 108, 640, 108)
    picture.box(642, 72, 146, 72, _IMAGE)
    picture.text(715, 104, "image", fill=INK, bold=True)
    picture.text(715, 124, "layers and settings", fill=INK, size=12)
    return picture
