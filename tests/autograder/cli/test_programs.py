"""What set-up does about a machine without Compose and buildx."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.cli import programs
from autograder.host import packages, silent
from course import distribution

DOCKER = """#!/bin/sh
# A command docker that finds plug-ins in the folder of the test.
case "$1" in --version) echo "Docker version 28.0.0, build x"; exit ;; esac
if [ "$*" = "build --help" ]; then
    if [ -e FOLDER/installed ]; then echo "Usage:  docker buildx build"; else echo "Usage:  docker build"; fi
    exit
fi
plugin=FOLDER/docker-$1
[ -x $plugin ] || { echo "docker: unknown command: docker $1" >&2; exit 1; }
shift
exec $plugin "$@"
"""
COMPOSE = "#!/bin/sh\necho Docker Compose version 2.40.3\n"
BUILDX = '#!/bin/sh\n[ "$1" = install ] && touch FOLDER/installed\necho github.com/docker/buildx 0.29.1\n'
BROKEN = "#!/bin/sh\necho 'version GLIBC_2.41 not found' >&2\nexit 1\n"


class Container:
    """One that was made of the sandbox's image, and has files."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def get_archive(self, path: str) -> tuple[Iterator[bytes], dict[str, Any]]:
        """Give out a file as the Engine does, in a tar archive."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            content = self.files[Path(path).name].encode()
            member = tarfile.TarInfo(Path(path).name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        return iter([buffer.getvalue()]), {}

    def remove(self, force: bool) -> None:
        """Nothing is left."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of plug-ins, of a machine whose command docker has none, and whose distribution has no packages."""
    place = tmp_path / "plugins"
    for name, text in {"docker": DOCKER.replace("FOLDER", str(place)), "apt-cache": "#!/bin/sh\n"}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(programs, "folder", lambda: place)
    return place


def client(architecture: str = os.uname().machine, **files: str) -> Any:
    """An Engine whose sandbox image has these plug-ins."""
    named = {f"docker-{name}": text for name, text in files.items()}
    return SimpleNamespace(
        info=lambda: {"Architecture": architecture},
        containers=SimpleNamespace(create=lambda *_, **__: Container(named)),
    )


def test_missing_plug_ins_are_copied_from_the_sandboxs_image(folder: Path) -> None:
    """They work at once; a docker before 23 is told to build with buildx; a second time nothing is done."""
    engine = client(compose=COMPOSE, buildx=BUILDX.replace("FOLDER", str(folder)))
    programs.copy(engine, "sandbox", silent)
    assert all(program.is_fine for program in programs.PLUGINS)
    assert sorted(path.name for path in folder.iterdir()) == ["docker-buildx", "docker-compose", "installed"]
    programs.copy(client(), "sandbox", silent)


def test_a_plug_in_that_does_not_work_here_is_taken_away(folder: Path) -> None:
    """An older system may lack what it needs; the doctor goes on saying that it is missing."""
    said: list[str] = []
    programs.copy(client(compose=BROKEN, buildx=BROKEN), "sandbox", lambda _, line: said.append(line))
    assert list(folder.iterdir()) == []
    assert "the sandbox's does not work on this system" in said


def test_an_engine_of_another_architecture_gives_none(folder: Path) -> None:
    """Its programs are not for this machine."""
    programs.copy(client("riscv64", compose=COMPOSE, buildx=BUILDX), "sandbox", silent)
    assert not folder.exists()


def test_the_distributions_packages_come_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root on Debian: the lists are loaded once, and what has no package is left to the sandbox's image."""
    done: list[str] = []
    monkeypatch.setattr(packages, "can_install", lambda: True)
    monkeypatch.setattr(packages, "update", lambda *_: done.append("update"))
    monkeypatch.setattr(packages, "install", lambda words, *_: done.append(f"install {' '.join(words)}"))
    known = {"compose": "docker-compose"}
    monkeypatch.setattr(distribution, "apt_package", lambda name, oldest: known.get(name))
    programs.install(silent)
    assert done == ["update", "install docker-compose"]


def test_who_may_not_install_installs_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plug-ins of a user go into their own folder."""
    monkeypatch.undo()
    monkeypatch.setattr(packages, "can_install", lambda: False)
    monkeypatch.setattr(packages, "update", lambda *_: pytest.fail("apt was run"))
    programs.install(silent)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    assert programs.folder() == folder / "cli-plugins"
