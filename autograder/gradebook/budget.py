"""The budget of a notebook: how much it may put on a page, and how much work that may take."""

from __future__ import annotations

import re

from autograder.gradebook import ansi

CUT = "\n[This was cut here: a page shows only so much of what a notebook holds.]"
"""The note at the end of a text that did not fit."""

MAX_TEXT = 256 << 10
"""Bytes of one text; nobody reads more."""

MAX_OUTPUTS = 2000
"""Outputs of one notebook: nbformat checks each several times, half a millisecond in all."""

LEAST = 200
"""Bytes below which a text that does not fit is not begun."""

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
VOID = frozenset({"area", "br", "col", "hr", "img", "input", "wbr"})
"""Elements without an end tag."""
MISPLACED = 60
"""Work of an end tag that does not end the innermost element: the parser closes and opens others around it."""
IN_TAG = re.compile(r"<[a-zA-Z][^>]*+")


class Budget:
    """What is left of a page: bytes, elements, and the work of cleaning HTML.

    The unit of work is a character of HTML. It grows with tags times the tags open around them, and with the square
    of a tag's attributes; 500,000 take about a second.
    """

    def __init__(self, size: int = 1_500_000, elements: int = 20_000, work: int = 500_000) -> None:
        self.size = size
        self.elements = elements
        self.work = work
        self.outputs = MAX_OUTPUTS

    def take_output(self) -> bool:
        """Whether one more output fits into what is left; if so, it is taken."""
        self.outputs -= 1
        return self.outputs >= 0 and self.elements > 0 and self.size > 0

    def take_text(self, text: str) -> str:
        """Return ``text`` without what steers a terminal, cut to what is left, without too many colours."""
        if len(text) > MAX_TEXT + len(CUT):
            text = text[:MAX_TEXT] + CUT
        text = ansi.tidy(text)
        spans = ansi.colours(text)
        if spans > self.elements or (spans and _size(text) + 60 * spans > self.size):
            text, spans = ansi.strip(text), 0
        if _size(text) > min(self.size, MAX_TEXT + len(CUT)):
            text = self._cut(text)
        self.size = max(0, self.size - _size(text) - 60 * spans)
        self.elements -= spans + 1
        return text

    def take_html(self, html: str) -> bool:
        """Whether ``html`` fits into what is left; if so, it is taken."""
        size, elements = len(html.encode()), html.count("<") - html.count("</")
        if size > self.size or elements > self.elements:
            return False
        self.size -= size
        self.elements -= elements
        return True

    def allows_rendering(self, source: str) -> bool:
        """Whether there is work enough left to render ``source``; if so, it is spent."""
        return self._spend(2 * len(source))

    def allows_cleaning(self, html: str) -> bool:
        """Whether there is work enough left to clean ``html``; if so, it is spent."""
        work = len(html) + 10 * html.count("<") + 4 * html.count("&")
        for tag in IN_TAG.findall(html) if work <= self.work else ():
            work += len(tag.split()) ** 2 // 20 + len(tag) // 2
        unclosed: list[str] = []
        for closing, name in TAG.findall(html) if work <= self.work else ():
            if name.lower() in VOID:
                continue
            work += len(unclosed)
            if work > self.work:
                break
            if not closing:
                unclosed.append(name)
            elif unclosed and unclosed[-1] == name:
                unclosed.pop()
            else:
                work += MISPLACED
                if name in unclosed:
                    unclosed.remove(name)
        return self._spend(work)

    def _spend(self, work: int) -> bool:
        if work > self.work:
            return False
        self.work -= work
        return True

    def _cut(self, text: str) -> str:
        """Halve ``text`` until it fits, with a note; a mere note where nothing does."""
        text = ansi.strip(text)
        limit = min(self.size, MAX_TEXT) - len(CUT)
        while text and (_size(text) > limit or limit < LEAST):
            text = text[: len(text) // 2] if limit >= LEAST else ""
        return text + CUT if self.size >= len(CUT) else ""


def _size(text: str) -> int:
    """Return bytes of ``text`` as HTML: some characters are spelt out there."""
    return len(text.encode("utf-8", "replace")) + 5 * sum(text.count(letter) for letter in "&<>\"'")
