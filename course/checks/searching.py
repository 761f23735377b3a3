"""Searching an image for a secret: as bytes, in each entry of each layer, and as people spell it to hide it."""

from __future__ import annotations

import base64
import bz2
import codecs
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Collection
from typing import Final

from docker import DockerClient

from course.facts.layer_files import LayerFile, search

MAX_SEARCHED: Final = 300_000_000
"""Bytes of an image that is searched; a larger one is not."""
_MAX_UNPACKED: Final = 16 << 20
_MAX_DECODED, _MAX_WORDS = 1 << 20, 1000
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{20,}")
_EITHER: Final = zlib.MAX_WBITS | 32
"""For zlib: the header tells whether it is gzip's."""
_PIECE: Final = 12
"""Characters of a secret that count as a leak: who splits it in two leaves the whole."""


class Secret:
    """A secret, and the ways to write it that are recognised."""

    def __init__(self, text: str) -> None:
        raw = text.encode()
        texts = (text, text.upper(), text[::-1], codecs.encode(text, "rot13"))
        self.spellings = frozenset(
            {piece for each in texts for piece in _pieces(each.encode())}
            | _shifted(raw)
            | {spelled for piece in _pieces(raw) for spelled in (piece.hex().encode(), piece.hex().upper().encode())}
            | {text.encode("utf-16-le"), text.encode("utf-16-be")}
            | _bytes_of(text)
        )

    def within(self, content: bytes, depth: int = 2) -> bool:
        """Tell whether the content holds the secret, also packed, or broken into lines."""
        joined = b"".join(content.split())
        if any(word in content or word in joined for word in self.spellings):
            return True
        return depth > 0 and any(self.within(inner, depth - 1) for inner in _unpacked(content))


def find_secret(client: DockerClient, image: str, secret: Secret, *, skip: Collection[str] = ()) -> list[LayerFile]:
    """Return the entries of an image's layers that hold a secret: in their content, name, link or attributes."""

    def holds(entry: tarfile.TarInfo, path: str, read: Callable[[int], bytes]) -> bool:
        about = " ".join((path, entry.linkname, entry.uname, entry.gname, *map(str, entry.pax_headers.values())))
        return secret.within(about.encode("utf-8", "surrogateescape")) or secret.within(read(MAX_SEARCHED))

    return list(search(client, image, holds, skip=skip))


def _pieces(raw: bytes) -> set[bytes]:
    return {raw[place : place + _PIECE] for place in range(max(len(raw) - _PIECE, 0) + 1)}


def _shifted(raw: bytes) -> set[bytes]:
    """Return what is the same in each Base64 of a text that holds this one, by the three places where it may begin."""
    found = set()
    for shift in range(3):
        begin, end = -(-shift * 4 // 3), (shift + len(raw)) * 4 // 3
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"\0" * shift + raw)[begin + (shift > 0) : end])
    return found | {base64.b32encode(raw).rstrip(b"=")[:-1]}


def _bytes_of(text: str) -> set[bytes]:
    """Return the bytes that the hexadecimal digits at the end of a text stand for."""
    digits = text.rpartition("-")[2]
    try:
        return {bytes.fromhex(digits)} if len(digits) >= 2 * _PIECE else set()
    except ValueError:
        return set()


def _unpacked(content: bytes) -> list[bytes]:
    """Return what is packed in this; nothing if it is no archive that is known here."""
    try:
        if content[:2] == b"\x1f\x8b" or content[:1] == b"\x78":  # gzip and zlib, whole or cut
            return [zlib.decompressobj(_EITHER).decompress(content, _MAX_UNPACKED)]
        if content[:3] == b"BZh":
            return [bz2.BZ2File(io.BytesIO(content)).read(_MAX_UNPACKED)]
        if content[:6] == b"\xfd7zXZ\0" or content[:3] == b"\x5d\0\0":
            return [lzma.LZMAFile(io.BytesIO(content)).read(_MAX_UNPACKED)]
        if content[:4] == b"PK\3\4":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return [archive.open(name).read(_MAX_UNPACKED) for name in archive.namelist()[:100]]
        return _decoded(content) if len(content) <= _MAX_DECODED else []
    except (OSError, EOFError, ValueError, RuntimeError, lzma.LZMAError, zlib.error, zipfile.BadZipFile):
        return []


def _decoded(content: bytes) -> list[bytes]:
    """Return what stands in a text in Base64: it may be packed in turn."""
    found = []
    for word in _BASE64.findall(content)[:_MAX_WORDS]:
        plain = word.translate(bytes.maketrans(b"-_", b"+/"))
        found.append(base64.b64decode((plain[:-1] if len(plain) % 4 == 1 else plain) + b"=="))
    return found
