"""Which of two versions is older.

Debian's rules are in deb-version(7), https://manpages.debian.org/trixie/dpkg-dev/deb-version.7.en.html; Python's are
in the library ``packaging``. Neither is the order of the alphabet: 1.9 is older than 1.10.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Final

from packaging.version import InvalidVersion, Version

_PARTS: Final = re.compile(r"([^0-9]*)([0-9]*)")


def older(kind: str, one: str, other: str) -> bool:
    """Tell whether version ``one`` is older than ``other``; ``kind`` is ``deb`` or ``pypi``.

    A version that Python's rules do not know is older than none, so nothing is claimed about it.
    """
    if kind == "deb":
        return compare_debian(one, other) < 0
    try:
        return Version(one) < Version(other)
    except InvalidVersion:
        return False


def compare_debian(one: str, other: str) -> int:
    """Return a negative number if ``one`` is older, a positive one if it is newer, 0 if they are the same."""
    (epoch, upstream, revision), (epoch2, upstream2, revision2) = _split(one), _split(other)
    return (epoch - epoch2) or _compare(upstream, upstream2) or _compare(revision, revision2)


def _split(version: str) -> tuple[int, str, str]:
    epoch, colon, rest = version.strip().partition(":")
    if not colon:
        epoch, rest = "0", epoch
    upstream, hyphen, revision = rest.rpartition("-")
    return int(epoch) if epoch.isdecimal() else 0, upstream if hyphen else rest, revision if hyphen else "0"


def _compare(one: str, other: str) -> int:
    """Compare by turns a part without digits, letter by letter, and a number."""
    for (text, number), (text2, number2) in zip_longest(_PARTS.findall(one), _PARTS.findall(other), fillvalue=("", "")):
        order = [_weight(a) - _weight(b) for a, b in zip_longest(text, text2, fillvalue="")]
        difference = next((step for step in order if step), 0) or int(number or 0) - int(number2 or 0)
        if difference:
            return difference
    return 0


def _weight(letter: str) -> int:
    """Return where a letter sorts: a tilde before the end, letters before other signs."""
    if letter == "~":
        return -1
    if not letter:
        return 0
    return ord(letter) if letter.isalpha() else ord(letter) + 256
