"""The check of a container's life, from the record of events: the container itself is gone when it runs."""

from __future__ import annotations

from course import facts, run
from course.checks import criteria, lifecycle
from course.checks.check import Check, exercise
from course.checks.part1_names import tagged_before
from course.checks.probing import eventually
from course.facts import History
from course.setups import part1 as setup

REMOVAL_TIMEOUT = 2.0
"""Seconds that a removal may take which the container's end brings about."""


@exercise
def life_cycle(check: Check) -> None:
    """Require that one container of busybox went through its whole life, and was stopped with signal 15."""
    name = run.name("life")
    eventually(lambda: facts.container(check.client, name) is None, REMOVAL_TIMEOUT)
    history = facts.history(check.client, "container", "image")
    lives = lifecycle.event_sequences(history.events, name)
    if not lives:
        check.stop(
            "stopped",
            f"No container called {name} has been created yet.",
            "Give your container exactly this name, from its creation to its removal.",
            vouch=history.vouch,
        )
    container_id = max(lives, key=lambda each: lifecycle.progress(lives[each]))
    life = lives[container_id]
    if len(lives) > 1 and not lifecycle.complete(life) and set().union(*lives.values()) >= lifecycle.ALL:
        check.stop(
            "stopped",
            f"Every step happened, but not to one container: {len(lives)} were called {name}, one by one.",
            "A name can be used again once it is free. The ID says whether it is the same container.",
        )
    check.require(
        "stopped",
        lambda: history.happened(lifecycle.stopped(life), container_id),
        lambda: lifecycle.bad_ending(life),
        "The table of endings says what each of them sends, and which one asks first.",
    )
    check.settle()
    check.require(
        "before",
        lambda: history.happened(lifecycle.in_order(life, lifecycle.BEGINNING), container_id),
        f"Before its end, the Engine saw: {lifecycle.seen(life)}.",
        "Keep to the order of the steps in the exercise.",
    )
    check.require(
        "at-once",
        lambda: _needed_no_force(history, container_id),
        "Before it ended, it got signal 9 as well.",
        "A process that has number 1 in its container ignores signals that it has not prepared for.",
    )
    left = facts.container(check.client, name)
    check.require(
        "removed",
        lambda: history.happened("destroy" in life, container_id) and left is None,
        "It was not removed." if "destroy" not in life else f"A container called {name} is still there.",
        "A stopped container still exists: look at the list of all containers, not only the running ones.",
    )
    base = criteria.course_image(check, "busybox", setup.BASE)
    made = history.of(container_id)[0]
    asked = made.attributes.get("image", "")
    check.require(
        "busybox",
        base.is_called(asked) and all(tagged_before(history, tag, made.time) in ("", base.id) for tag in base.tags),
        f"It was made from {asked[:80]}, which was another image than the course's {setup.BASE}.",
        "What stands after the name of the container?",
    )


def _needed_no_force(history: History, container_id: str) -> bool:
    if "kill 9" in lifecycle.last_run(lifecycle.steps(history.of(container_id))):
        return False
    history.vouch(container_id)
    return True
