"""The image catalogue: what it accepts, and what it says about what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import BadInput
from autograder.images import catalogue

ENTRY = """
[debian]
mirror = "http://mirror.example/debian"
security = "http://mirror.example/security"

[sandbox]
name = "course-test/base:forky"
reference = "docker.io/library/debian:forky-slim"
suite = "forky"

[[image]]
name = "one:latest"
purpose = "p"
holds = "h"
reference = "docker.io/library/one:1"
recipe = "one"
promise = { probe = { run = [], says = "x" } }
"""


def written(folder: Path, text: str) -> Path:
    """The catalogue file with this text."""
    path = folder / "catalogue.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_course_catalogue_is_valid_and_part_1_finds_its_images() -> None:
    """The committed catalogue has what Part 1 calls by these names, each with a recipe or a Debian suite."""
    known = catalogue.load()
    names = ["hello-world", "busybox", "debian:trixie-slim", "python:3.13-slim", "nginx", "registry"]
    for image in known.select(names):
        assert image.suite or (catalogue.FOLDER / str(image.recipe) / "Dockerfile").is_file()
    assert len(known.select(names)) == len(names)


def test_a_bare_name_means_latest() -> None:
    """``nginx`` and ``nginx:latest`` are one image, as for Docker; naming both selects it once."""
    known = catalogue.load()
    assert known.find("nginx") == known.find("nginx:latest")
    assert [image.short for image in known.select(["nginx:latest", "nginx"])] == ["nginx"]


def test_an_unknown_image_is_answered_with_the_known_ones() -> None:
    """A name that the catalogue lacks is repeated in the error, beside all names that there are."""
    with pytest.raises(BadInput, match=r"no image 'ngnix'.*busybox.*nginx"):
        catalogue.load().find("ngnix")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("recipe =", "recipee ="), "image one:latest → recipee"),
        (('recipe = "one"', 'recipe = "one"\nsuite = "trixie"'), "either `recipe` or `suite`"),
        (('recipe = "one"', ""), "either `recipe` or `suite`"),
        (('"one:latest"', '"one"'), "image one → name"),
        (("docker.io/library/one:1", "one:1"), "image one:latest → reference"),
        (('recipe = "one"', 'recipe = "one"\ndigest = "sha256:12"'), "image one:latest → digest"),
        (("run = [], ", ""), "either `run` or `http`"),
        (("[debian]", "[debian]\nport = 1"), "debian → port"),
        (("[debian]", "[debian"), "not a TOML file"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    """Each mistake is reported with the file, the entry's name and the key that is wrong."""
    assert change[0] in ENTRY
    path = written(tmp_path, ENTRY.replace(*change))
    with pytest.raises(BadInput) as caught:
        catalogue.load(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


def test_an_image_may_be_listed_once(tmp_path: Path) -> None:
    """Two entries of one name are refused."""
    path = written(tmp_path, ENTRY + ENTRY[ENTRY.index("[[image]]") :])
    with pytest.raises(BadInput, match="listed twice: one:latest"):
        catalogue.load(path)


def test_a_missing_catalogue_says_where_it_was_expected(tmp_path: Path) -> None:
    """Outside a clone of the project the error names the path and what to do."""
    with pytest.raises(BadInput, match=r"no image catalogue at .*make environment"):
        catalogue.load(tmp_path / "catalogue.toml")
