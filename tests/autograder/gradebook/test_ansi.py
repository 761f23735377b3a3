"""Terminal colours become HTML as nbconvert makes it, and nothing else of a terminal's language gets through."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.ansi import ansi2html

from autograder.gradebook import ansi

TEXTS = st.text(alphabet="a<&\n", min_size=1, max_size=4)
NUMBERS = st.sampled_from(
    [
        *("", "0", "1", "4", "5", "7", "22", "24", "27", "31", "39", "44", "49", "93", "104", "99"),
        *("38;5;9", "48;5;100", "38;5;250", "38;2;1;2;3", "1;31", "0;32"),
    ]
)


def shown(page: str) -> list[tuple[str, str]]:
    """Each character of a piece of HTML with the tag that it stands in."""
    found, tag = [], ""
    for piece in re.split(r"(<[^>]*>)", page):
        if piece.startswith("<"):
            tag = "" if piece == "</span>" else re.sub(r"[\s,]+", " ", piece)
        else:
            found += [(letter, tag) for letter in html.unescape(piece)]
    return found


@given(st.lists(st.tuples(NUMBERS, TEXTS), max_size=6))
def test_colours_look_as_nbconvert_makes_them(pieces: list[tuple[str, str]]) -> None:
    """For whatever sequence of ordinary colours, each character has nbconvert's classes and styles."""
    text = "".join(f"\x1b[{numbers}m{words}" for numbers, words in pieces)
    assert shown(ansi.to_html(text)) == shown(ansi2html(text))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\x1b[2J\x1b[1;1Ha", "a"),
        ("\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b", "ab"),
        ("\x1bPq#0\x1b\\a", "a"),
        ("\x1b(Ba\x00\x08\x9b", "a"),
        ("10 %\r20 %\r\nend\r\n", "20 %\nend\n"),
        ("\x1b[" + "0;" * 1000 + "ma", "a"),
        ("\x1b[31ma\x1b[0m", "a"),
    ],
)
def test_only_colours_get_through(text: str, plain: str) -> None:
    """Cursor, title, links, character sets and endless numbers are left out; of overwritten lines the end stays."""
    assert ansi.strip(text) == plain
    assert ansi.strip(ansi.tidy(text)) == plain
    assert re.sub(r"<[^>]*>", "", ansi.to_html(text)) == plain
    assert set(re.findall("\x1b.", ansi.tidy(text))) <= {"\x1b["}


def test_tidied_text_looks_the_same() -> None:
    """What is stored gives the same page as what was printed."""
    text = "\x1b[1;31mred\x1b[2K\x1b[0m plain\r\n"
    assert ansi.to_html(ansi.tidy(text)) == ansi.to_html(text)
    assert ansi.colours(text) == 2
