"""Students' names: in any script, as they are, in the one form in which two equal names are equal.

A folder's name is a student's name in the gradebook, its paths and its tables. macOS writes "é" as two characters and
other systems as one, so names are put into Unicode's Normalization Form C (Unicode Standard Annex 15).
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

MAX_BYTES = 255
"""Bytes of a name in UTF-8: what a folder's name may have on Linux (NAME_MAX in limits.h)."""

INVISIBLE = "\u200c\u200d\u200e\u200f"
"""Joiners and direction marks, which belong to names in some scripts; `str.isprintable` takes them for unprintable."""


@dataclass(frozen=True)
class Folder:
    """A folder below ``submitted/``."""

    name: str
    """As it is on disk."""
    problem: str = ""
    """Why it cannot be graded, as a sentence; empty if it can."""


def normalized(name: str) -> str:
    """Return a name as the gradebook has it."""
    return unicodedata.normalize("NFC", name).strip()


def printable(name: str) -> str:
    """Return a name that can be shown anywhere: what is not UTF-8, or not printable, is spelt out."""
    spelt = name.encode("utf-8", "backslashreplace").decode()
    return "".join(letter if _is_shown(letter) else repr(letter)[1:-1] for letter in spelt)


def _is_shown(letter: str) -> bool:
    return letter.isprintable() or letter in INVISIBLE or unicodedata.category(letter) == "Zs"


def problem_of(name: str) -> str:
    """Say why a folder of this name cannot be a student's; "" if it can."""
    student = normalized(name)
    if not student:
        why = "is empty"
    elif student.startswith("."):
        why = "begins with a dot"
    elif "/" in student or "\\" in student:
        why = "contains a path separator"
    elif printable(student) != student:
        why = "contains a character that cannot be printed, or a byte that is not UTF-8"
    elif len(student.encode()) > MAX_BYTES:
        why = f"is longer than {MAX_BYTES} bytes"
    else:
        return ""
    return f"The folder submitted/{printable(name)} was not graded, because its name {why}. {RENAME}"


RENAME = "Rename the folder and grade again."


def by_student(folders: Iterable[str]) -> dict[str, Folder]:
    """Return folders by the student's name; one that cannot be graded by its own name, spelt out."""
    alike: dict[str, list[str]] = defaultdict(list)
    for name in folders:
        alike[normalized(name)].append(name)
    found: dict[str, Folder] = {}
    for student, names in sorted(alike.items()):
        if len(names) == 1:
            problem = problem_of(names[0])
            found[printable(student) if problem else student] = Folder(names[0], problem)
            continue
        listed = " and ".join(map(ascii, sorted(names)))
        problem = f"These folders have the same name once it is normalized: {listed}. None was graded. {RENAME}"
        found |= {student if name == student else ascii(name): Folder(name, problem) for name in names}
    return found
