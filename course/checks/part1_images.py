"""Checks of Part 1 on what is in an image. They build and run images, and read their layers."""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
from collections.abc import Iterator

from docker import DockerClient
from docker.errors import APIError

from course import facts, run
from course.checks import criteria
from course.checks.answers import whole_number
from course.checks.check import Check, exercise
from course.checks.origin import from_commit
from course.checks.searching import Secret
from course.facts import Completed, Image
from course.facts.filesystem import MAX_ARCHIVE, unpacked
from course.facts.layer_files import find
from course.setups import part1 as setup

MEGABYTE = 1_000_000
_PROBE = "id -u; pwd; echo $PURPOSE"
"""Prints what the settings of exercise ``light`` come to in a container."""


@exercise
def layers(check: Check) -> None:
    """Require what the run's Dockerfile gives, and the number of layers that it adds, as ``RootFS.Layers`` has them."""
    image, base = check.image("layers"), criteria.course_image(check, "built", setup.BASE)
    with check.disturbing(), _built(check.client, setup.layers_recipe()) as expected:
        differences = _differences(check.client, image, expected)
    check.require(
        "built",
        not differences,
        lambda: f"The check built the printed Dockerfile. {run.name('layers')} differs from that: {differences[0]}.",
        "Print the Dockerfile again and build that text, unchanged.",
        seen="The check built the printed Dockerfile, and it gives the same layers, files and settings.",
    )
    check.settle()
    added, lines = len(image.layers) - len(base.layers), len(setup.layers_recipe().splitlines())
    check.require(
        "counted",
        lambda: whole_number("layers_added") == added,
        lambda: miscount(whole_number("layers_added"), image, lines),
        "An image lists its layers under RootFS in what inspect shows. So does the base that it stands on.",
        seen=f"Of {lines} lines, {added} made a layer.",
    )
    criteria.predicted(check, "layers")


@exercise
def light(check: Check) -> None:
    """Require the planted image's result and configuration, without the deleted file's weight."""
    image = check.image("light", "Give your repaired image exactly this name.")
    base = criteria.course_image(check, "light", setup.BASE)
    excess = image.size - base.size
    check.require(
        "light",
        excess < MEGABYTE,
        f"It weighs {excess / MEGABYTE:.1f} MB more than {setup.BASE}. "
        f"The heaviest step: {criteria.heaviest_step(image)[:80]}",
        "A later layer can hide a file, not take it out of the layer below. Look at the sizes in the history.",
        seen=f"It weighs {excess / MEGABYTE:.2f} MB more than {setup.BASE}; the heavy one weighs 21 MB more.",
    )
    check.settle()
    with check.disturbing():
        report = facts.read_image_file(check.client, image.id, setup.HEAVY_REPORT) or b""
    check.require(
        "report",
        report.split()[:1] == [setup.heavy_report().encode()],
        f"{setup.HEAVY_REPORT} holds {report[:80].decode('utf-8', 'replace')!r}; "
        "the checksum of this run's 20 MB of data is another one."
        if report
        else f"There is no {setup.HEAVY_REPORT}, or it is empty.",
        "The data must exist while its checksum is computed. It must not be in the finished image.",
    )
    check.require(
        "report",
        not any(Secret(setup.heavy_report()).within(row.created_by.encode()) for row in image.history),
        "A step of the build has the checksum written into it.",
        "The build must make the data and compute its checksum.",
    )
    check.settle()
    with check.disturbing():
        lost = lost_settings(
            facts.run_once(check.client, image.id),
            facts.run_once(check.client, image.id, ["-c", _PROBE], entrypoint=["sh"]),
        )
    check.require(
        "configuration",
        not lost,
        lambda: f"In a new container it is not as in the heavy image: {'; '.join(lost)}.",
        "An image is more than its files. Compare the Config of both in what inspect shows.",
    )


@exercise
def written(check: Check) -> None:
    """Require a Dockerfile that gives what was made by hand, and needs nothing but the base to be built."""
    image, base = check.image("written"), criteria.course_image(check, "greets", setup.BASE)
    handmade = facts.image(check.client, run.name("handmade"))
    who = secrets.token_hex(4)
    with check.disturbing():
        plain, other = (facts.run_once(check.client, image.id, environment=env) for env in ({}, {"WHO": who}))
    check.require(
        "greets",
        plain is not None and plain.ok and _prints(plain, setup.greeting("world")),
        f"Run without a command, it prints {_shown(plain)}.",
        "Both the program and the command that starts it belong to the image.",
    )
    check.settle()
    check.require(
        "greets",
        _prints(other, setup.greeting(who)),
        f"With WHO={who} it prints {_shown(other)}.",
        "The program looks at WHO when it runs, not when it is built.",
        seen=f"With WHO={who} it greets {who}.",
        disturbs=True,
    )
    check.settle()
    check.require(
        "own-steps",
        lambda: not from_commit(check.client, image, base, handmade),
        f"It is {run.name('handmade')} itself, under a second name."
        if handmade is not None and image.id == handmade.id
        else "It stands on layers that a commit made.",
        "Somebody who has only your Dockerfile and the base image must be able to build it.",
    )
    check.settle()
    check.require(
        "own-steps",
        lambda: _says_how(image, base) or (image.builds_on(base) and _only_built(check.client)),
        "No step in its history says how the program came into it.",
        "Look at what docker history shows of it, and of your other images.",
    )
    check.require(
        "own-steps",
        not find(check.client, image.id, lambda _, read: setup.HAND_MARK.encode() in read(), skip=base.layers),
        f"A file in its layers is a copy of the one in {run.name('handmade')}: it ends with the same spaces.",
        "Somebody who has only your Dockerfile and the base image must be able to build it.",
    )
    check.settle()
    check.require(
        "on-busybox",
        image.builds_on(base),
        f"It does not stand on the layers of {setup.BASE}.",
        "The first line of a Dockerfile says what it stands on.",
    )


def miscount(given: int, image: Image, lines: int) -> str:
    """Return a sentence on what somebody counted who did not count the layers that a Dockerfile of ``lines`` adds."""
    rows = sum(1 for row in image.history if row.size)
    if given == len(image.layers):
        return f"layers_added is {given}: that is how many the image has together with those of the base."
    if lines - 2 <= given <= len(image.history):
        return f"layers_added is {given}, about as many as there are instructions; not every instruction makes a layer."
    if given in (rows, rows - 1):
        return f"layers_added is {given}, about as many as there are steps with a size; a layer may weigh nothing."
    return f"layers_added is {given}, and the image says something else."


def lost_settings(by_itself: Completed | None, probe: Completed | None) -> list[str]:
    """Return what a container of the student's ``light`` does not find as one of the planted image does.

    Args:
        by_itself: what a container did without a command.
        probe: what a shell in one said of its user, directory and variable.
    """
    found, report = (probe.output if probe is not None else "").splitlines() + [""] * 3, [setup.heavy_report()]
    wanted = {
        "the command": (by_itself and by_itself.output.split()[:1] == report, f"prints {_shown(by_itself)}"),
        "the user": (found[0] == setup.HEAVY_USER, f"has ID {found[0][:40]!r}"),
        "the directory": (found[1] == setup.HEAVY_DIRECTORY, f"is {found[1][:40]!r}"),
        "the variable PURPOSE": (f"PURPOSE={found[2]}" == setup.HEAVY_SETTING, f"is {found[2][:40]!r}"),
    }
    return [f"{what} {seen}" for what, (kept, seen) in wanted.items() if not kept]


@contextlib.contextmanager
def _built(client: DockerClient, recipe: str) -> Iterator[Image]:
    """Build the text of a Dockerfile, yield the image, and remove its name."""
    tag = f"{run.name('check')}:{secrets.token_hex(6)}"
    setup.build(client, recipe, tag)
    try:
        image = facts.image(client, tag)
        assert image is not None
        yield image
    finally:
        with contextlib.suppress(APIError):
            client.api.remove_image(tag)


def _differences(client: DockerClient, image: Image, expected: Image) -> list[str]:
    """Return what an image lacks or has other than expected: layers, settings, files. More settings are no difference.

    Builders, caches and comments leave other times and notes, so it is the content that is compared.
    """
    found = []
    if len(image.layers) != len(expected.layers):
        found.append(f"it has {len(image.layers)} layers and not {len(expected.layers)}")
    for setting in ("command", "user", "working_directory"):
        is_, due = getattr(image, setting), getattr(expected, setting)
        if is_ != due:
            found.append(f"its {setting.replace('_', ' ')} is {is_!r}"[:200])
    for setting in ("environment", "exposed_ports"):
        if lacking := set(getattr(expected, setting)) - set(getattr(image, setting)):
            found.append(f"it lacks {', '.join(sorted(lacking))}")
    if image.size > expected.size + MEGABYTE:
        found.append(f"it weighs {image.size / MEGABYTE:.1f} MB")
    if not found:
        is_files, due_files = _files(client, image.id), _files(client, expected.id)
        unlike = [
            path for path in sorted(is_files.keys() | due_files.keys()) if is_files.get(path) != due_files.get(path)
        ]
        found += [f"the file /{path} is not the same" for path in unlike]
    return found


def _files(client: DockerClient, image_id: str) -> dict[str, bytes]:
    """Return the type and the checksum of every file and directory in an image, by path."""
    found = {}
    with unpacked(client, image_id) as archive:
        for member in archive or ():
            content = archive.extractfile(member) if archive and member.isfile() else None
            text = content.read(MAX_ARCHIVE) if content else member.linkname.encode()
            found[member.name] = member.type + hashlib.sha256(text).digest()
    return found


def _says_how(image: Image, base: Image) -> bool:
    """Tell whether a step copies something into the image, or has this run's greeting in it."""
    own = image.history[len(base.history) if image.builds_on(base) else 0 :]
    return any(run.token() in row.created_by or re.search(r"\b(COPY|ADD)\b", row.created_by) for row in own)


def _only_built(client: DockerClient) -> bool:
    """Tell whether all images but the set-up's were built, so that a step has nothing else to take a program from.

    A script may then stand where the history does not show it, as in a RUN with a here-document.
    """
    history, bench = facts.history(client, "container", "image"), run.name("workbench")
    for event in history.events:
        if event.action == "import" or (event.action == "commit" and event.attributes.get("name") != bench):
            return False
    history.vouch(since=run.began(), actions=("commit", "import"))
    return True


def _prints(outcome: Completed | None, wanted: str) -> bool:
    return outcome is not None and outcome.output.strip() == wanted


def _shown(outcome: Completed | None) -> str:
    if outcome is None:
        return "nothing: it cannot be started"
    return f"{' '.join(outcome.output.split())[:120]!r} (exit code {outcome.exit_code})"
