"""Parse the head of a request with h11, after stricter checks of our own."""

from __future__ import annotations

import re
from dataclasses import dataclass

import h11

from autograder.gateway.errors import Malformed, short

MAX_HEAD = 48 * 1024
"""Bytes. Registry passwords travel in headers, so it is more than a page."""

_LINE = re.compile(rb"[A-Z]{1,16} [\x21-\x7e]+ HTTP/1\.1")
_FIELD = re.compile(rb"[A-Za-z0-9-]{1,64}:[ \t]*(?:[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)?[ \t]*")
# The one header whose value may be in UTF-8: BuildKit's clients send the name of the directory that they build.
_SHARED_KEY = re.compile(
    rb"(?i:x-docker-expose-session-sharedkey):[ \t]*(?:[\x21-\x7e\x80-\xff][\x20-\x7e\x80-\xff\t]*)?"
)
_REPEATABLE = "x-docker-expose-session-grpc-method"


@dataclass(frozen=True, slots=True)
class Head:
    """A request's head; header names are in lower case, and a character of a value stands for a byte (latin-1)."""

    method: str
    target: str
    headers: dict[str, str]
    session_methods: tuple[str, ...]
    """Values of the one header that is sent many times: what a BuildKit session offers."""
    length: int | None
    """Content-Length in bytes; None without one."""
    chunked: bool

    @property
    def has_body(self) -> bool:
        """Whether any content follows."""
        return self.chunked or bool(self.length)

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for ``100 Continue`` before it sends the content."""
        return "expect" in self.headers

    @property
    def upgrade(self) -> str:
        """The protocol that the client wants to go on with, or nothing."""
        tokens = {token.strip().lower() for token in self.headers.get("connection", "").split(",")}
        return self.headers.get("upgrade", "") if "upgrade" in tokens else ""

    @property
    def close(self) -> bool:
        """Whether the client asked for the connection's end after this exchange."""
        return self.headers.get("connection", "").strip().lower() == "close"


def parse(raw: bytes) -> tuple[Head, h11.Connection]:
    """Parse ``raw``, all bytes up to and with the empty line; the h11 connection goes on with the content.

    Raises:
        Malformed: it is not HTTP/1.1 in the one spelling.
    """
    if len(raw) > MAX_HEAD:
        raise Malformed(f"The head of the request is longer than {MAX_HEAD} bytes.", 431)
    line, *fields = raw.removesuffix(b"\r\n\r\n").split(b"\r\n")
    if not _LINE.fullmatch(line):
        raise Malformed("The first line is not of the form 'METHOD /path HTTP/1.1'.")
    for field in fields:
        if not (_FIELD.fullmatch(field) or _SHARED_KEY.fullmatch(field)):
            raise Malformed(f"The header line {short(field.decode('latin-1'), 60)} is not of the form 'Name: value'.")
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
    connection.receive_data(raw)
    try:
        request = connection.next_event()
    except h11.RemoteProtocolError as error:
        raise Malformed(f"The request is not valid HTTP/1.1: {error}.") from error
    if not isinstance(request, h11.Request):
        raise Malformed("The request's head is not complete.")
    headers: dict[str, str] = {}
    methods = []
    for field in fields:
        name, _, content = field.decode("latin-1").partition(":")
        key, value = name.lower(), content.strip(" \t")
        if key == _REPEATABLE:
            methods.append(value)
        elif key in headers:
            raise Malformed(f"The header {name} is sent twice.")
        else:
            headers[key] = value
    _check(headers)
    return (
        Head(
            method=request.method.decode("ascii"),
            target=request.target.decode("ascii"),
            headers=headers,
            session_methods=tuple(methods),
            length=int(headers["content-length"]) if "content-length" in headers else None,
            chunked="transfer-encoding" in headers,
        ),
        connection,
    )


def _check(headers: dict[str, str]) -> None:
    """Refuse every header that could make two readers see two different requests."""
    if "content-length" in headers and "transfer-encoding" in headers:
        raise Malformed("A request has either Content-Length or Transfer-Encoding, not both.")
    if headers.get("transfer-encoding", "chunked") != "chunked":
        raise Malformed("The only Transfer-Encoding is 'chunked'.")
    length = headers.get("content-length", "0")
    if not re.fullmatch(r"0|[1-9][0-9]{0,14}", length):
        raise Malformed("Content-Length is not a plain number.")
    for name in ("trailer", "x-http-method-override"):
        if name in headers:
            raise Malformed(f"The header {name} is not used by the Engine API.")
    if headers.get("expect", "100-continue").lower() != "100-continue":
        raise Malformed("The only expectation is '100-continue'.", 417)
    tokens = [token.strip().lower() for token in headers.get("connection", "keep-alive").split(",")]
    if not set(tokens) <= {"keep-alive", "close", "upgrade", "http2-settings", "te"}:
        raise Malformed("The header Connection may say keep-alive, close or upgrade.")
