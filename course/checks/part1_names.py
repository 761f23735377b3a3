"""Checks of Part 1 on names of images: tags, which can be moved, and digests, which cannot."""

from __future__ import annotations

from docker import DockerClient

from course import facts, run
from course.checks import criteria, lifecycle
from course.checks.answers import digest
from course.checks.check import Check, exercise
from course.checks.probing import becomes, log_lines
from course.facts import Container, History, Image
from course.facts.registry import image_layers
from course.setups import part1 as setup

AGAIN = "Run the cell that sets up the exercise again; it puts everything back."


@exercise
def moved_tag(check: Check) -> None:
    """Require that the tag ``stable`` was moved, and that the running container was left alone."""
    client, menu = check.client, run.name("menu")
    kitchen = check.container("kitchen", AGAIN)
    history = facts.history(client, "container", "image")
    one, two, stable = (facts.image(client, f"{menu}:{tag}") for tag in ("1", "2", "stable"))
    second = tagged_before(history, f"{menu}:2", kitchen.created) or (two.id if two else "")
    check.require(
        "moved",
        stable is not None and stable.id == second,
        f"{menu}:stable names {_which(stable, kitchen, second)}.",
        "Compare the IDs of the three tags: two of them should be equal.",
    )
    check.settle()
    check.require(
        "left-alone",
        lambda: made_by_set_up(history, kitchen, f"{menu}:stable"),
        f"{kitchen.name} is not the container that the set-up started: another one has its name.",
        f"The exercise asks what happens to a container that is left alone. {AGAIN}",
    )
    check.settle()
    check.require(
        "left-alone",
        lambda: kitchen.running and lifecycle.undisturbed(client, kitchen),
        f"{kitchen.name} is {kitchen.state.status}. It has not run without a break since the set-up started it.",
        f"The exercise asks what happens to a container that is left alone. {AGAIN}",
    )
    check.settle()
    check.require(
        "other-tags",
        one is not None and two is not None and one.id == kitchen.image and two.id == second,
        f"{menu}:1 names {_which(one, kitchen, second)}, {menu}:2 names {_which(two, kitchen, second)}.",
        "Move the tag stable only. Set it up again, and look at the list of images after every step.",
    )
    check.require(
        "kitchen-image",
        lambda: digest("kitchen_image") == kitchen.image.removeprefix("sha256:"),
        lambda: f"kitchen_image begins with {digest('kitchen_image')[:12]}; {kitchen.name} runs on another image.",
        "Ask the container, not the tag.",
    )
    criteria.predicted(check, "moved-tag")


@exercise
def by_digest(check: Check) -> None:
    """Require that the image was pushed to the registry on this machine, and run by its digest."""
    client, repository = check.client, run.name("cake")
    port, container = setup.registry_port(client), facts.container(client, run.name("tasting"))
    tag = f"localhost:{port}/{repository}:1.0"
    if port is None or facts.manifest_digest(port, repository, "1.0") is None:
        check.stop(
            "pushed",
            _not_pushed(client, port, tag),
            "The registry's own catalogue, at /v2/_catalog, says what arrived there.",
        )
    names = [repository, tag, *([container.image] if container else [])]
    with check.disturbing():
        cake = next((image for name in names if (image := _cake(check, name))), None)
    layers = cake.layers if cake else ()
    check.require(
        "pushed",
        cake is not None and image_layers(port, repository, "1.0") == layers,
        f"What the registry has as {repository}:1.0 is not the image that the set-up built.",
        "A push sends the image that has the name at that moment.",
    )
    check.settle()
    check.require(
        "digest",
        lambda: image_layers(port, repository, f"sha256:{digest('cake_digest')}") == layers,
        lambda: wrong_digest(digest("cake_digest"), facts.image(client, tag)),
        "The digest is known after the push: the push reports it, and the image lists it among its RepoDigests.",
    )
    if container is None or container.state.started_at is None:
        check.stop(
            "by-digest",
            f"There is no container {run.name('tasting')} that was ever started.",
            "It may have ended, but it must still exist. An automatic removal takes it away.",
        )
    criteria.by_digest(check, "by-digest", container, port, repository, "a tag can be moved to another image.")
    with check.disturbing():
        ran_on = _cake(check, container.image)
    check.require(
        "by-digest",
        ran_on is not None,
        f"{container.name} was run from another image than the one that the set-up built.",
        "Which repository does the digest belong to?",
    )
    check.settle()
    becomes(client, container.id, lambda now: not now.running)
    state = (facts.container(client, container.id) or container).state
    printed = setup.cake_text() in log_lines(client, container.id)
    check.require(
        "printed",
        printed and state.status == "exited" and state.exit_code == 0,
        f"{container.name} is {state.status}, with exit code {state.exit_code}, "
        f"and its log {'has' if printed else 'does not have'} the line of the cake.",
        "Let the image's own command run to its end.",
    )


def tagged_before(history: History, tag: str, time: float) -> str:
    """Return the ID of the image that got the tag last before a time; empty text if the record knows of none."""
    found = [event for event in history.events if event.action == "tag" and event.attributes.get("name") == tag]
    return next((event.id for event in reversed(found) if event.time < time), "")


def made_by_set_up(history: History, kitchen: Container, tag: str) -> bool:
    """Tell whether the container was made right after ``tag`` was put on its image, as the set-up does it.

    One that takes its place later is made without that: since the end of the container before it, nobody put the tag
    on the image that it runs.
    """
    others = [id for id in history.called(kitchen.name) if id != kitchen.id]
    free = max((event.time for id in others for event in history.of(id)), default=0.0)
    found = any(
        event.action == "tag"
        and event.id == kitchen.image
        and event.attributes.get("name") == tag
        and free <= event.time <= kitchen.created
        for event in history.events
    )
    return history.happened(found, kitchen.id, since=run.began())


def wrong_digest(given: str, local: Image | None) -> str:
    """Return a sentence on 64 digits that are no digest the registry knows; ``local`` is the image that was pushed."""
    if local is not None and given == local.id.removeprefix("sha256:"):
        return "cake_digest is the image's ID, which names it on this Engine only; the registry uses another digest."
    return f"cake_digest, {given[:12]}…, is no digest by which the registry has this image."


def _which(image: Image | None, kitchen: Container, second: str) -> str:
    if image is None:
        return "no image"
    if image.id == second:
        return "version 2"
    return "the image that the container runs on" if image.id == kitchen.image else "a third image"


def _not_pushed(client: DockerClient, port: int | None, tag: str) -> str:
    if port is None:
        return "The registry of this exercise does not run; run the cell that starts it again."
    if facts.image(client, tag) is not None:
        return f"The image has the name {tag}, but the registry does not have it: a name sends nothing."
    return f"Neither the registry nor this Engine has {tag}."


def _cake(check: Check, name: str) -> Image | None:
    """Return the image if it is what the set-up built: busybox, and one layer with this run's cake."""
    image, base = facts.image(check.client, name), criteria.course_image(check, "pushed", setup.BASE)
    if image is None or not image.builds_on(base) or len(image.layers) != len(base.layers) + 1:
        return None
    content = facts.read_image_file(check.client, image.id, "/cake") or b""
    as_built = image.entrypoint == () and image.command == ("cat", "/cake")
    return image if as_built and content.decode("utf-8", "replace").strip() == setup.cake_text() else None
