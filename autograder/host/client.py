"""A client of this machine's Docker Engine."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import docker
from docker.errors import DockerException, TLSParameterError
from requests.exceptions import Timeout

from autograder.errors import EngineMissing
from autograder.host.advice import advice
from course.endpoint import Unusable, address, new_client

Progress = Callable[[str, str], None]
"""Told what is being worked on (an image's name, "Docker Engine") and a line on what happens to it now."""

BUILD_TIMEOUT = 900.0
"""How long the Engine may be silent in a build: unpacking a large package prints nothing."""

ANSWER_TIMEOUT = 30.0
"""Seconds that the Engine may take for its first answer; a busy one takes some."""


def silent(what: str, line: str) -> None:
    """Report nothing: a ``Progress`` for callers that want none."""


def is_named() -> bool:
    """Tell whether the environment names an Engine, by a variable or by the context that is in use."""
    return bool(os.environ.get("DOCKER_HOST") or _address())


def connect(timeout: float = BUILD_TIMEOUT) -> docker.DockerClient:
    """Return a client of the Engine that answers now; the caller closes it.

    ``timeout`` is the longest silence, in seconds, of a request that was accepted; the first answer must come within
    ``ANSWER_TIMEOUT``. Raises ``EngineMissing`` with the repair if no Engine answers.
    """
    where = _address()
    first = min(timeout, ANSWER_TIMEOUT)
    try:
        client = new_client(**where, version="auto", timeout=first)
        client.ping()
    except (DockerException, OSError) as error:
        place = where.get("base_url", "the usual socket")
        cause = _cause(error, first)
        raise EngineMissing(
            f"No Docker Engine answers at {place}: {cause}.\n{advice(cause, named=is_named())}"
        ) from error
    client.api.timeout = timeout
    return client


def _address() -> dict[str, Any]:
    try:
        return address()
    except Unusable as unusable:
        raise EngineMissing(f"{unusable}.\n{unusable.repair}") from unusable
    except (DockerException, TLSParameterError) as error:
        raise EngineMissing(
            f"Your environment does not point to a usable Docker Engine: {str(error).rstrip('.')}.\n"
            "Check DOCKER_HOST, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH and DOCKER_CONTEXT."
        ) from error


def _cause(error: BaseException, timeout: float) -> str:
    """Return the system's own words ("Permission denied"), which docker-py wraps in four layers of its own."""
    text, step = str(error), error
    while True:
        if isinstance(step, Timeout):
            return f"something is listening there but did not answer within {timeout:g} seconds"
        if isinstance(step, OSError) and step.strerror:
            text = step.strerror
        below = step.__cause__ or step.__context__
        if below is None:
            return text.rstrip(".")
        step = below
