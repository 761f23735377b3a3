"""What a request can be refused with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Refused(Exception):
    """A request that is not served; the message goes to the client."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def wrong_input(message: object) -> Refused:
    """The request is well formed and cannot be done."""
    return Refused(400, f"Wrong input: {message}")


def not_found(message: object) -> Refused:
    """There is nothing under that name."""
    return Refused(404, f"Not found: {message}")


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn what the engine says about a request into a refusal.

    Its exceptions have no classes of their own: a value that it does not take is a ValueError, all else a bare
    Exception, whose text begins with "Service" if the fault is not the request's.
    """
    try:
        yield
    except ValueError as error:
        raise wrong_input(error) from error
    except Exception as error:
        if type(error) is Exception and not str(error).startswith("Service"):
            raise wrong_input(error) from error
        raise
