"""Files of a container or an image with owner and mode. The Engine reads them: nothing is run inside."""

from __future__ import annotations

import contextlib
import io
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import docker
from docker.errors import APIError, NotFound

from course import run
from course.facts.image import pinned

_MOST_BYTES: Final = 4 << 20


@dataclass(frozen=True)
class Entry:
    """A file or directory."""

    path: str
    user_id: int
    mode: int
    """Permission bits, such as ``0o755``."""
    is_directory: bool

    @property
    def open_to_all(self) -> bool:
        """Tell whether every user may write there; a directory like ``/tmp``, with the sticky bit, does not count."""
        return bool(self.mode & 0o002) and not (self.is_directory and self.mode & 0o1000)


def entries(client: docker.DockerClient, container: str, path: str) -> tuple[Entry, ...] | None:
    """Return what is at and below a path, links left out, from its first 4 MiB; None if there is nothing."""
    try:
        chunks, _ = client.api.get_archive(container, path)
    except APIError:
        return None
    parent = path.rstrip("/").rpartition("/")[0]
    found = []
    with (
        contextlib.suppress(tarfile.TarError),
        contextlib.closing(chunks),
        tarfile.open(fileobj=_Stream(chunks, _MOST_BYTES), mode="r|") as archive,
    ):
        for member in archive:
            if member.isfile() or member.isdir():
                where = f"{parent}/{member.name}"
                found.append(Entry(where, member.uid, member.mode & 0o7777, member.isdir()))
    return tuple(found)


def read_large(client: docker.DockerClient, container: str, path: str) -> bytes | None:
    """Return a file of up to 4 MiB; None if it is not there or larger."""
    try:
        chunks, _ = client.api.get_archive(container, path)
    except APIError:
        return None
    try:
        with (
            contextlib.closing(chunks),
            tarfile.open(fileobj=_Stream(chunks, _MOST_BYTES), mode="r|") as archive,
        ):
            member = archive.next()
            content = archive.extractfile(member) if member is not None and member.isfile() else None
            return content.read() if content is not None else None
    except tarfile.TarError:
        return None


@contextlib.contextmanager
def made_from(client: docker.DockerClient, image: str) -> Iterator[str | None]:
    """Make a container from an image, never start it, yield its ID, and remove it; None if there is no such image."""
    try:
        made = client.api.create_container(pinned(image), ["none"], labels=run.labels())["Id"]
    except APIError:
        yield None
        return
    try:
        yield made
    finally:
        with contextlib.suppress(NotFound):
            client.api.remove_container(made, force=True, v=True)


@contextlib.contextmanager
def unpacked(client: docker.DockerClient, image: str) -> Iterator[tarfile.TarFile | None]:
    """Give all files of an image as one archive, to be read once from front to back; None if there is no such image."""
    with made_from(client, image) as made:
        if made is None:
            yield None
            return
        chunks = client.api.export(made)
        with contextlib.closing(chunks), tarfile.open(fileobj=_Stream(chunks), mode="r|") as archive:
            yield archive


class _Stream(io.RawIOBase):
    """Chunks as a file that can be read once; it ends after so many bytes, if a number is given."""

    def __init__(self, chunks: Iterable[bytes], most: int | None = None) -> None:
        self._chunks, self._rest, self._left = iter(chunks), memoryview(b""), most

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with what comes next; 0 at the end."""
        while not self._rest:
            chunk = next(self._chunks, b"")
            if not chunk or (self._left is not None and self._left <= 0):
                return 0
            self._rest = memoryview(chunk)
            if self._left is not None:
                self._left -= len(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
