"""Stop all processes of a kernel's PID namespace during a check, and resume them afterwards.

A check may make containers of its own, and compare what it sees at two moments: nothing that the student's kernel began
should move meanwhile. That alone keeps nobody from the Engine, since a connection can be handed to a container: the
gateway is shut as well (``gate.py``). Signals are used and not the cgroup freezer: on cgroup v2 the kernel's processes
come from outside the part of the tree that root inside may arrange.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import time
from pathlib import Path

NS_GET_PARENT = 0xB702
"""From <linux/nsfs.h>; see ioctl_ns(2)."""
CHASE_TIMEOUT = 2.0
"""How long processes that fork or wake each other are chased."""
HALTED = frozenset("TtZXD")
"""States in proc(5) of a process that runs no instruction."""


def pause(unshare: int) -> bool:
    """Stop all in the pid namespace that the process ``unshare`` made for its child; False if they cannot be caught."""
    seen: set[int] = set()
    deadline = time.monotonic() + CHASE_TIMEOUT
    while time.monotonic() < deadline:
        moving = [pid for pid in members(unshare) if pid not in seen or _state(pid) not in HALTED]
        if not moving:
            return True
        _signal(moving, signal.SIGSTOP)
        seen.update(moving)
        time.sleep(0.001)
    return False


def resume(unshare: int) -> None:
    """Let them go on."""
    _signal(members(unshare), signal.SIGCONT)


def members(unshare: int) -> list[int]:
    """Return processes of the namespace and of those that were made inside it."""
    try:
        namespace = Path(f"/proc/{unshare}/ns/pid_for_children").stat().st_ino
    except OSError:
        return []
    if namespace == Path("/proc/self/ns/pid").stat().st_ino:
        return []  # it has made no namespace yet
    return [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit() and _within(entry.name, namespace)]


def _within(pid: str, namespace: int) -> bool:
    try:
        found = os.open(f"/proc/{pid}/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        while os.fstat(found).st_ino != namespace:
            above = fcntl.ioctl(found, NS_GET_PARENT)
            os.close(found)
            found = above
    except OSError:  # there is nothing above
        return False
    finally:
        os.close(found)
    return True


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return "X"


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
