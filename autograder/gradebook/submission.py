"""Read what a student handed in, whatever it is."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

from autograder.errors import BadInput

MAX_FILE = 128 << 20
"""Bytes of a submitted notebook that are read: room for 50 MB of saved output, which is thrown away."""

MAX_TEXT = 2 << 20
"""Characters of source text, over all cells, that go into a sandbox."""


def read_submission(path: Path) -> list[dict[str, Any]]:
    """Return the cells of a submitted notebook: checked dictionaries with ``cell_type``, ``source``,
    ``metadata``.

    Nothing of the notebook but its cells counts: its kernel, its outputs and its own metadata are dropped.

    Raises:
        BadInput: with a sentence for the student, if this is no notebook that can be graded.
    """
    notebook = _parse(_read(path))
    _check_language(notebook.get("metadata"))
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not cells:
        raise BadInput(
            f"{path.name} has no cells. Hand in the notebook of the course, with your answers in it."
        )
    checked = [_cell(cell, number) for number, cell in enumerate(cells, 1)]
    if sum(len(cell["source"]) for cell in checked) > MAX_TEXT:
        raise BadInput(
            f"The cells of {path.name} hold more than {MAX_TEXT >> 20} million characters of text."
        )
    return checked


def _read(path: Path) -> bytes:
    """Read a regular file without following a link, and without waiting on a pipe."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise BadInput(_missing(path)) from None
    except OSError as error:
        kind = "a link" if path.is_symlink() else f"unreadable ({error.strerror})"
        raise BadInput(f"{path.name} is {kind}. Hand in the notebook itself.") from None
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            kind = "a directory" if stat.S_ISDIR(found.st_mode) else "not an ordinary file"
            raise BadInput(f"{path.name} is {kind}. Hand in the notebook itself.")
        if found.st_size > MAX_FILE:
            raise BadInput(
                f"{path.name} has {found.st_size >> 20} MB; at most {MAX_FILE >> 20} MB are read. "
                "Clear the outputs of the notebook, save it and hand it in again."
            )
        with open(handle, "rb", closefd=False) as file:
            return file.read(MAX_FILE)
    finally:
        os.close(handle)


def _parse(content: bytes) -> dict[str, Any]:
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        raise BadInput(
            "The file is not a notebook: its content is not JSON. Hand in the saved notebook."
        ) from None
    if not isinstance(notebook, dict):
        raise BadInput("The file is not a notebook: its JSON is not an object. Hand in the saved notebook.")
    if notebook.get("nbformat") != 4:
        raise BadInput(
            f"The notebook has format version {str(notebook.get('nbformat'))[:20]}; version 4 was expected. "
            "Open it in JupyterLab, save it and hand it in again."
        )
    return notebook


def _missing(path: Path) -> str:
    """Say what is there instead: most often the right notebook under another name."""
    if not path.parent.is_dir():
        return f"Nothing was handed in: there is no directory {path.parent.name}."
    there = sorted(printable(other.name) for other in path.parent.iterdir() if other.suffix == ".ipynb")[:5]
    found = f" What is there: {', '.join(there)}." if there else ""
    return f"There is no {path.name}.{found} Hand in the notebook under its own name."


def printable(name: str) -> str:
    """Return a file name that can be shown anywhere: what is not UTF-8, or not printable, is spelt out."""
    spelt = name.encode("utf-8", "backslashreplace").decode()
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in spelt)


def _check_language(metadata: Any) -> None:
    """Refuse a notebook for another language; which Python kernel it was made with does not matter."""
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = kernel.get("language") if isinstance(kernel, dict) else None
    if (
        isinstance(kernel, dict)
        and isinstance(language, str)
        and language.lower() not in ("python", "ipython", "")
    ):
        name = printable(str(kernel.get("display_name") or language))[:60]
        raise BadInput(
            f"The notebook is set to the kernel {name!r}, but this course runs on Python. "
            "Choose the kernel 'Docker Fundamentals' in JupyterLab, save the notebook and hand it in again."
        )


def _cell(cell: Any, number: int) -> dict[str, Any]:
    """Check one cell; what is missing is taken as empty, what is of the wrong kind is refused."""
    source = cell.get("source", "") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise BadInput(f"Cell {number} of the notebook is damaged: its text cannot be read.")
    metadata, attachments = cell.get("metadata"), cell.get("attachments")
    return {
        "id": cell.get("id"),
        "cell_type": cell.get("cell_type"),
        # A lone surrogate is legal in JSON but not in UTF-8, which everything from here on speaks.
        "source": source.encode("utf-8", "replace").decode("utf-8"),
        "metadata": metadata if isinstance(metadata, dict) else {},
        "attachments": attachments if isinstance(attachments, dict) else {},
    }
