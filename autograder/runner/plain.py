"""Read plain data from untrusted JSON."""

from __future__ import annotations

import json
import math
from typing import Any

MAX_DEPTH = 32
"""Levels of nesting: readers of our JSON have limits of their own (pydantic's is 200)."""


def loads(text: str) -> Any:
    """Parse JSON as the standard has it, into ``plain`` data; raises ValueError for anything else."""
    try:
        return plain(json.loads(text))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def plain(value: Any, depth: int = MAX_DEPTH) -> Any:
    """Return a copy of JSON data that every reader takes; raises ValueError where there is none.

    Refused are NaN and infinities, integers of more than 64 bits and deep nesting. Half of a surrogate pair,
    which JSON can spell and UTF-8 cannot, becomes a question mark.
    """
    if depth < 0:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, list):
        return [plain(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {plain(str(key), 0): plain(item, depth - 1) for key, item in value.items()}
    raise ValueError(f"a {type(value).__name__} of this value is not plain JSON")
