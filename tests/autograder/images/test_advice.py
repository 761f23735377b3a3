"""Where an image can be had in no way, only what can help on that machine is told."""

from __future__ import annotations

import pytest

from autograder.host import packages
from autograder.images import advice
from autograder.images.catalogue import load

SILENT = "dial tcp: lookup registry-1.docker.io: no such host"
MISSING = "mmdebstrap is not installed"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The message on a system, with or without mmdebstrap."""

    def tell(family: str, *, mmdebstrap: bool = False, refusal: str | None = SILENT) -> str:
        monkeypatch.setattr(packages, "family", lambda: family)
        monkeypatch.setattr(advice.shutil, "which", lambda _: "/usr/bin/mmdebstrap" if mmdebstrap else None)
        return advice.unobtainable(load().sandbox, refusal, MISSING)

    return tell


def test_apt_is_named_on_debian_alone(told) -> None:
    """Fedora and macOS have no apt-get."""
    assert "sudo apt-get install mmdebstrap" in told("debian")
    for family in ("fedora", "Darwin", "Windows"):
        assert "apt-get" not in told(family)


def test_a_registry_that_does_not_answer_needs_a_way_not_a_login(told) -> None:
    """`docker login` helps against the limit for guests only."""
    assert "docker login" not in told("fedora")
    assert "a network, a proxy, or a mirror" in told("fedora")
    assert "docker login" in told("fedora", refusal="toomanyrequests: You have reached your pull rate limit")


def test_a_registry_that_was_not_asked_is_not_blamed(told) -> None:
    """One that was made here from an older recipe is made again."""
    assert "registry" not in told("debian", mmdebstrap=True, refusal=None)


def test_mmdebstrap_that_failed_needs_a_mirror(told) -> None:
    """It is installed: installing it again changes nothing."""
    said = told("debian", mmdebstrap=True)
    assert "apt-get install" not in said
    assert "Debian mirror" in said


def test_the_archive_helps_everywhere(told) -> None:
    """Made elsewhere, loaded here."""
    for family in ("debian", "Darwin"):
        assert "docker-course images load images.tar" in told(family)
