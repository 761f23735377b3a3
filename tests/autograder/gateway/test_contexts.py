"""The end of a build's context is found, wherever the network cuts it."""

from __future__ import annotations

import asyncio
import gzip
import io
import random
import tarfile
from collections.abc import AsyncIterator

import pytest

from autograder.gateway.contexts import unpadded

END = bytes(1024)


def archive(form: int) -> bytes:
    """A tar archive with what can mislead: content of zeros, long names, links, folders."""
    text = io.BytesIO()
    with tarfile.open(fileobj=text, mode="w", format=form) as tar:
        for name, content in {
            "Dockerfile": b"FROM scratch\n",
            "n" * (90 if form == tarfile.USTAR_FORMAT else 150): b"",
            "zeros": bytes(5000),
        }.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
        for kind in (tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.FIFOTYPE):
            entry = tarfile.TarInfo(f"kind-{kind.decode()}")
            entry.type, entry.linkname = kind, "zeros" if kind == tarfile.SYMTYPE else ""
            tar.addfile(entry)
        entry = tarfile.TarInfo("last")
        entry.size = 2048
        tar.addfile(entry, io.BytesIO(bytes(2048)))
    return text.getvalue()


def passed(content: bytes, seed: int = 1, most: int = 3000) -> list[bytes]:
    """What goes on to the Engine of a content that arrives in pieces of random lengths."""
    cuts = random.Random(seed)

    async def pieces() -> AsyncIterator[bytes]:
        at = 0
        while at < len(content):
            size = cuts.randint(1, most)
            yield content[at : at + size]
            at += size

    async def run() -> list[bytes]:
        return [piece async for piece in unpadded(pieces())]

    return asyncio.run(run())


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("seed", range(20))
def test_padding_and_what_follows_it_is_left_out(form: int, seed: int) -> None:
    """All entries pass, content of zeros too; the two blocks of zeros come last, by themselves."""
    whole = archive(form)
    *entries, end = passed(whole + b"junk" * 1000, seed, 1 + seed * 300)
    assert end == END
    sent = b"".join(entries)
    assert whole.startswith(sent + END)
    with tarfile.open(fileobj=io.BytesIO(sent + END)) as again:
        assert again.getnames()[-1] == "last"
        assert len(again.getmembers()) == 7


@pytest.mark.parametrize(
    "content",
    [b"", b"short", gzip.compress(archive(tarfile.PAX_FORMAT)), b"FROM busybox\n" * 500, bytes(600)],
    ids=["empty", "short", "compressed", "a Dockerfile", "zeros"],
)
def test_what_is_no_plain_archive_passes_as_it_is(content: bytes) -> None:
    """Compressed contexts, single Dockerfiles, garbage."""
    assert b"".join(passed(content)) == content


def test_an_archive_that_is_cut_off_passes_as_it_is() -> None:
    """The Engine says what is wrong with it."""
    content = archive(tarfile.PAX_FORMAT)[:3000]
    assert b"".join(passed(content)) == content
