"""The worker of ``autograder.gradebook.bounded``: fork a child with limits for each call.

Its standard input is a socket. An order is a line of JSON and two descriptors: the file with the arguments, and the
one for the answer. What comes back is the child's exit code.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from autograder.errors import BadInput
from autograder.gradebook.bounded import OUT_OF_MEMORY

POLL_INTERVAL = 5.0
"""Seconds between two looks at whether the process that started the worker is still there."""


def main() -> None:
    """Serve until the other end is closed."""
    parent = os.getppid()
    connection = socket.socket(fileno=0)
    for name in sys.argv[1:]:
        module = importlib.import_module(name)
        if hasattr(module, "warm_up"):
            module.warm_up()
    gc.collect()
    gc.freeze()
    while os.getppid() == parent:
        if not select.select([connection], [], [], POLL_INTERVAL)[0]:
            continue
        order, files, _, _ = socket.recv_fds(connection, 4096, 2)
        if not order:
            return
        connection.sendall(str(_serve(json.loads(order), *files)).encode())


def _serve(order: dict[str, Any], request: int, answer: int) -> int:
    module, _, name = order["function"].partition(":")
    function = getattr(importlib.import_module(module), name)
    child = os.fork()
    if not child:
        status = 1
        try:
            status = _call(function, order["bounds"], request, answer)
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    os.close(request)
    os.close(answer)
    return os.waitstatus_to_exitcode(status)


def _call(function: Any, bounds: dict[str, int], request: int, answer: int) -> int:
    """Call the function in this very process, which exists for nothing else."""
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)  # the socket is the worker's alone
    _limit(bounds)
    try:
        with open(request, "rb", closefd=False) as file:
            file.seek(0)
            arguments = json.load(file)
        try:
            said = {"value": function(*arguments)}
        except BadInput as error:
            said = {"refused": str(error)}
        except (MemoryError, SystemError):  # some C code reports a failed allocation as the latter
            return OUT_OF_MEMORY
        except Exception as error:
            said = {"error": f"{type(error).__name__}: {error}"[:500]}
        with open(answer, "w", closefd=False) as file:
            json.dump(said, file)
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


def _limit(bounds: dict[str, int]) -> None:
    size = Path("/proc/self/statm")  # the first number is pages of address space; see proc(5)
    used = int(size.read_text().split()[0]) * resource.getpagesize() if size.exists() else 0
    memory = used + bounds["memory"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds["cpu"], bounds["cpu"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds["answer"], bounds["answer"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The kernel's clock and the signals' default actions end the child wherever it is, even in a regular expression.
    signal.setitimer(signal.ITIMER_REAL, bounds["wall"])


if __name__ == "__main__":
    main()
