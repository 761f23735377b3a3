"""The two things that the engine can do: take a document in, and answer a question."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .embedding import embed, similarity, words
from .model import Cache, Document, Documents, Passage, Vectors
from .passages import sentences, split

CANDIDATES = 50
"""Passages that are fetched for a question."""
SOURCES = 3
"""Passages that an answer is made of, at most."""
SENTENCES = 3
"""Sentences in an answer, at most."""
FAR = 0.1
"""A passage that is less similar than this has nothing to do with the question."""

NOTHING = "Nothing in the documents fits this question."


class Library:
    """Documents that questions can be put to. It keeps nothing itself, so there may be any number of them."""

    def __init__(self, documents: Documents, vectors: Vectors, cache: Cache) -> None:
        self.documents, self.vectors, self.cache = documents, vectors, cache

    def add(self, document: Document) -> dict[str, Any]:
        """Take a document in: the whole of it, or nothing."""
        pieces = [
            Passage(document.id, document.title, place, text)
            for place, text in enumerate(split(f"{document.title}. {document.text}"))
        ]
        embeddings = {piece.id: embed(piece.text) for piece in pieces}
        # Vectors first: if they cannot be kept, the document is not kept either. If it is the document that fails
        # afterwards, vectors are left over whose passages nobody finds, and answers pass over these.
        added = self.documents.add(document, pieces, before=lambda: self.vectors.add(embeddings))
        return {"id": document.id, "passages": len(pieces), "added": added}

    def answer(self, question: str) -> dict[str, Any]:
        """Return the sentences that fit the question best, with their sources; from the cache if it has them."""
        # The number of the last change is part of the key: after a new document the old answers are not found any more.
        asked = " ".join(question.casefold().split())
        key = f"answer:{self.documents.version()}:{hashlib.sha256(asked.encode()).hexdigest()}"
        kept = self.cache.get(key)
        if kept is not None:
            return {**json.loads(kept), "cached": True}
        found = self._look_up(question)
        self.cache.put(key, json.dumps(found))
        return {**found, "cached": False}

    def _look_up(self, question: str) -> dict[str, Any]:
        near = [pair for pair in self.vectors.nearest(embed(question), CANDIDATES) if pair[1] >= FAR]
        passages = self.documents.passages([id for id, _ in near])
        found = [(passages[id], round(score, 3)) for id, score in near if id in passages]
        found.sort(key=lambda pair: -(pair[1] + _in_common(question, pair[0].text)))
        best = found[:SOURCES]
        sources = [
            {"document": passage.document, "title": passage.title, "passage": passage.text, "score": score}
            for passage, score in best
        ]
        return {"question": question, "answer": _extract(question, [p for p, _ in best]), "sources": sources}


def _in_common(question: str, text: str) -> float:
    """Return the share of the question's words that are in the text as they are."""
    asked = set(words(question))
    return len(asked & set(words(text))) / len(asked) if asked else 0.0


def _extract(question: str, passages: list[Passage]) -> str:
    """Return the sentences that fit the question best, in the order of the sources, with their numbers."""
    wanted = embed(question)
    told = [
        (similarity(wanted, embed(sentence)) + _in_common(question, sentence), number, sentence)
        for number, passage in enumerate(passages, 1)
        for sentence in sentences(passage.text)
        if sentence.rstrip(".") != passage.title.rstrip(".")
    ]
    best = sorted(told, key=lambda each: -each[0])[:SENTENCES]
    chosen = [each for each in told if each in best and each[0] >= best[0][0] / 2]
    return " ".join(f"{sentence} [{number}]" for _, number, sentence in chosen) or NOTHING
