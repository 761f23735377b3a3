"""Check the first block of a tar archive.

The Engine unpacks an archive that is sent to a container as root, and for a compressed one it may start the container's
own program to decompress it (CVE-2026-41567). So the content has to begin with a plain tar header.
"""

from __future__ import annotations

import re

from autograder.gateway.errors import Malformed, Refused

BLOCK = 512
_COMPRESSED = re.compile(
    rb"\x1f\x8b|\x1f\x9d|BZ|\xfd7zXZ|\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18|\x5d\x00\x00|\x04\x22\x4d\x18|LZIP|PK"
)


def check(start: bytes) -> None:
    """Look at the first block of an archive, or all there is of a shorter one.

    Raises:
        Refused: it is compressed.
        Malformed: it is no tar archive.
    """
    if not start:
        return
    if _COMPRESSED.match(start):
        raise Refused("A compressed archive is refused here: send a plain tar archive.")
    block = start[:BLOCK]
    if len(block) < BLOCK or not (block == bytes(BLOCK) or _checksum_fits(block)):
        raise Malformed("The content is not a tar archive.")


def _checksum_fits(block: bytes) -> bool:
    """Whether the sum of the header's bytes is the one that it states; its own field counts as eight blanks."""
    field = block[148:156].strip(b" \0")
    if not re.fullmatch(rb"[0-7]{1,7}", field):
        return False
    return int(field, 8) == sum(block[:148]) + 8 * 0x20 + sum(block[156:])
