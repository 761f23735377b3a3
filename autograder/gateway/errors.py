"""The two ways in which the gateway itself says no: the request is not well formed, or it is not allowed here."""

from __future__ import annotations


class Denied(Exception):
    """A request that does not reach the Engine. Its text is the ``message`` of the answer, meant for a student."""

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


def short(value: object, length: int = 120) -> str:
    """A value as part of a sentence: quoted, without line breaks, not longer than ``length``."""
    text = (
        ascii(value) if not isinstance(value, str) else "".join(c if c.isprintable() else "?" for c in value)
    )
    return f"'{text if len(text) <= length else text[:length] + '…'}'"
