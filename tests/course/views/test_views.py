"""The pictures show what the facts say, can be read by everyone, and escape what they are given."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from recorded import ENGINES, recorded

from course.facts import Container, HistoryEntry, Image
from course.views import Picture, layers, life_cycle
from course.views.layers import draw as draw_layers
from course.views.layers import instruction, layer_rows
from course.views.life_cycle import draw as draw_life

SVG = "{http://www.w3.org/2000/svg}"


def _image(*digests: str) -> Image:
    return Image.read({"Id": "x", "RootFS": {"Layers": [f"sha256:{digest * 64}" for digest in digests]}})


def _texts(picture: Picture) -> list[str]:
    return [str(item.text) for item in ET.fromstring(picture._repr_html_()).iter(f"{SVG}text")]


def _lit(picture: Picture) -> list[str]:
    return [str(t.text) for t in ET.fromstring(picture.svg()).iter(f"{SVG}text") if t.get("font-weight") == "bold"][1:]


def test_a_picture_has_a_title_and_a_description_for_those_who_do_not_see_it() -> None:
    """And says the same as plain text."""
    picture = draw_layers([("one", _image("a", "b")), ("two", _image("a", "c"))])
    root = ET.fromstring(picture.svg())
    assert root.get("role") == "img"
    labels = {item.get("id"): item.text for item in root if item.get("id")}
    assert set(str(root.get("aria-labelledby")).split()) == set(labels)
    told = "one: 2 layers, 1 shared, from the bottom: aaaaaaaaaaaa, bbbbbbbbbbbb."
    assert told in " ".join(str(text) for text in labels.values())
    assert told in repr(picture)


def test_shared_and_own_layers_differ_in_more_than_colour() -> None:
    """Own ones have a broken border."""
    root = ET.fromstring(draw_layers([("one", _image("a", "b")), ("two", _image("a", "c"))]).svg())
    boxes = [(box.get("fill"), box.get("stroke-dasharray")) for box in root.iter(f"{SVG}rect")][:4]
    assert boxes[0] == boxes[2]
    assert boxes[1] == boxes[3]
    assert boxes[0][1] is None
    assert boxes[1][1] is not None
    assert boxes[0][0] != boxes[1][0]


def test_names_are_escaped() -> None:
    """A name is text, not markup."""
    picture = draw_layers([("<script>alert(1)</script>", _image("a"))])
    assert "<script>" not in picture._repr_html_()


@pytest.mark.parametrize("source", [*ENGINES, "buildkit"])
def test_layers_are_named_by_their_instruction_with_either_builder(source: str) -> None:
    """Also those of no size."""
    image = Image.read(recorded("image", source), recorded("history", source))
    assert [instruction(row) for row in layer_rows(image)][1:] == [
        "RUN echo one > /one",
        "WORKDIR /srv/new",
        "RUN touch /empty",
    ]


def test_a_layer_is_as_high_as_it_is_heavy_and_holds_its_whole_text() -> None:
    """The 21 MB that somebody deleted later fill the picture; a step of 0 bytes still says what it did."""
    steps = [("ADD file in /", 2_000_000), ("RUN yes data | head -c 20971520 > data && touch /done", 20_971_520)]
    steps += [("RUN rm data", 0)]
    image = Image.read(
        {"Id": "x", "RootFS": {"Layers": ["sha256:a", "sha256:b", "sha256:c"]}},
        [{"CreatedBy": step, "Size": size} for step, size in reversed(steps)],
    )
    picture = draw_layers([("x", image)])
    boxes = [float(str(box.get("height"))) for box in ET.fromstring(picture.svg()).iter(f"{SVG}rect")][:3]
    assert boxes[1] > 3 * boxes[0] >= boxes[2]
    assert steps[1][0] in " ".join(_texts(picture))


def test_where_the_history_does_not_tell_nothing_is_guessed() -> None:
    """More rows than layers, and no way to know which."""
    image = Image.read(
        {"Id": "x", "RootFS": {"Layers": ["sha256:a"]}},
        [{"CreatedBy": "sh", "Size": 0}, {"CreatedBy": "sh", "Size": 5}],
    )
    assert layer_rows(image) == []
    assert _texts(draw_layers([("x", image)]))[:-3] == ["x", "a"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("/bin/sh -c #(nop) COPY file:1 in / ", "COPY file:1 in / "),
        ("|1 A=b /bin/sh -c echo", "RUN echo"),
        ("RUN |1 A=b /bin/sh -c echo # buildkit", "RUN echo"),
    ],
)
def test_an_instruction_is_shown_without_the_builders_wrapping(row: str, expected: str) -> None:
    """As it was in the Dockerfile."""
    assert instruction(HistoryEntry(row, 0)) == expected


@pytest.mark.parametrize(
    ("recording", "state"),
    [("container-created", "created"), ("container-running", "running"), ("container-exited", "exited")],
)
def test_the_state_of_now_is_lit(recording: str, state: str) -> None:
    """One box, and the sentence says it too."""
    picture = draw_life("web", Container.read(recorded(recording, "20.10")))
    assert _lit(picture) == [state]
    assert state in picture.description


def test_a_container_that_is_gone_is_shown_as_removed() -> None:
    """There is nothing to inspect any more."""
    picture = draw_life("web", None)
    assert _lit(picture) == ["removed"]
    assert "does not exist" in repr(picture)


def test_the_functions_are_not_hidden_by_the_modules_of_the_same_name() -> None:
    """``views.layers(…)`` is what notebooks call."""
    assert callable(layers)
    assert callable(life_cycle)
