"""Which directories a container may be given, and where in the container they may go.

A check of the text is not enough against symlinks: the Engine looks the source up again at every start. So the Engine's
own view of the work directory is a mount that follows no symlinks (``sandbox/inside/view.sh``); what is decided here is
that the path leads into that view, in one spelling.
"""

from __future__ import annotations

import re

from autograder.gateway.errors import Malformed, Refused, short
from autograder.gateway.references import NAME

WORK = "/home/student/work"
"""The one directory of the student's that containers can be given."""

_PROPAGATION = {"rprivate", "private"}
_CONSISTENCY = {"consistent", "cached", "delegated", "default"}
BIND_MODES = {"rw", "ro", *_PROPAGATION, *_CONSISTENCY}
VOLUME_MODES = {"rw", "ro", "nocopy"}
_TMPFS_OPTION = re.compile(
    r"size=[0-9]{1,12}[kmgKMG%]?|nr_inodes=[0-9]{1,12}[kmgKMG]?|mode=0?[0-7]{3,4}|uid=[0-9]{1,9}|gid=[0-9]{1,9}"
    r"|rw|ro|exec|noexec|nosuid|nodev|noatime|relatime"
)


def plain(path: str, what: str) -> str:
    """An absolute path without empty, ``.`` or ``..`` parts and without a slash at its end. Raises Malformed."""
    parts = path.split("/")
    if len(path) > 4096 or parts[0] != "" or any(part in ("", ".", "..") for part in parts[1:]):
        raise Malformed(f"The {what} {short(path)} is not an absolute path in its shortest form.")
    if "\x00" in path:
        raise Malformed(f"The {what} holds a zero byte.")
    return path


def source(path: str) -> str:
    """The source of a bind mount. Raises Refused outside the work directory, Malformed in odd spellings."""
    if path != WORK and not path.startswith(WORK + "/"):
        raise Refused(
            f"{short(path)} cannot be mounted: containers here can be given only {WORK} and what is in it, "
            "so that they reach nothing else of this machine."
        )
    return plain(path.removesuffix("/"), "source")


def target(path: str) -> str:
    """A place in the container to mount something at. Raises Malformed or Refused."""
    shown = plain(path.removesuffix("/") or "//", "mount point")
    first = shown.split("/")[1]
    if first in ("proc", "sys"):
        raise Refused(
            f"Nothing can be mounted at {short(path)}: the kernel's own files there stay as they are."
        )
    return shown


def bind(text: str) -> str:
    """One element of ``Binds``: ``source:target[:modes]``, ``volume:target[:modes]`` or ``target``."""
    fields = text.split(":")
    if len(fields) == 1:
        return target(text)
    if len(fields) > 3:
        raise Malformed(f"The mount {short(text)} has more than the three parts source:target:mode.")
    modes = fields[2].split(",") if len(fields) == 3 else []
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
    """A path inside a volume. Raises Refused when it leads out of it."""
    if text and (text.startswith("/") or any(part in ("", ".", "..") for part in text.split("/"))):
        raise Refused(f"The subpath {short(text)} has to stay inside its volume, in plain form.")
    return text


def tmpfs_options(text: str) -> str:
    """Comma-separated options of a tmpfs. Raises Refused for one that is not about its size, mode or owner."""
    for option in text.split(",") if text else []:
        if not _TMPFS_OPTION.fullmatch(option):
            raise Refused(
                f"The tmpfs option {short(option)} is not available; use size=, mode=, uid= or gid=."
            )
    return text
