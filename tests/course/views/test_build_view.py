"""The picture of a build tells cached lines from lines that were carried out, whichever builder did the work."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from course.errors import CourseError
from course.facts.build_steps import Build, BuildStep, from_buildkit, from_classic
from course.views import build
from course.views.build import draw

RECORDED = Path(__file__).parents[2] / "data" / "build"
SVG = "{http://www.w3.org/2000/svg}"


def _buildkit(name: str) -> Build:
    return from_buildkit((RECORDED / f"buildkit-{name}.txt").read_text().splitlines())


def _classic(name: str) -> Build:
    ticks: Iterator[int] = count()
    lines = (RECORDED / f"classic-{name}.txt").read_text().splitlines()
    return from_classic(map(json.loads, lines), clock=lambda: float(next(ticks)))


def _states(outcome: Build) -> list[tuple[str, str, str]]:
    return [(step.stage, step.line.split()[0], step.state) for step in outcome.steps]


def test_buildkit_tells_what_came_from_the_cache_stage_by_stage() -> None:
    """A file was changed before the build: what does not depend on it is cached; the time of the rest is known."""
    outcome = _buildkit("changed")
    assert _states(outcome) == [
        ("maker", "FROM", "base"),
        ("maker", "WORKDIR", "cached"),
        ("maker", "COPY", "ran"),
        ("maker", "RUN", "ran"),
        ("stage-1", "RUN", "cached"),
        ("stage-1", "COPY", "ran"),
    ]
    assert outcome.steps[3].seconds == pytest.approx(1.17, abs=0.01)
    assert outcome.error == ""


@pytest.mark.parametrize(("name", "state"), [("first", "ran"), ("again", "cached")])
def test_the_classic_builder_tells_it_too(name: str, state: str) -> None:
    """It says *Using cache*; the time is taken while its lines come in."""
    outcome = _classic(name)
    assert _states(outcome) == [
        ("maker", "FROM", "base"),
        ("maker", "WORKDIR", state),
        ("maker", "COPY", state),
        ("maker", "RUN", state),
        ("stage-1", "FROM", "base"),
        ("stage-1", "RUN", state),
        ("stage-1", "COPY", state),
        ("stage-1", "CMD", state),
    ]
    assert all((step.seconds > 0) == (step.state == "ran") for step in outcome.steps)


@pytest.mark.parametrize("read", [_buildkit, _classic])
def test_a_failed_line_is_known_with_what_it_wrote(read: Callable[[str], Build]) -> None:
    """And so is the reason."""
    outcome = read("failed")
    assert _states(outcome) == [("", "FROM", "base"), ("", "RUN", "failed")]
    assert "echo before" in outcome.error
    assert "before" in outcome.last_lines


def test_states_differ_in_words_and_borders_not_only_in_colour() -> None:
    """And the text twin says the same."""
    picture = draw(_buildkit("changed"), "app")
    root = ET.fromstring(picture.svg())
    texts = [str(item.text) for item in root.iter(f"{SVG}text")]
    assert texts[0] == "2 from the cache, 3 carried out (1.2 s)"
    assert "ran, 1.2 s" in texts
    assert "stage maker, WORKDIR /src: from the cache." in repr(picture)
    borders = {
        box.get("fill"): box.get("stroke-dasharray") for box in root.iter(f"{SVG}rect") if box.get("width") == "520"
    }
    assert len(set(borders.values())) > 1


def test_a_long_build_with_hostile_lines_stays_small_and_is_escaped() -> None:
    """A line is text, not markup."""
    steps = tuple(BuildStep("", n, "RUN <script>alert(1)</script>" + "x" * 10_000, "ran", 1.0) for n in range(1000))
    page = draw(Build(steps, ""), "<b>app</b>")._repr_html_()
    assert "<script>" not in page
    assert "<b>" not in page
    assert len(page) < 40_000
    assert "and 976 more" in page


def test_a_missing_dockerfile_is_named(tmp_path: Path) -> None:
    """Before anything is built."""
    with pytest.raises(CourseError, match="no Dockerfile in"):
        build("app", tmp_path)
