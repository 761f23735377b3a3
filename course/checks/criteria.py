"""Criteria that several exercises share, each with one wording, and the nouns they speak of."""

from __future__ import annotations

import secrets

from course import facts
from course.answers import answer
from course.checks.addresses import calls, move
from course.checks.check import Check
from course.checks.probing import answers_twice, eventually, is_loopback, log_lines, loopback_port, places
from course.errors import NoAnswer
from course.facts import Container, Image
from course.facts.http import Reply, fetch


def predicted(check: Check, *questions: str) -> None:
    """Require a prediction for each question; whether it was right does not matter."""
    for question in questions:
        which = f" for {question}" if len(questions) > 1 else ""

        def written(question: str = question) -> bool:
            try:
                guesses = answer("predictions")
            except NoAnswer:  # the first prediction makes the variable
                return False
            return isinstance(guesses, dict) and question in guesses

        check.part(
            written,
            f"A prediction was written down first{which}.",
            f"No prediction was written down{which}.",
            "A wrong guess costs nothing; a missing one does.",
        )


def on_loopback(
    check: Check, container: Container, hint: str = "The address goes before the port.", *, gate: bool = False
) -> None:
    """Require that everything it publishes is published for this machine only."""
    add = check.gate if gate else check.part
    add(
        all(is_loopback(port.host_ip) for port in container.ports),
        "Only this machine reaches it.",
        lambda: f"It is published at {places(container)}; it should be published at 127.0.0.1 only.",
        hint,
    )


def at_port(check: Check, container: Container, port: int) -> None:
    """Require that it is published at the port of this machine that was asked for."""
    check.part(
        any(place.host_port == port for place in container.ports),
        f"The port on this machine is the one that was asked for, {port}.",
        lambda: f"Port {port} of this machine was asked for; published is {places(container)}.",
        "Two numbers belong to a published port: this machine's and the container's. Which one comes first?",
    )


def published_port(check: Check, container: Container, failed: str, hint: str) -> int:
    """Return a port at which it answers at 127.0.0.1; stop if it publishes none."""
    return check.need(loopback_port(container), failed, hint)


def answers(
    check: Check, port: int, passed: str, hint: str, *, path: str = "/", also: str = "", weight: float = 1
) -> Reply:
    """Require status 200 at the port, and again a moment later; return the second answer.

    ``also`` is text that the answer has to hold.
    """
    reply = answers_twice(port, path)
    check.gate(
        reply.ok and also in reply.body,
        passed,
        lambda: f"At 127.0.0.1:{port}: {described(reply)}{', which is not the right page' if reply.ok else ''}.",
        hint,
        weight=weight,
    )
    return reply


def described(reply: Reply) -> str:
    """Return what came back, for people: the status, and what a text says that is no page."""
    text = " ".join(reply.body.split())[:160]
    return reply.problem or f"status {reply.status}{f' ({text})' if text[:1] not in ('', '<') else ''}"


def names_by_hand(*containers: Container) -> tuple[str, ...]:
    """Return what was written into containers to make them find another one: lines for the hosts file, and links."""
    return tuple(line for one in containers for line in one.host_config.extra_hosts + one.host_config.links)


def no_names_by_hand(check: Check, hint: str, *containers: Container) -> None:
    """Require that no name was written into these containers by hand."""
    lines = names_by_hand(*containers)
    check.gate(
        not lines,
        "No name was written into the container by hand.",
        lambda: (
            f"A name was written into {containers[0].name} by hand ({', '.join(lines)}). "
            "That is right until the address changes."
        ),
        hint,
    )


def logs_a_request(check: Check, container: Container, port: int, seconds: float = 2) -> bool:
    """Tell whether a request with a random path, sent to the port, turns up in the container's log in time."""
    path = f"/{secrets.token_hex(8)}"
    fetch(port, path)
    return eventually(lambda: any(path in line for line in log_lines(check.client, container.id)), seconds)


def course_image(check: Check, name: str) -> Image:
    """Return an image that the course brings along, such as the base of the student's own; stop if it is missing."""
    return check.need(
        facts.image(check.client, name),
        f"There is no image called {name}.",
        "It is one of the course's images; pull it.",
    )


def runs_on(check: Check, container: Container, image: Image, name: str) -> None:
    """Require that the container runs on the student's image, as it is now."""
    check.gate(
        container.image == image.id,
        f"The container runs on the image {name} as it is now.",
        f"The container runs on another image than {name}: it was made before the last build.",
        "A container keeps the image that it was made from. Make a new one after each build.",
    )


def heaviest_step(image: Image) -> str:
    """Return the step in the image's history that added most; empty text if it has no history."""
    return max(image.history, key=lambda row: row.size).created_by if image.history else ""


def by_digest(
    check: Check, container: Container, port: int, repository: str, of_tags: str, *, weight: float = 1
) -> None:
    """Require that it was run by a digest that the registry serves; ``of_tags`` says what a tag lacks."""
    digest = container.config.image.partition("@")[2]
    check.gate(
        bool(digest) and facts.manifest_digest(port, repository, digest) is not None,
        "It was run by digest, and the registry serves exactly this digest.",
        not_by_digest(container, of_tags),
        "A name by digest has the form  place/repository@sha256:…  and no tag is needed.",
        weight=weight,
    )


def not_by_digest(container: Container, of_tags: str) -> str:
    """Return a sentence on the name by which a container was run, if it is no digest that the registry serves."""
    reference = container.config.image
    if "@sha256:" in reference:
        return f"It was run as {reference[:140]}, a digest that the registry does not serve."
    if container.image.removeprefix("sha256:").startswith(reference.removeprefix("sha256:")):
        return "It was run by the image's ID, which another machine does not know."
    return f"It was run by tag, as {reference[:120]}; {of_tags}"


def finds_by_name(check: Check, listener: Container, caller: Container, *networks: str, weight: float = 1) -> None:
    """Require that one container calls another, and goes on when that one has other addresses on these networks.

    ``weight`` is that of the second gate.
    """
    check.gate(
        lambda: calls(check.client, listener, caller, *networks),
        f"{caller.name} asks {listener.name} again and again.",
        f"{listener.name} gets no requests from {caller.name}.",
        f"What does the log of {caller.name} say, and which name does it ask for?",
    )
    check.settle()
    moved = all(move(check.client, network, listener.name) for network in networks)
    check.gate(
        lambda: moved and calls(check.client, listener, caller, *networks),
        f"The check gave {listener.name} another address, and it was found there as well.",
        f"The check gave {listener.name} another address, and {caller.name} did not find it any more: it asks an "
        "address, not a name.",
        "Each start may give another address. What stays the same?",
        weight=weight,
    )
