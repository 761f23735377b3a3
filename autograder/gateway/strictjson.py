"""Parse and write JSON that has only one meaning.

Go's decoder, which the Engine uses, and Python's differ where a text is odd: repeated keys, NaN, huge numbers, halves
of surrogate pairs, deep nesting. What could be read in two ways is not read at all.
"""

from __future__ import annotations

import json
import re

from autograder.gateway.errors import Malformed, short

MAX_DEPTH = 24
"""Levels of nesting; the deepest real request has six."""

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_INT64 = 2**63


def parse(raw: bytes | str) -> object:
    """Return the value that a JSON text in UTF-8 stands for.

    Raises:
        Malformed: it is not JSON, or not JSON that every reader understands alike.
    """
    try:
        text = raw if isinstance(raw, str) else raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("The JSON text is not UTF-8.") from error
    _check_depth(text)
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_int=_integer, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"This is not valid JSON: {error}.") from error
    if "\\u" in text:
        _check_escapes(value)
    return value


def encode(value: object) -> bytes:
    """Return the JSON text for a value, in the one spelling that the gateway writes."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")


def _check_depth(text: str) -> None:
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub('""', text)):
        depth += 1 if bracket.group() in "[{" else -1
        if depth > MAX_DEPTH:
            raise Malformed(f"The JSON text is nested more than {MAX_DEPTH} levels deep.")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise Malformed(f"The key {short(key)} appears twice in one JSON object.")
        found[key] = value
    return found


def _integer(digits: str) -> int:
    value = int(digits) if len(digits) <= 20 else _INT64
    if not -_INT64 <= value < _INT64:
        raise Malformed(f"The number {short(digits, 24)} does not fit into 64 bits.")
    return value


def _constant(name: str) -> object:
    raise Malformed(f"{name} is not a JSON number.")


def _check_escapes(value: object) -> None:
    """Refuse what only an escape can bring in: half a surrogate pair, a zero byte."""
    try:
        text = json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise Malformed("The JSON text holds half of a surrogate pair.") from error
    if rb"\u0000" in text:
        raise Malformed("The JSON text holds a zero byte.")
