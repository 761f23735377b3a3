"""The check of Part 3 on two stages: what was compiled is in the image, and what compiled it is not."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Final

from docker import DockerClient

from course import facts, run
from course.checks.building import built, copied, same_image
from course.checks.check import Check, exercise
from course.checks.compilers import compilers
from course.checks.fresh_containers import output
from course.engine import connect
from course.facts import Image
from course.facts.layer_files import find
from course.folders import folder
from course.setups import part3_small as setup

_GIVEN: Final = "The program is to be the one of the directory, with its part in C."


@exercise
def two_stages(check: Check) -> None:
    """Require that the program runs with its C library from an image without a compiler."""
    client, image = check.client, check.image("parted")
    whole = check.image("whole", "The set-up builds this one.")
    words = [secrets.token_hex(6) for _ in range(2)]
    with check.disturbing():
        printed = {word: output(client, image.id, [word], {}) for word in words}
        check.require(
            "answers",
            all(text.strip() == setup.checksum(word) for word, text in printed.items()),
            lambda: (
                f"Run with the word {words[0]}, it does not print its checksum, but: "
                f"{' '.join(printed[words[0]].split())[-160:] or 'nothing'}"
            ),
            "The files of the first stage are not in the second by themselves. Which ones does the program need, "
            "and where?",
            seen="The check tried two words.",
        )
        check.settle()
        uses_library(check, "library", image, lambda word, files: output(client, image.id, [word], files).strip())
        without_compiler(check, "no-compiler", image, whole)
        check.settle()
        with copied(folder("workshop")) as directory:
            if directory is None or not (directory / "Dockerfile").is_file():
                check.stop("from-dockerfile", f"There is no Dockerfile in the directory {run.name('workshop')}.")
            with built(client, directory, image) as rebuilt:
                same_image(check, "from-dockerfile", image, rebuilt, run.name("parted"))


def computes(word: str) -> bool:
    """Tell whether the image of exercise ``two-stages`` prints the checksum of a word."""
    return output(connect(), run.name("parted"), [word], {}).strip() == setup.checksum(word)


def without_compiler(check: Check, demand: str, image: Image, with_one: Image) -> None:
    """Require that no compiler is in the image, none of those in another image either, whatever it is called."""
    paths = compilers(check.client, image.id, with_one.id)
    check.require(
        demand,
        not paths,
        lambda: f"There is a compiler in it ({paths[0][:80]}), and it is needed during the build only.",
        "The last stage decides what is in the image: it begins with a base of its own.",
    )


def uses_library(check: Check, demand: str, image: Image, answer: Callable[[str, Mapping[str, bytes]], str]) -> None:
    """Require that the answers come from the C library: with a broken one there are none, with another one others.

    ``answer`` gives what a new container of the image answers for a word, with some files exchanged.
    """
    paths = _libraries(check.client, image)
    word = secrets.token_hex(6)
    check.require(
        demand,
        bool(paths) and answer(word, dict.fromkeys(paths, b"broken")) != setup.checksum(word),
        f"The check broke {setup.LIBRARY} in a new container, and it answered all the same: it does without it."
        if paths
        else f"There is no {setup.LIBRARY} in it, and it answers all the same.",
        _GIVEN,
        seen=f"The check broke {setup.LIBRARY} in a new container, and there was no checksum any more.",
    )
    begin = secrets.randbits(63)
    others = {path: content.replace(_number(setup.seed()), _number(begin)) for path, content in paths.items()}
    if others != paths:  # on processors whose instructions hold such a number in one piece
        check.require(
            demand,
            lambda: answer(word, others) == setup.checksum(word, begin),
            f"The check wrote another seed into {setup.LIBRARY} in a new container, and the checksum was not that "
            "seed's.",
            _GIVEN,
            seen=f"The check wrote another seed into {setup.LIBRARY}, and the checksum was that seed's.",
            disturbs=True,
        )


def _libraries(client: DockerClient, image: Image) -> dict[str, bytes]:
    """Return the contents of the files in an image that are called like the library, by path."""
    found = find(client, image.id, lambda path, _: path.rpartition("/")[2] == setup.LIBRARY)
    contents = {file.path: facts.read_image_file(client, image.id, f"/{file.path}") for file in found}
    return {path: content for path, content in contents.items() if content is not None}


def _number(value: int) -> bytes:
    return value.to_bytes(8, "little")
