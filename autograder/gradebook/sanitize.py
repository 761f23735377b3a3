"""Make HTML harmless in a browser: no script, no request, nothing outside its place.

This is for ``autograder.gradebook.rendering``, which runs in a process with limits.
"""

from __future__ import annotations

import base64
import html
import re

import bleach  # type: ignore[import-untyped]
from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]

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


def sanitize_html(text: str) -> str:
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
        done += [text[at:start], drawing_to_picture(text[start : end + 6])]
        at = end + 6
    return "".join(done) + text[at:]


def drawing_to_picture(drawing: str) -> str:
    """Return SVG as a picture. In an <img> it cannot run scripts, load anything or reach the page around it."""
    if "xmlns=" not in drawing[:2000]:
        drawing = drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    title = re.search(r"<title[^>]{0,200}>([^<]{1,300})", drawing)
    label = html.escape(html.unescape(title[1])) if title else "A drawing"
    return (
        f'<img alt="{label}" src="data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}">'
    )
