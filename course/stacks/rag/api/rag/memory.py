"""All three stores in this program's own memory: for a first try, and gone with the container."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .embedding import similarity
from .model import Document, Passage


class MemoryDocuments:
    """Documents in two dictionaries."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] = {}
        self._passages: dict[str, Passage] = {}

    def add(self, document: Document, passages: Sequence[Passage], before: Callable[[], None]) -> bool:
        """Keep a document."""
        if document.id in self._documents:
            return False
        before()
        self._documents[document.id] = document
        self._passages |= {passage.id: passage for passage in passages}
        return True

    def get(self, id: str) -> Document | None:
        """Return a document, or None."""
        return self._documents.get(id)

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return those of the passages that there are, by id."""
        return {id: self._passages[id] for id in ids if id in self._passages}

    def version(self) -> int:
        """Return the number of documents."""
        return len(self._documents)

    def ping(self) -> None:
        """It is always there."""


class MemoryVectors:
    """Embeddings in a dictionary, all of them compared with each question."""

    def __init__(self) -> None:
        self._embeddings: dict[str, list[float]] = {}

    def add(self, embeddings: dict[str, list[float]]) -> None:
        """Keep embeddings."""
        self._embeddings |= embeddings

    def nearest(self, embedding: list[float], most: int) -> list[tuple[str, float]]:
        """Return the nearest ones by the cosine."""
        scores = [(id, similarity(embedding, other)) for id, other in self._embeddings.items()]
        return sorted(scores, key=lambda pair: -pair[1])[:most]

    def ping(self) -> None:
        """It is always there."""


class MemoryCache:
    """Answers in a dictionary."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        """Return what was put there, or None."""
        return self._kept.get(key)

    def put(self, key: str, value: str) -> None:
        """Keep a text."""
        self._kept[key] = value

    def ping(self) -> None:
        """It is always there."""
