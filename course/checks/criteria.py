"""Criteria that several exercises share, each with one wording, and the nouns they speak of.

Each takes the check, then the ID of the demand that it proves.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from course import facts, run
from course.answers import answer
from course.checks.addresses import calls, move
from course.checks.check import Check
from course.checks.origin import is_given
from course.checks.probing import answers_twice, eventually, is_loopback, log_lines, loopback_port, places
from course.errors import NoAnswer
from course.facts import Container, Image
from course.facts.http import Reply, fetch


def predicted(check: Check, *questions: str, demand: str = "predicted") -> None:
    """Require a prediction for each question; whether it was right does not matter."""
    try:
        guesses = answer("predictions")
    except NoAnswer:  # the first prediction makes the variable
        guesses = {}
    missing = [question for question in questions if not isinstance(guesses, dict) or question not in guesses]
    which = f" for {', '.join(missing)}" if len(questions) > 1 else ""
    check.require(
        demand,
        not missing,
        f"No prediction was written down{which}.",
        "A wrong guess costs nothing; a missing one does.",
    )


def on_loopback(
    check: Check, demand: str, container: Container, hint: str = "Write an address in front of the port."
) -> None:
    """Require that everything it publishes is published for this machine only."""
    check.require(
        demand,
        all(is_loopback(port.host_ip) for port in container.ports),
        lambda: f"It is published at {places(container)}: others in this machine's network reach it too.",
        hint,
    )


def at_port(check: Check, demand: str, container: Container, port: int) -> None:
    """Require that it is published at the port of this machine that was asked for."""
    check.require(
        demand,
        any(place.host_port == port for place in container.ports),
        lambda: f"Port {port} of this machine was asked for; published is {places(container)}.",
        "Two numbers belong to a published port: this machine's and the container's. Which one comes first?",
    )


def published_port(check: Check, demand: str, container: Container, inside: int, failed: str, hint: str) -> int:
    """Return the port of 127.0.0.1 at which its port ``inside`` answers; stop if it publishes none."""
    return check.need(demand, loopback_port(container, inside), failed, hint)


def answers(check: Check, demand: str, port: int, hint: str, *, path: str = "/", also: str = "") -> Reply:
    """Require status 200 at the port, and again a moment later; return the second answer.

    ``also`` is text that the answer has to hold.
    """
    reply = answers_twice(port, path)
    check.require(
        demand,
        reply.ok and also in reply.body,
        lambda: f"At 127.0.0.1:{port}: {described(reply)}{', which is not the right page' if reply.ok else ''}.",
        hint,
    )
    return reply


def described(reply: Reply) -> str:
    """Return what came back, for people: the status, and what a text says that is no page."""
    text = " ".join(reply.body.split())[:160]
    return reply.problem or f"status {reply.status}{f' ({text})' if text[:1] not in ('', '<') else ''}"


def logs_a_request(check: Check, container: Container, port: int, seconds: float = 10) -> bool:
    """Tell whether a request with a random path, sent to the port, turns up in the container's log in time."""
    path = f"/{secrets.token_hex(8)}"
    fetch(port, path)
    return eventually(lambda: any(path in line for line in log_lines(check.client, container.id)), seconds)


def course_image(check: Check, demand: str, name: str) -> Image:
    """Return an image that the course brings along, such as the base of the student's own; stop if it is missing."""
    return check.need(
        demand,
        facts.image(check.client, name),
        f"There is no image called {name}.",
        "It is one of the course's images; pull it.",
    )


def runs_course_image(check: Check, demand: str, container: Container, name: str) -> None:
    """Require that the container runs an image that the course brings along, under whatever name."""
    image = course_image(check, demand, name)
    check.require(
        demand,
        container.image == image.id,
        f"{container.name} runs {container.config.image[:120]}, which is another image than {name}.",
        "Inspect shows the image's ID, and the name by which it was asked for.",
    )


def runs_on(check: Check, demand: str, container: Container, image: Image, name: str) -> None:
    """Require that the container runs on the student's image, as it is now."""
    check.require(
        demand,
        container.image == image.id,
        f"The container runs {container.config.image[:120]}, which is not the image that {name} names now.",
        "A container keeps the image that it was made from. Make a new one after each build.",
    )


def given_image(check: Check, demand: str, what: str, files: Mapping[str, str], *, extended: bool = False) -> Image:
    """Return this run's image that a set-up built from ``files``; stop if another one has its name by now.

    With ``extended``, an image that is built on it may have the name (`course.checks.origin.is_given`).
    """
    image = check.image(what, "Run the set-up cell.", demand=demand)
    with check.disturbing():
        given = is_given(check.client, image, files, extended=extended)
    if not given:
        check.stop(
            demand,
            f"The name {run.name(what)} is now that of another image than the one that the set-up built.",
            "The set-up cell builds it again.",
        )
    return image


def runs_given_image(
    check: Check,
    demand: str,
    container: Container,
    what: str,
    files: Mapping[str, str],
    *,
    extended: bool = False,
    changed: bool = False,
) -> None:
    """Require that the container runs the image that a set-up built from ``files``, under whatever name.

    With ``extended``, an image that is built on it counts as well; with ``changed``, even if a step over it changed the
    files.
    """
    image, name = facts.image(check.client, container.image), run.name(what)

    def is_it() -> bool:
        if image is None:
            return False
        given = facts.image(check.client, name) if changed else None
        if given is not None and image.builds_on(given) and is_given(check.client, given, files):
            return True
        return is_given(check.client, image, files, extended=extended)

    found = f"The container runs {container.config.image[:120]}, which is"
    check.require(
        demand,
        is_it,
        f"{found} neither the image that the set-up built and called {name}, nor built on it."
        if extended
        else f"{found} not the image that the set-up built and called {name}.",
        "A container keeps the image that it was made from. The set-up cell builds it again.",
        disturbs=True,
    )


def heaviest_step(image: Image) -> str:
    """Return the step in the image's history that added most; empty text if it has no history."""
    return max(image.history, key=lambda row: row.size).created_by if image.history else ""


def by_digest(check: Check, demand: str, container: Container, port: int, repository: str, of_tags: str) -> None:
    """Require that it was run by a digest that the registry serves; ``of_tags`` says what a tag lacks."""
    digest = container.config.image.partition("@")[2]
    check.require(
        demand,
        bool(digest) and facts.manifest_digest(port, repository, digest) is not None,
        not_by_digest(container, of_tags),
        "A name by digest has the form  place/repository@sha256:…  and no tag is needed.",
    )


def not_by_digest(container: Container, of_tags: str) -> str:
    """Return a sentence on the name by which a container was run, if it is no digest that the registry serves."""
    reference = container.config.image
    if "@sha256:" in reference:
        return f"It was run as {reference[:140]}, a digest that the registry does not serve."
    if container.image.removeprefix("sha256:").startswith(reference.removeprefix("sha256:")):
        return "It was run by the image's ID, which another machine does not know."
    return f"It was run by tag, as {reference[:120]}; {of_tags}"


def finds_by_name(check: Check, demand: str, listener: Container, caller: Container, *networks: str) -> None:
    """Require that one container calls another, and goes on when that one has other addresses on these networks."""
    check.require(
        demand,
        lambda: calls(check.client, listener, caller, *networks),
        f"{listener.name} gets no requests from {caller.name}.",
        f"What does the log of {caller.name} say, and which name does it ask for?",
    )
    check.settle()
    with check.disturbing():
        moved = all(move(check.client, network, listener.name) for network in networks)
    check.require(
        demand,
        lambda: moved and calls(check.client, listener, caller, *networks),
        f"The check gave {listener.name} another address, and there came no request from {caller.name} any more."
        if moved
        else f"The check could not give {listener.name} another address.",
        "Each start may give another address. What stays the same?",
        seen=f"The check gave {listener.name} another address, and {caller.name} found it there as well.",
    )
