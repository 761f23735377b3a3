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
_HEX: Final = re.compile(rb"(?:[0-9A-Fa-f]{2}){10,}")
_EITHER: Final = zlib.MAX_WBITS | 32
"""For zlib: the header tells whether it is gzip's."""
_PIECE: Final = 12
"""Characters of a secret that count as a leak: who splits it in two leaves the whole."""
_SHARD: Final = 8
"""Characters of a secret of which one may be a coincidence; two different ones, in whatever entries, are a leak."""


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
        self._shards = [
            (place, each[place : place + _SHARD].encode())
            for each in (text, text[::-1])
            for place in range(len(text) - _SHARD + 1)
        ]

    def within(self, content: bytes, depth: int = 2) -> bool:
        """Tell whether the content holds the secret, also packed, or broken into lines."""
        joined = b"".join(content.split())
        if any(word in content or word in joined for word in self.spellings) or self.shattered(self.shards(content)):
            return True
        return depth > 0 and any(self.within(inner, depth - 1) for inner in _unpacked(content))

    def shards(self, content: bytes) -> set[int]:
        """Return the places in the secret of which the content holds eight characters, forwards or backwards."""
        return {place for place, shard in self._shards if shard in content}

    def shattered(self, places: Collection[int]) -> bool:
        """Tell whether these places are those of two pieces that do not overlap."""
        return bool(places) and max(places) - min(places) >= _SHARD


def find_secret(client: DockerClient, image: str, secret: Secret, *, skip: Collection[str] = ()) -> list[LayerFile]:
    """Return the entries of an image's layers that hold a secret: in their content, name, link or attributes.

    Of a secret that is split over several entries, those that complete two pieces of it.
    """
    places: set[int] = set()

    def holds(entry: tarfile.TarInfo, path: str, read: Callable[[int], bytes]) -> bool:
        about = " ".join((path, entry.linkname, entry.uname, entry.gname, *map(str, entry.pax_headers.values())))
        texts = (about.encode("utf-8", "surrogateescape"), read(MAX_SEARCHED))
        shards = set().union(*map(secret.shards, texts))
        places.update(shards)
        return any(map(secret.within, texts)) or (bool(shards) and secret.shattered(places))

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
        return [*_decoded(content), content[::-1]] if len(content) <= _MAX_DECODED else []
    except (OSError, EOFError, ValueError, RuntimeError, lzma.LZMAError, zlib.error, zipfile.BadZipFile):
        return []


def _decoded(content: bytes) -> list[bytes]:
    """Return what stands in a text in Base64 or in hexadecimal digits: it may be packed, or spelled so, in turn."""
    found = []
    for word in _BASE64.findall(content)[:_MAX_WORDS]:
        plain = word.translate(bytes.maketrans(b"-_", b"+/"))
        found.append(base64.b64decode((plain[:-1] if len(plain) % 4 == 1 else plain) + b"=="))
    digits = _HEX.findall(b"".join(content.split()))[:_MAX_WORDS]
    return [*found, *(bytes.fromhex(word.decode()) for word in digits)]
