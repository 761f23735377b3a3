"""Make what a student's code displayed harmless in a browser: no script, no request, nothing outside its
place.

The notebook is cleaned before it is written to ``autograded/``, so that every page made from it is safe: our
feedback, formgrader, JupyterLab. Text cells are cleaned when they are turned into HTML
(``markdown_to_html``), because cleaned Markdown can still become a script.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections import Counter
from typing import Any

import bleach  # type: ignore[import-untyped]
from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

REPORT = "application/vnd.docker-course.report+json"

# fmt: off
TAGS = frozenset({
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "details",
    "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img",
    "ins", "kbd", "li", "ol", "p", "pre", "s", "samp", "small", "span", "strong", "sub", "summary", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var",
})
STYLES = [
    "color", "background-color", "text-align", "font-weight", "font-style", "font-size", "font-family",
    "text-decoration", "white-space", "border", "border-collapse", "border-color", "border-style",
    "border-width", "border-left", "border-radius", "padding", "padding-left", "margin", "margin-left",
    "margin-top", "margin-bottom", "width", "max-width",
]
# fmt: on
ATTRIBUTES = {
    "class",
    "title",
    "style",
    "colspan",
    "rowspan",
    "scope",
    "align",
    "open",
    "start",
    "role",
    "aria-label",
}
IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*\Z")
LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
"""Lower case that keeps every letter's place, which ``str.lower`` does not."""
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
LINK = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)


def _allowed(tag: str, name: str, value: str) -> bool:
    """Links go where the reader can see; pictures are in the page itself, so that showing it asks for
    nothing.
    """
    if tag == "a" and name == "href":
        return bool(LINK.match(value))
    if tag == "img" and name in ("alt", "width", "height"):
        return True
    if tag == "img" and name == "src":
        return bool(IMAGE.match(value))
    return name in ATTRIBUTES and "url(" not in value.lower()


class Budget:
    """How much cleaning one notebook may cause: the parser's time grows with tags times the tags open around
    them.

    The unit is a character, a tag counts for ten more; two million take some ten seconds.
    """

    def __init__(self, work: int = 2_000_000) -> None:
        self.left = work

    def allows(self, text: str) -> bool:
        """Whether there is enough left for ``text``; if so, it is spent."""
        work, unclosed = len(text) + 10 * text.count("<"), Counter[str]()
        for closing, name in TAG.findall(text) if work <= self.left else ():
            if not closing:
                unclosed[name] += 1
                work += unclosed.total()
            elif unclosed[name]:
                unclosed[name] -= 1
            if work > self.left:
                break
        if work > self.left:
            return False
        self.left -= work
        return True


def clean_html(text: str) -> str:
    """Return ``text`` as HTML without anything that acts: what is not on the list of harmless tags is left
    out. The text's size is for the caller to bound.
    """
    cleaner = bleach.Cleaner(
        tags=TAGS,
        attributes=_allowed,
        protocols={"http", "https", "mailto", "data"},
        css_sanitizer=CSSSanitizer(allowed_css_properties=STYLES, allowed_svg_properties=[]),
        strip=True,
        strip_comments=True,
    )
    text = _drawings_to_pictures(text)
    # Bleach keeps the text inside a tag that it strips; the text of these is code.
    text = re.sub(r"(?is)<(script|style|template|noscript)\b.*?(</\1\s*>|\Z)", "", text)
    return str(cleaner.clean(text))


def _drawings_to_pictures(text: str) -> str:
    """Replace each drawing in HTML by a picture of it; its words alone would be of no use."""
    done, at, lower = [], 0, text.translate(LOWER)
    while (start := lower.find("<svg", at)) >= 0 and (end := lower.find("</svg>", start)) >= 0:
        done += [text[at:start], _picture(text[start : end + 6])]
        at = end + 6
    return "".join(done) + text[at:]


def _picture(drawing: str) -> str:
    """Return SVG as a picture. In an <img> it cannot run scripts, load anything or reach the page around it."""
    if "xmlns=" not in drawing[:2000]:
        drawing = drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    title = re.search(r"<title[^>]{0,200}>([^<]{1,300})", drawing)
    label = html.escape(html.unescape(title[1])) if title else "A drawing"
    return (
        f'<img alt="{label}" src="data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}">'
    )


@pass_context
def markdown_to_html(context: Context, source: str) -> str:
    """Jinja filter in the place of nbconvert's ``markdown2html``: its rendering, cleaned."""
    cell = context.get("cell") or {}
    budget = (context.get("resources") or {}).setdefault("clean_budget", Budget())
    if not budget.allows(source):
        return f"<pre>{html.escape(source)}</pre>"
    attachments = _Attachments(cell.get("attachments") or {})
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    try:
        rendered = str(MarkdownWithMath(renderer=renderer).render(source))
    except Exception:  # a text that breaks the renderer is shown as it was typed
        rendered = f"<pre>{html.escape(source)}</pre>"
    return clean_html(rendered)


class _Attachments(dict[str, Any]):
    """Attached pictures; one that is missing is an empty picture, not an error that stops the page."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> dict[str, str]:
        return {"image/png": ""}


def clean_outputs(outputs: Any, budget: Budget | None = None) -> list[NotebookNode]:
    """Return the outputs of a code cell with only what is harmless, and only the types that a page can
    show.
    """
    budget = budget or Budget()
    return [cleaned for output in outputs or () if (cleaned := _clean_output(output, budget)) is not None]


def _clean_output(output: Any, budget: Budget) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return NotebookNode(output_type="stream", name=name, text=_text(output.get("text")))
    if kind == "error":
        return NotebookNode(
            output_type="error",
            ename=_text(output.get("ename")),
            evalue=_text(output.get("evalue")),
            traceback=[_text(line) for line in output.get("traceback") or ()],
        )
    if kind not in ("display_data", "execute_result"):
        return None
    cleaned = NotebookNode(output_type=kind, data=_clean_data(output.get("data") or {}, budget), metadata={})
    if kind == "execute_result":
        cleaned.execution_count = None
    return cleaned


def _clean_data(data: dict[str, Any], budget: Budget) -> NotebookNode:
    """Keep one rich representation at most, cleaned, beside the plain text and the machine-readable
    report.
    """
    kept = NotebookNode()
    if "text/plain" in data:
        kept["text/plain"] = _text(data["text/plain"])
    if isinstance(data.get(REPORT), dict):
        kept[REPORT] = data[REPORT]
    if "image/svg+xml" in data:
        kept["text/html"] = _picture(_text(data["image/svg+xml"]))
    elif "text/html" in data:
        if budget.allows(page := _text(data["text/html"])):
            kept["text/html"] = clean_html(page)
        else:
            kept.setdefault("text/plain", "(This output was too large, or nested too deeply, to be shown.)")
    else:
        for kind in ("image/png", "image/jpeg"):
            if kind in data and _is_base64(data[kind]):
                kept[kind] = _text(data[kind])
                break
    if not kept.keys() - {REPORT} and "text/markdown" in data:
        kept["text/plain"] = _text(data["text/markdown"])
    return kept


def _text(value: Any) -> str:
    text = "".join(map(str, value)) if isinstance(value, list) else str(value if value is not None else "")
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_base64(value: Any) -> bool:
    try:
        base64.b64decode(_text(value).replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


class CleanOutputs(Preprocessor):
    """nbconvert preprocessor: cleans the outputs of every code cell. Twice does no harm."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Clean a notebook."""
        self._budget = Budget()
        cleaned: tuple[NotebookNode, dict[str, Any]] = super().preprocess(nb, resources)
        return cleaned

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Clean one cell."""
        if cell.cell_type == "code":
            cell.outputs = clean_outputs(cell.outputs, self._budget)
        return cell, resources
