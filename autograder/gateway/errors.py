"""Errors with which the gateway denies a request: malformed, refused, or cancelled."""

from __future__ import annotations


class Denied(Exception):
    """A request that the Engine does not answer. Its text is the ``message`` of the answer, meant for a student."""

    status = 403
    decision = "refused"

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        if status is not None:
            self.status = status


class Refused(Denied):
    """Understood, and not allowed in this Engine (403)."""


class Malformed(Denied):
    """Not a request in the one spelling that the gateway understands (400)."""

    status = 400
    decision = "malformed"


class Moved(Malformed):
    """A path with more slashes than one in a row: the client is sent to the plain one, as the Engine does (301)."""

    status = 301

    def __init__(self, location: str) -> None:
        super().__init__(f"Ask for {short(location)}.")
        self.location = location


class Cancelled(Denied):
    """Allowed, and ended because a check began (503)."""

    status = 503
    decision = "cancelled"


def short(value: object, length: int = 120) -> str:
    """Return a value as part of a sentence: quoted, without line breaks, not longer than ``length``."""
    text = ascii(value) if not isinstance(value, str) else "".join(c if c.isprintable() else "?" for c in value)
    return f"'{text if len(text) <= length else text[:length] + '…'}'"
