"""The glossary is made from the sentences that explain terms."""

from __future__ import annotations

import pytest

from autograder.errors import BadInput
from autograder.lessons.terms import find, glossary, marked

LESSON = """# Part 1 · Names

Docker runs containers. A {term}`digest` is the hash of
an image (`sha256:…`). It never moves.

- A {term}`tag` is a name that can move.
- Both are **names**.

```text
{term}`no term`
```
"""


def test_a_term_is_explained_by_its_sentence() -> None:
    """The sentence stands alone in the glossary, whole although its line was broken; code explains nothing."""
    found = find({"part1": LESSON})
    assert [(term.name, term.sentence) for term in found] == [
        ("digest", "A **digest** is the hash of an image (`sha256:…`)."),
        ("tag", "A **tag** is a name that can move."),
    ]
    assert "- **digest** (Part 1 · Names): A **digest** is the hash" in glossary(found)


def test_the_notebook_shows_the_term_in_bold() -> None:
    """The role is for the build only."""
    assert marked("A {term}`tag` moves.") == "A **tag** moves."


def test_a_term_is_explained_once() -> None:
    """Two explanations of one term are refused, in whatever case it is written."""
    with pytest.raises(BadInput, match="'Tag'"):
        find({"part1": LESSON, "part2": "# Part 2\n\n{term}`Tag` is another word."})
