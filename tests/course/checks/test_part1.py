"""What Part 1's checks decide, without an Engine: from events, and from what inspect and history say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from course import facts, run
from course.checks import check as module
from course.checks import part1
from course.checks.report import Report
from course.errors import NotKnown
from course.facts import Container, Event, History, Image
from course.setups import part1 as setup

WHOLE = ("create", "start", "pause", "unpause", "kill 15", "die", "stop", "destroy")


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin a run of our own, without an Engine."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "k3f9x2mq")
    monkeypatch.setattr(module, "connect", lambda: None)


def events(*steps: str, id: str = "a", name: str = "life-k3f9x2mq") -> list[Event]:
    """Return the events of one container."""
    pairs = [step.partition(" ") for step in steps]
    return [
        Event("container", action, id, {"name": name} | ({"signal": signal} if signal else {}), float(time))
        for time, (action, _, signal) in enumerate(pairs)
    ]


def image(sizes: tuple[int, ...] = (), layers: int = 0, **config: Any) -> Image:
    """Return an image with layers, steps of these sizes (the oldest first), and settings."""
    rows = [{"CreatedBy": f"step {place}", "Size": size} for place, size in enumerate(sizes)]
    digests = [f"sha256:{place}" for place in range(layers)]
    return Image.read({"Id": "sha256:1", "RootFS": {"Layers": digests}, "Config": config}, reversed(rows))


@pytest.fixture
def life_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Report]:
    """Return a function that runs the check of the life cycle on events."""

    def judge(*lives: list[Event], **more: Any) -> Report:
        history = History.of_events([event for life in lives for event in life], **more)
        monkeypatch.setattr(facts, "history", lambda *_: history)
        return part1.life_cycle()

    return judge


def test_a_whole_life_earns_all_points(life_of: Callable[..., Report]) -> None:
    """Every step, in the order of the goal."""
    assert life_of(events(*WHOLE)).points(4) == 4


@pytest.mark.parametrize(
    ("steps", "points", "message"),
    [
        (WHOLE[:-1], 3, "It was not removed."),
        (("create", "start", "kill 15", "die", "stop", "destroy"), 3, "the Engine saw: create, start."),
        ((*WHOLE[:4], "kill 9", "die", "destroy"), 0, "signal 9 ended it at once"),
        ((*WHOLE[:4], "kill 2", "die", "stop", "destroy"), 0, "expected: signal 15 (SIGTERM)"),
    ],
)
def test_a_step_that_is_missing_costs_its_share_and_a_kill_costs_all(
    life_of: Callable[..., Report], steps: tuple[str, ...], points: float, message: str
) -> None:
    """The stop is what the exercise is about; the sentence says what was seen in its place."""
    report = life_of(events(*steps))
    assert report.points(4) == points
    assert any(message in finding.message for finding in report.findings if not finding.passed)


def test_one_life_put_together_from_two_containers_does_not_count(life_of: Callable[..., Report]) -> None:
    """A name can be used again; the ID tells them apart."""
    report = life_of(events(*WHOLE[:4]), events("create", *WHOLE[4:], id="b"))
    assert report.points(4) == 0
    assert "2 were called life-k3f9x2mq" in report.findings[0].message


def test_of_several_containers_the_one_that_got_farthest_counts(life_of: Callable[..., Report]) -> None:
    """A first try that failed does no harm."""
    assert life_of(events("create", "destroy"), events(*WHOLE, id="b")).points(4) == 4


def test_without_events_there_is_no_life_and_with_a_gap_it_is_not_known(
    life_of: Callable[..., Report],
) -> None:
    """On a student's own Engine something may have happened that was not written down."""
    assert life_of().findings[0].outcome == "not yet"
    assert life_of(spans=(), complete=False).findings[0].outcome == "not known"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (5, "the layers of the base as well"),
        (8, "counts instructions"),
        (2, "counts steps with a size"),
        (3, "counts steps with a size"),
        (40, "says something else"),
    ],
)
def test_a_wrong_number_of_layers_is_explained(given: int, words: str) -> None:
    """By what else could have been counted."""
    counted = image(sizes=(4, 7, 7, 0, 0, 0, 0, 0), layers=5)
    assert words in part1.miscount(given, counted, lines=9)


def test_a_lost_setting_is_named_with_its_value() -> None:
    """The command counts by what it prints, so another one that prints the same is right."""
    kept = {"User": "1000:1000", "WorkingDir": "/work/", "Env": ["PATH=/bin", setup.HEAVY_SETTING]}
    assert part1.lost_settings(image(**kept), prints=True) == []
    assert part1.lost_settings(image(**kept | {"User": "0"}), prints=False) == [
        f"command (expected: one that prints {setup.HEAVY_REPORT})",
        "user (expected: 1000)",
    ]


def test_a_digest_that_is_the_images_id_is_known() -> None:
    """It names the image on this Engine only."""
    assert "is the image's ID" in part1.wrong_digest("1", image())
    assert "not a digest that the registry knows" in part1.wrong_digest("2", image())
    assert "not a digest that the registry knows" in part1.wrong_digest("1", None)


@pytest.mark.parametrize(
    ("tagged", "known", "expected"),
    [
        ((5.0,), True, True),
        ((1.0, 5.0), True, True),
        ((), True, True),
        ((1.0,), True, False),
        ((1.0,), False, None),
    ],
)
def test_a_container_is_older_than_the_tag_if_the_tag_was_moved_after_it_was_made(
    monkeypatch: pytest.MonkeyPatch, tagged: tuple[float, ...], known: bool, expected: bool | None
) -> None:
    """An image that came with its tag has no event; where the record has a gap, it is not known."""
    moves = [Event("image", "tag", "sha256:1", {"name": "menu:stable"}, time) for time in tagged]
    history = History.of_events(moves, complete=known, spans=())
    monkeypatch.setattr(facts, "history", lambda *_: history)
    kitchen = Container.read({"Id": "a", "Created": "1970-01-01T00:00:03Z"})
    if expected is None:
        with pytest.raises(NotKnown):
            part1.older_than_tag(None, kitchen, "menu:stable", "sha256:1")
    else:
        assert part1.older_than_tag(None, kitchen, "menu:stable", "sha256:1") is expected


@pytest.mark.parametrize(
    ("images", "message"),
    [
        ({}, "There is no image called light-k3f9x2mq."),
        ({"light"}, f"There is no image called {setup.BASE}."),
    ],
)
def test_what_is_missing_is_named_before_anything_is_run(
    monkeypatch: pytest.MonkeyPatch, images: set[str], message: str
) -> None:
    """The student's image, or the base that it is compared with."""
    names = {run.name(what) for what in images}
    monkeypatch.setattr(facts, "image", lambda _, name: image() if name in names else None)
    assert [finding.message for finding in part1.light_image().findings] == [message]
