"""Build a minimal Debian base image with mmdebstrap, for machines without a registry."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import docker
from docker.models.images import Image

from autograder.errors import AutograderError
from autograder.host import Progress, connect, packages, silent
from autograder.images import labels
from autograder.images.catalogue import FOLDER, Mirrors, load

STABLE = frozenset({"bookworm", "trixie"})
"""Suites with a security archive of their own and a Release file that may not be old."""

ARCHITECTURES = {"386": "i386", "arm": "armhf", "ppc64le": "ppc64el"}
"""Debian's names of architectures, where they differ from the Engine's."""

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
"""Debian's signing keys, which Ubuntu does not have by itself."""

SETTINGS = FOLDER / "debian"
"""Settings of dpkg and apt that the base has."""

SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

SCHEME = "2"
"""Part of the hash: raise it when this module makes a different file system from the same arguments."""


class CannotBootstrap(AutograderError):
    """No Debian root file system can be made on this machine."""


def recipe_hash(suite: str, include: Sequence[str], mirrors: Mirrors) -> str:
    """Hash of all that decides what is in the base."""
    settings = [path.read_text(encoding="utf-8") for path in sorted(SETTINGS.iterdir())]
    parts = [SCHEME, suite, *sorted(include), *_sources(suite, mirrors), *settings]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def debian_base(
    suite: str,
    include: Sequence[str] = (),
    tag: str | None = None,
    *,
    mirrors: Mirrors | None = None,
    client: docker.DockerClient | None = None,
    progress: Progress = silent,
) -> Image:
    """Return an image of Debian ``suite`` with the packages ``include``, named ``tag``; made if it is not there.

    It has one layer, ``bash`` as its command, a working ``apt``, no manuals and no translations. Without
    ``tag`` it is called ``docker-fundamentals/debian:SUITE``. An image of the same recipe is used again
    (milliseconds); making one takes about 15 s and needs a Debian mirror. Signatures are checked always;
    that a Release file is recent is not asked of suites other than stable ones, because mirrors keep
    testing's past its time.

    Raises ``CannotBootstrap`` where mmdebstrap is missing or fails, ``BadInput`` if the name is another's.
    """
    tag = tag or f"docker-fundamentals/debian:{suite}"
    client = client or connect()
    mirrors = mirrors or load().debian
    wanted = recipe_hash(suite, include, mirrors)
    there = labels.find(client, tag)
    if there is not None and labels.recipe_hash_of(there) == wanted:
        return there
    with tempfile.TemporaryDirectory(prefix="docker-fundamentals-") as folder:
        archive = Path(folder) / "root.tar"
        _mmdebstrap(suite, include, mirrors, _architecture(client), archive, tag, progress)
        progress(tag, "importing it into the Engine")
        image_id = _import(client, archive, labels.recipe_labels(wanted))
    return labels.give_name(client, image_id, tag)


def _sources(suite: str, mirrors: Mirrors) -> list[str]:
    if not mirrors.mirror:
        return []  # mmdebstrap's own, security updates included
    lines = [f"deb {mirrors.mirror} {suite} main"]
    if suite in STABLE:
        lines.append(f"deb {mirrors.mirror} {suite}-updates main")
        lines.append(f"deb {mirrors.security} {suite}-security main")
    return lines


def _architecture(client: docker.DockerClient) -> str:
    engine = str(client.version()["Arch"])
    return ARCHITECTURES.get(engine, engine)


def _mmdebstrap(
    suite: str,
    include: Sequence[str],
    mirrors: Mirrors,
    architecture: str,
    archive: Path,
    what: str,
    progress: Progress,
) -> None:
    if (shutil.which("mmdebstrap") is None or not KEYRING.exists()) and packages.can_install():
        packages.install(["mmdebstrap", "debian-archive-keyring"], what, progress)
    program = shutil.which("mmdebstrap")
    if program is None:
        raise CannotBootstrap("mmdebstrap, which builds it from Debian's packages, is not installed on this machine")
    command = [program, "--variant=minbase", f"--architectures={architecture}", "--format=tar"]
    if include:
        command.append(f"--include={','.join(include)}")
    if suite not in STABLE:
        command.append('--aptopt=Acquire::Check-Valid-Until "false"')
    command += [
        # Stays in the image, for packages that are installed later.
        f"--dpkgopt={SETTINGS / 'dpkg.cfg'}",
        # At the end only, and not by --aptopt: mmdebstrap itself needs the downloaded packages.
        f"--customize-hook=copy-in {SETTINGS / 'slim-apt.conf'} /etc/apt/apt.conf.d",
        '--customize-hook=rm -rf "$1"/var/cache/apt/*.bin "$1"/var/cache/apt/archives/*.deb "$1"/var/log/*'
        ' "$1"/var/cache/debconf/*-old "$1"/var/lib/dpkg/*-old',
        suite,
        str(archive),
        *_sources(suite, mirrors),
    ]
    progress(what, f"building Debian {suite} with mmdebstrap (about 15 s)")
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    ) as process:
        assert process.stderr is not None
        last: list[str] = []
        for line in process.stderr:
            last = [*last[-19:], line.rstrip()]
            if line.startswith("I: "):
                progress(what, line[3:].strip())
    if process.returncode:
        raise CannotBootstrap(
            "mmdebstrap could not build it from Debian's packages. Its last lines:\n"
            + "\n".join(f"  {line}" for line in last)
        )


def _import(client: docker.DockerClient, archive: Path, made: dict[str, str]) -> str:
    changes = [
        f"ENV PATH={SEARCH_PATH}",
        'CMD ["bash"]',
        *(f"LABEL {key}={value}" for key, value in made.items()),
    ]
    answer = client.api.import_image(src=str(archive), changes=changes)
    image_id = ""
    for line in str(answer).splitlines():
        message = json.loads(line)
        if "error" in message:
            raise CannotBootstrap(f"The Engine could not import the root file system: {message['error']}")
        image_id = message.get("status", image_id)
    return str(image_id)
