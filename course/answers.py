"""A student's answer, as plain data.

A check never holds a live object of the student's: it asks for a variable by name and gets JSON. In JupyterLab
the answer comes from the notebook's own variables. Where checks run in a kernel of their own, the address in
``DOCKER_COURSE_ANSWERS`` is a Unix socket that takes ``{"name": …}`` and gives one line back.
"""

from __future__ import annotations

import json
import os
import socket
from typing import Any

from course.errors import NoAnswer

MAX_BYTES = 64 * 1024
"""The largest answer, in bytes of JSON."""

TIMEOUT = 30.0
"""How long the other kernel may take to answer."""

_outside: dict[str, Any] = {}


def namespace() -> dict[str, Any]:
    """Return the notebook's variables; outside IPython, a dictionary that stands in for them."""
    try:
        from IPython import get_ipython
    except ImportError:
        return _outside
    shell = get_ipython()
    return _outside if shell is None else shell.user_ns


def answer(name: str) -> Any:
    """Return the student's variable ``name`` as JSON data (None, bool, number, text, list, dictionary).

    Bytes count as text: it is what a program in a container printed, as docker-py gives it.

    Raises `NoAnswer` if there is none, if it is not such data, or if it is larger than `MAX_BYTES`.
    """
    address = os.environ.get("DOCKER_COURSE_ANSWERS")
    if address:
        return _ask(address, name)
    variables = namespace()
    if name not in variables:
        raise NoAnswer(f"There is no variable called {name}.")
    if variables[name] is ...:
        raise NoAnswer(f"{name} is still the three dots that stand for your answer.")
    try:
        text = json.dumps(_with_text_keys(variables[name]), default=bytes.decode)
    except (TypeError, ValueError, RecursionError):
        kind = type(variables[name]).__name__
        raise NoAnswer(f"{name} is a {kind}; a number, text, or a list of these was expected.") from None
    if len(text) > MAX_BYTES:
        raise NoAnswer(f"{name} is too large: at most {MAX_BYTES // 1024} KiB were expected.")
    return json.loads(text)


def _with_text_keys(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {(key.decode() if isinstance(key, bytes) else key): each for key, each in value.items()}


def _ask(address: str, name: str) -> Any:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(TIMEOUT)
        link.connect(address)
        link.sendall(json.dumps({"name": name}).encode() + b"\n")
        with link.makefile("rb") as lines:
            reply = json.loads(lines.readline(2 * MAX_BYTES))
    if not reply.get("found"):
        raise NoAnswer(str(reply.get("reason") or f"There is no variable called {name}."))
    return reply.get("value")
