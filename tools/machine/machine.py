"""A running virtual machine, and commands in it."""

from __future__ import annotations

import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Literal

from tools.machine.disk import Disk, say
from tools.machine.errors import MachineError

Accelerator = Literal["kvm", "tcg"]

CPUS = 2
MEMORY = "7G"
BOOT_TIMEOUT = {"kvm": 120.0, "tcg": 600.0}
"""Seconds from the start to an answer over ssh; emulated, about 40 s on a machine that is idle."""
SHUTDOWN_TIMEOUT = 120.0
POLL_INTERVAL = 1.0
ACCELERATION = {
    # Without the feature that some hosts show and do not let a guest set.
    "kvm": ("-accel", "kvm", "-cpu", "host,arch-capabilities=off"),
    "tcg": ("-accel", "tcg,thread=multi,tb-size=1024", "-cpu", "max,la57=off"),
}
PATIENCE = {"kvm": 1, "tcg": 6}
"""By what tests multiply their short limits of time."""
KERNEL = "root=/dev/vda rw console=ttyS0 mitigations=off init_on_alloc=0"


class _NoAcceleration(Exception):
    """KVM is here and cannot run this guest."""


class Machine:
    """One machine, as a context manager: entered when it answers over ssh, off when left.

    It has no network but the host's way to its ssh server, on loopback. With KVM it is as fast as the host; where that
    is missing or cannot run the guest, qemu emulates the processor, ten to twenty times slower.

    Args:
        disk: what it boots from, and what keeps its state.
        images: an archive of ``docker save``, which it sees as its second disk; ``None`` for none.

    Raises:
        MachineError: it did not boot; the message ends with the last lines of its console.
    """

    def __init__(self, disk: Disk, images: Path | None = None) -> None:
        self.disk = disk
        self.accelerator: Accelerator = "kvm"
        self._images = images
        self._console = disk.folder / "console.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    def __enter__(self) -> Machine:
        if not _usable(Path("/dev/kvm")):
            self.accelerator = "tcg"
        try:
            try:
                self._boot()
            except _NoAcceleration:
                say("KVM does not run this guest here, so the processor is emulated")
                self._end()
                self.accelerator = "tcg"
                self._boot()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self._ssh(["systemctl", "poweroff"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                self._process.wait(SHUTDOWN_TIMEOUT)
            except subprocess.TimeoutExpired:
                say("it did not shut down and is switched off")
        self._end()

    def run(self, command: Sequence[str], *, input: bytes | None = None) -> str:
        """Run a command as root in the machine and return its output. ``MachineError`` if it fails."""
        done = self._ssh(command, input=input, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        text = done.stdout.decode(errors="replace").strip()
        if done.returncode != 0:
            raise MachineError(f"In the machine, `{' '.join(command)}` ended with {done.returncode}:\n{text}")
        return text

    def stream(self, command: Sequence[str], copy: IO[bytes]) -> int:
        """Run a command whose output is shown while it runs, and written to ``copy``; return its exit status."""
        with subprocess.Popen(
            self._command(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    copy.write(line)
                    copy.flush()
                    print(line.decode(errors="replace"), end="", flush=True)
            except BaseException:
                process.terminate()
                raise
        return process.returncode

    def _boot(self) -> None:
        self._port = _free_port()
        say(f"booting ({self.accelerator}; console: {self._console})")
        with self._console.open("wb") as console:
            self._process = subprocess.Popen(
                self._qemu(), stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT
            )
        begin = time.monotonic()
        while time.monotonic() - begin < BOOT_TIMEOUT[self.accelerator]:
            said = self._console.read_bytes()
            if self.accelerator == "kvm" and kvm_fails(said):
                raise _NoAcceleration
            if self._process.poll() is not None:
                raise MachineError(f"qemu ended with status {self._process.returncode}:\n{_tail(said)}")
            if self._ssh(["true"], capture_output=True).returncode == 0:
                say(f"booted in {time.monotonic() - begin:.0f} s")
                return
            time.sleep(POLL_INTERVAL)
        if self.accelerator == "kvm":
            raise _NoAcceleration
        raise MachineError(
            f"The machine did not answer within {BOOT_TIMEOUT['tcg']:.0f} s. Its console ends with:\n"
            f"{_tail(self._console.read_bytes())}"
        )

    def _qemu(self) -> list[str]:
        drives = [f"file={self.disk.image},format=raw,if=virtio,cache=unsafe,discard=unmap"]
        if self._images is not None:
            drives.append(f"file={self._images},format=raw,if=virtio,readonly=on")
        return [
            # It ends with this process, however that ends.
            *("setpriv", "--pdeathsig", "KILL"),
            *("qemu-system-x86_64", "-nodefaults", "-display", "none", "-no-reboot", "-machine", "q35"),
            *(*ACCELERATION[self.accelerator], "-smp", str(CPUS), "-m", MEMORY),
            *("-kernel", str(self.disk.kernel), "-initrd", str(self.disk.initrd), "-append", KERNEL),
            *(word for drive in drives for word in ("-drive", drive)),
            *("-netdev", f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{self._port}-:22"),
            *("-device", "virtio-net-pci,netdev=net", "-device", "virtio-rng-pci", "-serial", "stdio"),
        ]

    def _command(self, command: Sequence[str]) -> list[str]:
        return [
            *(
                "ssh",
                "-F",
                "/dev/null",
                "-i",
                str(self.disk.key),
                "-p",
                str(self._port),
                "-o",
                "BatchMode=yes",
            ),
            *("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"),
            *(
                "-o",
                "ConnectTimeout=20",
                "-o",
                "ServerAliveInterval=60",
                "root@127.0.0.1",
                shlex.join(command),
            ),
        ]

    def _ssh(
        self, command: Sequence[str], *, input: bytes | None = None, **streams: object
    ) -> subprocess.CompletedProcess[bytes]:
        given = {"input": input} if input is not None else {"stdin": subprocess.DEVNULL}
        return subprocess.run(self._command(command), check=False, **given, **streams)  # type: ignore[call-overload,no-any-return]

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()


def kvm_fails(said: bytes) -> bool:
    """Whether qemu says that KVM is here and of no use; ``said`` is what it and the guest's console said."""
    # Hosts that are virtual machines themselves emulate more or less of what a guest needs.
    return any(words in said for words in (b"KVM internal error", b"kvm_buf_set_msrs", b"kvm: Permission denied"))


def missing_programs() -> list[str]:
    """Return the Debian packages of the programs that machines need and that are not here."""
    needed = {
        "qemu-system-x86_64": "qemu-system-x86",
        "mmdebstrap": "mmdebstrap",
        "mke2fs": "e2fsprogs",
        "ssh": "openssh-client",
        "git": "git",
    }
    # /usr/sbin is not on everybody's PATH.
    return [
        package
        for program, package in needed.items()
        if not shutil.which(program) and not shutil.which(f"/usr/sbin/{program}")
    ]


def _usable(device: Path) -> bool:
    try:
        with device.open("r+b", buffering=0):
            return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tail(said: bytes, lines: int = 15) -> str:
    return "\n".join(said.decode(errors="replace").splitlines()[-lines:])
