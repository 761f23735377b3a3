"""What the engine deals in, and what it asks of the places where things are kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Document:
    """A document as it came in."""

    title: str
    text: str

    @property
    def id(self) -> str:
        """The same for the same title and text, so that sending a document twice stores it once."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.title}\0{self.text}"))


@dataclass(frozen=True)
class Passage:
    """A piece of a document."""

    document: str
    """Id of the document."""
    title: str
    place: int
    text: str

    @property
    def id(self) -> str:
        """An id that follows from where the passage is."""
        return str(uuid.uuid5(uuid.UUID(self.document), str(self.place)))


class Unavailable(Exception):
    """A place where things are kept does not answer."""


class Documents(Protocol):
    """Where documents and their passages are kept."""

    def add(self, document: Document, passages: Sequence[Passage], before: Callable[[], None]) -> bool:
        """Keep a document, all or nothing, calling ``before`` just before; False if it was there already."""

    def get(self, id: str) -> Document | None:
        """Return a document, or None."""

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return those of the passages that there are, by id."""

    def version(self) -> int:
        """Return a number that changes with every new document."""

    def ping(self) -> None:
        """Raise if it does not answer."""


class Vectors(Protocol):
    """Where the passages' embeddings are kept."""

    def add(self, embeddings: dict[str, list[float]]) -> None:
        """Keep embeddings, by the passages' ids."""

    def nearest(self, embedding: list[float], most: int) -> list[tuple[str, float]]:
        """Return the passages whose embeddings are nearest, the nearest first, each with its similarity."""

    def ping(self) -> None:
        """Raise if it does not answer."""


class Cache(Protocol):
    """Where answers are kept for a while."""

    def get(self, key: str) -> str | None:
        """Return what was put there, or None."""

    def put(self, key: str, value: str) -> None:
        """Keep a text for a while."""

    def ping(self) -> None:
        """Raise if it does not answer."""
