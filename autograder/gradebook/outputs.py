"""Outputs of code cells as we store and show them: displayable types only, sanitized and bounded.

They are cleaned before a notebook is written to ``autograded/``, so that every page made from it is safe, and made in
little time: our feedback, formgrader's, JupyterLab's.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from nbformat import NotebookNode

from autograder.gradebook.budget import CUT, Budget
from autograder.gradebook.sanitize import drawing_to_picture, sanitize_html

REPORT = "application/vnd.docker-course.report+json"

TOO_LARGE = "(This output was too large, or nested too deeply, to be shown.)"
MAX_NAME = 200
"""Characters of an exception's name."""
MAX_TRACEBACK = 200
"""Lines of a traceback: the first and the last half of them."""


def sanitize_outputs(outputs: Any, budget: Budget | None = None) -> list[NotebookNode]:
    """Return the outputs of a code cell with only what is harmless, as far as ``budget`` reaches."""
    return _each(outputs, budget or Budget(), rich=True)


def plain_outputs(outputs: Any, budget: Budget | None = None) -> list[NotebookNode]:
    """Return the outputs of a code cell as text, which needs no parser; a picture is shown as it is."""
    return _each(outputs, budget or Budget(), rich=False)


def _each(outputs: Any, budget: Budget, rich: bool) -> list[NotebookNode]:
    cleaned = []
    for output in outputs or ():
        if not budget.take_output():
            cleaned.append(NotebookNode(output_type="stream", name="stdout", text=CUT.strip() + "\n"))
            break
        if isinstance(output, dict) and (one := _sanitize_output(output, budget, rich)) is not None:
            cleaned.append(one)
    return cleaned


def _sanitize_output(output: Any, budget: Budget, rich: bool) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return NotebookNode(output_type="stream", name=name, text=budget.take_text(_text(output.get("text"))))
    if kind == "error":
        return NotebookNode(
            output_type="error",
            ename=budget.take_text(_text(output.get("ename"))[:MAX_NAME]),
            evalue=budget.take_text(_text(output.get("evalue"))),
            traceback=_traceback(output.get("traceback"), budget),
        )
    if kind not in ("display_data", "execute_result"):
        return None
    data = output.get("data")
    cleaned = NotebookNode(output_type=kind, data=_sanitize_data(data if isinstance(data, dict) else {}, budget, rich))
    cleaned.metadata = NotebookNode()
    if kind == "execute_result":
        cleaned.execution_count = None
    return cleaned


def _traceback(lines: Any, budget: Budget) -> list[str]:
    lines = lines if isinstance(lines, list) else []
    half = MAX_TRACEBACK // 2
    chosen = lines if len(lines) <= MAX_TRACEBACK else [*lines[:half], "…", *lines[-half:]]
    return [budget.take_text(_text(line)) for line in chosen]


def _sanitize_data(data: dict[str, Any], budget: Budget, rich: bool) -> NotebookNode:
    """Keep one rich representation at most, cleaned, beside the plain text and the machine-readable report."""
    kept = NotebookNode()
    if isinstance(data.get(REPORT), dict):
        kept[REPORT] = data[REPORT]
    if "text/plain" in data:
        kept["text/plain"] = budget.take_text(_text(data["text/plain"]))
    shown = _rich(data, budget, rich)
    if shown is None:
        kept.setdefault("text/plain", TOO_LARGE)
    kept.update(shown or {})
    if not kept.keys() - {REPORT} and "text/markdown" in data:
        kept["text/plain"] = budget.take_text(_text(data["text/markdown"]))
    return kept


def _rich(data: dict[str, Any], budget: Budget, rich: bool) -> dict[str, str] | None:
    """Return the one rich representation that is kept, if there is one; None if it is too large."""
    if "image/svg+xml" in data or "text/html" in data:
        drawing = data.get("image/svg+xml")
        page = _text(data["text/html"]) if drawing is None else drawing_to_picture(_text(drawing))
        if not rich or not budget.allows_cleaning(page):
            return None
        page = sanitize_html(page)
        return {"text/html": page} if budget.take_html(page) else None
    for kind in ("image/png", "image/jpeg"):
        if kind in data and _is_base64(picture := _text(data[kind])):
            return {kind: picture} if budget.take_html(picture) else None
    return {}


def _text(value: Any) -> str:
    text = "".join(map(str, value)) if isinstance(value, list) else str(value if value is not None else "")
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
