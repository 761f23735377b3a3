"""C compilers in an image, known by their names and by their content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Final

from docker import DockerClient

from course.facts.filesystem import unpacked

_COMPILER: Final = re.compile(r"(?:.*-)?(?:gcc|g\+\+|cc|c\+\+|cc1|cc1plus|clang|tcc)(?:-[\d.]+)?")
_MAX_PROGRAM: Final = 80 << 20


def compilers(client: DockerClient, image: str, naive: str) -> list[str]:
    """Return the paths of the C compilers in an image, also of those of the naive one under other names."""
    known: dict[int, set[bytes]] = {}
    for path, size, digest in _programs(client, naive):
        if _COMPILER.fullmatch(path.rpartition("/")[2]):
            known.setdefault(size, set()).add(digest())
    return [
        f"/{path}"
        for path, size, digest in _programs(client, image)
        if _COMPILER.fullmatch(path.rpartition("/")[2]) or (size in known and digest() in known[size])
    ]


def _programs(client: DockerClient, image: str) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    """Give path, size and a function for the digest of the files in an image that can be run; none is run for that."""
    with unpacked(client, image) as archive:
        for member in archive or ():
            content = archive.extractfile(member) if archive is not None and member.isfile() else None
            if content is not None and member.mode & 0o111:
                yield member.name, member.size, partial(_digest, content)


def _digest(content: IO[bytes]) -> bytes:
    return hashlib.sha256(content.read(_MAX_PROGRAM)).digest()
