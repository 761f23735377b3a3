"""Run the gateway: ``python -m autograder.gateway``, started by ``listen.py`` without any privilege.

Standard input is the listening socket. Variables: ``GATEWAY_ENGINE``, the path of the Engine's socket, and
``GATEWAY_FOLDER``, the private folder of the log and of the control socket.
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
from pathlib import Path

from autograder.gateway.audit import Audit
from autograder.gateway.gate import Gate
from autograder.gateway.gate_socket import Control
from autograder.gateway.ledger import Ledger
from autograder.gateway.server import GatewayServer


def main() -> None:
    """Serve until the process ends."""
    listening = socket.socket(fileno=0)
    gc.freeze()
    asyncio.run(serve(listening, os.environ["GATEWAY_ENGINE"], Path(os.environ["GATEWAY_FOLDER"])))


async def serve(listening: socket.socket, engine: str, folder: Path) -> None:
    """Serve the student's side on ``listening``, and the examiner's in ``folder``; each part ends with the others."""
    ledger = Ledger(engine)
    gate = Gate(engine, ledger)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(ledger.keep())
        tasks.create_task(Control(gate).serve(folder))
        tasks.create_task(GatewayServer(engine, gate, Audit(folder)).serve(listening))


if __name__ == "__main__":
    main()
