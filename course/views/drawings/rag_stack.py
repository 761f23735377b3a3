"""The question-answering engine of Part 4: five services, and who asks whom."""

from __future__ import annotations

from typing import Final

from course.views.svg import Picture

_DOOR: Final = "#ffd58a"
_PROGRAM: Final = "#9ecbff"
_STORE: Final = "#b7e4c7"
_HEIGHT: Final = 58
_STORES: Final = (
    (30, "db", "PostgreSQL", "passages, as text"),
    (124, "vectors", "Qdrant", "embeddings"),
    (218, "cache", "Redis", "answers given before"),
)


def rag_stack() -> Picture:
    """Draw the services, the requests between them, and the one door to the outside."""
    picture = Picture(
        840,
        318,
        "The question-answering engine",
        "A browser reaches web, an nginx, at a port of the host; nothing else is published. web passes requests on to "
        "api, the program. api keeps passages in db, a PostgreSQL, finds similar ones by their embeddings in vectors, "
        "a Qdrant, and keeps answers in cache, a Redis. db and vectors each have a volume, so their data survives. "
        "cache may lose what it holds.",
    )
    picture.text(66, 146, "browser", bold=True)
    picture.arrow(104, 141, 168, 141)
    picture.text(136, 132, "HTTP", size=12)
    picture.box(158, 8, 672, 302, "none", dashes="6 3")
    picture.text(172, 28, "project", anchor="start", size=12)
    picture.labelled_box(170, 112, 130, _HEIGHT, _DOOR, "web", "nginx")
    picture.arrow(300, 141, 350, 141)
    picture.labelled_box(352, 112, 130, _HEIGHT, _PROGRAM, "api", "the program")
    for y, name, product, keeps in _STORES:
        picture.arrow(482, 141, 536, y + _HEIGHT / 2)
        picture.labelled_box(538, y, 130, _HEIGHT, _STORE, name, product)
        picture.text(678, y + 26, keeps, anchor="start", size=12)
        if name != "cache":
            picture.text(678, y + 44, "in a volume", anchor="start", size=12)
    return picture
