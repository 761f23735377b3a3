"""Repairs by package: each system's own name for it, and none that would fail there."""

from __future__ import annotations

from pathlib import Path

import pytest

from course import distribution, repairs
from course.distribution import Distribution
from course.repairs import Place

DEBIAN_12 = Distribution("debian", (), "Debian 12", "bookworm")
DEBIAN_13 = Distribution("debian", (), "Debian 13", "trixie")
UBUNTU = Distribution("ubuntu", ("debian",), "Ubuntu 24.04", "noble")
FEDORA = Distribution("fedora", (), "Fedora Linux 42")
ARCH = Distribution("manjaro", ("arch",), "Manjaro")

# What `apt-cache policy` says on these systems: name, installed, candidate.
BOOKWORM = (("docker.io", "(none)", "20.10.24+dfsg1-1+b3"), ("docker-compose", "(none)", "1.29.2-3"))
TRIXIE = (
    ("docker.io", "26.1.5+dfsg1-9+b1", "26.1.5+dfsg1-9+b1"),
    ("docker-cli", "(none)", "26.1.5+dfsg1-9+b1"),
    ("docker-compose", "(none)", "2.26.1-4"),
    ("docker-buildx", "(none)", "0.13.1+ds1-3"),
)
NOBLE = (
    ("docker.io", "(none)", "28.2.2-0ubuntu1~24.04.1"),
    ("docker-compose", "(none)", "1.29.2-6ubuntu1"),
    ("docker-compose-v2", "(none)", "2.37.1+ds1-0ubuntu2~24.04.1"),
    ("docker-buildx", "(none)", "0.21.3-0ubuntu1~24.04.1"),
)
DOCKERS = (
    ("docker-compose-plugin", "(keine)", "2.40.3-1~debian.13~trixie"),
    ("docker-buildx-plugin", "(keine)", "0.29.1-1~debian.13~trixie"),
    ("docker-ce-cli", "(keine)", "5:28.5.2-1~debian.13~trixie"),
)
Lines = tuple[tuple[str, str, str], ...]


@pytest.fixture
def on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A machine of a distribution, with an apt that knows these packages."""

    def be(system: Distribution, lines: Lines = ()) -> None:
        text = "\n".join(f"{name}:\n  Installed: {there}\n  Candidate: {new}" for name, there, new in lines)
        program = tmp_path / "apt-cache"
        program.write_text(f"#!/bin/sh\ncat <<'END'\n{text}\nEND\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        monkeypatch.setattr(distribution, "this", lambda: system)
        monkeypatch.setattr(repairs, "place", lambda: Place.LINUX)

    return be


@pytest.mark.parametrize(
    ("system", "lines", "compose", "buildx"),
    [
        (DEBIAN_13, TRIXIE, "sudo apt-get install docker-compose", "sudo apt-get install docker-buildx"),
        (UBUNTU, NOBLE, "sudo apt-get install docker-compose-v2", "sudo apt-get install docker-buildx"),
        (
            DEBIAN_13,
            TRIXIE + DOCKERS,
            "sudo apt-get install docker-compose-plugin",
            "sudo apt-get install docker-buildx-plugin",
        ),
        (FEDORA, (), "sudo dnf install docker-compose", "sudo dnf install docker-buildx"),
        (ARCH, (), "sudo pacman -S docker-compose", "sudo pacman -S docker-buildx"),
    ],
    ids=["Debian 13", "Ubuntu", "Docker's archive", "Fedora", "Arch"],
)
def test_a_repair_has_the_name_in_that_systems_archive(
    on, system: Distribution, lines: Lines, compose: str, buildx: str
) -> None:
    """Docker's own names only where Docker's archive is set up."""
    on(system, lines)
    assert repairs.install("compose", (2, 24)) == compose
    assert repairs.install("buildx") == buildx


def test_what_debian_12_does_not_have_is_said(on) -> None:
    """Its docker-compose is Compose 1: the set-up's way is named, and Docker's archive with all commands."""
    on(DEBIAN_12, BOOKWORM)
    for program, oldest, package in (("compose", (2, 24), "compose"), ("buildx", (), "buildx")):
        lines = repairs.install(program, oldest).splitlines()
        assert lines[0].startswith("Debian 12 has no package of ")
        assert "make setup" in lines[1]
        assert "https://download.docker.com/linux/debian bookworm stable" in "\n".join(lines)
        assert lines[-1].strip() == f"sudo apt-get install docker-{package}-plugin"
        assert "sudo apt-get install docker-compose" not in [line.strip() for line in lines]


def test_a_package_that_is_there_and_too_old_is_no_repair(on) -> None:
    """Installing it again would change nothing; another archive's package takes its place, with the old one removed."""
    there = (("docker.io", "1", "1"), ("docker-buildx", "0.13.1+ds1-3", "0.13.1+ds1-3"))
    on(DEBIAN_13, there)
    assert repairs.install("buildx", (0, 15)).startswith("Debian 13 has no package of buildx 0.15 or newer")
    on(DEBIAN_13, there + DOCKERS)
    assert repairs.install("buildx", (0, 15)) == "sudo apt-get install docker-buildx-plugin docker-buildx-"


def test_without_package_lists_these_come_first(on) -> None:
    """A new machine's apt knows nothing yet."""
    on(DEBIAN_13)
    assert repairs.install("compose").startswith("sudo apt-get update ")


def test_an_unknown_linux_is_sent_to_dockers_pages(on) -> None:
    """No command that may not exist there."""
    on(Distribution("slackware", (), "Slackware 15.0"))
    said = repairs.install("client")
    assert "Slackware 15.0 has no package" in said
    assert "https://docs.docker.com/engine/install/" in said
    assert "apt-get" not in said


@pytest.mark.parametrize(
    ("release", "family", "codename"),
    [
        ({"ID": "debian", "NAME": "Debian GNU/Linux", "VERSION_CODENAME": "trixie"}, "debian", "trixie"),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian", "UBUNTU_CODENAME": "noble"}, "debian", "noble"),
        ({"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, "fedora", ""),
        ({"ID": "nixos"}, "nixos", ""),
    ],
)
def test_distributions_are_told_apart_by_their_release_file(
    monkeypatch: pytest.MonkeyPatch, release: dict[str, str], family: str, codename: str
) -> None:
    """Or by what they say that they are like."""
    monkeypatch.setattr(distribution.platform, "freedesktop_os_release", lambda: release)
    found = distribution.this()
    assert (found.family, found.codename) == (family, codename)
