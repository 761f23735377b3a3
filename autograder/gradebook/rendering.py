"""Prepare a notebook's cells for a page; the worker calls this in a process with limits.

Cells come and go as plain dictionaries, because they travel as JSON.
"""

from __future__ import annotations

import html
import re
from typing import Any

from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.gradebook import ansi
from autograder.gradebook.budget import CUT, Budget
from autograder.gradebook.outputs import plain_outputs, sanitize_outputs
from autograder.gradebook.sanitize import sanitize_html

Cell = dict[str, Any]

MAX_SOURCE = 20_000
"""Characters of a cell that is rendered; a longer one is shown as it was typed."""
MAX_MATH = 2_000_000
"""Beginnings of formulas times characters: from each the renderer looks through the rest of the text for its end."""
MATH = re.compile(r"\\begin|\\\\[(\[]|[$]")
SLOW_CODE = re.compile(r"\s{200}|[^\n]{1000}")
"""Code that keeps the highlighter busy: it looks through a long line or gap again from each of its characters."""


def page_budget() -> Budget:
    """Return what the text of all cells may put on a page, beside the outputs."""
    return Budget(size=2_500_000, elements=40_000, work=400_000)


def warm_up() -> None:
    """Load what is loaded at first use (lexers, tables of a parser), so that no call has to do it again."""
    shown = {"output_type": "display_data", "data": {"text/html": "<b style='color: red'>&amp;</b>"}}
    render(
        [
            {"cell_type": "markdown", "source": "# a\n\n`b` *c* [d](https://e) $f$\n\n- g\n"},
            {"cell_type": "code", "source": "print(f'{1}')  # a\n!ls", "outputs": [shown]},
        ]
    )


def sanitize(cells: list[Cell]) -> list[list[Cell]]:
    """Return the outputs of each cell, cleaned."""
    return _outputs(cells, sanitize_outputs)


def render(cells: list[Cell]) -> list[Cell]:
    """Return for each cell its text as HTML (``html``), and its ``outputs``, cleaned."""
    budget = page_budget()
    outputs = _outputs(cells, sanitize_outputs)
    return [{"html": _html(cell, budget), "outputs": out} for cell, out in zip(cells, outputs, strict=True)]


def sanitize_plainly(cells: list[Cell]) -> list[list[Cell]]:
    """Return what ``clean`` does where that fails: every output as text. It needs no process of its own."""
    return _outputs(cells, plain_outputs)


def render_plainly(cells: list[Cell]) -> list[Cell]:
    """Return what ``render`` does where that fails: every text as it was typed. It needs no process of its own."""
    budget = page_budget()
    outputs = _outputs(cells, plain_outputs)
    return [
        {"html": _as_typed(cell["source"], budget), "outputs": out} for cell, out in zip(cells, outputs, strict=True)
    ]


def _outputs(cells: list[Cell], each: Any) -> list[list[Cell]]:
    """Sanitize outputs; the examiner's cells have a budget of their own, which no flood of a student's uses up."""
    own, examiners = Budget(), Budget()
    return [each(cell.get("outputs"), examiners if cell.get("grade") else own) for cell in cells]


def _html(cell: Cell, budget: Budget) -> str:
    source = cell["source"]
    if len(source) <= MAX_SOURCE and budget.allows_rendering(source):
        rendered = _code(source) if cell["cell_type"] == "code" else _markdown(cell, budget)
        if rendered is not None and budget.take_html(rendered):
            return rendered
    return _as_typed(source, budget)


def _as_typed(source: str, budget: Budget) -> str:
    return f"<pre>{html.escape(ansi.strip(budget.take_text(source)))}</pre>" if budget.size > len(CUT) else ""


def _code(source: str) -> str | None:
    if SLOW_CODE.search(source):
        return None
    return str(Highlight2HTML(pygments_lexer="ipython3")(source))


def _markdown(cell: Cell, budget: Budget) -> str | None:
    source = cell["source"]
    if len(MATH.findall(source)) * len(source) > MAX_MATH:
        return None
    attachments = _Attachments(cell.get("attachments") or {})
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    try:
        rendered = str(MarkdownWithMath(renderer=renderer).render(source))
    except Exception:  # a text that breaks the renderer is shown as it was typed
        return None
    return sanitize_html(rendered) if budget.allows_cleaning(rendered) else None


class _Attachments(dict[str, Any]):
    """Attached pictures; one that is missing is an empty picture, not an error that stops the page."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> dict[str, str]:
        return {"image/png": ""}
