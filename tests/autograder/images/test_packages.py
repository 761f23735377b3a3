"""Packages for sandboxes: what there is, and when it is made anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import docker
import pytest

from autograder.errors import BadInput
from autograder.host import connect
from autograder.images import catalogue, packages, recipe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue's folder, to change."""
    return Path(shutil.copytree(catalogue.FOLDER, tmp_path / "images"))


def test_students_install_on_debian_and_python() -> None:
    """The two images that the course's Dockerfiles install on are marked in the catalogue."""
    assert set(packages.installing()) >= {"debian:trixie-slim", "python:3.13-slim"}


def test_a_changed_layer_is_another_store(folder: Path) -> None:
    """What the layer says, and which images get it, are part of the golden store's name."""
    before = packages.offline_fingerprint(folder)
    assert before == packages.offline_fingerprint()
    pip = folder / "offline" / "etc" / "pip.conf"
    pip.write_text(pip.read_text(encoding="utf-8") + "timeout = 3\n", encoding="utf-8")
    changed = packages.offline_fingerprint(folder)
    text = (folder / "catalogue.toml").read_text(encoding="utf-8")
    (folder / "catalogue.toml").write_text(text.replace("installs = true\n", "", 1), encoding="utf-8")
    assert len({before, changed, packages.offline_fingerprint(folder)}) == 3


def test_address_and_lists_agree_with_the_layer() -> None:
    """apt and pip are sent to the address that the sandbox serves the packages at."""
    served = (Path(recipe.__file__).parents[1] / "sandbox/inside/engine.sh").read_text(encoding="utf-8")
    address = "198.51.100.1:988"
    assert f"httpd -p {address}" in served
    for name in ("pip.conf", "apt/sources.list.d/debian.sources"):
        assert f"http://{address}/" in (catalogue.FOLDER / "offline/etc" / name).read_text(encoding="utf-8")


@pytest.mark.engine
def test_without_the_images_below_it_says_what_to_do(folder: Path) -> None:
    """A recipe that starts from an image that the Engine lacks names it, and the command that gets it."""
    dockerfile = folder / "packages" / "Dockerfile"
    text = dockerfile.read_text(encoding="utf-8").replace("debian:trixie-slim", "debian:no-such-suite")
    dockerfile.write_text(text, encoding="utf-8")
    client: docker.DockerClient = connect()
    with pytest.raises(BadInput, match=r"debian:no-such-suite.*docker-course images ensure"):
        packages.ensure_packages(client, folder=folder)
    client.close()
