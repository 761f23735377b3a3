"""Withhold the end of a build's context, so that the Engine notices when the client disconnects.

Go's HTTP server watches for the client's end only once a handler has read the whole content of a request
(``registerOnHitEOF`` and ``startBackgroundRead`` in net/http). The classic builder reads a context up to the two
blocks of zeros that end a tar archive; what docker-py and GNU tar pad after them is never read, and such a build cannot
be cancelled. So the padding is left out here, and the end of the content is sent together with those two blocks.
"""

from __future__ import annotations

import tarfile
from collections.abc import AsyncIterator

BLOCK = tarfile.BLOCKSIZE
_WITHOUT_CONTENT = frozenset(
    {tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE}
)


async def unpadded(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Return a tar archive without what follows its end, whose last two blocks come last and by themselves.

    All of ``pieces`` is read. What is no plain tar archive (a compressed one) passes as it is.
    """
    rest, skip, readable = b"", 0, True
    async for piece in pieces:
        rest += piece
        at = min(skip, len(rest))
        skip -= at
        while readable and not skip and len(rest) - at >= 2 * BLOCK:
            if not any(rest[at : at + 2 * BLOCK]):
                if at:
                    yield rest[:at]
                async for _ in pieces:
                    pass
                yield bytes(2 * BLOCK)
                return
            size = _size(rest[at : at + BLOCK])
            readable = size is not None
            step = BLOCK + (size or 0)
            skip = max(0, at + step - len(rest))
            at = min(at + step, len(rest))
        at = at if readable else len(rest)
        if at:
            yield rest[:at]
            rest = rest[at:]
    if rest:
        yield rest


def _size(header: bytes) -> int | None:
    """Bytes of the content after a header, with its padding; None for what is not understood."""
    try:
        found = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return None
    if found.type in _WITHOUT_CONTENT:
        return 0
    if found.type == tarfile.GNUTYPE_SPARSE or found.size < 0:
        return None
    return -(-found.size // BLOCK) * BLOCK
