"""What was handed in is read whatever it is, and what cannot be graded says why."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import BadInput
from autograder.gradebook import submission
from autograder.gradebook.students import printable
from autograder.gradebook.submission import read_submission


def notebook(**changes: Any) -> bytes:
    """The bytes of a small notebook."""
    cell = {
        "cell_type": "code",
        "source": ["a = 1\n", "a"],
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]} | changes).encode()


def directory(path: Path) -> None:
    """A directory in the notebook's place."""
    path.mkdir()


def link(path: Path) -> None:
    """A link to another file."""
    secret = path.with_name("secret.json")
    secret.write_bytes(notebook())
    path.symlink_to(secret)


def pipe(path: Path) -> None:
    """A pipe, which would block a reader."""
    os.mkfifo(path)


def another_name(path: Path) -> None:
    """The notebook as a browser names a second download."""
    path.with_name("part1 (1).ipynb").write_bytes(notebook())


def not_utf8(path: Path) -> None:
    """A file whose name is not UTF-8."""
    path.with_name(os.fsdecode(b"p\xe4rt1.ipynb")).write_bytes(notebook())


def content(data: bytes) -> Callable[[Path], None]:
    """A file with this content."""
    return lambda path: path.write_bytes(data) and None


KERNEL = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (content(b"not JSON"), "not JSON"),
        (content(b""), "not JSON"),
        (content(b"\xff\xfe\x00"), "not JSON"),
        (content(b"[" * 100_000), "not JSON"),
        (content(b"[]"), "not an object"),
        (content(b'{"nbformat": 3, "worksheets": []}'), "version 3; version 4 was expected"),
        (content(notebook(cells=[])), "has no cells"),
        (content(notebook(cells={})), "has no cells"),
        (content(notebook(cells=["text"])), "Cell 1 of the notebook is damaged"),
        (content(notebook(cells=[{"source": 7}])), "Cell 1 of the notebook is damaged"),
        (content(notebook(metadata=KERNEL)), "set to the kernel 'R'"),
        (directory, "is a directory"),
        (link, "is a link"),
        (pipe, "not an ordinary file"),
        (another_name, r"There is no part1.ipynb. What is there: 'part1 \(1\).ipynb'"),
        (lambda path: path.with_name("part1.ipynb ").touch(), r"What is there: 'part1.ipynb '\."),
        (lambda path: path.with_name("part1.ipynb.txt").touch(), r"What is there: 'part1.ipynb.txt'\."),
        (not_utf8, r"What is there: 'p\\udce4rt1.ipynb'"),
        (
            lambda path: path.with_name("Part1.ipynb").touch(),
            r"There is no part1.ipynb. What is there: 'Part1.ipynb'\.",
        ),
        (
            lambda path: path.with_name("answers.zip").touch(),
            r"What is there: 'answers.zip'\. Hand in the notebook under",
        ),
        (lambda path: None, r"Nothing was handed in: the folder \S+ is empty\."),
        (lambda path: path.with_name("timestamp.txt").touch(), r"Nothing was handed in: the folder \S+ is empty\."),
        (lambda path: path.parent.rmdir(), r"Nothing was handed in: there is no folder \S+\."),
    ],
)
def test_what_cannot_be_graded_says_what_is_wrong(tmp_path: Path, make: Callable[[Path], None], message: str) -> None:
    """Each way of being no notebook has a sentence that names it and says what to hand in."""
    path = tmp_path / "part1.ipynb"
    make(path)
    with pytest.raises(BadInput, match=message) as caught:
        read_submission(path)
    str(caught.value).encode()  # can be shown and stored


def test_fifty_megabytes_of_saved_output_are_no_obstacle(tmp_path: Path) -> None:
    """Outputs are thrown away, so their size does not matter."""
    path = tmp_path / "part1.ipynb"
    output = {"output_type": "stream", "name": "stdout", "text": "x" * (50 << 20)}
    path.write_bytes(notebook(cells=[{"cell_type": "code", "source": "a", "metadata": {}, "outputs": [output]}]))
    [cell] = read_submission(path)
    assert "outputs" not in cell


def test_a_file_beyond_all_reason_is_not_read(tmp_path: Path) -> None:
    """A huge file is refused by its size alone."""
    path = tmp_path / "part1.ipynb"
    with path.open("wb") as file:
        file.truncate(submission.MAX_FILE + 1)
    with pytest.raises(BadInput, match="Clear the outputs"):
        read_submission(path)


def test_too_much_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit counts the text of all cells together, because that is what goes into a sandbox."""
    monkeypatch.setattr(submission, "MAX_TEXT", 7)
    path = tmp_path / "part1.ipynb"
    path.write_bytes(notebook())
    assert read_submission(path)[0]["source"] == "a = 1\na"
    monkeypatch.setattr(submission, "MAX_TEXT", 6)
    with pytest.raises(BadInput, match="characters of text"):
        read_submission(path)


def test_half_a_character_does_not_get_further(tmp_path: Path) -> None:
    """JSON can carry a lone surrogate; gradebook, sandbox and pages cannot."""
    path = tmp_path / "part1.ipynb"
    path.write_bytes(notebook(cells=[{"cell_type": "code", "source": "a = '\ud800'", "metadata": {}}]))
    assert read_submission(path)[0]["source"] == "a = '?'"


def test_a_name_can_always_be_shown() -> None:
    """Bytes that are not UTF-8, line ends and escape sequences are spelt out."""
    assert printable(os.fsdecode(b"\xff") + "\n\x1b[31m") == "\\udcff\\n\\x1b[31m"
    assert printable("Zoë") == "Zoë"
