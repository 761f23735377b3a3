"""The check of Part 3 on the cache mount: it lets the list grow, builds again, and compares the downloads."""

from __future__ import annotations

import secrets
from pathlib import Path

from docker import DockerClient

from course import facts, run
from course.checks import criteria
from course.checks.building import built, copied, same_image, with_buildkit
from course.checks.check import Check, exercise
from course.engine import connect
from course.facts import Image
from course.facts.layer_files import find
from course.folders import folder
from course.setups import part3_models as setup

_ONE_LIST = "The list of models has one place. A second list in the Dockerfile would soon differ."


@exercise
def cache_mount(check: Check) -> None:
    """Require that a build with a longer list downloads only the new model, and that the cache is in no layer."""
    client, image = check.client, check.image("models", demand="installed")
    base = criteria.course_image(check, "installed", setup.BASE)
    with check.disturbing(), copied(folder("models")) as directory:
        if directory is None or not (directory / "Dockerfile").is_file():
            check.stop("installed", f"There is no Dockerfile in the directory {run.name('models')}.")
        with built(client, directory, image) as rebuilt:
            before = same_image(check, "installed", image, rebuilt, run.name("models"))
            kept = downloads(client, before, base)
            twice = _twice(client, before, base, kept)
        missing = sorted({*setup.models()} - kept.keys())
        check.require(
            "installed",
            not missing,
            lambda: (
                f"The image does not hold {', '.join(missing)} in /{setup.PLACE}, where the program installs them"
                f"{': there is nothing at all' if not kept else ''}."
            ),
            "What a step writes into a mount is in no layer. Which directory has to be in the image, and which not?",
            seen=f"/{setup.PLACE} holds the {len(setup.models())} models of the list.",
        )
        check.settle()
        _grown(check, directory, image, base, kept)
        check.settle()
        word = setup.model(secrets.token_hex(3))
        found = _models_of(client, directory, image, word)
        check.require(
            "from-list",
            found == {word},
            lambda: f"The check wrote nothing but {word} into models.txt and built again, and {_said(found)}",
            _ONE_LIST,
            seen="The check wrote another list into models.txt and built again: just that was installed.",
        )
    check.require(
        "outside",
        not twice,
        lambda: f"The image holds what was downloaded twice: besides /{setup.PLACE}, in /{twice[0][:80]}.",
        "Only the step that installs needs the downloads. What lends a step a directory that is in no layer?",
    )


def _grown(check: Check, directory: Path, image: Image, base: Image, kept: dict[str, str]) -> None:
    """Add a model to the list in the copy of the directory, build that, and require that only it was downloaded."""
    new = setup.model(secrets.token_hex(3))
    after = _downloads_of(check.client, directory, image, base, *kept, new)
    if isinstance(after, str):
        check.stop("kept", f"The check added a model to models.txt and built again, and that failed: {after}")
    again = sorted(name for name, number in kept.items() if after.get(name) != number)
    check.require(
        "kept",
        not again,
        lambda: (
            f"The check added a model to models.txt and built again: {len(again)} of the {len(kept)} others were "
            f"downloaded once more."
            f"{'' if with_buildkit(image) else ' The classic builder keeps no directory from one build to the next.'}"
        ),
        f"The program looks into {setup.STORE} first. Is that directory there in the next build, with what is in it?",
        seen="The check added a model to models.txt and built again: the others were not downloaded once more.",
    )
    check.settle()
    check.require(
        "from-list",
        new in after,
        f"The check added {new} to models.txt and built again, and the image does not hold it.",
        _ONE_LIST,
    )


def downloads(client: DockerClient, image: Image, base: Image) -> dict[str, str]:
    """Return the number of the download of each model that an image has installed, by the model's name."""
    numbers: dict[str, str] = {}

    def installed(path: str, read: object) -> bool:
        place, _, name = path.rpartition("/")
        if place == setup.PLACE and callable(read) and not name.startswith(".wh."):
            numbers[name] = read().decode("utf-8", "replace").strip()
        return False

    find(client, image.id, installed, skip=base.layers)
    return numbers


def _downloads_of(
    client: DockerClient, directory: Path, image: Image, base: Image, *names: str
) -> dict[str, str] | str:
    """Return what a build with this list installs, or the builder's last lines if it fails."""
    (directory / "fetch.sh").write_text(setup.fetch_program(), encoding="utf-8")
    (directory / "models.txt").write_text(setup.listed(*names), encoding="utf-8")
    with built(client, directory, image) as result:
        return result if isinstance(result, str) else downloads(client, result, base)


def _models_of(client: DockerClient, directory: Path, image: Image, *names: str) -> set[str] | str:
    """Return the names of the models that a build with this list installs, or why it fails."""
    base = facts.image(client, setup.BASE)
    found = _downloads_of(client, directory, image, base, *names) if base is not None else {}
    return found if isinstance(found, str) else set(found)


def _said(found: set[str] | str) -> str:
    if isinstance(found, str):
        return f"that failed: {found}"
    return f"what was installed is: {', '.join(sorted(found))[:100] or 'nothing'}."


def _twice(client: DockerClient, image: Image, base: Image, kept: dict[str, str]) -> list[str]:
    """Return the paths, other than those of the models, of files in an image's layers that hold a download."""
    numbers = [number.encode() for number in kept.values() if number]
    found = find(client, image.id, lambda _, read: any(number in read() for number in numbers), skip=base.layers)
    return [file.path for file in found if file.path.rpartition("/")[0] != setup.PLACE]


def fetches(word: str) -> bool:
    """Tell whether a build with a list of one model installs that one, and no other."""
    client, name = connect(), setup.model(word)
    image = facts.image(client, run.name("models"))
    with copied(folder("models")) as directory:
        return image is not None and directory is not None and _models_of(client, directory, image, name) == {name}
