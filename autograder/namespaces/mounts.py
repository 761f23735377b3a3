"""Mount system calls that Python's standard library lacks, and their constants.

The C library has them all but ``pivot_root``, whose program is in a Debian package that the sandbox does not hold.
https://man7.org/linux/man-pages/man2/mount.2.html, https://man7.org/linux/man-pages/man2/pivot_root.2.html
"""

from __future__ import annotations

import ctypes
import os
import platform

# From <sys/mount.h>; see mount(2).
RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND, REC = 1, 2, 4, 8, 32, 4096, 16384
NOATIME, NODIRATIME, RELATIME = 1024, 2048, 1 << 21
DETACH = 2
SAFE = NOSUID | NODEV | NOEXEC
"""Flags of a mount that holds nothing but data."""

_KEPT = SAFE | NOATIME | NODIRATIME
"""Flags that statvfs(3) reports with mount(2)'s values; a user namespace must not drop them at a remount."""
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

_libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    """Mount, bind or remount; raises OSError."""
    words = (source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode())
    _check(_libc.mount(*words), f"mount {target}")


def unmount(target: str) -> None:
    """Detach a mount at once, whoever still uses it; raises OSError."""
    _check(_libc.umount2(target.encode(), DETACH), f"unmount {target}")


def change_root(new: str) -> None:
    """Make ``new``, a mount point with an empty folder ``old``, the root of this mount namespace; raises OSError.

    The old root is not covered but detached: no path leads back to it.
    """
    os.chdir(new)
    _check(_libc.syscall(_PIVOT_ROOT[platform.machine()], b".", b"old"), "pivot_root")
    os.chdir("/")
    unmount("/old")
    os.rmdir("/old")  # noqa: PTH106 - pathlib costs start time


def remount(point: str, flags: int) -> None:
    """Add flags to a mount; those that a user namespace must not drop are repeated. Raises OSError."""
    found = os.statvfs(point).f_flag
    kept = (found & _KEPT) | (RELATIME if found & os.ST_RELATIME else 0)
    mount("", point, "", REMOUNT | BIND | flags | kept)


def mount_points() -> list[str]:
    """Every mount point that this process can reach."""
    with open("/proc/self/mountinfo", encoding="utf-8") as lines:  # noqa: PTH123 - pathlib costs start time
        points = {line.split(" ")[4] for line in lines}
    # mountinfo writes blanks and the like as octal escapes; see proc(5).
    plain = [point.encode().decode("unicode_escape").encode("latin-1").decode() for point in points]
    return sorted(point for point in plain if point == "/" or os.path.lexists(point))


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
