"""The lessons, and what checks and set-ups say, are written in plain English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lessons.lesson_text import LESSONS, ROOT, sentences, without_header

LONG = 30
"""Words; a longer sentence is hard to follow."""

TURNS = {
    r"\bstrokes?\b": "slash, dash",
    r"\bgrace time\b": "grace period",
    r"\bexit status(es)?\b": "exit code",
    r"\bblanks\b": "spaces",
    r"\b(capital|small) letters\b": "upper case, lower case",
    r"\bdear(er|est)\b": "more expensive, most work",
    r"\b(is|are|was|were) to be \w+(ed|en|n)\b": "say who does it",
    r"\bWho (only|looks|wants|starts|has|needs|runs|reads|takes|builds|writes|sees|knows|does|asks)\b": "If you …",
    r"\bexpected (was|were)\b": "… was expected",
    r"\b(is|are|was|were) told\b": "the Engine tells …",
    r"\banew\b": "again",
    r"\bcame to\b": "result",
    r"\bfound out what\b": "",
    r"\bas whom\b": "which user",
    r"\bended (of|by) it\b": "",
    r"\bcould not be had\b": "not available",
    r"\bby the way\b": "",
    r"\b(goes|go) before\b": "overrides",
    r"\bin the place of\b": "instead of",
    r"\blooks? (a|the|its) names? up\b": "resolves",
    r"\basks? for a volume\b": "declares",
    r"\bholes?\b": "vulnerability",
    r"\bstand attacks\b": "survive",
    r"\ball sense\b": "meaningless",
    r"\b(also|even) none\b": "including none",
    r"\bso-called\b": "",
    r"\bbelong to it\b": "",
    r"\bonly the \w+ that is\b": "",
    r"\bthe axe\b": "SIGKILL",
    r"\bhas sense\b": "makes sense",
    r"\bin an own\b|\ban own\b|\bown ones\b": "of its own",
    r"\bthe same holds\b": "",
    r"\bis nothing of\b": "",
}
"""Turns of a translation's English, each with a better one."""


def _said(path: Path) -> Iterator[str]:
    """Yield the texts in a module that can reach a reader: strings and docstrings of some words."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value.split()) > 2:
            yield node.value


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_uses_no_translated_turn(lesson: Path) -> None:
    """Each word and turn of the list has a better one."""
    text = without_header(lesson.read_text(encoding="utf-8"))
    assert _turns(text) == []


@pytest.mark.parametrize("folder", ["checks", "setups", "diagnosis"])
def test_messages_use_no_translated_turn(folder: str) -> None:
    """What a check, a set-up or the doctor says is held to the same list."""
    found = [
        f"{path.name}: {turn}"
        for path in sorted((ROOT / "course" / folder).glob("*.py"))
        for text in _said(path)
        for turn in _turns(text)
    ]
    assert found == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_sentences_are_short(lesson: Path) -> None:
    """At most one sentence of fifty has more than 30 words."""
    found = sentences(lesson.read_text(encoding="utf-8"))
    long = [sentence for sentence in found if len(sentence.split()) > LONG]
    assert len(long) <= len(found) / 50, long


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_reads_easily(lesson: Path) -> None:
    """Nine years of school are enough, by the formula of Flesch and Kincaid."""
    import textstat

    text = " ".join(sentences(lesson.read_text(encoding="utf-8")))
    assert textstat.flesch_kincaid_grade(text) <= 9


def test_each_sentence_of_the_glossary_stands_alone() -> None:
    """It ends with a full stop, and begins with no word that points back."""
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    entries = re.findall(r"^- \*\*(.+?)\*\* \(.*?\): (.+)$", page, re.MULTILINE)
    assert len(entries) > 80
    back = re.compile(r"(Such|It|Its|This|That|These|They|Here|There)\b")
    assert [term for term, sentence in entries if not sentence.endswith(".") or back.match(sentence)] == []


@pytest.mark.parametrize("turn", ["goes before", "The grace time", "Who only looks", "is to be seen", "ask as whom"])
def test_the_list_finds_what_it_should(turn: str) -> None:
    """The list's patterns match the turns that they are made for."""
    assert _turns(f"It says: {turn} it.")


def _turns(text: str) -> list[str]:
    return [f"{found[0]!r}: better {TURNS[turn] or 'another'}" for turn in TURNS for found in re.finditer(turn, text)]
