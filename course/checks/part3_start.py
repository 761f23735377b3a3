"""The check of Part 3 on what starts in a container: it is tried with all kinds of arguments."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from typing import Final

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.answers import dictionary
from course.checks.check import Check, exercise
from course.checks.fresh_containers import PATIENCE, output
from course.facts import History, Image
from course.facts.layer_files import find
from course.setups import part3 as setup
from course.setups.part2 import BASE

_SHORT: Final = 4
"""Digits of an ID that somebody may have written in its place."""


@exercise
def matrix(check: Check) -> None:
    """Require a fixed beginning, a default, and arguments that take the default's place, whatever they are."""
    client = check.client
    criteria.predicted(check, *setup.FORMS)
    check.require(
        "printed",
        lambda: not _wrong_forms(),
        lambda: f"printed is not what the images print: {', '.join(_wrong_forms())}.",
        "Let Python run all three with the argument; do not write the words down by hand.",
    )
    check.require(
        "printed",
        lambda: not _never_run(client),
        lambda: f"No container was made of {', '.join(_never_run(client))}, so nothing was measured.",
        "Let Python run all three with the argument.",
    )
    image, guest = check.image("greeter", demand="greet"), setup.guest()
    with check.disturbing():
        _greets(check, image)
        plain = greeted(client, image.id)
        check.require(
            "default",
            plain == [f"Dear [{guest}]"],
            f"Without an argument it should print “Dear [{guest}]”; it prints: {_in_words(plain)}",
            "Which words belong to the program, and which is only a default?",
        )
        guests = [f"{secrets.token_hex(3)} and {secrets.token_hex(3)}", "*", f"$HOME-{secrets.token_hex(3)}"]
        lines = greeted(client, image.id, guests)
        check.require(
            "arguments",
            lines == [f"Dear [{guest}]" for guest in guests],
            lambda: not_greeted(lines, plain, guests),
            "What is run is ENTRYPOINT followed by CMD; arguments replace CMD. A shell in between takes them first.",
            seen="With three arguments, one of them with spaces, it greets these three, politely, and no others.",
        )


def _greets(check: Check, image: Image) -> None:
    """Require that the image stands on busybox, and that it is ``greet`` that greets: the check exchanges it."""
    client, base = check.client, criteria.course_image(check, "greet", BASE)
    check.require(
        "greet",
        image.builds_on(base),
        f"It does not stand on {BASE}.",
        "The first line of the Dockerfile says what it stands on.",
    )
    marker = f"Run {run.token()}".encode()
    paths = {file.path for file in find(client, image.id, lambda _, read: marker in read(), skip=base.layers)}
    paths = {path for path in paths if facts.read_image_file(client, image.id, f"/{path}") is not None}
    check.require(
        "greet",
        paths,
        "The program greet of the directory is not in the image.",
        "Which instruction takes a file from the directory into the image?",
    )
    check.settle()
    word = f"Salve-{secrets.token_hex(3)}"
    other = dict.fromkeys(paths, setup.greet_program(word).encode())
    said = [output(client, image.id, command, other) for command in ([secrets.token_hex(3)], None)]
    check.require(
        "greet",
        any(word in text for text in said),
        "The check put another greet in the place of this one, and nobody was greeted with its polite word: "
        f"{' / '.join(said)[:120] or 'nothing was printed'}",
        "What is started has to be the program greet, and the option has to come first.",
    )


def _never_run(client: DockerClient) -> list[str]:
    """Return the images of the question that print something, and of which no container was ever made.

    A container's event has its image as somebody wrote it. The image itself may have been removed since, so what its
    own events say of its ID counts as well.
    """
    forms = [run.name(what) for what, right in setup.printed_forms().items() if right != "error"]
    history = facts.history(client, "container", "image")
    used = {event.attributes.get("image", "") for event in history.events if event.action == "create"} - {""}
    used |= {found.id for name in used if (found := facts.image(client, name))}
    missing = [name for name in forms if not any(_is_one(id, used) for id in {name, *_ids(client, name, history)})]
    if missing:
        history.vouch(since=run.began(), actions=("create",))
    return missing


def _ids(client: DockerClient, name: str, history: History) -> set[str]:
    """Return the IDs of the image that has a name, and of those that had it."""
    now = facts.image(client, name)
    had = {
        event.id
        for event in history.events
        if event.kind == "image" and event.attributes.get("name", "").removesuffix(":latest") == name
    }
    return had | ({now.id} if now is not None else set())


def _is_one(image: str, used: Collection[str]) -> bool:
    """Tell whether one of the images that containers were made of is this one: by its name, or by its ID, cut short."""
    digits = image.removeprefix("sha256:")
    return any(
        name in (image, digits, f"{image}:latest") or (len(name) >= _SHORT and digits.startswith(name))
        for name in (each.removeprefix("sha256:").removeprefix("docker.io/library/") for each in used)
    )


def greeted(client: DockerClient, image: str, guests: Sequence[str] | None = None) -> list[str] | None:
    """Return the lines that the image prints for these arguments; None if its program cannot be started."""
    outcome = facts.run_once(client, image, guests, seconds=int(PATIENCE))
    return outcome.output.strip().splitlines() if outcome is not None else None


def _wrong_forms() -> list[str]:
    """Return the images of which the student's dictionary does not hold what they print."""
    printed, right = dictionary("printed"), setup.printed_forms()
    return [what for what in setup.FORMS if _plain(printed.get(what, "")) != right[what]]


def _plain(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text.strip().lower()


def not_greeted(lines: list[str] | None, plain: list[str] | None, guests: Sequence[str]) -> str:
    """Return a sentence on what an image prints for three guests, and ``plain`` for none, if that is not right."""
    if lines is None:
        return (
            "With arguments it does not start: they took the place of the whole command, "
            f"and there is no program called “{guests[0]}”."
        )
    if lines == plain:
        return "The arguments are dropped: with and without them it prints the same."
    if plain and lines[: len(plain)] == plain:
        return f"The arguments are added, but the default stays: it still prints “{plain[0][:60]}”."
    return f"With the arguments {', '.join(guests)} it prints: {_in_words(lines)}"


def _in_words(lines: list[str] | None) -> str:
    return " / ".join(lines)[:160] or "nothing" if lines is not None else "nothing, for it does not start"
