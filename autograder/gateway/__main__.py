"""The gateway's process: ``python -m autograder.gateway``, started by ``listen.py`` without any privilege.

Standard input is the listening socket. Variables: ``GATEWAY_ENGINE``, the path of the Engine's socket, and
``GATEWAY_LOG``, the folder of the log.
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
from pathlib import Path

from autograder.gateway.audit import Audit
from autograder.gateway.server import Server


def main() -> None:
    """Serve until the process ends."""
    listening = socket.socket(fileno=0)
    audit = Audit(Path(os.environ["GATEWAY_LOG"]))
    gc.freeze()
    asyncio.run(Server(os.environ["GATEWAY_ENGINE"], audit).serve(listening))


if __name__ == "__main__":
    main()
