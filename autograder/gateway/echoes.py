"""Drop what a client says twice, in the query and in the body.

dockerode writes all options of a call into both. The Engine reads each key in one place only and ignores the other,
and so does the gateway, provided that both say the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.gateway import strictjson
from autograder.gateway.errors import Malformed, short
from autograder.gateway.route import Route


def check_query(route: Route, query: Sequence[tuple[str, str]], body: dict[str, object]) -> None:
    """Check that the query's keys that belong to the body have the values that they have there.

    Raises:
        Malformed: one has not.
    """
    for key, texts in _by_key(query).items():
        if key not in route.query and not (key in body and _same(texts, body[key])):
            raise Malformed(f"The query key {short(key)} belongs into the body, and differs from what is there.")


def without_query(route: Route, query: Sequence[tuple[str, str]], body: dict[str, object]) -> dict[str, object]:
    """Return the body without the keys that belong to the query and have the value that they have there."""
    own = route.body.model_fields if route.body is not None else {}
    sent = _by_key(query)
    return {key: value for key, value in body.items() if key in own or not (key in sent and _same(sent[key], value))}


def _by_key(query: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, text in query:
        found.setdefault(key, []).append(text)
    return found


def _same(texts: list[str], value: object) -> bool:
    """Whether this is how dockerode writes the value into a query: a list as several texts, an object as JSON."""
    if isinstance(value, list):
        return texts == value
    if len(texts) != 1:
        return False
    if isinstance(value, str):
        return texts[0] == value
    if value is None:
        return not texts[0]
    try:
        return strictjson.parse(texts[0]) == value
    except Malformed:
        return False
