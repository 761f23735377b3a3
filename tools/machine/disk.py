"""Makes a machine's disk, once: the system, with the project's environment in it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.machine.errors import MachineError
from tools.machine.systems import System

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""
SIZE = "24G"
"""Of the disk, which is a sparse file: it takes the room of what is in it."""
ENVIRONMENT = ("pyproject.toml", "uv.lock", "autograder/runner/kernelspec", "course/jupyterlab")
"""What decides what is in the project's environment; the packages themselves are imported from the checkout."""
SCHEME = 1
"""Raise it when this module makes another disk of the same files."""
DEBIAN_WITH_UBUNTUS_KEYS = "trixie"


@dataclass(frozen=True, slots=True)
class Disk:
    """A machine's files, in a folder of ``build/``."""

    folder: Path

    @property
    def image(self) -> Path:
        """The disk itself."""
        return self.folder / "disk.img"

    @property
    def kernel(self) -> Path:
        """The system's kernel, for qemu to boot."""
        return self.folder / "vmlinuz"

    @property
    def initrd(self) -> Path:
        """What the kernel mounts first."""
        return self.folder / "initrd.img"

    @property
    def key(self) -> Path:
        """The private key with which root of the machine is reached."""
        return self.folder / "key"

    @property
    def stamp(self) -> Path:
        """A hash of what the disk was made from; written last."""
        return self.folder / "made-from"

    @property
    def loaded(self) -> Path:
        """The names and ids of the images that the machine's Engine has."""
        return self.folder / "images"


def ensure(system: System, *, fresh: bool = False) -> Disk:
    """Return the system's disk, made if it is not there or if what it is made from has changed.

    Making it takes about a minute, as root, and needs the distribution's and Python's package servers.

    Raises:
        MachineError: it could not be made.
    """
    disk = Disk(ROOT / "build" / "machines" / system.name)
    wanted = _made_from(system)
    if not fresh and disk.stamp.is_file() and disk.stamp.read_text(encoding="ascii") == wanted:
        return disk
    if os.geteuid() != 0:
        raise MachineError("The machine's disk holds files of many owners; run this as root.")
    shutil.rmtree(disk.folder, ignore_errors=True)
    disk.folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="root-", dir=disk.folder) as place:
        root, material = Path(place) / "root", Path(place) / "material"
        material.mkdir()
        _collect(disk, material)
        say(f"making {system.title} with mmdebstrap (log: {disk.folder / 'mmdebstrap.log'})")
        with (disk.folder / "mmdebstrap.log").open("wb") as log:
            run(_mmdebstrap(system, root, material, Path(place)), log=log.fileno())
        for name, copy in (("vmlinuz", disk.kernel), ("initrd.img", disk.initrd)):
            # Debian has these links in the root directory, Ubuntu in /boot.
            found = [path for path in (root / name, root / "boot" / name) if path.exists()]
            if not found:
                raise MachineError(f"{system.title} has no {name}: is a kernel among its packages?")
            shutil.copy(found[0], copy)
        say("writing the disk")
        run(["truncate", f"--size={SIZE}", str(disk.image)])
        run(["mke2fs", "-q", "-F", "-t", "ext4", "-d", str(root), str(disk.image)])
    disk.stamp.write_text(wanted, encoding="ascii")
    return disk


def checkout() -> bytes:
    """Return the committed files, as a tar archive."""
    return subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout


def say(line: str) -> None:
    """Tell the person in front what happens."""
    print(f"machine: {line}", flush=True)


def run(command: Sequence[str], *, log: int | None = None) -> None:
    """Run a program that has to succeed; ``log`` is the file descriptor for what it prints."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT if log else None, check=False
    )
    if done.returncode != 0:
        raise MachineError(f"{Path(command[0]).name} ended with status {done.returncode}: {' '.join(command)}")


def _made_from(system: System) -> str:
    paths = [path for name in ENVIRONMENT for path in sorted([ROOT / name, *(ROOT / name).rglob("*")])]
    paths.append(Path(__file__).with_name("customize.sh"))
    digest = hashlib.sha256(f"{SCHEME} {system.suite} {system.sources} {system.packages}".encode())
    for path in paths:
        if not path.is_file():
            continue
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _collect(disk: Disk, material: Path) -> None:
    """Return what customize.sh puts into the root directory."""
    run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "machine", "-f", str(disk.key)])
    shutil.copy(disk.key.with_suffix(".pub"), material / "authorized_keys")
    (material / "checkout.tar").write_bytes(checkout())
    shutil.copy(ROOT / "build" / "uv" / "bin" / "uv", material / "uv")
    bundle = os.environ.get("SSL_CERT_FILE")
    if bundle and Path(bundle).is_file():
        shutil.copy(bundle, material / "ca-bundle.crt")


def _mmdebstrap(system: System, root: Path, material: Path, place: Path) -> list[str]:
    customize = Path(__file__).with_name("customize.sh")
    return [
        *("mmdebstrap", "--mode=root", "--variant=apt", "--format=directory"),
        f"--include={','.join(system.packages)}",
        f"--keyring={_keyring(system, place)}",
        f'--customize-hook={customize} "$1" {material}',
        *(system.suite, str(root), *system.sources),
    ]


def _keyring(system: System, place: Path) -> Path:
    """Return the keys that sign the system's packages. Those of Ubuntu are a package of Debian, signed by Debian's."""
    here = Path(system.keyring)
    if here.is_file():
        return here
    say("getting Ubuntu's keys from Debian's package")
    folder = place / "keys"
    options = ("--quiet", "--mode=root", "--variant=extract", "--include=ubuntu-keyring")
    run(["mmdebstrap", *options, DEBIAN_WITH_UBUNTUS_KEYS, str(folder)])
    return folder / here.relative_to("/")
