"""Read a submission, whatever the file contains."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

from autograder.errors import BadInput
from autograder.gradebook.bounded import Bounds, LimitExceeded, call
from autograder.gradebook.students import printable

MAX_FILE = 64 << 20
"""Bytes of a submitted notebook that are read: room for 50 MB of saved output, which is thrown away."""

MAX_CELLS = 2000
"""Cells of a notebook; a part has about a hundred."""

MAX_TEXT = 2 << 20
"""Characters of source text, over all cells, that go into a sandbox."""

MAX_ATTACHED = 2 << 20
"""Characters of attached pictures, over all cells; further ones are left out, which costs no mark."""

MAX_PICTURES = 100
"""Attached pictures, over all cells."""

MAX_NAME = 256
"""Characters of a cell's id, of its ``grade_id`` and of a picture's name; a longer one names nothing."""

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
"""What may be attached to a text cell."""

SHOWN = 5
"""Files that are named where the notebook is missing."""

BOUNDS = Bounds(memory=320 << 20, cpu=10, wall=30)
"""Limits of reading one file: 64 MB of ordinary outputs take a second and three times their size."""


NOT_JSON = "The file is not a notebook: its content is not JSON, or nested too deeply. Hand in the saved notebook."


def read_submission(path: Path) -> list[dict[str, Any]]:
    """Return the cells of a submitted notebook.

    Each is a checked dictionary with ``id``, ``cell_type``, ``source``, ``metadata`` (nothing but nbgrader's
    ``grade_id``) and ``attachments`` (pictures).

    Nothing of the notebook but its cells counts: its kernel, its outputs and its own metadata are dropped. The file is
    read in a process of its own with limits, because a few megabytes of JSON can be made to take gigabytes.

    Raises:
        BadInput: with a sentence for the student, if this is no notebook that can be graded.
    """
    try:
        cells: list[dict[str, Any]] = call(
            _read_cells, os.fspath(path.absolute()), MAX_FILE, MAX_CELLS, MAX_TEXT, bounds=BOUNDS
        )
    except LimitExceeded as error:
        raise BadInput(
            f"{path.name} could not be read: {error}. Clear the outputs of the notebook, save it and hand it in again."
        ) from error
    return cells


def _read_cells(name: str, max_file: int, max_cells: int, max_text: int) -> list[dict[str, Any]]:
    """Do the work of ``read_submission``."""
    path = Path(name)
    notebook = _parse(_read(path, max_file))
    _check_language(notebook.get("metadata"))
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not cells:
        raise BadInput(f"{path.name} has no cells. Hand in the notebook of the course, with your answers in it.")
    if len(cells) > max_cells:
        raise BadInput(
            f"{path.name} has {len(cells):,} cells; at most {max_cells:,} are graded. "
            "Hand in the notebook of the course, with your answers in it."
        )
    checked = [_cell(cell, number) for number, cell in enumerate(cells, 1)]
    if sum(len(cell["source"]) for cell in checked) > max_text:
        raise BadInput(f"The cells of {path.name} hold more than {max_text >> 20} million characters of text.")
    _bound_attachments(checked)
    return checked


def _read(path: Path, max_file: int) -> str:
    """Read a regular file as text, without following a link, and without waiting on a pipe."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise BadInput(missing(path)) from None
    except OSError as error:
        kind = "a link" if path.is_symlink() else f"unreadable ({error.strerror})"
        raise BadInput(f"{path.name} is {kind}. Hand in the notebook itself.") from None
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            kind = "a directory" if stat.S_ISDIR(found.st_mode) else "not an ordinary file"
            raise BadInput(f"{path.name} is {kind}. Hand in the notebook itself.")
        if found.st_size > max_file:
            raise BadInput(
                f"{path.name} has {found.st_size >> 20} MB; at most {max_file >> 20} MB are read. "
                "Clear the outputs of the notebook, save it and hand it in again."
            )
        with open(handle, "rb", closefd=False) as file:
            content = file.read(max_file)
        return content.decode(json.detect_encoding(content), "surrogatepass")
    except UnicodeDecodeError:
        raise BadInput(NOT_JSON) from None
    finally:
        os.close(handle)


def _parse(text: str) -> dict[str, Any]:
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput(NOT_JSON) from None
    if not isinstance(notebook, dict):
        raise BadInput("The file is not a notebook: its JSON is not an object. Hand in the saved notebook.")
    if notebook.get("nbformat") != 4:
        raise BadInput(
            f"The notebook has format version {str(notebook.get('nbformat'))[:20]}; version 4 was expected. "
            "Open it in JupyterLab, save it and hand it in again."
        )
    return notebook


def missing(path: Path) -> str:
    """Say that there is no notebook at ``path``, and what is there instead: most often it has another name."""
    folder = path.parent
    if not folder.is_dir():
        return f"Nothing was handed in: there is no folder {_shown(folder)}.{_found(folder.parent)}"
    if found := _found(folder):
        return f"There is no {path.name}.{found} Hand in the notebook under its own name."
    return f"Nothing was handed in: the folder {_shown(folder)} is empty."


def _found(folder: Path) -> str:
    """Say what is in a folder, without what programs put there; "" if there is nothing."""
    names = [other.name for other in folder.iterdir()] if folder.is_dir() else []
    names = sorted(name for name in names if not name.startswith(".") and name != "timestamp.txt")
    # In quotes: a space at the end of a name is not seen otherwise.
    listed = ", ".join(f"'{printable(name)}'" for name in names[:SHOWN])
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f" What is there: {listed}{more}." if names else ""


def _shown(folder: Path) -> str:
    return printable("/".join(folder.parts[-3:]))


def _check_language(metadata: Any) -> None:
    """Refuse a notebook for another language; which Python kernel it was made with does not matter."""
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = kernel.get("language") if isinstance(kernel, dict) else None
    if isinstance(kernel, dict) and isinstance(language, str) and language.lower() not in ("python", "ipython", ""):
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
    return {
        "id": _short(cell.get("id")),
        "cell_type": _short(cell.get("cell_type")),
        "source": _utf8(source),
        "metadata": _metadata(cell.get("metadata")),
        "attachments": pictures_of(cell.get("attachments")),
    }


def _metadata(metadata: Any) -> dict[str, Any]:
    """Keep the one thing that counts: which cell of the course it is."""
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = _short(nbgrader.get("grade_id")) if isinstance(nbgrader, dict) else None
    return {"nbgrader": {"grade_id": name}} if name else {}


def pictures_of(attachments: Any) -> dict[str, dict[str, str]]:
    """Keep the attached pictures of a text cell, and nothing else that calls itself an attachment."""
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        if isinstance(bundle, dict) and _short(name):
            kinds = {kind: _utf8(bundle[kind]) for kind in PICTURES if isinstance(bundle.get(kind), str)}
            if kinds:
                kept[_utf8(name)] = kinds
    return kept


def _bound_attachments(cells: list[dict[str, Any]]) -> None:
    """Leave out the pictures that exceed what a notebook may have; a page shows an empty one in their place."""
    number = size = 0
    for cell in cells:
        kept = {}
        for name, pictures in cell["attachments"].items():
            number += 1
            size += sum(map(len, pictures.values()))
            if number <= MAX_PICTURES and size <= MAX_ATTACHED:
                kept[name] = pictures
        cell["attachments"] = kept


def _short(text: Any) -> str | None:
    return _utf8(text) if isinstance(text, str) and len(text) <= MAX_NAME else None


def _utf8(text: str) -> str:
    """Replace lone surrogates: JSON may hold them, and UTF-8, which everything from here on uses, may not."""
    return text.encode("utf-8", "replace").decode("utf-8")
