"""The layers of an image are read from the archive that ``docker save`` writes."""

from __future__ import annotations

import io
import tarfile
from types import SimpleNamespace
from typing import Any

from course.facts.layer_files import changed_at


def _archive(*members: tuple[str, bytes, int]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content, changed in members:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), changed
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def test_the_dates_of_hidden_files_are_seen_too() -> None:
    """Each layer is looked into by itself; the archive's own entries and descriptions do not count."""
    below, above = _archive(("bin/greet", b"x", 100)), _archive(("bin/.wh.greet", b"", 200), ("bin/new", b"y", 300))
    saved = _archive(("a/layer.tar", below, 1), ("b/layer.tar", above, 2), ("manifest.json", b"[{}]", 3))
    client: Any = SimpleNamespace(api=SimpleNamespace(get_image=lambda _: iter([saved])))
    assert changed_at(client, "app") == {100, 200, 300}
