"""Ports of this machine."""

from __future__ import annotations

import socket


def free_port() -> int:
    """Return a TCP port that nothing listens on at 127.0.0.1 right now.

    Another program may take it before you do: use it at once, or let Docker choose one instead.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
