"""The way to the Docker Engine."""

from __future__ import annotations

import docker
from docker.errors import DockerException
from requests.exceptions import RequestException

from course import record, repairs
from course.endpoint import Unusable, address, new_client, place
from course.errors import CourseError, EngineUnreachable

SECONDS_TO_ANSWER = 60
"""Seconds the Engine may take for one answer before docker-py gives up."""


def connect() -> docker.DockerClient:
    """Return a client for the Engine that this machine uses.

    From the first call on, what the Engine does is written down for the checks (`course.record`).

    Raises `EngineUnreachable` with the steps to take if nothing answers.
    """
    try:
        here = address()
        client = new_client(**here, timeout=SECONDS_TO_ANSWER)
        client.ping()
    except (DockerException, RequestException, OSError) as error:
        raise EngineUnreachable(_explain(error)) from None
    record.begin(place(), lambda: new_client(**here, timeout=SECONDS_TO_ANSWER))
    return client


def socket_path() -> str:
    """Return the path of the Engine's Unix socket, for a conversation by hand.

    Raises `CourseError` if the Engine is reached in another way (TCP, SSH, a Windows pipe).
    """
    scheme, _, path = place().partition("://")
    if scheme != "unix" or not hasattr(__import__("socket"), "AF_UNIX"):
        raise CourseError(
            f"Your Engine is reached through {place()}, and this cell needs a Unix socket.\n"
            "Read on without running it: nothing later depends on it."
        )
    return "/" + path.lstrip("/")


def _explain(error: Exception) -> str:
    start = (error.repair if isinstance(error, Unusable) else repairs.start_engine()).replace("\n", "\n     ")
    found = f"{error}." if isinstance(error, Unusable) else f"No Docker Engine answers at {place()}."
    return (
        f"{found}\n"
        "What to do:\n"
        f"  1. {start}\n"
        "  2. If that does not help, run in a cell:  from course import doctor; doctor()\n"
        "     It looks at your Docker and says what is wrong, and how to repair it.\n"
        "  3. Run this cell again." + ("" if isinstance(error, Unusable) else f"\n(The Engine's side of it: {error})")
    )
