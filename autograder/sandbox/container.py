"""Start a sandbox, run commands in it, and leave nothing behind."""

from __future__ import annotations

import logging
import math
import os
import secrets
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Literal

from autograder.errors import SandboxEnded, SandboxError, TimeLimit
from autograder.host import connect, namespaces
from autograder.results import Limits
from autograder.sandbox.image import LABEL
from autograder.sandbox.provision import Provision, current

LOG = logging.getLogger(__name__)

User = Literal["root", "examiner", "student"]
"""Who runs a command inside: root of the sandbox's own user namespace, the examiner, or the student."""

INSIDE = "/opt/docker-course/autograder/sandbox/inside"
CAPABILITIES = ("SETUID", "SETGID", "CHOWN", "SETPCAP")
KILLED = 137
"""Exit status of a command that was killed, alone or with the whole sandbox."""
END_TIMEOUT = 10.0
"""How long a sandbox may take to end by itself; usually it takes a fraction of a second."""
START_TIMEOUT = 60.0
"""How long an Engine may take to answer on a busy machine; usually it takes about one second."""


@dataclass(frozen=True)
class Running:
    """A command that runs inside."""

    process: subprocess.Popen[bytes]
    """The client of the Engine outside that it is connected to."""
    command: Sequence[str]
    user: User


class Sandbox:
    """One sandbox, as a context manager: entered when its Engine answers, gone with everything in it when left.

    The container lives as long as its standard input, whose other end this process holds: if this process is killed,
    the kernel closes the pipe, the container ends and the Engine outside removes it.

    Args:
        limits: memory, disk, processors, processes and wall-clock time of all that runs inside.
        provision: the image and store to start from; by default the ones that ``docker-course setup`` made.
        making_store: the store is not used but filled: the Engine's data go to it.
        containerd_store: the Engine keeps its images in containerd, as new installations do, and begins without any.
        ahead: its wall-clock time begins with `begin`, and not when it is started.

    Raises:
        SandboxError: it could not be started; the message ends with its last log lines.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        provision: Provision | None = None,
        *,
        making_store: bool = False,
        containerd_store: bool = False,
        ahead: bool = False,
    ) -> None:
        self.limits = limits or Limits()
        self.name = f"docker-course-{secrets.token_hex(6)}"
        self._provision = provision
        self._making_store = making_store
        self._containerd_store = containerd_store
        self._ahead = ahead
        self._process: subprocess.Popen[bytes] | None = None
        self._deadline = math.inf

    def __enter__(self) -> Sandbox:
        ready = self._provision or current()
        started = time.monotonic()
        self._process = subprocess.Popen(
            run_command(
                self.name,
                ready,
                self.limits,
                making_store=self._making_store,
                containerd_store=self._containerd_store,
            ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            if not self._ahead:
                self.begin()
            self._wait_until_ready(self._process)
        except BaseException:
            self.close()
            raise
        LOG.info("%s: the Engine answers (%.1f s)", self.name, time.monotonic() - started)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def begin(self) -> None:
        """Start the wall clock: a line on its standard input tells it to (``boot.sh``)."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._deadline = time.monotonic() + self.limits.seconds
        with suppress(BrokenPipeError):  # it has ended, which whoever uses it next is told
            self._process.stdin.write(b"begin\n")
            self._process.stdin.flush()

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        said = b""
        deadline = time.monotonic() + START_TIMEOUT
        while b"ready\n" not in said:
            wait = deadline - time.monotonic()
            if wait <= 0:
                raise SandboxError(
                    f"The sandbox's Engine did not answer within {START_TIMEOUT:.0f} s. Is the machine out of memory "
                    f"or very busy? Its last output:\n{_tail(said)}"
                )
            if not select.select([process.stdout], [], [], wait)[0]:
                continue
            chunk = os.read(process.stdout.fileno(), 65536)
            if not chunk and time.monotonic() >= self._deadline - 1:
                raise TimeLimit(
                    f"The sandbox reached its time limit of {self.limits.seconds:.0f} s before its Engine answered."
                )
            if not chunk:
                known = namespaces.withheld(namespaces.KernelSettings.of(connect()), doubting=True)
                raise SandboxError(f"{known or 'The sandbox could not start.'}\nIts last output:\n{_tail(said)}")
            said += chunk

    def command(
        self,
        command: Sequence[str],
        user: User = "student",
        *,
        environment: Mapping[str, str] | None = None,
        terminal: bool = False,
    ) -> list[str]:
        """Return the command line that runs ``command`` inside, for a caller that connects the streams itself."""
        options = [f"--env={key}={value}" for key, value in (environment or {}).items()]
        if terminal:
            options.append("--tty")
        return [
            *("docker", "exec", "--interactive", *options, "--user=sandbox", self.name),
            *(f"{INSIDE}/enter.sh", user, *command),
        ]

    def run(
        self,
        command: Sequence[str],
        input: bytes | IO[bytes] = b"",
        user: User = "student",
        *,
        output: IO[bytes] | None = None,
        timeout: float | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command inside and return its output and exit status, whatever that is.

        Args:
            command: the program and its arguments; no shell is involved.
            input: bytes, or an open binary file, for its standard input.
            user: who runs it.
            output: an open binary file that gets its standard output; by default it is returned.
            timeout: seconds after which it is given up; never longer than the sandbox's own time.
            environment: additional variables.

        Raises:
            TimeLimit: the time was up.
            SandboxEnded: the sandbox is gone.
        """
        given = subprocess.PIPE if isinstance(input, bytes) else input
        running = self._popen(command, user, environment, given, output or subprocess.PIPE)
        return self.finish(running, input if isinstance(input, bytes) else None, timeout)

    def start(self, command: Sequence[str], user: User = "student", output: IO[bytes] | None = None) -> Running:
        """Start a command that gets its standard input later: `finish` has to follow, or the sandbox's end."""
        return self._popen(command, user, None, subprocess.PIPE, output or subprocess.PIPE)

    def finish(
        self, running: Running, input: bytes | None, timeout: float | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Give a command its standard input, and return its output and exit status; see `run`."""
        left = self._deadline - time.monotonic()
        limit = left if timeout is None else min(timeout, left)
        process, command = running.process, " ".join(running.command)[:200]
        started = time.monotonic()
        try:
            said, errors = process.communicate(input, None if limit == math.inf else max(limit, 0.01))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise TimeLimit(f"The command did not finish within {limit:.0f} s: {command}") from None
        took = time.monotonic() - started
        LOG.info("%s: %s ran %s, exit status %d (%.1f s)", self.name, running.user, command, process.returncode, took)
        if process.returncode != 0 and not self.alive(2.0 if process.returncode == KILLED else 0.05):
            if time.monotonic() >= self._deadline - 1:
                raise TimeLimit(f"The sandbox reached its time limit of {self.limits.seconds:.0f} s.")
            raise SandboxEnded(f"The sandbox ended while a command was running in it. {_tail(errors)}")
        return subprocess.CompletedProcess(process.args, process.returncode, said or b"", errors)

    def _popen(
        self,
        command: Sequence[str],
        user: User,
        environment: Mapping[str, str] | None,
        input: int | IO[bytes],
        output: int | IO[bytes],
    ) -> Running:
        line = self.command(command, user, environment=environment)
        process = subprocess.Popen(line, stdin=input, stdout=output, stderr=subprocess.PIPE)
        return Running(process, command, user)

    def wait(self, seconds: float) -> None:
        """Wait until the sandbox has ended by itself. ``TimeLimit`` if it has not after ``seconds``."""
        assert self._process is not None
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeLimit(f"The sandbox did not end within {seconds:.0f} s.") from None

    def alive(self, patience: float = 0.05) -> bool:
        """Whether the container still runs, ``patience`` seconds from now at most: an end may have begun."""
        if self._process is None:
            return False
        try:
            # The client outlives the container only for the moment in which the Engine outside cleans up.
            self._process.wait(timeout=max(patience, 0.3 if self._deadline - time.monotonic() < 1 else 0))
        except subprocess.TimeoutExpired:
            return True
        return False

    def close(self) -> None:
        """End the sandbox and wait until nothing of it is left; harmless when there is none."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        # Closing its standard input asks a sandbox to shut down: it can put its affairs in order, which a killed
        # one cannot (a paused container's processes would live on).
        process.stdin.close()
        try:
            process.wait(timeout=END_TIMEOUT)
        except subprocess.TimeoutExpired:
            subprocess.run(["docker", "rm", "--force", "--volumes", self.name], capture_output=True, check=False)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        process.stdout.close()
        LOG.info("%s: removed", self.name)


def run_command(
    name: str, ready: Provision, limits: Limits, *, making_store: bool = False, containerd_store: bool = False
) -> list[str]:
    """Return the ``docker run`` command line of a sandbox: every right that it gets is in this list."""
    store = ("type=volume", f"source={ready.store}", f"target={'/store' if making_store else '/golden'}")
    return [
        *("docker", "run", "--rm", "--interactive", "--init", f"--name={name}", f"--label={LABEL}=sandbox"),
        *("--hostname=sandbox", "--network=none", "--read-only"),
        "--tmpfs=/run:mode=755,size=16m",
        "--tmpfs=/tmp:size=16m",
        "--cap-drop=ALL",
        *(f"--cap-add={capability}" for capability in CAPABILITIES),
        f"--security-opt=seccomp={ready.seccomp}",
        # A new /proc may be mounted in a user namespace only where no part of the old one is covered, and AppArmor's
        # profile for containers forbids all mounts. Both guard against a root that has more than four capabilities.
        "--security-opt=systempaths=unconfined",
        f"--security-opt=apparmor={ready.apparmor}",
        # To hand down a cgroup of its own, the first stage must reach the container's place in the host's tree.
        "--cgroupns=host",
        "--mount=type=bind,source=/sys/fs/cgroup,target=/sys/fs/cgroup",
        "--mount=" + ",".join(store if making_store else (*store, "readonly", "volume-nocopy")),
        # Every limit is the container's, so that whatever runs inside shares it.
        f"--memory={limits.memory}",
        f"--memory-swap={limits.memory}",
        f"--cpus={limits.cpus}",
        f"--pids-limit={limits.pids}",
        f"--env=SANDBOX_DISK={limits.disk}",
        f"--env=SANDBOX_INODES={limits.inodes}",
        *(("--env=SANDBOX_STORE=/store",) if making_store else ()),
        *(("--env=SANDBOX_IMAGE_STORE=containerd",) if containerd_store else ()),
        # A container's log would grow on the host's disk.
        "--log-driver=none",
        ready.image,
        f"{INSIDE}/boot.sh",
        str(int(limits.seconds)),
    ]


def _tail(said: bytes, lines: int = 12) -> str:
    """Return the last lines of what a program said, to end an error message with."""
    text = said.decode(errors="replace").strip()
    return "\n".join(text.splitlines()[-lines:]) or "(nothing)"
