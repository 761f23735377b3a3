"""Serve ``course.answer(name)`` to the examiner: a student's value by name, as JSON.

The examiner sends one line, ``{"name": "x"}``, over a unix socket that only its user can open, and gets one
line: ``{"found": true, "value": ...}`` or ``{"found": false, "reason": "a sentence"}``. The value comes from
the student's kernel, so it is whatever the student wants it to be; it is bounded, timed, and plain JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Any

from autograder.runner.kernel import Kernel
from autograder.runner.plain import loads

MAX_ANSWER = 64 << 10
"""Bytes of a value as JSON text."""
ANSWER_TIMEOUT = 5.0
MAX_REQUEST = 1024
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
HEX = re.compile(r"'((?:[0-9a-f]{2})*)'")

# Evaluated in the student's kernel. Hexadecimal, because its repr is itself: nothing has to be unquoted here. Bytes are
# taken as text, a dictionary's keys too.
PLAIN = (
    "(lambda it: {{(key.decode() if key.__class__ is b''.__class__ else key): it[key] for key in it}}"
    " if it.__class__ is {{}}.__class__ else it)({name})"
)
EXPRESSION = (
    "'dots' if {name} is ... else "
    "(lambda text: text.encode().hex() if len(text) <= {limit} else 'long')"
    "(__import__('json').dumps(" + PLAIN + ", allow_nan=False, default=b''.__class__.decode))"
)
SENTENCES = {
    "'dots'": "{name} is still the three dots that stand for your answer.",
    "'long'": f"{{name}} is too large: at most {MAX_ANSWER // 1024} KiB were expected.",
}


async def answer(student: Kernel, name: str) -> dict[str, Any]:
    """Return the reply to a request for ``name``, ready to be sent. Never raises."""
    if not IDENTIFIER.fullmatch(name):
        return _not_found("That is not the name of a variable.")
    if not student.alive:
        return _not_found("The notebook's Python kernel is no longer running, so its variables are gone.")
    entry = await student.ask(EXPRESSION.format(name=name, limit=MAX_ANSWER), ANSWER_TIMEOUT)
    if entry is None:
        return _not_found(f"The notebook's Python kernel gave no answer when asked for {name}.")
    if entry.get("status") != "ok":
        if entry.get("ename") == "NameError":
            return _not_found(f"There is no variable called {name}.")
        return _not_found(f"{name} is not plain data; a number, text, or a list of these was expected.")
    data = entry.get("data")
    text = data.get("text/plain") if isinstance(data, dict) else None
    if isinstance(text, str) and text in SENTENCES:
        return _not_found(SENTENCES[text].format(name=name))
    found = HEX.fullmatch(text) if isinstance(text, str) and len(text) <= 2 * MAX_ANSWER + 2 else None
    try:
        return {"found": True, "value": loads(bytes.fromhex(found[1] if found else "").decode())}
    except ValueError:
        return _not_found(f"The notebook's Python kernel answered for {name} with something that is not JSON.")


class AnswerServer:
    """Answers the examiner on a unix socket, while ``open`` is true: as long as a grade cell runs."""

    def __init__(self, student: Kernel, path: Path) -> None:
        self.path = path
        self.open = False
        self._student = student
        self._turn = asyncio.Lock()
        self._server: asyncio.Server | None = None

    async def start(self, owner: int | None = None) -> None:
        """Listen; ``owner`` is the user id that may connect, beside our own."""
        self._server = await asyncio.start_unix_server(self._serve, str(self.path), limit=MAX_REQUEST)
        self.path.chmod(0o600)
        if owner is not None:
            os.chown(self.path, owner, owner)

    async def close(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = loads((await asyncio.wait_for(reader.readline(), ANSWER_TIMEOUT)).decode())
            name = request.get("name") if isinstance(request, dict) else None
            async with self._turn:
                if not self.open:
                    reply = _not_found("Answers are given while a grade cell runs.")
                else:
                    self._student.resume()
                    try:
                        reply = await answer(self._student, name if isinstance(name, str) else "")
                    finally:
                        # Not where the check gave up waiting and the student's next cell has begun.
                        if self.open:
                            await self._student.pause()
            writer.write(json.dumps(reply, allow_nan=False).encode() + b"\n")
            await writer.drain()
        except (ValueError, OSError, TimeoutError):
            pass  # not a request, or nobody waits for the answer any more
        finally:
            writer.close()


def _not_found(reason: str) -> dict[str, Any]:
    return {"found": False, "reason": reason}
