"""Check the source and target paths of mounts.

A check of the text is not enough against symlinks: the Engine looks the source up again at every start. So the Engine's
own view of the work directory is a mount that follows no symlinks (``sandbox/inside/view.sh``); what is decided here is
that the path leads into that view, in one spelling.
"""

from __future__ import annotations

import posixpath
import re

from autograder.gateway.errors import Malformed, Refused, short
from autograder.gateway.references import NAME

WORK = "/home/student/work"
"""The one directory of the student's that containers can be given."""

_PROPAGATION = {"rprivate", "private"}
_CONSISTENCY = {"consistent", "cached", "delegated", "default"}
_RELABEL = {"z", "Z"}
"""For SELinux: Fedora's users need it, and elsewhere, as here, the Engine ignores it. It is not passed on."""
BIND_MODES = {"rw", "ro", *_PROPAGATION, *_CONSISTENCY}
VOLUME_MODES = {"rw", "ro", "nocopy"}
_TMPFS_OPTION = re.compile(
    r"size=[0-9]{1,12}[kmgKMG%]?|nr_inodes=[0-9]{1,12}[kmgKMG]?|mode=0?[0-7]{3,4}|uid=[0-9]{1,9}|gid=[0-9]{1,9}"
    r"|rw|ro|exec|noexec|nosuid|nodev|noatime|relatime"
)


def plain(path: str, what: str) -> str:
    """Return an absolute path in its shortest form: without empty, ``.`` and ``..`` parts, and no slash at its end.

    ``..`` takes away the part before it as it is written, as the Engine itself does (Go's ``path.Clean``), whatever
    link that part may be. What is decided on is the form that the Engine then gets. Raises Malformed.
    """
    if len(path) > 4096 or not path.startswith("/"):
        raise Malformed(f"The {what} {short(path)} is not an absolute path.")
    if "\x00" in path:
        raise Malformed(f"The {what} holds a zero byte.")
    return "/" + posixpath.normpath(path).lstrip("/")


def source(path: str) -> str:
    """Return the source of a bind mount, in its shortest form. Raises Refused outside the work directory."""
    shown = plain(path, "source")
    if shown != WORK and not shown.startswith(WORK + "/"):
        raise Refused(
            f"{short(path)} cannot be mounted: only {WORK} and what is in it can be mounted here, "
            "so that containers reach nothing else on this machine."
        )
    return shown


def target(path: str) -> str:
    """Return a place in the container to mount something at, in its shortest form. Raises Malformed or Refused."""
    shown = plain(path, "mount point")
    first = shown.split("/")[1]
    if first == "":
        raise Malformed("Nothing can be mounted at / of a container: choose a directory below it.")
    if first in ("proc", "sys"):
        raise Refused(f"Nothing can be mounted at {short(path)}: the kernel's own files there stay as they are.")
    return shown


def without_relabel(modes: str) -> list[str]:
    """Return comma-separated modes without those that only ask SELinux for a label."""
    return [mode for mode in modes.split(",") if mode not in _RELABEL]


def bind(text: str) -> str:
    """One element of ``Binds``: ``source:target[:modes]``, ``volume:target[:modes]`` or ``target``."""
    fields = text.split(":")
    if len(fields) == 1:
        return target(text)
    if len(fields) > 3:
        raise Malformed(f"The mount {short(text)} has more than the three parts source:target:mode.")
    modes = without_relabel(fields[2]) if len(fields) == 3 else []
    if fields[0].startswith("/"):
        first, allowed = source(fields[0]), BIND_MODES
    elif NAME.fullmatch(fields[0]):
        first, allowed = fields[0], VOLUME_MODES
    else:
        raise Malformed(f"{short(fields[0])} is neither an absolute path nor the name of a volume.")
    for mode in modes:
        if mode not in allowed:
            raise Refused(f"The mount option {short(mode)} is not available; use ro or rw.")
    if len(set(modes)) != len(modes) or {"ro", "rw"} <= set(modes):
        raise Malformed(f"The mount options of {short(text)} contradict or repeat each other.")
    return ":".join([first, target(fields[1]), *([",".join(modes)] if modes else [])])


def subpath(text: str) -> str:
    """Return a path inside a volume, in its shortest form. Raises Refused when it leads out of it."""
    shown = posixpath.normpath(text) if text else ""
    if shown.startswith("/") or shown.split("/")[0] == ".." or "\x00" in shown:
        raise Refused(f"The subpath {short(text)} has to stay inside its volume.")
    return "" if shown == "." else shown


def tmpfs_options(text: str) -> str:
    """Comma-separated options of a tmpfs. Raises Refused for one that is not about its size, mode or owner."""
    for option in text.split(",") if text else []:
        if not _TMPFS_OPTION.fullmatch(option):
            raise Refused(f"The tmpfs option {short(option)} is not available; use size=, mode=, uid= or gid=.")
    return text
