"""Edits of a text, and what stands in the place of a value: small, and the same each time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

IMAGES: Final = {
    "busybox": "nginx",
    "nginx": "busybox",
    "python:3.13-slim": "nginx",
    "redis:8": "nginx",
    "postgres:17": "redis:8",
    "qdrant/qdrant:v1.19.0": "nginx",
    "hello-world": "busybox",
    "scratch": "busybox",
}
"""Course images, and another one for each."""

WORDS: Final = IMAGES | {
    "ro": "rw",
    "rw": "ro",
    "readonly": "readonly=false",
    "true": "false",
    "false": "true",
    "True": "False",
    "False": "True",
    "0.0.0.0": "127.0.0.1",  # noqa: S104
    "127.0.0.1": "0.0.0.0",  # noqa: S104
    "always": "no",
    "ALL": "CHOWN",
    "service_healthy": "service_started",
    "service_completed_successfully": "service_started",
    "service_started": "service_healthy",
    "CMD": "CMD-SHELL",
    "root": "1000",
    "json-file": "local",
}
"""Words that have an opposite, or another value that means something."""

_WORD = re.compile("|".join(rf"(?<![\w./:-]){re.escape(word)}(?![\w./-])" for word in sorted(WORDS, key=len)[::-1]))
_ADDRESS = re.compile(r"127\.0\.0\.1|0\.0\.0\.0")
_NUMBER = re.compile(r"(?<!sleep )(?<![\w.])[0-9]+(?=[a-zA-Z]{0,2}\b)(?!\.[0-9])")
_PATH = re.compile(r"/[a-z][\w.-]*(?:/[\w.-]+)*")
_NAME = re.compile(r"(?<!\\)[A-Za-z][\w-]*")


@dataclass(frozen=True)
class Edit:
    """One change of a text."""

    operator: str
    start: int
    end: int
    put: str
    what: str
    """What is changed, in one line."""

    def of(self, text: str) -> str:
        """Return the changed text."""
        return text[: self.start] + self.put + text[self.end :]

    def moved(self, offset: int) -> Edit:
        """Return the same edit of a text in which this one begins at ``offset``."""
        return Edit(self.operator, self.start + offset, self.end + offset, self.put, self.what)


def line(text: str, most: int = 90) -> str:
    """Return a text as one line."""
    one = " ".join(text.split())
    return one if len(one) <= most else one[: most - 1] + "…"


def values(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the places of a text that hold a value, and another value for each: start, end, other.

    A known word gets its opposite, an address the other one, a number the next one; where there is none of these, a
    path or else a name becomes another.
    """
    taken: list[tuple[int, int]] = []
    patterns = (_WORD, _ADDRESS, _NUMBER)
    for pattern in patterns if any(each.search(text) for each in patterns) else (_PATH, _NAME):
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < to and since < end for since, to in taken):
                continue
            taken.append((start, end))
            yield start, end, other(match[0])
        if taken and pattern is _PATH:
            return


def other(value: str) -> str:
    """Return another value of the same kind."""
    if value in WORDS:
        return WORDS[value]
    if value.isdigit():
        return str(int(value) + 1)
    return f"{value}-other" if value.startswith("/") else f"{value}x"


def changed_values(operator: str, text: str) -> Iterator[Edit]:
    """Yield an edit for each value in a text."""
    for start, end, put in values(text):
        if text[start:end] != put:
            yield Edit(operator, start, end, put, f"{text[start:end]} becomes {put} in: {line(text)}")


def swapped(operator: str, text: str, pieces: list[tuple[int, int]]) -> Iterator[Edit]:
    """Yield an edit for each two neighbours among ``pieces`` of a text, in each other's place."""
    for (a, b), (c, d) in pairwise(pieces):
        one, two = text[a:b], text[c:d]
        if one != two:
            yield Edit(operator, a, d, two + text[b:c] + one, f"swapped: {line(one, 40)} ↔ {line(two, 40)}")


def removed(operator: str, text: str, pieces: list[tuple[int, int]]) -> Iterator[Edit]:
    """Yield an edit for each of ``pieces`` of a text, left out."""
    for start, end in pieces:
        yield Edit(operator, start, end, "", f"left out: {line(text[start:end])}")
