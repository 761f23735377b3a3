"""What a check does to the student's containers and files happens in the open: only where it says that it disturbs.

A check *observes* as long as it only asks. To find out more it may *disturb*: edit a file, stop a database, start a
helper. Its client refuses every request that changes something unless the check has said so with `disturbing`, and so
do functions that run other programs, by `declared`. So whatever is outside cannot change anything.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, Final

import docker
import requests

_DISTURBING: Final[ContextVar[bool]] = ContextVar("disturbing", default=False)
_OBSERVING_CHECK: Final[ContextVar[bool]] = ContextVar("observing_check", default=False)
_ASKS: Final = re.compile(r"/containers/[^/?]+/wait(\?|$)|/networks/prune\?filters=[^&]*docker-course\.none")
"""POST requests that change nothing: waiting for an end, and removing no network, which `course.record` does."""


class Undeclared(Exception):
    """A check changes something without having said that it disturbs; a mistake in the check."""


@contextlib.contextmanager
def observing() -> Iterator[None]:
    """Let nothing be changed in here, but where `disturbing` says so."""
    token = _OBSERVING_CHECK.set(True)
    try:
        yield
    finally:
        _OBSERVING_CHECK.reset(token)


@contextlib.contextmanager
def disturbing() -> Iterator[None]:
    """Allow changes in here."""
    token = _DISTURBING.set(True)
    try:
        yield
    finally:
        _DISTURBING.reset(token)


def declared(what: str) -> None:
    """Raise `Undeclared` if a check is about to do ``what``, which changes something, and has not said so."""
    if _OBSERVING_CHECK.get() and not _DISTURBING.get():
        raise Undeclared(f"A criterion that only observes may not do this: {what}. Say that it disturbs.")


def guard(client: docker.DockerClient) -> docker.DockerClient:
    """Return the client; from now on it holds each request that changes something against `declared`."""
    send = client.api.send

    def guarded(request: requests.PreparedRequest, **options: Any) -> requests.Response:
        if request.method not in ("GET", "HEAD") and not _ASKS.search(request.path_url):
            declared(f"{request.method} {request.path_url.partition('?')[0]}")
        return send(request, **options)

    client.api.send = guarded
    return client
