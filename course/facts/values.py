"""Reading single values of the Engine's answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([kmgt]?)(?:i?b)?")
_UNITS = {"": 0, "k": 10, "m": 20, "g": 30, "t": 40}
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$")


def texts(value: Any) -> tuple[str, ...]:
    """Return a list of texts as a tuple; the Engine leaves a list out, or says null, when it is empty."""
    return tuple(str(item) for item in value or ())


def when(value: Any) -> float | None:
    """Return a time of the Engine's (RFC 3339, up to nanoseconds) as seconds since 1970.

    None for a missing time and for year 1, which is how the Engine writes "never".
    """
    match = _TIME.match(value) if isinstance(value, str) else None
    if match is None or match[1].startswith("0001-"):
        return None
    whole = datetime.fromisoformat(match[1] + ("+00:00" if match[3] == "Z" else match[3])).astimezone(UTC)
    return whole.timestamp() + float(match[2] or 0)


def size(text: str) -> int | None:
    """Return a size as the Engine reads it (``100k``, ``10m``; 1024-fold), in bytes, or None if it is none."""
    found = _SIZE.fullmatch(text.strip().lower())
    return int(float(found[1]) * (1 << _UNITS[found[2]])) if found else None
