"""The drawings can be read by everyone: a title, a full description, and no text that is wider than its box."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from course import views
from course.views.svg import INK, Picture

SVG = "{http://www.w3.org/2000/svg}"
DRAWINGS = [
    views.architecture,
    views.build_context,
    views.namespaces,
    views.overlay,
    views.publishing,
    views.rag_stack,
    views.signals,
    views.vm_and_container,
]
WIDTH = 0.56
"""Mean width of a letter, as a part of its height."""

drawings = pytest.mark.parametrize("draw", DRAWINGS, ids=lambda draw: draw.__name__)


def shapes(picture: Picture, kind: str) -> list[ET.Element]:
    """Return the drawing's shapes of a kind."""
    return list(ET.fromstring(picture.svg()).iter(f"{SVG}{kind}"))


@drawings
def test_a_drawing_is_told_in_sentences(draw: Callable[[], Picture]) -> None:
    """Whoever does not see it reads the same: each term that stands in bold is in the description."""
    picture = draw()
    told = picture.description.lower()
    bold = [str(text.text) for text in shapes(picture, "text") if text.get("font-weight") == "bold"]
    words = [word for text in bold for word in text.replace(",", "").split() if word not in ("Engine", "what", "sees")]
    assert [word for word in words if word.lower().rstrip("s") not in told] == []
    assert picture.title
    assert picture.description.count(".") >= 3


@drawings
def test_text_in_a_box_is_dark_on_light_and_fits_into_it(draw: Callable[[], Picture]) -> None:
    """Outside, it has the page's own colour."""
    picture = draw()
    filled = [box for box in shapes(picture, "rect") if box.get("fill") != "none"]
    inside = [text for text in shapes(picture, "text") if text.get("fill") == INK]
    assert inside
    for text in inside:
        left, right = extent(text)
        assert any(holds(box, left, right, number(text, "y")) for box in filled), text.text
    assert {text.get("fill") for text in shapes(picture, "text")} <= {INK, "currentColor"}


@drawings
def test_no_text_leaves_the_drawing(draw: Callable[[], Picture]) -> None:
    """Nor does a box."""
    picture = draw()
    root = ET.fromstring(picture.svg())
    width, height = number(root, "width"), number(root, "height")
    for text in shapes(picture, "text"):
        left, right = extent(text)
        assert left >= 0, text.text
        assert right <= width, text.text
        assert number(text, "y") < height, text.text
    for box in shapes(picture, "rect"):
        assert number(box, "x") + number(box, "width") <= width
        assert number(box, "y") + number(box, "height") <= height


def number(item: ET.Element, name: str) -> float:
    """Return an attribute as a number."""
    return float(str(item.get(name)))


def extent(text: ET.Element) -> tuple[float, float]:
    """Return about where a text begins and ends."""
    length, x = len(str(text.text)) * number(text, "font-size") * WIDTH, number(text, "x")
    start = {"start": x, "middle": x - length / 2, "end": x - length}[str(text.get("text-anchor"))]
    return start, start + length


def holds(box: ET.Element, left: float, right: float, y: float) -> bool:
    """Tell whether a text is inside a box."""
    x, top = number(box, "x"), number(box, "y")
    return x <= left and right <= x + number(box, "width") and top < y < top + number(box, "height")
