#!/usr/bin/python3 -IS
"""Switch the sandbox to its own root directory, with bind mounts of only what it needs.

In the old root lies the whole cgroup tree of the machine, where the first stage needed it. A cover over it would not
do: root inside could take the cover off, and since every sandbox's Engine is the same user outside, enter its
neighbours' cgroups. What a mount namespace inherits cannot be unmounted piece by piece; left with its root, it is gone.

Run as the first thing in the new namespaces.
"""

import os
import sys

sys.path.insert(0, __file__.rpartition("/autograder/")[0])  # run by its path, with no path of its own

from autograder.namespaces import mounts

FOLDERS = ("dev", "etc", "golden", "home", "opt", "root", "srv", "store", "usr", "var")
EMPTY = ("mnt", "old", "proc", "run", "sys", "tmp")
LINKS = ("bin", "lib", "lib64", "sbin")
NEW = "/mnt"


def main() -> None:
    """Make the new root and change to it, for every process of this mount namespace."""
    mounts.mount("root", NEW, "tmpfs", mounts.NOSUID | mounts.NODEV, "mode=755,size=64k")
    os.chdir(NEW)
    for name in (*FOLDERS, *EMPTY):
        os.mkdir(name)  # noqa: PTH102 - pathlib costs start time
    for name in LINKS:
        if os.path.islink(f"/{name}"):  # noqa: PTH114
            os.symlink(os.readlink(f"/{name}"), name)  # noqa: PTH115, PTH211
    for name in FOLDERS:
        mounts.mount(f"/{name}", name, "", mounts.BIND | mounts.REC)
    mounts.mount("proc", "proc", "proc", mounts.SAFE)
    # The kernel wants a new /sys to be as read-only as the old one.
    mounts.mount("sysfs", "sys", "sysfs", mounts.RDONLY | mounts.SAFE)
    mounts.change_root(NEW)
    mounts.remount("/", mounts.RDONLY | mounts.NOSUID | mounts.NODEV)


if __name__ == "__main__":
    main()
