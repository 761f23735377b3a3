"""nbconvert exporters for nbgrader: one for opening submissions, one for feedback pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.preprocessors import ClearHiddenTests
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from traitlets.config import Config

from autograder.gradebook.pages import FILTERS

TEMPLATES = Path(__file__).parent / "templates"


class SubmissionExporter(NotebookExporter):
    """Opens any file: a submission that is no notebook must not stop ``nbgrader autograde``.

    nbgrader converts twice: from ``submitted/``, which is not to be trusted and is read by
    ``RebuildFromSource``; then from ``autograded/``, where the notebook is one that we wrote.
    """

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert a file, by a path that nbgrader made."""
        if not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources, **kw)
        path = Path(filename)
        resources = {**(resources or {}), "metadata": {"name": path.stem, "path": str(path.parent)}}
        return self.from_notebook_node(new_notebook(), resources, **kw)


class FeedbackExporter(HTMLExporter):
    """The page that a student gets back: self-contained, asks the network for nothing, runs no script."""

    @property
    def default_config(self) -> Config:
        """Our template, whatever is configured for other HTML exporters."""
        config = Config(super().default_config)
        config.pop("NbConvertBase", None)  # an order of output types, which our template does not ask for
        config.FeedbackExporter.preprocessors = []  # GenerateFeedback's, in their order: tests are hidden first
        config.FeedbackExporter.template_name = "docker-course"
        config.FeedbackExporter.extra_template_basedirs = [str(TEMPLATES)]
        return config

    def default_filters(self) -> Any:
        """Replace nbconvert's filters by ours."""
        yield from super().default_filters()
        yield from FILTERS.items()

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Make the page; everything that it says beside the cells is in the notebook's metadata."""
        resources = {**(resources or {}), "highlight_css": _highlight_css()}
        # TemplateExporter's: HTMLExporter's parses the whole page once more, to add what our template has already.
        page, resources = super(HTMLExporter, self).from_notebook_node(nb, resources, **kw)
        return page, resources


class HideTests(ClearHiddenTests):
    """Takes hidden tests out of the grade cells on the page.

    nbgrader's own step looks at every cell, and a student who writes its marker into an answer stops the
    page.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Clear one cell, if it is a grade cell."""
        if cell.metadata.get("nbgrader", {}).get("grade"):
            return super().preprocess_cell(cell, resources, index)
        return cell, resources


def _highlight_css() -> str:
    """Colours of the code in light and dark, from Pygments."""
    light = HtmlFormatter(style="default").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}"
