"""A text becomes a list of numbers, so that texts with the same or similar words lie close together.

Nothing was learnt for this and nothing is downloaded: each word, and each piece of three or four letters of it, adds to
a few of the numbers, which ones being decided by a hash. So *container* and *containers* are close, for most of their
pieces are the same; *car* and *automobile* are not, for nobody told this program what words mean. A model that was
trained on much text knows that. To use one, replace `embed`.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter

DIMENSIONS = 2048

_WORD = re.compile(r"\w+")
_SAY_LITTLE = frozenset(
    """a about an and are as at be been but by can do does for from had has have how i if in into is it its of on or our
    shall should so than that the their them then there these they this to was we were what when where which who why
    will with would you your""".split()
)


def embed(text: str) -> list[float]:
    """Return `DIMENSIONS` numbers whose squares add up to 1; all are 0 if the text has no word."""
    numbers = [0.0] * DIMENSIONS
    for feature, weight in _features(text).items():
        digest = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
        # The sign, from another bit of the hash, makes features that meet at one place cancel out on average.
        numbers[digest % DIMENSIONS] += weight if digest >> 63 else -weight
    length = math.sqrt(sum(number * number for number in numbers))
    return [round(number / length, 5) for number in numbers] if length else numbers


def similarity(one: list[float], other: list[float]) -> float:
    """Return the cosine of the angle between two embeddings: 1 for the same words, about 0 for none in common."""
    return sum(a * b for a, b in zip(one, other, strict=True))


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, without those that say little about its subject."""
    return [word for word in _WORD.findall(text.casefold()) if word not in _SAY_LITTLE]


def _features(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for word, count in Counter(words(text)).items():
        often = 1 + math.log(count)  # the tenth time says less than the first
        found[word] = found.get(word, 0.0) + often
        pieces = _pieces(word)
        for piece in pieces:
            found[piece] = found.get(piece, 0.0) + 0.8 * often / math.sqrt(len(pieces))
    return found


def _pieces(word: str) -> list[str]:
    framed = f"<{word}>"
    return [framed[at : at + size] for size in (3, 4) for at in range(len(framed) - size + 1)]
