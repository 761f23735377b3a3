"""nbconvert preprocessors and filters for pages of autograded notebooks: feedback and formgrader.

The texts of a page are rendered in a process with limits. Where that fails they are shown as they were typed, so a
page is always made, with the verdict, the marks and the findings; and it is made in bounded time.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import nbformat
from jinja2 import pass_context
from jinja2.runtime import Context
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.errors import AutograderError
from autograder.gradebook import ansi, bounded, rendering

RENDERED = "docker_course_html"
"""Key of a cell's rendered text in its metadata, while a page is made; it is never stored."""

BOUNDS = bounded.Bounds(memory=400 << 20, cpu=5, wall=20)
"""Limits of rendering a page, or of cleaning a notebook's outputs; an ordinary one takes well under a second."""


class RenderCells(NbGraderPreprocessor):
    """nbconvert preprocessor: renders the texts of a notebook's cells, and cleans their outputs once more."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Render all cells; ``resources["docker_course_plain"]`` says whether they are shown as they were typed."""
        cells, resources["docker_course_plain"] = _apart(rendering.render, rendering.render_plainly, nb)
        for cell, done in zip(nb.cells, cells, strict=True):
            cell.metadata[RENDERED] = done["html"]
            if cell.cell_type == "code":
                cell.outputs = nbformat.from_dict(done["outputs"])
        return nb, resources


def sanitize_cells(nb: NotebookNode) -> None:
    """Clean the outputs of all code cells, in their place; where that fails they become text."""
    cleaned, _ = _apart(rendering.sanitize, rendering.sanitize_plainly, nb)
    for cell, outputs in zip(nb.cells, cleaned, strict=True):
        if cell.cell_type == "code":
            cell.outputs = nbformat.from_dict(outputs)


@pass_context
def markdown_to_html(context: Context, source: str) -> str:
    """Replace nbconvert's Jinja filter ``markdown2html``."""
    return rendered(source, (context.get("cell") or {}).get("metadata"))


def rendered(source: str, metadata: Any = None, **_: Any) -> str:
    """Jinja filter: the text of a cell with this metadata as ``RenderCells`` rendered it, else as it was typed.

    It is called as nbconvert's ``highlight_code`` is.
    """
    html = metadata.get(RENDERED) if metadata else None
    return html if html is not None else f"<pre>{escape(source)}</pre>"


FILTERS: dict[str, Callable[..., str]] = {
    "markdown2html": markdown_to_html,
    "highlight_code": rendered,
    "rendered": rendered,
    "ansi2html": ansi.to_html,
    "strip_ansi": ansi.strip,
}
"""What replaces nbconvert's filters of these names, and ours."""


def _apart(
    function: Callable[[list[rendering.Cell]], Any],
    instead: Callable[[list[rendering.Cell]], Any],
    nb: NotebookNode,
) -> tuple[Any, bool]:
    """Call ``function`` on the cells in a process of its own, or ``instead`` here; and say whether it was that."""
    cells = [
        {
            "cell_type": cell.cell_type,
            "source": cell.source,
            "attachments": cell.get("attachments"),
            "outputs": cell.get("outputs"),
            "grade": bool(cell.metadata.get("nbgrader", {}).get("grade")),
        }
        for cell in nb.cells
    ]
    try:
        return bounded.call(function, cells, bounds=BOUNDS), False
    except AutograderError:
        return instead(cells), True
