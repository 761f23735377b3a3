"""Responses of the gateway itself, and its log entries."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from http import HTTPStatus

from autograder.gateway import strictjson
from autograder.gateway.errors import Denied, Moved

MARK = "X-Docker-Course-Gateway"
"""Header of the gateway's own answers: ``refused``, ``malformed`` or ``cancelled``. The Engine's never carry it."""


@dataclass
class AuditEntry:
    """What the log says about one request."""

    method: str = ""
    path: str = ""
    decision: str = "allowed"
    reason: str = ""
    status: int = 0
    sent: int = 0
    received: int = 0
    started: float = field(default_factory=time.monotonic)


def answer(denied: Denied, *, head_only: bool = False) -> bytes:
    """Return the gateway's own answer: an ordinary Docker error with a mark by which tests can tell whose it is."""
    text = strictjson.encode({"message": str(denied)})
    lines = [
        f"HTTP/1.1 {denied.status} {HTTPStatus(denied.status).phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(text)}",
        f"{MARK}: {denied.decision}",
        "Connection: close",
    ]
    if isinstance(denied, Moved):
        lines.append(f"Location: {denied.location}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if head_only else text)
