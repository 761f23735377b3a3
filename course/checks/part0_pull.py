"""The check of Part 0 on an image that the Engine has to pull first."""

from __future__ import annotations

from course import facts, run
from course.checks import criteria, lifecycle
from course.checks.answers import read_now, text
from course.checks.check import Check, exercise
from course.checks.probing import becomes, log_lines
from course.facts import Container, History
from course.facts.registry import image_layers
from course.setups import part0 as setup

HOSTS = ("127.0.0.1", "localhost")
"""By what a name may call the registry's host."""


@exercise
def first_pull(check: Check) -> None:
    """Require that a container ran the image that the Engine had pulled from the set-up's registry before."""
    given = read_now("shop_word", text)
    client, name = check.client, run.name("shop")
    port = check.need(
        "pulled",
        setup.registry_port(client),
        "The registry of this exercise does not run.",
        "Run the set-up cell again, then your answer.",
    )
    places = [f"{host}:{port}/{setup.shop_repository()}" for host in HOSTS]
    full_name = f"{places[0]}:{setup.SHOP_TAG}"
    history = facts.history(client, "image", "container")
    pulls = [event for event in history.events if event.action == "pull" and _repository(event.id) in places]
    container = check.need("ran", facts.container(client, name), lambda: _no_shop(history, name, bool(pulls)))
    reference = container.config.image
    by_id = container.image.removeprefix("sha256:").startswith(reference.removeprefix("sha256:"))
    check.require(
        "pulled",
        by_id or _repository(reference) in places,
        f"{name} was made from an image called {reference[:120]}.",
        f"The set-up printed the full name: {full_name}.",
    )
    check.settle()
    before = [event for event in pulls if event.time <= container.created]
    check.require(
        "pulled",
        lambda: history.happened(
            any(by_id or _repository(event.id) == _repository(reference) for event in before), since=run.began()
        ),
        f"Before {name} was made, the Engine pulled no image called {full_name if by_id else reference}.",
        "Leave it to the Engine to fetch the image. Do not build, load or tag one under that name.",
        seen="The Engine pulled it from the registry, and the container was made after that.",
    )
    check.settle()
    check.require(
        "ran",
        lambda: _runs_shop(check, container, port),
        f"{name} runs another image than the one in the registry.",
        "A name can be moved to another image. The container keeps the image that it was made from.",
        disturbs=True,
    )
    check.settle()
    becomes(client, container.id, lambda now: not now.running)
    state = (facts.container(client, container.id) or container).state
    check.require(
        "ran",
        state.started_at is not None and state.status == "exited" and state.exit_code == 0,
        f"{name} was created, but never started."
        if state.started_at is None
        else f"{name} is {state.status}, with exit code {state.exit_code}.",
        "Let the image's own program run to its end; give no command of your own.",
    )
    check.settle()
    check.require(
        "ran",
        setup.shop_word() in log_lines(client, container.id),
        f"The log of {name} does not have the word that the image holds.",
        "Let the image's own program run to its end; give no command of your own.",
    )
    check.require(
        "word",
        lambda: given() == setup.shop_word(),
        lambda: f"shop_word is {given()[:80]!r}; the container printed something else.",
        "The container's log has all that its program printed.",
    )


def _repository(reference: str) -> str:
    """Return a reference without its tag or digest."""
    path = reference.partition("@")[0]
    return path.rpartition(":")[0] if ":" in path.rpartition("/")[2] else path


def _no_shop(history: History, name: str, pulled: bool) -> str:
    lives = lifecycle.event_sequences(history.events, name).values()
    if any("start" in steps and "destroy" in steps for steps in lives):
        return f"A container called {name} ran and was removed again, so its end cannot be looked at."
    return f"There is no container {name}{': the image was pulled, but not run' if pulled else ''}."


def _runs_shop(check: Check, container: Container, port: int) -> bool:
    """Tell whether the container's image is what the registry has: busybox, and one layer with this run's word."""
    image, base = facts.image(check.client, container.image), criteria.course_image(check, "ran", setup.BASE)
    if image is None:  # removed by force, and the container still has its files
        return _is_word(facts.read_file(check.client, container.id, setup.SHOP_FILE))
    return (
        image.builds_on(base)
        and len(image.layers) == len(base.layers) + 1
        and image.layers == image_layers(port, setup.shop_repository(), setup.SHOP_TAG)
        and _is_word(facts.read_image_file(check.client, image.id, setup.SHOP_FILE))
    )


def _is_word(content: bytes | None) -> bool:
    return (content or b"").decode("utf-8", "replace").strip() == setup.shop_word()
