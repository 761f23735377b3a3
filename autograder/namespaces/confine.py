"""The first process in a program's namespaces: confine the file system, then start and guard the program.

Run as root by ``unshare`` in new pid, mount and ipc namespaces, with nothing but the standard library:

    confine.py --cwd=DIR [--writable=DIR ...] [--own-root [--readable=DIR ...]] [--mute] -- COMMAND...

With ``--own-root`` the program gets a small root directory of its own, and in it each DIR. Authority is not only in
processes: a student can hand a descriptor of any directory to a container, whose root may go up from there and read
what it finds. So the way up has to end in a tree that holds nothing else.

It stays process 1 of the pid namespace, as root. So the program is an ordinary process that signals reach,
and nothing that it does to itself (a new session, a cleared parent-death signal) outlives the guard:
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

sys.path.insert(0, __file__.rpartition("/autograder/")[0])  # run by its path, with no path of its own

from autograder.namespaces import mounts

PRIVATE = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - that is why they are private
MAX_PROCESSES = 1024
"""Processes and threads of the student: fewer than the sandbox allows, so that others can go on."""

PLACE = "/srv"
"""Where the root is put together: a folder that nothing in it needs."""
FOLDERS = ("etc", "opt", "usr")
LINKS = {"bin": "usr/bin", "lib": "usr/lib", "lib64": "usr/lib64", "sbin": "usr/sbin"}
DEVICES = ("full", "null", "random", "tty", "urandom", "zero")
DEVICE_LINKS = {
    "fd": "/proc/self/fd",
    "ptmx": "pts/ptmx",
    "shm": "/tmp",  # noqa: S108
    "stderr": "/proc/self/fd/2",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
}
GATEWAY = "/run/docker.sock"
SCRATCH = "/home/student/tmp"
"""What the student knows as ``/tmp``; the sandbox's own is for others."""
PR_SET_DUMPABLE = 4


def arrange_mounts(writable: Iterable[str]) -> None:
    """Own /proc, private scratch directories, everything else read-only but the writable directories."""
    kept = list(writable)
    for path in kept:
        mounts.mount(path, path, "", mounts.BIND)
    make_read_only(kept)
    for path in PRIVATE:
        if os.path.isdir(path):  # noqa: PTH112
            mounts.mount("tmpfs", path, "tmpfs", mounts.NOSUID | mounts.NODEV, "mode=1777,size=256m")
    # The user sees its own processes only, not this one.
    mounts.mount("proc", "/proc", "proc", mounts.SAFE, "hidepid=2")


def make_own_root(writable: Iterable[str], readable: Iterable[str]) -> None:
    """Move into a root with the system, a /proc, a few devices, the gateway's socket and these directories."""
    kept = list(writable)
    mounts.mount("root", PLACE, "tmpfs", mounts.SAFE, "mode=755,size=64k,nr_inodes=128")
    for name in FOLDERS:
        _bind(f"/{name}", mounts.BIND | mounts.REC)
    for name, target in LINKS.items():
        os.symlink(target, f"{PLACE}/{name}")  # noqa: PTH211
    os.makedirs(f"{PLACE}/dev/pts")  # noqa: PTH103
    for name in DEVICES:
        _bind(f"/dev/{name}")
    for name, target in DEVICE_LINKS.items():
        os.symlink(target, f"{PLACE}/dev/{name}")  # noqa: PTH211
    terminals = "newinstance,ptmxmode=0666,mode=0620"
    mounts.mount("devpts", f"{PLACE}/dev/pts", "devpts", mounts.NOSUID | mounts.NOEXEC, terminals)
    os.mkdir(f"{PLACE}/var")  # noqa: PTH102
    os.symlink("/run", f"{PLACE}/var/run")  # noqa: PTH211
    os.symlink("/tmp", f"{PLACE}/var/tmp")  # noqa: PTH211, S108
    if os.path.exists(GATEWAY):  # noqa: PTH110 - there is none where a golden store is made
        _bind(GATEWAY)
    for path in (*kept, *readable):
        _bind(path)
    # Before the old root goes: the kernel mounts a new /proc only for one who sees a whole one already.
    os.mkdir(f"{PLACE}/proc")  # noqa: PTH102
    mounts.mount("proc", f"{PLACE}/proc", "proc", mounts.SAFE, "hidepid=2")
    os.mkdir(f"{PLACE}/old")  # noqa: PTH102
    mounts.change_root(PLACE)
    mounts.mount("/proc/sys", "/proc/sys", "", mounts.BIND)
    make_read_only((*kept, "/proc"))


def make_read_only(kept: Iterable[str]) -> None:
    """Make every mount read-only but those at ``kept``, where no file may act for its owner or be a device."""
    for point in mounts.mount_points():
        mounts.remount(point, mounts.NOSUID | mounts.NODEV if point in kept else mounts.RDONLY)


def _bind(path: str, flags: int = mounts.BIND) -> None:
    """Put a directory or file of the present root at the same path of the new one."""
    target = f"{PLACE}{path}"
    source = SCRATCH if path == "/tmp" else path  # noqa: S108
    if os.path.isdir(path):  # noqa: PTH112
        os.makedirs(target, exist_ok=True)  # noqa: PTH103
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    mounts.mount(source, target, "", flags)


def set_limits() -> None:
    """When memory or processes run short, it is the student's program that has to give way."""
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123
        file.write("1000")
    resource.setrlimit(resource.RLIMIT_NPROC, (MAX_PROCESSES, MAX_PROCESSES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def become(command: list[str], cwd: str, *, limited: bool, mute: bool) -> NoReturn:
    """Turn this process into the program."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # The number is of another pid namespace; 1 stands for "do not watch it".
    os.environ["JPY_PARENT_PID"] = "1"
    os.chdir(cwd)
    if limited:
        set_limits()
    if mute:
        # What a kernel writes past IPython must not fill the runner's log.
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
    os.execvp(command[0], command)  # noqa: S606


def guard(child: int) -> int:
    """Wait for the program's end, reaping every orphan meanwhile; its exit status (128 + signal if killed)."""
    # The child shares this process's user id with the root of a student's containers.
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0)
    while True:
        pid, status = os.wait()
        if os.WIFSTOPPED(status):
            # It asked to be traced, which makes this process its tracer: nobody would ever let it go on.
            os.kill(pid, signal.SIGKILL)
        elif pid == child:
            code = os.waitstatus_to_exitcode(status)
            return 128 - code if code < 0 else code


def main(arguments: list[str]) -> int:
    """Arrange the namespaces, run the command, end with its exit status."""
    # An interrupt is sent to the process group and meant for the program, not for its guard.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    split = arguments.index("--")
    options: dict[str, list[str]] = {"--cwd": [], "--writable": [], "--readable": [], "--own-root": [], "--mute": []}
    for argument in arguments[:split]:
        name, _, value = argument.partition("=")
        options[name].append(value)
    if options["--own-root"]:
        make_own_root(options["--writable"], options["--readable"])
    else:
        arrange_mounts(options["--writable"])
    child = os.fork()
    if child == 0:
        become(
            arguments[split + 1 :],
            options["--cwd"][0],
            limited=bool(options["--own-root"]),
            mute=bool(options["--mute"]),
        )
    return guard(child)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
