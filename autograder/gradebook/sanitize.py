"""Sanitize HTML: no scripts, no requests, and no content outside its own area.

This is for ``autograder.gradebook.rendering``, which runs in a process with limits.
"""

from __future__ import annotations

import base64
import html
import re

import nh3

# fmt: off
TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "details",
    "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img",
    "ins", "kbd", "li", "ol", "p", "pre", "s", "samp", "small", "span", "strong", "sub", "summary", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var",
}
STYLES = {
    "color", "background-color", "text-align", "font-weight", "font-style", "font-size", "font-family",
    "text-decoration", "white-space", "border", "border-collapse", "border-color", "border-style",
    "border-width", "border-left", "border-radius", "padding", "padding-left", "margin", "margin-left",
    "margin-top", "margin-bottom", "width", "max-width",
}
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
CODE = {"script", "style", "template", "noscript"}
"""Tags that go with the text in them, which is not for people; of others that are left out the text stays."""
IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*\Z")
LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
"""Lower case that keeps every letter's place, which ``str.lower`` does not."""
LINK = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)


def _filter(tag: str, name: str, value: str) -> str | None:
    """Return the value if it may stay, or None.

    Links go where the reader can see; pictures are in the page itself, so that showing them asks for nothing.
    """
    if tag == "a" and name == "href":
        return value if LINK.match(value) else None
    if tag == "img" and name == "src":
        return value if IMAGE.match(value) else None
    return None if "url(" in value.lower() else value


CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=CODE,
    attributes={"*": ATTRIBUTES, "a": {"href"}, "img": {"alt", "width", "height", "src"}},
    attribute_filter=_filter,
    url_schemes={"http", "https", "mailto", "data"},
    filter_style_properties=STYLES,
    link_rel=None,
)


def sanitize_html(text: str) -> str:
    """Return ``text`` as HTML without anything that acts.

    What is not on the list of harmless tags is left out. The text's size is for the caller to bound.
    """
    return CLEANER.clean(_drawings_to_pictures(text))


def _drawings_to_pictures(text: str) -> str:
    """Replace each drawing in HTML by a picture of it; its words alone would be of no use."""
    done, at, lower = [], 0, text.translate(LOWER)
    while (start := lower.find("<svg", at)) >= 0 and (end := lower.find("</svg>", start)) >= 0:
        done += [text[at:start], drawing_to_picture(text[start : end + 6])]
        at = end + 6
    return "".join(done) + text[at:]


def drawing_to_picture(drawing: str) -> str:
    """Return SVG as a picture. In an <img> it cannot run scripts, load anything or reach the page around it."""
    if "xmlns=" not in drawing[:2000]:
        drawing = drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    title = re.search(r"<title[^>]{0,200}>([^<]{1,300})", drawing)
    label = html.escape(html.unescape(title[1])) if title else "A drawing"
    return f'<img alt="{label}" src="data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}">'
