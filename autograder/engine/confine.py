"""First process of a kernel's namespaces: makes the file system safe, then starts and guards the kernel.

Run as root by ``unshare`` in new pid, mount and ipc namespaces, with nothing but the standard library:

    confine.py --cwd=DIR [--writable=DIR ...] [--hidden=DIR ...] [--untrusted] -- COMMAND...

It stays process 1 of the pid namespace, as root. So the kernel is an ordinary process that signals reach,
and nothing that the kernel does to itself (a new session, a cleared parent-death signal) outlives the guard:
when this process ends, the kernel of the system ends every process in the namespace.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterable
from typing import NoReturn

# From <sys/mount.h>; see mount(2).
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_RELATIME = 1, 2, 4, 8, 32, 4096, 1 << 21
MS_NOATIME, MS_NODIRATIME, MNT_DETACH = 1024, 2048, 2
KEPT_FLAGS = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NODIRATIME
"""Flags that statvfs(3) reports with mount(2)'s values; a user namespace must not drop them at a remount."""

PRIVATE = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - that is why they are private
MAX_PROCESSES = 1024
"""Processes and threads of the untrusted user: fewer than the sandbox allows, so that others can go on."""

libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    """mount(2); raises OSError."""
    if libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode()) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"mount {target}: {os.strerror(number)}")


def unmount(target: str) -> None:
    """Detach a mount at once, whoever still uses it; see umount2(2). Raises OSError."""
    if libc.umount2(target.encode(), MNT_DETACH) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"unmount {target}: {os.strerror(number)}")


def flags_of(path: str) -> int:
    """The mount flags of the mount at ``path`` that a remount has to repeat."""
    found = os.statvfs(path).f_flag
    return (found & KEPT_FLAGS) | (MS_RELATIME if found & os.ST_RELATIME else 0)


def mount_points() -> list[str]:
    """Every mount point that this process can reach."""
    with open("/proc/self/mountinfo", encoding="utf-8") as lines:  # noqa: PTH123 - pathlib costs start time
        points = {line.split(" ")[4] for line in lines}
    # mountinfo writes blanks and the like as octal escapes; see proc(5).
    plain = [point.encode().decode("unicode_escape").encode("latin-1").decode() for point in points]
    return sorted(point for point in plain if os.path.ismount(point))


def arrange_mounts(writable: Iterable[str], hidden: Iterable[str]) -> None:
    """Own /proc, private scratch directories, everything else read-only but the writable directories."""
    kept = list(writable)
    for path in kept:
        mount(path, path, "", MS_BIND)
    for point in mount_points():
        mount("", point, "", MS_REMOUNT | MS_BIND | MS_RDONLY | flags_of(point))
    for path in kept:
        mount("", path, "", MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | flags_of(path))
    for path in PRIVATE:
        if os.path.isdir(path):  # noqa: PTH112
            mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=256m")
    for path in hidden:
        if os.path.isdir(path):  # noqa: PTH112
            mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, "mode=0,size=4k")
    # The user sees its own processes only, not this one.
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=2")


def set_limits() -> None:
    """When memory or processes run short, it is the untrusted kernel that has to give way."""
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123
        file.write("1000")
    resource.setrlimit(resource.RLIMIT_NPROC, (MAX_PROCESSES, MAX_PROCESSES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def become(command: list[str], cwd: str, *, untrusted: bool) -> NoReturn:
    """Turn this process into the kernel."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # The number is of another pid namespace; 1 stands for "do not watch it".
    os.environ["JPY_PARENT_PID"] = "1"
    os.chdir(cwd)
    if untrusted:
        set_limits()
        # What it writes past IPython must not fill the conductor's log.
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
    os.execvp(command[0], command)  # noqa: S606


def guard(child: int) -> int:
    """Wait for the kernel's end, reaping every orphan meanwhile; its exit status (128 + signal if killed)."""
    while True:
        pid, status = os.wait()
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            return 128 - code if code < 0 else code


def main(arguments: list[str]) -> int:
    """Arrange the namespaces, run the command, end with its exit status."""
    # An interrupt is sent to the process group and meant for the kernel, not for its guard.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    split = arguments.index("--")
    options: dict[str, list[str]] = {"--cwd": [], "--writable": [], "--hidden": [], "--untrusted": []}
    for argument in arguments[:split]:
        name, _, value = argument.partition("=")
        options[name].append(value)
    arrange_mounts(options["--writable"], options["--hidden"])
    child = os.fork()
    if child == 0:
        become(arguments[split + 1 :], options["--cwd"][0], untrusted=bool(options["--untrusted"]))
    return guard(child)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
