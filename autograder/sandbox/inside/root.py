#!/usr/bin/python3 -IS
"""Give the sandbox a root directory of its own, with only what is needed bound into it, and leave the old one behind.

In the old root lies the whole cgroup tree of the machine, where the first stage needed it. A cover over it would not
do: root inside could take the cover off, and since every sandbox's Engine is the same user outside, enter its
neighbours' cgroups. What a mount namespace inherits cannot be unmounted piece by piece; left with its root, it is gone.

Run as the first thing in the new namespaces. Only the standard library, and ctypes because Debian's ``pivot_root``
is in a package that is not here. https://man7.org/linux/man-pages/man2/pivot_root.2.html
"""

import ctypes
import os
import platform

RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND, REC = 1, 2, 4, 8, 32, 4096, 16384
DETACH = 2
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
"""Number of the system call, for which the C library has no function."""

FOLDERS = ("dev", "etc", "golden", "home", "opt", "root", "srv", "store", "usr", "var")
EMPTY = ("mnt", "old", "proc", "run", "sys", "tmp")
LINKS = ("bin", "lib", "lib64", "sbin")
NEW = "/mnt"

libc = ctypes.CDLL(None, use_errno=True)


def check(result: int, what: str) -> None:
    """Raise OSError if a system call failed."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    """mount(2)."""
    words = (source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode())
    check(libc.mount(*words), f"mount {target}")


def main() -> None:
    """Make the new root and change to it, for every process of this mount namespace."""
    mount("root", NEW, "tmpfs", NOSUID | NODEV, "mode=755,size=64k")
    os.chdir(NEW)
    for name in (*FOLDERS, *EMPTY):
        os.mkdir(name)  # noqa: PTH102 - pathlib costs start time
    for name in LINKS:
        if os.path.islink(f"/{name}"):  # noqa: PTH114
            os.symlink(os.readlink(f"/{name}"), name)  # noqa: PTH115, PTH211
    for name in FOLDERS:
        mount(f"/{name}", name, "", BIND | REC)
    mount("proc", "proc", "proc", NOSUID | NODEV | NOEXEC)
    # The kernel wants a new /sys to be as read-only as the old one.
    mount("sysfs", "sys", "sysfs", RDONLY | NOSUID | NODEV | NOEXEC)
    check(libc.syscall(PIVOT_ROOT[platform.machine()], b".", b"old"), "pivot_root")
    os.chdir("/")
    check(libc.umount2(b"/old", DETACH), "umount /old")
    os.rmdir("/old")  # noqa: PTH106
    mount("", "/", "", REMOUNT | BIND | RDONLY | NOSUID | NODEV)


if __name__ == "__main__":
    main()
