"""Typing lines into a container's program, as ``docker start --interactive`` does."""

from __future__ import annotations

import contextlib
import socket
from typing import Any

import docker
from docker.errors import APIError
from requests.exceptions import ConnectionError as LinkError
from requests.exceptions import ReadTimeout


def type_lines(client: docker.DockerClient, container: str, *lines: str) -> bool:
    """Start a container, type lines into its program, and close its input; tell whether that was possible.

    What the program answers stands in its log.
    """
    typed = "".join(f"{line}\n" for line in lines).encode()
    try:
        with contextlib.closing(client.api.attach_socket(container, params={"stdin": 1, "stream": 1})) as link:
            client.api.start(container)
            wire: Any = getattr(link, "_sock", link)  # docker-py gives a file that can only be read
            wire.sendall(typed)
            with contextlib.suppress(OSError):  # a program that has ended has closed it
                wire.shutdown(socket.SHUT_WR)
    except (APIError, ReadTimeout, LinkError, OSError):
        return False
    return True
