"""The terms that lessons explain, and the glossary made from them.

The role ``{term}`namespace``` stands in the sentence that explains a term, where the term occurs first. Notebooks show
the term in bold; the glossary repeats the sentence and says where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from autograder.errors import BadInput

_ROLE: Final = re.compile(r"\{term\}`([^`\n]+)`")
_CODE: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_SENTENCE: Final = re.compile(r"(?<=[.!?])[*_)]*\s+(?=[^a-z])")
_ITEM: Final = re.compile(r"^\s*(?:[-*]|\d+\.)\s+", re.MULTILINE)
_TITLE: Final = re.compile(r"^# (.+)$", re.MULTILINE)
_ABOUT: Final = """# Glossary

The terms of the course, each as the lessons explain it where it first occurs. This page is made from the lessons.
"""


@dataclass(frozen=True)
class Term:
    """A term and its explanation."""

    name: str
    sentence: str
    """The sentence in which it is explained, as Markdown."""
    lesson: str
    """The title of the lesson in which it stands."""


def marked(text: str) -> str:
    """Return a lesson's text with its terms in bold."""
    return _ROLE.sub(r"**\1**", text)


def find(lessons: Mapping[str, str]) -> list[Term]:
    """Return the terms that lessons explain, in the order of the alphabet.

    Args:
        lessons: the texts of the lessons, with the numbers of their exercises, by name.

    Raises:
        BadInput: if two sentences explain one term.
    """
    found: dict[str, Term] = {}
    for text in lessons.values():
        title = _TITLE.search(text)
        for paragraph in re.split(r"\n\s*\n|^(?=\s*(?:[-*]|\d+\.)\s)", _CODE.sub("", text), flags=re.MULTILINE):
            for sentence in _SENTENCE.split(" ".join(_ITEM.sub("", paragraph).split())):
                for name in _ROLE.findall(sentence):
                    if name.casefold() in found:
                        raise BadInput(f"Two sentences explain the term {name!r}: keep the role in the first one.")
                    found[name.casefold()] = Term(name, marked(sentence), title[1] if title else "")
    return [found[name] for name in sorted(found)]


def glossary(terms: list[Term]) -> str:
    """Return the glossary, a page in Markdown."""
    lines = [f"- **{term.name}** ({term.lesson}): {term.sentence}" for term in terms]
    return "\n".join([_ABOUT, *lines, ""])
