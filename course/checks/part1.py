"""Checks of Part 1, one function for each exercise. Each returns a `Report` and reads nothing but the Engine.

A student's own value is asked for only where the exercise asks for one; what it is compared with is measured here.
"""

from __future__ import annotations

from docker import DockerClient

from course import facts, run
from course.checks import life
from course.checks.common import digest, require_prediction, whole_number
from course.checks.origin import from_commit
from course.checks.report import Report
from course.engine import connect
from course.errors import NoAnswer
from course.facts import Container, Image
from course.setups import part1 as setup

MEGABYTE = 1_000_000


def life_cycle() -> Report:
    """Exercise 5: one container went through its whole life, step by step, and was stopped with signal 15."""
    report = Report("Life cycle")
    name = run.name("life")
    history = facts.history(connect(), "container")
    found = life.lives(history.events, name)
    if not found:
        return report.give_up(
            failed=f"The Engine remembers no container called {name}.",
            hint="Give your container exactly this name, from its creation to its removal.",
            vouch=history.vouch,
        )
    id = max(found, key=lambda each: life.progress(found[each]))
    best, lives = found[id], list(found.values())
    scattered = len(lives) > 1 and not life.whole(best) and set().union(*lives) >= life.ALL
    report.require(
        not scattered,
        passed=f"One container called {name}, known by its ID, did all that was done.",
        failed=f"Every step happened, but not to one container: {len(lives)} were called {name}, one by one.",
        hint="A name can be used again once it is free. The ID says whether it is the same container.",
        essential=True,
    )
    report.require(
        lambda: history.happened(life.in_order(best, life.BEGINNING), id),
        passed="It was created, started, paused and unpaused, in this order.",
        failed=f"Expected create, start, pause, unpause; of these the Engine saw: {life.seen(best)}.",
        hint="The order of the steps in the goal is the order that is asked for.",
    )
    report.require(
        lambda: history.happened(life.ended(best), id),
        passed="It was asked to end with signal 15 (SIGTERM), ended, and was stopped.",
        failed=life.bad_ending(best),
        hint="The table of endings says what each of them sends, and which one asks first.",
        essential=True,
    )
    report.require(
        lambda: history.happened("destroy" in best, id),
        passed="After that it was removed.",
        failed="It was not removed.",
        hint="A stopped container still exists: look at the list of all containers, not only the running ones.",
    )
    return report


def layers() -> Report:
    """Exercise 6: the number of layers that the run's Dockerfile adds, as ``RootFS.Layers`` has them."""
    report = Report("Layers of a Dockerfile")
    client, name = connect(), run.name("layers")
    base, image = facts.image(client, setup.BASE), facts.image(client, name)
    if base is None or image is None or not image.builds_on(base):
        return report.give_up(
            failed=f"There is no image {name} that stands on {setup.BASE}.",
            hint="Build the Dockerfile that was printed, under exactly this name.",
        )
    outcome = facts.run_once(client, name)
    report.require(
        outcome is not None and outcome.output.strip() == f"{run.token()}-0",
        passed=f"The image {name} stands on {setup.BASE} and was built from this run's Dockerfile.",
        failed=f"The image {name} does not print what this run's Dockerfile makes it print.",
        hint="Print the Dockerfile again and build that text, unchanged.",
        essential=True,
    )
    require_prediction(report, "layers")
    added, lines = len(image.layers) - len(base.layers), len(setup.layers_recipe().splitlines())
    report.require(
        lambda: whole_number("layers_added") == added,
        passed=f"layers_added is right: of {lines} lines, {added} made a layer.",
        failed=_miscount(image, added, lines),
        hint="An image lists its layers under RootFS in what inspect shows. So does the base that it stands on.",
        essential=True,
        weight=2,
    )
    return report


def light_image() -> Report:
    """Exercise 7: the same result and configuration as the planted image, without the deleted file's weight."""
    report = Report("A lighter image")
    client, name = connect(), run.name("light")
    base, image = facts.image(client, setup.BASE), facts.image(client, name)
    if base is None or image is None:
        return report.give_up(
            failed=f"There is no image called {name}.",
            hint="Give your repaired image exactly this name.",
        )
    found = facts.read_image_file(client, name, setup.HEAVY_REPORT) or b""
    report.require(
        found.split()[:1] == [setup.heavy_report().encode()],
        passed=f"{setup.HEAVY_REPORT} holds the sum of the 20 MB file, so the file was really made.",
        failed=f"{setup.HEAVY_REPORT} does not hold the sum of this run's 20 MB file.",
        hint="The data has to exist while the sum is taken; it only must not be in the finished image.",
        essential=True,
    )
    outcome = facts.run_once(client, name)
    prints = outcome is not None and outcome.output.strip() == found.decode("utf-8", "replace").strip()
    lost = _lost_settings(image, prints)
    report.require(
        not lost,
        passed="The configuration is the same: command, user, directory and variable.",
        failed=f"The configuration is not that of the heavy image: {', '.join(lost)}.",
        hint="Files are not all there is to an image. Compare the Config of both in what inspect shows.",
        essential=True,
    )
    excess = image.size - base.size
    heaviest = max(image.history, key=lambda row: row.size, default=None)
    report.require(
        excess < MEGABYTE and image.size < setup.HEAVY_BYTES,
        passed=f"It weighs {excess / MEGABYTE:.2f} MB more than {setup.BASE}; the heavy one weighs 21 MB more.",
        failed=f"It still weighs {excess / MEGABYTE:.0f} MB more than {setup.BASE}. "
        f"The heaviest step: {heaviest.created_by[:80] if heaviest else 'not told'}",
        hint="A later layer can hide a file, not take it out of the layer below. Look at the sizes in the history.",
        essential=True,
        weight=2,
    )
    return report


def moved_tag() -> Report:
    """Exercise 8: the tag ``stable`` was moved; the running container was left alone and keeps its image."""
    report = Report("A moved tag")
    client, menu = connect(), run.name("menu")
    kitchen = facts.container(client, run.name("kitchen"))
    one, two, stable = (facts.image(client, f"{menu}:{tag}") for tag in ("1", "2", "stable"))
    if kitchen is None or kitchen.state != "running" or stable is None:
        return report.give_up(
            failed=f"The container {run.name('kitchen')} does not run, or the tag {menu}:stable is gone.",
            hint="Run the cell that sets up the exercise again; it puts everything back.",
        )
    serves = facts.read_file(client, kitchen.id, "/version") or b""
    report.require(
        lambda: (
            serves.strip() == setup.version_text(1).encode()
            and older_than_tag(client, kitchen, f"{menu}:stable", stable.id)
        ),
        passed="The container is the one that was started before, and it still runs version 1.",
        failed="The container is not the one that was running before: it was made anew.",
        hint="The exercise asks what happens to a container that nobody touches.",
        essential=True,
    )
    report.require(
        one is not None and one.id == kitchen.image_id,
        passed=f"{menu}:1 still names the image that the container was made from.",
        failed=f"{menu}:1 names another image now; only the tag stable was to move.",
        hint="Set it up again, and look at the list of images after every step.",
        essential=True,
    )
    report.require(
        two is not None and stable.id == two.id and stable.id != kitchen.image_id,
        passed=f"{menu}:stable names version 2 now.",
        failed=f"{menu}:stable does not name version 2.",
        hint="Compare the IDs of the three tags: two of them should be equal.",
        essential=True,
    )
    require_prediction(report, "moved-tag")
    report.require(
        lambda: digest("kitchen_image") == kitchen.image_id.removeprefix("sha256:"),
        passed="kitchen_image is the ID of the image that the container runs on.",
        failed="kitchen_image is not the ID of the image that the container runs on.",
        hint="Ask the container, not the tag.",
    )
    return report


def by_digest() -> Report:
    """Exercise 9: the image was pushed to the registry on this machine, and run by its digest."""
    report = Report("Push, and run by digest")
    client, repository = connect(), run.name("cake")
    port = setup.registry_port(client)
    place = f"localhost:{port}/{repository}"
    pushed = facts.manifest_digest(port, repository, "1.0") if port is not None else None
    if port is None or pushed is None:
        return report.give_up(
            failed=_not_pushed(client, port, place),
            hint="The registry's own catalogue, at /v2/_catalog, says what arrived there.",
        )
    local = facts.image(client, f"{place}:1.0")
    report.require(
        lambda: facts.manifest_digest(port, repository, f"sha256:{digest('cake_digest')}") is not None,
        passed=f"The registry has {repository}, and cake_digest is a digest that it knows.",
        failed=_wrong_digest(local),
        hint="The digest is known after the push: the push reports it, and the image lists it among its RepoDigests.",
    )
    found = facts.container(client, run.name("tasting"))
    if found is None or found.started is None:
        return report.give_up(
            failed=f"There is no container {run.name('tasting')} that was ever started.",
            hint="It may have ended, but it has to be there still: no automatic removal.",
        )
    used = found.image_reference.partition("@")[2]
    report.require(
        bool(used) and facts.manifest_digest(port, repository, used) is not None,
        passed="It was run by digest, and the registry serves exactly this digest.",
        failed=_not_by_digest(found),
        hint="A name by digest has the form  place/repository@sha256:…  and no tag is needed.",
        essential=True,
        weight=2,
    )
    return report


def written() -> Report:
    """Exercise 10: a Dockerfile gives what was made by hand, and stands on the base, not on the committed image."""
    report = Report("Written down instead of committed")
    client, name = connect(), run.name("written")
    base, image = facts.image(client, setup.BASE), facts.image(client, name)
    handmade = facts.image(client, run.name("handmade"))
    if base is None or image is None:
        return report.give_up(
            failed=f"There is no image called {name}.",
            hint="Give the image that you build exactly this name.",
        )
    outcome = facts.run_once(client, name)
    report.require(
        outcome is not None and outcome.exit_code == 0 and outcome.output.strip() == setup.greeting("world"),
        passed="Run without a command, it greets as the hand-made one does.",
        failed=f"Run without a command, it does not print “{setup.greeting('world')}”.",
        hint="Both the program and the command that starts it belong to the image.",
        essential=True,
    )
    itself = handmade is not None and image.id == handmade.id
    based = image.builds_on(base)
    report.require(
        lambda: based and not itself and not from_commit(client, image, base, [handmade] if handmade else []),
        passed=f"It stands on {setup.BASE}, and none of its layers comes from a commit.",
        failed="It is the committed image itself, under a second name."
        if itself
        else "It stands on layers that a commit made."
        if based
        else f"It does not stand on the layers of {setup.BASE}.",
        hint="Somebody who has only your Dockerfile and the base image must be able to build it.",
        essential=True,
        weight=2,
    )
    return report


def _miscount(image: Image, added: int, lines: int) -> str:
    try:
        given = whole_number("layers_added")
    except NoAnswer as reason:
        return str(reason)
    rows = sum(1 for row in image.history if row.size)
    if given == len(image.layers):
        return f"layers_added is {given}: that counts the layers of the base as well."
    if lines - 2 <= given <= len(image.history):
        return f"layers_added is {given}: that counts instructions, and not every instruction makes a layer."
    if given in (rows, rows - 1):
        return f"layers_added is {given}: that counts steps with a size, but a layer may weigh nothing."
    return f"layers_added is {given}, and the image says something else."


def _lost_settings(image: Image, prints: bool) -> list[str]:
    wanted = {
        "command": (prints, f"one that prints {setup.HEAVY_REPORT}"),
        "user": (image.user.partition(":")[0] == setup.HEAVY_USER, setup.HEAVY_USER),
        "directory": (image.working_directory.rstrip("/") == setup.HEAVY_DIRECTORY, setup.HEAVY_DIRECTORY),
        "variable": (setup.HEAVY_SETTING in image.environment, setup.HEAVY_SETTING),
    }
    return [f"{what} (expected: {value})" for what, (kept, value) in wanted.items() if not kept]


def older_than_tag(client: DockerClient, found: Container, tag: str, image_id: str) -> bool:
    """Tell whether the container was there before the tag was last put on this image.

    If it was put there in another way than by tagging (by loading an archive), there is no event of it.
    """
    history = facts.history(client, "image")
    times = [
        event.time
        for event in history.of(image_id)
        if event.action == "tag" and event.attributes.get("name") == tag
    ]
    return (
        history.happened(any(found.created < time for time in times), image_id, since=found.created)
        or not times
    )


def _not_pushed(client: DockerClient, port: int | None, place: str) -> str:
    if port is None:
        return "The registry of this exercise does not run; run the cell that starts it again."
    if facts.image(client, f"{place}:1.0") is not None:
        return f"The image has the name {place}:1.0, but the registry does not have it: a name sends nothing."
    return f"Neither the registry nor this Engine has {place}:1.0."


def _wrong_digest(local: Image | None) -> str:
    try:
        given = digest("cake_digest")
    except NoAnswer as reason:
        return str(reason)
    if local is not None and given == local.id.removeprefix("sha256:"):
        return "cake_digest is the image's ID, which names it on this Engine only; the registry uses another digest."
    return "cake_digest is not a digest that the registry knows."


def _not_by_digest(found: Container) -> str:
    reference = found.image_reference
    if "@sha256:" in reference:
        return f"It was run as {reference[:120]}, which is not a digest that the registry serves."
    if reference.startswith("sha256:") or found.image_id.removeprefix("sha256:").startswith(reference):
        return "It was run by the image's ID, which another machine does not know."
    return f"It was run by tag, as {reference[:120]}; a tag can be moved to another image."
