"""Checks of Part 1, one function for each exercise. They read nothing but the Engine.

A student's own value is asked for only where the exercise asks for one; what it is compared with is measured here.
"""

from __future__ import annotations

from docker import DockerClient

from course import facts, run
from course.checks import criteria, lifecycle
from course.checks.answers import digest, whole_number
from course.checks.check import Check, exercise
from course.checks.origin import from_commit
from course.facts import Completed, Container, Image
from course.setups import part1 as setup

MEGABYTE = 1_000_000


@exercise
def life_cycle(check: Check) -> None:
    """Require that one container went through its whole life, step by step, and was stopped with signal 15."""
    name = run.name("life")
    history = facts.history(check.client, "container")
    lives = lifecycle.event_sequences(history.events, name)
    if not lives:
        check.stop(
            f"The Engine remembers no container called {name}.",
            "Give your container exactly this name, from its creation to its removal.",
            vouch=history.vouch,
        )
    container_id = max(lives, key=lambda each: lifecycle.progress(lives[each]))
    life = lives[container_id]
    scattered = len(lives) > 1 and not lifecycle.complete(life) and set().union(*lives.values()) >= lifecycle.ALL
    check.gate(
        not scattered,
        f"One container called {name}, known by its ID, did all that was done.",
        f"Every step happened, but not to one container: {len(lives)} were called {name}, one by one.",
        "A name can be used again once it is free. The ID says whether it is the same container.",
    )
    check.part(
        lambda: history.happened(lifecycle.in_order(life, lifecycle.BEGINNING), container_id),
        "It was created, started, paused and unpaused, in this order.",
        f"Expected create, start, pause, unpause; of these the Engine saw: {lifecycle.seen(life)}.",
        "The order of the steps in the goal is the order that is asked for.",
    )
    check.gate(
        lambda: history.happened(lifecycle.ended(life), container_id),
        "It was asked to end with signal 15 (SIGTERM), ended, and was stopped.",
        lambda: lifecycle.bad_ending(life),
        "The table of endings says what each of them sends, and which one asks first.",
    )
    check.part(
        lambda: history.happened("destroy" in life, container_id),
        "After that it was removed.",
        "It was not removed.",
        "A stopped container still exists: look at the list of all containers, not only the running ones.",
    )


@exercise
def layers(check: Check) -> None:
    """Require the number of layers that the run's Dockerfile adds, as ``RootFS.Layers`` has them."""
    name = run.name("layers")
    base, image = facts.image(check.client, setup.BASE), facts.image(check.client, name)
    if base is None or image is None or not image.builds_on(base):
        check.stop(
            f"There is no image {name} that stands on {setup.BASE}.",
            "Build the Dockerfile that was printed, under exactly this name.",
        )
    check.gate(
        _prints(facts.run_once(check.client, name), f"{run.token()}-0"),
        f"The image {name} stands on {setup.BASE} and was built from this run's Dockerfile.",
        f"The image {name} does not print what this run's Dockerfile makes it print.",
        "Print the Dockerfile again and build that text, unchanged.",
    )
    criteria.predicted(check, "layers")
    added, lines = len(image.layers) - len(base.layers), len(setup.layers_recipe().splitlines())
    check.gate(
        lambda: whole_number("layers_added") == added,
        f"layers_added is right: of {lines} lines, {added} made a layer.",
        lambda: miscount(whole_number("layers_added"), image, lines),
        "An image lists its layers under RootFS in what inspect shows. So does the base that it stands on.",
        weight=2,
    )


@exercise
def light_image(check: Check) -> None:
    """Require the planted image's result and configuration, without the deleted file's weight."""
    image, base = (
        check.image("light", "Give your repaired image exactly this name."),
        criteria.course_image(check, setup.BASE),
    )
    report = facts.read_image_file(check.client, image.id, setup.HEAVY_REPORT) or b""
    check.gate(
        report.split()[:1] == [setup.heavy_report().encode()],
        f"{setup.HEAVY_REPORT} holds the sum of the 20 MB file, so the file was really made.",
        f"{setup.HEAVY_REPORT} does not hold the sum of this run's 20 MB file.",
        "The data has to exist while the sum is taken; it only must not be in the finished image.",
    )
    prints = _prints(facts.run_once(check.client, image.id), report.decode("utf-8", "replace").strip())
    lost = lost_settings(image, prints)
    check.gate(
        not lost,
        "The configuration is the same: command, user, directory and variable.",
        f"The configuration is not that of the heavy image: {', '.join(lost)}.",
        "Files are not all there is to an image. Compare the Config of both in what inspect shows.",
    )
    excess = image.size - base.size
    check.gate(
        excess < MEGABYTE and image.size < setup.HEAVY_BYTES,
        f"It weighs {excess / MEGABYTE:.2f} MB more than {setup.BASE}; the heavy one weighs 21 MB more.",
        f"It still weighs {excess / MEGABYTE:.0f} MB more than {setup.BASE}. "
        f"The heaviest step: {criteria.heaviest_step(image)[:80]}",
        "A later layer can hide a file, not take it out of the layer below. Look at the sizes in the history.",
        weight=2,
    )


@exercise
def moved_tag(check: Check) -> None:
    """Require that the tag ``stable`` was moved, and that the running container was left alone."""
    client, menu = check.client, run.name("menu")
    kitchen = facts.container(client, run.name("kitchen"))
    one, two, stable = (facts.image(client, f"{menu}:{tag}") for tag in ("1", "2", "stable"))
    if kitchen is None or not kitchen.running or stable is None:
        check.stop(
            f"The container {run.name('kitchen')} does not run, or the tag {menu}:stable is gone.",
            "Run the cell that sets up the exercise again; it puts everything back.",
        )
    version = facts.read_file(client, kitchen.id, "/version") or b""
    check.gate(
        lambda: (
            version.strip() == setup.version_text(1).encode()
            and older_than_tag(client, kitchen, f"{menu}:stable", stable.id)
        ),
        "The container is the one that was started before, and it still runs version 1.",
        "The container is not the one that was running before: another one has taken its place.",
        "The exercise asks what happens to a container that is left alone.",
    )
    check.gate(
        one is not None and one.id == kitchen.image,
        f"{menu}:1 still names the image that the container was made from.",
        f"{menu}:1 names another image now; only the tag stable was to move.",
        "Set it up again, and look at the list of images after every step.",
    )
    check.gate(
        two is not None and stable.id == two.id and stable.id != kitchen.image,
        f"{menu}:stable names version 2 now.",
        f"{menu}:stable does not name version 2.",
        "Compare the IDs of the three tags: two of them should be equal.",
    )
    criteria.predicted(check, "moved-tag")
    check.part(
        lambda: digest("kitchen_image") == kitchen.image.removeprefix("sha256:"),
        "kitchen_image is the ID of the image that the container runs on.",
        "kitchen_image is not the ID of the image that the container runs on.",
        "Ask the container, not the tag.",
    )


@exercise
def by_digest(check: Check) -> None:
    """Require that the image was pushed to the registry on this machine, and run by its digest."""
    client, repository = check.client, run.name("cake")
    port = setup.registry_port(client)
    tag = f"localhost:{port}/{repository}:1.0"
    if port is None or facts.manifest_digest(port, repository, "1.0") is None:
        check.stop(
            _not_pushed(client, port, tag),
            "The registry's own catalogue, at /v2/_catalog, says what arrived there.",
        )
    check.part(
        lambda: facts.manifest_digest(port, repository, f"sha256:{digest('cake_digest')}") is not None,
        f"The registry has {repository}, and cake_digest is a digest that it knows.",
        lambda: wrong_digest(digest("cake_digest"), facts.image(client, tag)),
        "The digest is known after the push: the push reports it, and the image lists it among its RepoDigests.",
    )
    container = facts.container(client, run.name("tasting"))
    if container is None or container.state.started_at is None:
        check.stop(
            f"There is no container {run.name('tasting')} that was ever started.",
            "It may have ended, but it has to be there still: no automatic removal.",
        )
    criteria.by_digest(check, container, port, repository, "a tag can be moved to another image.", weight=2)


@exercise
def written(check: Check) -> None:
    """Require a Dockerfile that gives what was made by hand, and stands on the base, not on the committed image."""
    image, base = check.image("written"), criteria.course_image(check, setup.BASE)
    handmade = facts.image(check.client, run.name("handmade"))
    outcome = facts.run_once(check.client, image.id)
    check.gate(
        _prints(outcome, setup.greeting("world")) and outcome is not None and outcome.ok,
        "Run without a command, it greets as the hand-made one does.",
        f"Run without a command, it does not print “{setup.greeting('world')}”.",
        "Both the program and the command that starts it belong to the image.",
    )
    itself = handmade is not None and image.id == handmade.id
    based = image.builds_on(base)
    check.gate(
        lambda: based and not itself and not from_commit(check.client, image, base, handmade),
        f"It stands on {setup.BASE}, and none of its layers comes from a commit.",
        "It is the committed image itself, under a second name."
        if itself
        else "It stands on layers that a commit made."
        if based
        else f"It does not stand on the layers of {setup.BASE}.",
        "Somebody who has only your Dockerfile and the base image must be able to build it.",
        weight=2,
    )


def miscount(given: int, image: Image, lines: int) -> str:
    """Return a sentence on what somebody counted who did not count the layers that a Dockerfile of ``lines`` adds."""
    rows = sum(1 for row in image.history if row.size)
    if given == len(image.layers):
        return f"layers_added is {given}: that counts the layers of the base as well."
    if lines - 2 <= given <= len(image.history):
        return f"layers_added is {given}: that counts instructions, and not every instruction makes a layer."
    if given in (rows, rows - 1):
        return f"layers_added is {given}: that counts steps with a size, but a layer may weigh nothing."
    return f"layers_added is {given}, and the image says something else."


def lost_settings(image: Image, prints: bool) -> list[str]:
    """Return which settings of the planted image this one does not have; ``prints``: its command shows the report."""
    wanted = {
        "command": (prints, f"one that prints {setup.HEAVY_REPORT}"),
        "user": (image.user.partition(":")[0] == setup.HEAVY_USER, setup.HEAVY_USER),
        "directory": (image.working_directory.rstrip("/") == setup.HEAVY_DIRECTORY, setup.HEAVY_DIRECTORY),
        "variable": (setup.HEAVY_SETTING in image.environment, setup.HEAVY_SETTING),
    }
    return [f"{what} (expected: {value})" for what, (kept, value) in wanted.items() if not kept]


def older_than_tag(client: DockerClient, container: Container, tag: str, image_id: str) -> bool:
    """Tell whether the container was there before the tag was last put on this image.

    If it was put there in another way than by tagging (by loading an archive), there is no event of it.
    """
    history = facts.history(client, "image")
    times = [
        event.time for event in history.of(image_id) if event.action == "tag" and event.attributes.get("name") == tag
    ]
    return (
        history.happened(any(container.created < time for time in times), image_id, since=container.created)
        or not times
    )


def wrong_digest(given: str, local: Image | None) -> str:
    """Return a sentence on 64 digits that are no digest the registry knows; ``local`` is the image that was pushed."""
    if local is not None and given == local.id.removeprefix("sha256:"):
        return "cake_digest is the image's ID, which names it on this Engine only; the registry uses another digest."
    return "cake_digest is not a digest that the registry knows."


def _not_pushed(client: DockerClient, port: int | None, tag: str) -> str:
    if port is None:
        return "The registry of this exercise does not run; run the cell that starts it again."
    if facts.image(client, tag) is not None:
        return f"The image has the name {tag}, but the registry does not have it: a name sends nothing."
    return f"Neither the registry nor this Engine has {tag}."


def _prints(outcome: Completed | None, wanted: str) -> bool:
    return outcome is not None and outcome.output.strip() == wanted
