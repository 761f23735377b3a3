"""Convert kernel messages to notebook outputs: check and limit everything that a kernel sends.

The message types are those of https://jupyter-client.readthedocs.io/en/stable/messaging.html, the outputs
those of nbformat 4. Anything that is not exactly an output is dropped.
"""

from __future__ import annotations

import re
from typing import Any

from autograder.runner.plain import plain

REPORT_MIME = "application/vnd.docker-course.report+json"
"""MIME type of a check's report, as data. Only the examiner's counts; a student's is dropped."""

MAX_OUTPUTS = 1000
"""Outputs kept of one cell."""
MAX_DISPLAYS = 1000
"""Displays of a kernel that a later message can still update."""

JSON_MIME = re.compile(r"application/(.*\+)?json")
"""MIME types whose value may be more than text; from nbformat 4's schema."""

Output = dict[str, Any]
"""An output as nbformat 4 writes it."""


class Outputs:
    """The outputs of one cell, at most ``limit`` bytes of them; what goes beyond is cut, with a note.

    ``displays`` maps display ids to outputs that may still be updated. It belongs to one kernel, so what a
    student's kernel sends never reaches an output of the examiner's.
    """

    def __init__(self, limit: int, displays: dict[str, Output] | None = None, *, trusted: bool = False) -> None:
        self.items: list[Output] = []
        self.cut = False
        self._limit = limit
        self._size = 0
        self._updates = 0
        self._displays = {} if displays is None else displays
        self._trusted = trusted
        self._clear_next = False

    def add(self, kind: str, content: Any, size: int) -> None:
        """Take in one message of ``size`` bytes; raises ValueError if its content is not plain data."""
        content = plain(content)
        if not isinstance(content, dict):
            return
        if kind == "clear_output":
            self._clear_next = True
            if not content.get("wait"):
                self._clear()
            return
        if kind == "update_display_data":
            self._update(content, size)
            return
        output = self._output(kind, content)
        if output is None:
            return
        if self._clear_next:
            self._clear()
        if kind == "stream":
            self._add_text(output)
        elif self._fits(size):
            self.items.append(output)
            self._remember(content, output)

    def finish(self) -> list[Output]:
        """Return the outputs, with a note at the end if something was cut."""
        if self.cut:
            note = f"\n[The output was cut here: of one cell, {self._limit:,} bytes are kept.]\n"
            self.items.append({"output_type": "stream", "name": "stdout", "text": note})
            self.cut = False
        return self.items

    @property
    def size(self) -> int:
        """Bytes that were kept, in this cell or by updates in others."""
        return self._size

    @property
    def full(self) -> bool:
        """Whether nothing more is kept."""
        return self._size >= self._limit or len(self.items) >= MAX_OUTPUTS

    def _clear(self) -> None:
        self.items.clear()
        # What updates added to displays of other cells is still there.
        self._size = self._updates
        self._clear_next = False

    def _fits(self, size: int) -> bool:
        if self._size + size > self._limit or len(self.items) >= MAX_OUTPUTS:
            self.cut = True
            return False
        self._size += size
        return True

    def _add_text(self, output: Output) -> None:
        data = output["text"].encode()
        kept = data[: max(0, self._limit - self._size)].decode(errors="ignore")
        size = len(kept.encode())
        if size < len(data):
            self.cut = True
        if not kept:
            return
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last["name"] == output["name"]:
            self._size += size
            last["text"] += kept
        elif self._fits(size):
            self.items.append({**output, "text": kept})

    def _update(self, content: dict[str, Any], size: int) -> None:
        known = self._displays.get(_display_id(content))
        output = self._output("display_data", content)
        if known is not None and output is not None and self._fits(size):
            self._updates += size
            known["data"], known["metadata"] = output["data"], output["metadata"]

    def _remember(self, content: dict[str, Any], output: Output) -> None:
        name = _display_id(content)
        if name and len(self._displays) < MAX_DISPLAYS:
            self._displays[name] = output

    def _output(self, kind: str, content: dict[str, Any]) -> Output | None:
        """Return the nbformat output of a message, or None if it is not one."""
        if kind == "stream":
            name, text = content.get("name"), content.get("text")
            if name in ("stdout", "stderr") and isinstance(text, str):
                return {"output_type": "stream", "name": name, "text": text}
        elif kind == "error":
            traceback = content.get("traceback")
            lines = traceback if isinstance(traceback, list) else []
            lines = [line for line in lines if isinstance(line, str)]
            return error(_text(content.get("ename")), _text(content.get("evalue")), lines)
        elif kind in ("display_data", "execute_result"):
            data = self._bundle(content.get("data"))
            if data:
                metadata = content.get("metadata")
                metadata = metadata if isinstance(metadata, dict) else {}
                output: Output = {"output_type": kind, "data": data, "metadata": metadata}
                if kind == "execute_result":
                    output["execution_count"] = None
                return output
        return None

    def _bundle(self, data: Any) -> dict[str, Any]:
        """Return the MIME bundle without what nbformat would refuse and what only the examiner may say."""
        if not isinstance(data, dict):
            return {}
        kept = {}
        for mime, value in data.items():
            fits = isinstance(value, str) or JSON_MIME.fullmatch(mime)
            if fits and (self._trusted or mime != REPORT_MIME):
                kept[mime] = value
        return kept


def stream(text: str) -> Output:
    """Text on stderr, as an output."""
    return {"output_type": "stream", "name": "stderr", "text": text}


def error(name: str, value: str, traceback: list[str] | None = None) -> Output:
    """Return an ``error`` output; without a traceback, the sentence stands for it."""
    lines = traceback or [f"{name}: {value}"]
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _display_id(content: dict[str, Any]) -> str:
    transient = content.get("transient")
    name = transient.get("display_id") if isinstance(transient, dict) else None
    return name if isinstance(name, str) else ""
