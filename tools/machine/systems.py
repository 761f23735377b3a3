"""The systems that a machine can have."""

from __future__ import annotations

from dataclasses import dataclass

COMMON = (
    *("systemd-sysv", "udev", "dbus", "openssh-server", "ca-certificates", "iproute2", "procps", "kmod"),
    *("docker.io", "docker-buildx", "iptables", "apparmor", "uidmap", "git", "make", "python3-venv"),
)
"""Packages of every system: what boots it, and what a grader's machine has."""

ATTACKS = tuple(
    f"tests/security/test_{theme}.py"
    for theme in (
        *(
            "escape",
            "own_root",
            "shut_gateway",
            "events",
            "integrity",
            "blame",
            "student_surface",
            "sabotage",
        ),
        *("buildkit", "archives", "neighbours", "stopping", "verdicts", "threat_model", "floods", "bounds"),
    )
)
"""The attacks, those on the kernel's walls first: an emulated run takes hours, and may be stopped before its end."""


@dataclass(frozen=True, slots=True)
class System:
    """A distribution's release, as mmdebstrap makes it."""

    name: str
    """As the command line and the files have it."""
    title: str
    suite: str
    sources: tuple[str, ...]
    packages: tuple[str, ...]
    tests: tuple[str, ...]
    """What runs there, as pytest's arguments."""
    keyring: str = "/usr/share/keyrings/debian-archive-keyring.gpg"


SYSTEMS = {
    system.name: system
    for system in (
        System(
            name="debian-13",
            title="Debian 13",
            suite="trixie",
            sources=(
                "deb http://deb.debian.org/debian trixie main",
                "deb http://deb.debian.org/debian trixie-updates main",
                "deb http://deb.debian.org/debian-security trixie-security main",
            ),
            packages=(*COMMON, "linux-image-cloud-amd64", "docker-cli", "docker-compose"),
            tests=("-m", "not long", "tests/machine", "tests/autograder/sandbox", *ATTACKS),
        ),
        System(
            name="ubuntu-24.04",
            title="Ubuntu 24.04",
            suite="noble",
            sources=(
                "deb http://archive.ubuntu.com/ubuntu noble main universe",
                "deb http://archive.ubuntu.com/ubuntu noble-updates main universe",
                "deb http://archive.ubuntu.com/ubuntu noble-security main universe",
            ),
            packages=(*COMMON, "linux-image-virtual", "initramfs-tools", "docker-compose-v2"),
            tests=("tests/machine", "tests/autograder/sandbox", "tests/security/test_escape.py"),
            keyring="/usr/share/keyrings/ubuntu-archive-keyring.gpg",
        ),
    )
}
