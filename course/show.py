"""What a cell displays: text, and HTML where there is a screen for it."""

from __future__ import annotations

from html import escape


class Shown:
    """Text with an HTML twin; a notebook, an exported page and a terminal each take what they can show."""

    def __init__(self, text: str, html: str | None = None) -> None:
        self.text = text
        self.html = html if html is not None else f"<p>{escape(text)}</p>"

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html
