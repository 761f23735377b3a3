"""Changes of shell commands: the lines of a ``%%bash`` cell, and what stands behind a ``!``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from autograder.mutation.edits import Edit, changed_values, line, removed, swapped

_WORD = re.compile(r"""(?:\$\([^()]*\)|\{[^{}\n]*\}|"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+""", re.DOTALL)
_HEREDOC = re.compile(r"<<-?\s*['\"]?(\w+)['\"]?")
_NAMED = re.compile(r"--name[ =](\S+)")

FLAGS: Final = {
    *("--rm", "--init", "--detach", "-d", "--force", "-f", "--quiet", "-q", "--all", "-a", "--read-only", "--wait"),
    *(
        "--volumes",
        "-v",
        "--no-cache",
        "--interactive",
        "-i",
        "--tty",
        "-t",
        "-it",
        "--quiet-build",
        "-T",
        "--publish-all",
    ),
    *("-P", "--internal", "--build", "--pull", "--remove-orphans", "--no-trunc"),
}
"""Options that have no value. (``-v`` is here for ``docker compose down``; `_has_value` knows ``docker run``.)"""

MEANS: Final = {"--detach", "-d", "--init", "--rm", "--quiet", "-q", "--quiet-build", "-T", "--wait", "--wait-timeout"}
"""Options that say how the work is done. Without ``--detach`` a cell only waits until it is stopped."""


def commands(text: str) -> list[tuple[int, int]]:
    """Return where each command line of a script stands: with its continuation lines and here-documents."""
    found, start, at = [], 0, 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if text[at:end].endswith("\\"):
            at = end + 1
            continue
        for mark in _HEREDOC.finditer(text, start, end):
            close = re.compile(rf"^\s*{mark[1]}$", re.MULTILINE).search(text, end)
            end = close.end() if close else len(text)
        if text[start:end].strip() and not text[start:end].lstrip().startswith("#"):
            found.append((start, end))
        start = at = end + 1
    return found


def heredocs(text: str) -> list[tuple[int, int]]:
    """Return where the contents of the here-documents of a script stand."""
    found = []
    for mark in _HEREDOC.finditer(text):
        start = text.find("\n", mark.end()) + 1
        close = re.compile(rf"^\s*{mark[1]}$", re.MULTILINE).search(text, start)
        if start and close:
            found.append((start, close.start()))
    return found


def script(text: str) -> Iterator[Edit]:
    """Yield the changes of a whole script."""
    lines = commands(text)
    yield from removed("leave out a command", text, lines)
    yield from swapped("swap commands", text, lines)
    for start, end in lines:
        for edit in command(text[start:end].split("<<")[0]):
            yield edit.moved(start)
    for what in undone(text):
        end = len(text.rstrip())
        yield Edit("undo", end, end, f"\n{what}", f"afterwards: {what}")


def undone(text: str) -> Iterator[str]:
    """Yield commands that take away what a script has made."""
    for name in dict.fromkeys(_NAMED.findall(text)):
        yield f"docker rm --force {name}"
        yield f"docker stop --time 0 {name}"
    for kind in ("volume", "network"):
        for name in dict.fromkeys(re.findall(rf"docker {kind} create .*?(\S+)$", text, re.MULTILINE)):
            yield f"docker {kind} rm --force {name}"
    if projects := re.findall(r"docker compose (.*?)\bup\b", text):
        yield f"docker compose {projects[-1]}down --timeout 1"


def command(text: str) -> Iterator[Edit]:
    """Yield the changes of one command: an option is left out, a value is another one."""
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    plain = [text[start:end] for start, end in words]
    index = 0
    while index < len(words):
        start, end = words[index]
        word = plain[index]
        if word.startswith("-") and len(word) > 1:
            if "=" not in word and index + 1 < len(words) and _has_value(word, plain, index):
                index += 1
                end = words[index][1]
            if word.partition("=")[0] not in MEANS:
                yield Edit("drop an option", start, end, "", f"left out: {line(text[start:end])}")
            yield from _other_values(text, start, end, word)
        elif index and word not in ("docker", "compose", "run", "create", "exec", "up", "down", "|", ">", ">>", "="):
            yield from _other_values(text, start, end, "")
        index += 1


def _has_value(word: str, words: list[str], index: int) -> bool:
    if word == "-v" and "run" in words[:index]:
        return True
    return word not in FLAGS and not words[index + 1].startswith("-")


def _other_values(text: str, start: int, end: int, option: str) -> Iterator[Edit]:
    begin = start + len(option.partition("=")[0]) if option else start
    for edit in changed_values("change a value", text[begin:end]):
        if edit.start and text[begin + edit.start - 1] == "$":
            continue  # a variable: without a value, nothing is tried
        moved = edit.moved(begin)
        yield Edit(moved.operator, moved.start, moved.end, moved.put, f"{edit.what} ({line(text, 60)})")
