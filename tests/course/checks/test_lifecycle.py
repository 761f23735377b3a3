"""A container's life is judged by its own events, in an order that both old and new Engines give."""

from __future__ import annotations

import pytest
from recorded import ENGINES, recorded

from course.checks import lifecycle
from course.facts import Event

BEGINNING = ["create", "start", "pause", "unpause"]


def _events(*steps: str, id: str = "a", **attributes: str) -> list[Event]:
    made = []
    for step in steps:
        action, _, signal = step.partition(" ")
        extra = {"signal": signal} if signal else {}
        made.append(Event("container", action, id, {"name": "life", **extra, **attributes}, 0.0))
    return made


@pytest.mark.parametrize("engine", ENGINES)
def test_a_recorded_life_is_whole(engine: str) -> None:
    """As Engines really report it."""
    events = [Event.read(line) for line in recorded("events", engine)]
    [steps] = lifecycle.event_sequences(events, "recorded-life").values()
    assert lifecycle.complete(steps)


@pytest.mark.parametrize(
    "end",
    [
        ["kill 15", "die", "stop", "destroy"],
        ["kill 15", "stop", "die", "destroy"],
        ["kill 15", "kill 9", "die", "stop", "destroy"],
    ],
    ids=["die first", "stop first", "deaf process"],
)
def test_a_stop_is_a_stop_in_whichever_order_it_is_reported(end: list[str]) -> None:
    """Also if the process did not listen and was killed after the wait."""
    assert lifecycle.complete([*BEGINNING, *end])


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (["kill 9", "die", "destroy"], "signal 9 ended it at once"),
        (["die", "destroy"], "It ended by itself"),
        (["kill 15", "die", "destroy"], "not stopped: a stop also waits"),
        (["kill 3", "die", "stop", "destroy"], "the first signal was 3"),
        ([], "has not ended yet"),
        (
            ["kill 15", "die", "stop", "start", "restart", "kill 9", "die", "destroy"],
            "signal 9 ended it at once",
        ),
    ],
)
def test_another_ending_is_named(end: list[str], sentence: str) -> None:
    """What counts is the end of the last run."""
    steps = [*BEGINNING, *end]
    assert not lifecycle.complete(steps)
    assert sentence in lifecycle.bad_ending(steps)


def test_two_containers_of_one_name_have_two_lives() -> None:
    """Steps are put together by ID."""
    found = lifecycle.event_sequences([*_events("create", "start"), *_events("create", id="b")], "life")
    assert found == {"a": ["create", "start"], "b": ["create"]}


def test_a_renamed_container_keeps_its_life() -> None:
    """Events before and after a rename carry different names, and one ID."""
    before = [Event("container", "create", "a", {"name": "other"}, 0.0)]
    life = [*before, *_events("rename", "start")]
    assert lifecycle.event_sequences(life, "life") == {"a": ["create", "rename", "start"]}


def test_a_label_cannot_pass_for_a_signal() -> None:
    """The Engine copies labels over an event's attributes."""
    forged = lifecycle.event_sequences(_events("create", "start", "kill", "die", signal="15"), "life")
    assert forged == {"a": ["create", "start", "kill ?", "die"]}
