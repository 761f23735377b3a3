"""Parse the request target, in its only accepted spelling: ``/v1.45/containers/json?all=1``.

The Engine decodes a path before it routes it, cleans it, follows several spellings of one version. Here a path is made
of plain letters, so that what is decided on and what the Engine routes cannot differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, unquote_to_bytes

from autograder.gateway.errors import Malformed, short

OLDEST, NEWEST = 41, 51
"""Minor versions of the Engine API 1.x that are understood, https://docs.docker.com/reference/api/engine/version-history/"""

MAX_TARGET = 32 * 1024
_VERSION = re.compile(r"/v1\.([1-9][0-9])(?=/)")
_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9_.:@-]+)+")
_ODD_NAME = re.compile(
    r"(?:/v1\.[1-9][0-9])?/(container|network|volume)s/(?!\.{1,2}(?:/|$))([\x21-\x2e\x30-\x7e]+)(?:/[a-z]+)?"
)
"""A request for an object whose name holds what no name does, such as a blank (``%20``)."""
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_VALUE = re.compile(r"(?:[!$'()*,/:?@\[\]{}\"|^`\\<>A-Za-z0-9._~=+-]|%[0-9A-Fa-f]{2})*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed target."""

    version: str
    """``/v1.NN``, or empty when the client leaves the choice to the Engine."""
    path: str
    """The path without the version; plain characters only."""
    query: tuple[tuple[str, str], ...]
    """Keys and decoded values in the order sent."""


def parse(raw: str) -> Target:
    """Take a request target apart.

    Raises:
        Malformed: it is not in the one spelling.
    """
    if len(raw) > MAX_TARGET:
        raise Malformed(f"The address of the request is longer than {MAX_TARGET} characters.", 414)
    path, mark, query = raw.partition("?")
    # docker-py encodes the @ of an image's digest; no client encodes anything else in a path.
    path = path.replace("%40", "@")
    if not _PATH.fullmatch(path):
        if odd := _ODD_NAME.fullmatch(path):
            raise Malformed(f"No such {odd[1]}: {short(unquote(odd[2]))}.", 404)
        raise Malformed(
            f"The path {short(path)} is not in plain form: it has to begin with one slash, and may hold no encoded "
            "characters, empty parts, dot parts, parameters or a slash at its end."
        )
    version = _VERSION.match(path)
    if version:
        minor = int(version[1])
        if not OLDEST <= minor <= NEWEST:
            raise Malformed(f"Version 1.{minor} of the Engine API is not served here: use 1.{OLDEST} to 1.{NEWEST}.")
        path = path[version.end() :]
    return Target(version[0] if version else "", path, _query(query) if mark else ())


def shorter(raw: str) -> str:
    """Return the target with one slash for each row of slashes in its path; empty if that changes or helps nothing."""
    path, mark, query = raw.partition("?")
    plain = re.sub("//+", "/", path)
    return f"{plain}{mark}{query}" if plain != path and _PATH.fullmatch(plain) else ""


def _query(text: str) -> tuple[tuple[str, str], ...]:
    if not text:
        return ()
    found = []
    for part in text.split("&"):
        key, equals, value = part.partition("=")
        if not equals or not _KEY.fullmatch(key):
            raise Malformed(f"The query part {short(part)} is not of the form key=value.")
        found.append((key, _decode(key, value)))
    return tuple(found)


def _decode(key: str, value: str) -> str:
    if not _VALUE.fullmatch(value):
        raise Malformed(f"The value of the query key {short(key)} is not encoded as a URL asks for.")
    try:
        decoded = unquote_to_bytes(value.replace("+", " ")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"The value of the query key {short(key)} is not UTF-8.") from error
    if _CONTROL.search(decoded):
        raise Malformed(f"The value of the query key {short(key)} holds control characters.")
    return decoded


def write(version: str, path: str, query: list[tuple[str, str]]) -> str:
    """Return the target as the gateway writes it."""
    text = "&".join(f"{key}={quote(value, safe='')}" for key, value in query)
    return f"{version}{quote(path, safe='/:')}{'?' + text if text else ''}"
