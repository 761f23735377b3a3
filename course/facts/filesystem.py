"""Files of containers, images and volumes. The Engine reads them as archives: nothing is run inside."""

from __future__ import annotations

import contextlib
import io
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import docker
from docker.errors import APIError, NotFound

from course.facts.exec import HELPER
from course.facts.throwaway import throwaway
from course.facts.values import when

MAX_FILE: Final = 64 * 1024
"""Bytes of a file that are read where nothing else is said."""
MAX_ARCHIVE: Final = 4 << 20
"""Bytes of an archive that are read to list what is in a directory."""


@dataclass(frozen=True)
class Entry:
    """A file or directory."""

    path: str
    mode: int
    """Permission bits, such as ``0o755``."""
    is_directory: bool

    @property
    def open_to_all(self) -> bool:
        """Tell whether every user may write there; a directory like ``/tmp``, with the sticky bit, does not count."""
        return bool(self.mode & 0o002) and not (self.is_directory and self.mode & 0o1000)


def read_file(client: docker.DockerClient, container: str, path: str, *, most: int = MAX_FILE) -> bytes | None:
    """Return the first ``most`` bytes of a file in a container, running or not; None if it is not there."""
    with _archive(client, container, path, most + MAX_FILE) as archive:
        try:
            member = archive.next() if archive is not None else None
            content = archive.extractfile(member) if archive and member and member.isfile() else None
            return content.read(most) if content is not None else None
        except tarfile.TarError:
            return None


def modified(client: docker.DockerClient, container: str, path: str) -> float | None:
    """Return when a file in a container was last written, in seconds since 1970; None if it is not there."""
    try:
        chunks, about = client.api.get_archive(container, path)
    except APIError:
        return None
    chunks.close()
    return when(about.get("mtime"))


def read_image_file(client: docker.DockerClient, image: str, path: str, *, most: int = MAX_FILE) -> bytes | None:
    """Return the first ``most`` bytes of a file in an image; None if it is not there."""
    try:
        with throwaway(client, image, ["none"]) as container:
            return read_file(client, container, path, most=most)
    except APIError:
        return None


def read_volume_file(client: docker.DockerClient, volume: str, path: str) -> bytes | None:
    """Return the first 64 KiB of a file in a volume; None if there is no such volume or file."""
    if not volume_exists(client, volume):  # else the mount would make it
        return None
    mount = docker.types.Mount("/volume", volume, read_only=True, no_copy=True)
    try:
        with throwaway(client, HELPER, ["none"], mounts=[mount]) as container:
            return read_file(client, container, f"/volume/{path}")
    except APIError:
        return None


def entries(client: docker.DockerClient, container: str, path: str) -> tuple[Entry, ...] | None:
    """Return what is at and below a path, links left out, from its first 4 MiB; None if there is nothing."""
    parent, found = path.rstrip("/").rpartition("/")[0], []
    with _archive(client, container, path, MAX_ARCHIVE) as archive:
        if archive is None:
            return None
        with contextlib.suppress(tarfile.TarError):
            for member in archive:
                if member.isfile() or member.isdir():
                    found.append(Entry(f"{parent}/{member.name}", member.mode & 0o7777, member.isdir()))
    return tuple(found)


def count_files(client: docker.DockerClient, container: str, path: str) -> int | None:
    """Return the number of files below a directory of a container, running or not; None if it is not there."""
    found = entries(client, container, path)
    return sum(not entry.is_directory for entry in found) if found is not None else None


@contextlib.contextmanager
def unpacked(client: docker.DockerClient, image: str) -> Iterator[tarfile.TarFile | None]:
    """Give all files of an image as one archive, to be read once from front to back; None if there is no such image."""
    with contextlib.ExitStack() as stack:
        try:
            container = stack.enter_context(throwaway(client, image, ["none"]))
        except APIError:
            yield None
            return
        chunks = stack.enter_context(contextlib.closing(client.api.export(container)))
        yield stack.enter_context(tarfile.open(fileobj=Stream(chunks), mode="r|"))


def volume_exists(client: docker.DockerClient, volume: str) -> bool:
    """Tell whether there is a volume of this name."""
    try:
        client.api.inspect_volume(volume)
    except NotFound:
        return False
    return True


@contextlib.contextmanager
def _archive(client: docker.DockerClient, container: str, path: str, most: int) -> Iterator[tarfile.TarFile | None]:
    """Yield the archive of a path in a container, which ends after ``most`` bytes; None if there is no such path."""
    try:
        chunks, _ = client.api.get_archive(container, path)
    except APIError:
        yield None
        return
    with contextlib.closing(chunks):
        try:
            archive = tarfile.open(fileobj=Stream(chunks, most), mode="r|")  # noqa: SIM115  closed below
        except tarfile.TarError:
            yield None
            return
        with archive:
            yield archive


class Stream(io.RawIOBase):
    """Chunks as a file that can be read once; it ends after so many bytes, if a number is given."""

    def __init__(self, chunks: Iterable[bytes], most: int | None = None) -> None:
        self._chunks, self._rest, self._left = iter(chunks), memoryview(b""), most

    def readable(self) -> bool:
        """Tell that it can be read."""
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
