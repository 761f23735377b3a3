"""Start a Docker Engine on this machine and wait until it answers."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import docker
from docker.errors import DockerException

from autograder.errors import EngineMissing
from autograder.host.client import Progress
from autograder.host.leftovers import Places, clear_stale_pidfiles, repair, running

START_TIMEOUT = 90.0
"""How long an Engine may take to answer; one with many containers to look after is slow."""

ATTEMPTS = 8
"""Each failed attempt must have found something to repair; no Engine has that many broken things."""

LOG = Path("/var/log/docker-fundamentals/dockerd.log")

HINTS = {
    "iptables": "iptables does not work here. On Debian: update-alternatives --set iptables /usr/sbin/iptables-legacy",
    "operation not permitted": "this looks like an unprivileged container, in which an Engine cannot run. "
    "Set DOCKER_HOST to the Engine of the machine outside, or run this on that machine",
    "no space left on device": "the disk is full",
    "timeout": "another Engine may be using the same directory; look for it with `ps -e | grep dockerd`",
}


@dataclass(frozen=True, slots=True)
class Daemon:
    """An Engine that can be started here."""

    places: Places = field(default_factory=Places.of_this_machine)
    options: tuple[str, ...] = ()
    log: Path = LOG


class _Failed(Exception):
    """An attempt to start failed; the text is what the Engine wrote."""


_started: list[subprocess.Popen[bytes]] = []
"""Engines that outlive this process; kept so that Python does not complain about them on its way out."""


def start(daemon: Daemon, progress: Progress, *, systemd: bool | None = None) -> None:
    """Start the Engine and return once it answers; repairs what a killed one left in its way.

    Under systemd (found out if ``None``) its service is started, else ``dockerd`` in the background, in a
    session of its own, with its output in ``daemon.log``. Raises ``EngineMissing`` with the last log lines
    and a hint.
    """
    systemd = Path("/run/systemd/system").is_dir() if systemd is None else systemd
    repaired: list[str] = []
    for _ in range(ATTEMPTS):
        if running(daemon.places.pidfile, "dockerd") is None:
            for line in clear_stale_pidfiles(daemon.places):
                progress("Docker Engine", line)
        try:
            _start_service(daemon, progress) if systemd else _start_process(daemon, progress)
            return
        except _Failed as failure:
            log = str(failure)
            if not systemd and (there := running(daemon.places.pidfile, "dockerd")) is not None:
                # The package's own start script, or another program, was faster; the next attempt waits for it.
                done: str | None = f"another dockerd has started in the meantime (process {there})"
            else:
                done = repair(daemon.places, log)
            if done is None or done in repaired:
                raise EngineMissing(_explain(daemon, log, systemd)) from None
            repaired.append(done)
            progress("Docker Engine", done)
    raise EngineMissing(_explain(daemon, log, systemd))


def _start_process(daemon: Daemon, progress: Progress) -> None:
    there = running(daemon.places.pidfile, "dockerd")
    if there is not None:
        progress("Docker Engine", f"dockerd is already running (process {there}); waiting for it to answer")
        if not _answers_in_time(daemon, None, progress):
            raise _Failed(f"dockerd (process {there}) is running but does not answer at {daemon.places.socket}")
        return
    program = shutil.which("dockerd")
    if program is None:
        raise EngineMissing("dockerd is not installed on this machine; it is in the package docker.io.")
    daemon.log.parent.mkdir(parents=True, exist_ok=True)
    with daemon.log.open("ab") as log:
        begin = log.tell()
        process = subprocess.Popen(
            [program, *daemon.options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
        )
    progress("Docker Engine", f"starting dockerd (log: {daemon.log})")
    if _answers_in_time(daemon, process, progress):
        _started.append(process)
        return
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    with daemon.log.open("rb") as log:
        log.seek(begin)
        raise _Failed(log.read(1 << 20).decode(errors="replace"))


def _start_service(daemon: Daemon, progress: Progress) -> None:
    since = f"@{int(time.time())}"
    progress("Docker Engine", "starting the service docker")
    subprocess.run(["systemctl", "reset-failed", "docker.service"], capture_output=True, check=False)
    tried = subprocess.run(["systemctl", "start", "docker.service"], capture_output=True, check=False)
    if tried.returncode == 0 and _answers_in_time(daemon, None, progress):
        return
    subprocess.run(["systemctl", "stop", "docker.service"], capture_output=True, check=False)
    journal = subprocess.run(
        ["journalctl", "--unit=docker.service", f"--since={since}", "--output=cat", "--no-pager"],
        capture_output=True,
        check=False,
    )
    raise _Failed((journal.stdout + tried.stderr).decode(errors="replace"))


def _answers_in_time(daemon: Daemon, process: subprocess.Popen[bytes] | None, progress: Progress) -> bool:
    begin = time.monotonic()
    while (waited := time.monotonic() - begin) < START_TIMEOUT:
        if answers(daemon.places.socket):
            return True
        if process is not None and process.poll() is not None:
            return False
        if waited > 2:
            progress("Docker Engine", f"waiting for it to answer ({waited:.0f} s)")
        time.sleep(0.2)
    return False


def answers(socket: Path) -> bool:
    """Whether an Engine answers at this unix socket."""
    if not socket.exists():
        return False
    try:
        client = docker.DockerClient(base_url=f"unix://{socket}", version="auto", timeout=5)
    except (DockerException, OSError):
        return False
    try:
        return bool(client.ping())
    except (DockerException, OSError):
        return False
    finally:
        client.close()


def _explain(daemon: Daemon, log: str, systemd: bool) -> str:
    lines = [line for line in log.strip().splitlines() if "level=info" not in line] or log.strip().splitlines()
    last = "\n".join(f"  {line}" for line in lines[-10:]) or "  (it wrote nothing)"
    where = "journalctl --unit=docker" if systemd else str(daemon.log)
    text = f"The Docker Engine did not start. Its last log lines (full log: {where}):\n{last}"
    for sign, hint in HINTS.items():
        if any(sign in line.lower() for line in lines[-3:]):
            return f"{text}\nHint: {hint}."
    command = " ".join(["dockerd", *daemon.options])
    return f"{text}\nHint: run `{command}` by hand and read the last line that it prints."
