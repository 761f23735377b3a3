"""Documents are cut into passages: short enough to be about one thing, and never in the middle of a sentence."""

from __future__ import annotations

import re

MOST = 400
"""Letters in a passage; only a single word may be longer."""

_END_OF_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n\s*\n")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, white space tidied."""
    return [tidy for part in _END_OF_SENTENCE.split(text) if (tidy := " ".join(part.split()))]


def split(text: str, most: int = MOST) -> list[str]:
    """Return the passages of a text; each takes in as many sentences as fit."""
    found: list[str] = []
    for piece in (piece for sentence in sentences(text) for piece in _cut(sentence, most)):
        if found and len(found[-1]) + 1 + len(piece) <= most:
            found[-1] += " " + piece
        else:
            found.append(piece)
    return found


def _cut(sentence: str, most: int) -> list[str]:
    """Cut a sentence that is too long between two words."""
    found: list[str] = []
    for word in sentence.split():
        if found and len(found[-1]) + 1 + len(word) <= most:
            found[-1] += " " + word
        else:
            found.append(word)
    return found
