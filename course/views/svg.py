"""Drawing: a few shapes on top of the standard library's XML, which escapes whatever text it is given.

Lines and free text take the page's own text colour (``currentColor``), so they can be read on a light and on a
dark page, live or exported. Boxes bring their own background, with dark text on it.
"""

from __future__ import annotations

import hashlib
from typing import Final
from xml.etree import ElementTree as ET

INK: Final = "#1b1f24"
"""Text on a coloured box."""

FONT: Final = "system-ui, sans-serif"


class Picture:
    """An SVG drawing with a title and a description for those who do not see it."""

    def __init__(self, width: int, height: int, title: str, description: str) -> None:
        self.title, self.description = title, description
        mark = hashlib.sha256(f"{title}{description}".encode()).hexdigest()[:10]
        self.root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {width} {height}",
                "width": str(width),
                "height": str(height),
                "role": "img",
                "aria-labelledby": f"title-{mark} about-{mark}",
                "font-family": FONT,
                "style": "max-width: 100%; height: auto",
            },
        )
        ET.SubElement(self.root, "title", {"id": f"title-{mark}"}).text = title
        ET.SubElement(self.root, "desc", {"id": f"about-{mark}"}).text = description

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        *,
        border: float = 1,
        dashes: str = "",
    ) -> None:
        """Draw a box, its border so many pixels wide; ``dashes`` such as ``"5 3"`` break the border up."""
        attributes: dict[str, float | str] = {"x": x, "y": y, "width": width, "height": height, "rx": 5}
        attributes |= {"fill": fill, "stroke": "currentColor", "stroke-width": border}
        attributes |= {"stroke-dasharray": dashes} if dashes else {}
        ET.SubElement(self.root, "rect", _strings(attributes))

    def labelled_box(self, x: float, y: float, width: float, height: float, fill: str, title: str, words: str) -> None:
        """Draw a box with a title in bold, and a line of smaller text below it."""
        self.box(x, y, width, height, fill)
        self.text(x + width / 2, y + height / 2 - 4, title, fill=INK, bold=True)
        self.text(x + width / 2, y + height / 2 + 15, words, fill=INK, size=12)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: int = 13,
        anchor: str = "middle",
        fill: str = "currentColor",
        bold: bool = False,
        room: float = 0,
    ) -> None:
        """Write a line of text; with ``room`` (in pixels) it is cut to about that width."""
        shown = cut(words, int(room / (size * 0.62))) if room else words
        attributes: dict[str, float | str] = {
            "x": x,
            "y": y,
            "font-size": size,
            "text-anchor": anchor,
            "fill": fill,
        }
        attributes |= {"font-weight": "bold"} if bold else {}
        ET.SubElement(self.root, "text", _strings(attributes)).text = shown

    def arrow(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a straight arrow from the first point to the second."""
        length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1)
        dx, dy = (x2 - x1) / length * 8, (y2 - y1) / length * 8
        line = {
            "x1": x1,
            "y1": y1,
            "x2": x2 - dx,
            "y2": y2 - dy,
            "stroke": "currentColor",
            "stroke-width": 1.5,
        }
        ET.SubElement(self.root, "line", _strings(line))
        head = f"{x2},{y2} {x2 - dx - dy / 2},{y2 - dy + dx / 2} {x2 - dx + dy / 2},{y2 - dy - dx / 2}"
        ET.SubElement(self.root, "polygon", {"points": head, "fill": "currentColor"})

    def svg(self) -> str:
        """Return the drawing as one SVG element."""
        return ET.tostring(self.root, encoding="unicode")

    def __repr__(self) -> str:
        return f"{self.title}\n{self.description}"

    def _repr_html_(self) -> str:
        return self.svg()


def cut(words: str, letters: int) -> str:
    """Return the words, shortened to so many letters."""
    return words if len(words) <= letters else words[: max(letters - 1, 0)] + "…"


def _strings(attributes: dict[str, float | str]) -> dict[str, str]:
    return {key: f"{value:g}" if isinstance(value, float | int) else value for key, value in attributes.items()}
