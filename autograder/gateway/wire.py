"""HTTP framing of an exchange with the Engine, and the filter for the response's headers."""

from __future__ import annotations

import h11

from autograder.gateway.answers import MARK
from autograder.gateway.decide import Decision
from autograder.gateway.head import Head

HOP = frozenset({b"connection", b"keep-alive", b"transfer-encoding", b"upgrade", b"trailer", MARK.lower().encode()})
_RAW_TYPES = (b"application/vnd.docker.raw-stream", b"application/vnd.docker.multiplexed-stream")


def framing(parsed: Head, decision: Decision, body: bytes, streamed: bool) -> list[tuple[str, str]]:
    """Return the headers that say what content follows, and that this connection is for one exchange."""
    framing = (
        [("Connection", "Upgrade"), ("Upgrade", decision.upgrade)] if decision.upgrade else [("Connection", "close")]
    )
    if streamed:
        framing.append(("Content-Type", "application/x-tar"))
        if parsed.chunked or (parsed.has_body and decision.route.path == "/build"):
            framing.append(("Transfer-Encoding", "chunked"))
        else:
            framing.append(("Content-Length", str(parsed.length or 0)))
    elif body:
        framing += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    elif parsed.method in ("POST", "PUT"):
        framing.append(("Content-Length", "0"))
    return framing


def data(request: h11.Connection, piece: bytes) -> bytes:
    """Return the bytes that carry a piece of content; none for none."""
    return (request.send(h11.Data(data=piece)) or b"") if piece else b""


def goes_raw(answer: h11.Response | h11.InformationalResponse) -> bool:
    """Whether the bytes after this head are no longer HTTP."""
    if answer.status_code == 101:
        return True
    kinds = [value for name, value in answer.headers if name == b"content-type"]
    return answer.status_code == 200 and bool(kinds) and kinds[0] in _RAW_TYPES
