"""Validate query values: each function checks a decoded value and returns the spelling for the Engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from autograder.gateway import references, strictjson
from autograder.gateway.errors import Malformed, Refused, short

Value = Callable[[str], str]


class Many:
    """A key that may be sent more than once, such as ``t`` of a build."""

    def __init__(self, value: Value) -> None:
        self.value = value


class First:
    """A key of which the Engine reads the first value only: docker-py sends ``dockerfile`` with two."""

    def __init__(self, value: Value) -> None:
        self.value = value


class Unread:
    """A key that a client sends although no Engine reads it; it is not passed on."""


Query = Mapping[str, "Value | Many | First | Unread"]


def flag(text: str) -> str:
    """Yes or no, as the clients spell it: ``1``, ``true``, ``True``, and the opposites."""
    if text in ("1", "true", "True"):
        return "1"
    if text in ("0", "false", "False", ""):
        return "0"
    raise Malformed(f"{short(text)} is neither true (1) nor false (0).")


def integer(text: str) -> str:
    """Accept a whole number."""
    if not re.fullmatch(r"-?[0-9]{1,18}", text, re.ASCII):
        raise Malformed(f"{short(text)} is not a whole number.")
    return text


def free(text: str) -> str:
    """Any text of a page's length."""
    if len(text) > 8192:
        raise Malformed("A query value is longer than 8192 characters.")
    return text


def name(text: str) -> str:
    """Accept the name or id of a container, volume or network; empty for none."""
    if text and not references.NAME.fullmatch(text):
        raise Malformed(f"{short(text)} is not a name: letters, digits, '_', '.' and '-' only.")
    return text


def moment(text: str) -> str:
    """Accept a time or a duration."""
    if not re.fullmatch(r"[0-9A-Za-z:.+-]{0,64}", text, re.ASCII):
        raise Malformed(f"{short(text)} is not a time.")
    return text


def platform(text: str) -> str:
    """``linux/amd64``, or the JSON form of it."""
    if text.startswith("{"):
        return json_object(text)
    if text and not re.fullmatch(r"[a-z0-9]+(?:[._-][a-z0-9]+)*(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*){0,2}", text):
        raise Malformed(f"{short(text)} is not a platform such as linux/amd64.")
    return text


def tag(text: str) -> str:
    """Accept a tag or a digest; empty for none."""
    if text and not references.TAG.fullmatch(text):
        raise Malformed(f"{short(text)} is not a tag.")
    return text


def image(text: str) -> str:
    """Accept the name of an image; empty for none."""
    return references.image(text) if text else text


def signal(text: str) -> str:
    """Accept the name or number of a signal."""
    if not re.fullmatch(r"[A-Z0-9+-]{0,16}", text.upper(), re.ASCII):
        raise Malformed(f"{short(text)} is not a signal.")
    return text


def path(text: str) -> str:
    """Accept a path inside a container: the Engine resolves it within the container's own root."""
    if len(text) > 4096 or not text:
        raise Malformed("A path must have 1 to 4096 characters.")
    return text


def filters(text: str) -> str:
    """``{"name": {"value": true}}`` or ``{"name": ["value"]}``."""
    if not text:
        return text
    value = strictjson.parse(text)
    if not isinstance(value, dict) or not all(
        re.fullmatch(r"[a-z0-9._-]{1,64}!?", key, re.ASCII) and _filter_values(entry) for key, entry in value.items()
    ):
        raise Malformed('Filters are JSON of the form {"name": ["value"]}.')
    return strictjson.encode(value).decode()


def _filter_values(entry: object) -> bool:
    if isinstance(entry, list):
        return all(isinstance(value, str) for value in entry)
    return isinstance(entry, dict) and all(isinstance(value, bool) for value in entry.values())


def json_object(text: str) -> str:
    """Accept a JSON object with plain values, such as build arguments; empty for none."""
    return _json(text, dict)


def json_list(text: str) -> str:
    """Accept a JSON array; empty for none."""
    return _json(text, list)


def _json(text: str, kind: type) -> str:
    if not text:
        return text
    value = strictjson.parse(text)
    if value is not None and not isinstance(value, kind):
        raise Malformed(f"{short(text)} is not a JSON {'object' if kind is dict else 'array'}.")
    return strictjson.encode(value).decode()


def one_of(*allowed: str, sentence: str) -> Value:
    """One of these values; anything else is refused with the sentence, in which ``{}`` stands for the value."""

    def check(text: str) -> str:
        if text not in allowed:
            raise Refused(sentence.replace("{}", short(text)))
        return text

    return check
