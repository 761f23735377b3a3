"""A lesson's text taken apart, for tests: its cells, its listings, its boxes and its sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
LESSONS: Final = sorted((ROOT / "lessons").glob("*.md"))
PARTS: Final = [path for path in LESSONS if path.stem.startswith("part")]

_FENCE = re.compile(r"^```(?P<language>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_BOX = re.compile(r"<details>\s*<summary>(?P<title>.*?)</summary>(?P<text>.*?)</details>", re.DOTALL)
_SETTINGS = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """A code cell as the lesson has it."""

    settings: str
    """nbgrader's, and what the exercise demands."""
    source: str
    place: int
    """Where it begins in the text."""

    @property
    def is_answer(self) -> bool:
        """Tell whether students write here."""
        return "solution: true" in self.settings

    @property
    def is_check(self) -> bool:
        """Tell whether it is graded."""
        return "grade: true" in self.settings

    @property
    def is_shell(self) -> bool:
        """Tell whether bash runs it."""
        return self.source.startswith("%%bash")


def without_header(text: str) -> str:
    """Return the text below the notebook's settings, in the same places."""
    return _HEADER.sub(lambda header: "\n" * header[0].count("\n"), text)


def cells(text: str) -> list[Cell]:
    """Return the code cells of a lesson in order."""
    found = []
    for fence in _FENCE.finditer(text):
        if fence["language"].startswith("{code-cell}"):
            settings = _SETTINGS.match(fence["text"])
            rest = fence["text"][settings.end() :] if settings else fence["text"]
            found.append(Cell(settings[0] if settings else "", rest, fence.start()))
    return found


def listings(text: str, language: str) -> list[tuple[int, str]]:
    """Return the listings in a language that stand in the text, each with where it begins."""
    return [(fence.start(), fence["text"]) for fence in _FENCE.finditer(text) if fence["language"].strip() == language]


def boxes(text: str) -> list[tuple[str, str]]:
    """Return title and text of what is folded away."""
    return [(box["title"], box["text"]) for box in _BOX.finditer(text)]


def open_text(text: str) -> str:
    """Return what a reader reads: no cells, no listings, no comments, nothing folded away."""
    return re.sub(r"<!--.*?-->", "", _BOX.sub("", _FENCE.sub("", without_header(text))), flags=re.DOTALL)


def sentences(text: str) -> list[str]:
    """Return the sentences of a Markdown text, boxes included; code counts as one word, headings and tables do not."""
    text = _FENCE.sub("", without_header(text))
    text = re.sub(r"<!--.*?-->|<summary>.*?</summary>|</?details>", "", text, flags=re.DOTALL)
    text = re.sub(r"^(?:\||#+ |\+\+\+|\{demands\}).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\{(?:number|term|minutes)\}`([^`]*)`", r"\1", text)
    text = re.sub(r"`[^`]*`", "code", text)
    text = re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "\n\n", text, flags=re.MULTILINE)
    text = re.sub(r"\*|<[^>]+>|\[([^\]]*)\]\([^)]*\)", r"\1", text)
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        found += [each for each in re.split(r"(?<=[.!?])\s+", " ".join(paragraph.split())) if len(each.split()) > 1]
    return found
