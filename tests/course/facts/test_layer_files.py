"""The layers of an image are read from the archive that ``docker save`` writes."""

from __future__ import annotations

import io
import tarfile
from types import SimpleNamespace
from typing import Any

from course.facts.layer_files import LayerFile, find


def _archive(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def test_what_a_later_layer_hides_is_found_too() -> None:
    """Each layer is looked into by itself; the archive's own entries and descriptions do not count."""
    below, above = _archive(**{"bin/greet": b"x"}), _archive(**{"bin/.wh.greet": b"", "bin/new": b"x"})
    index = b'[{"Layers": ["a/layer.tar", "b/layer.tar"]}]'
    saved = _archive(**{"a/layer.tar": below, "b/layer.tar": above, "x": b"x", "manifest.json": index})
    client: Any = SimpleNamespace(api=SimpleNamespace(get_image=lambda _: iter([saved])))
    found = find(client, "app", lambda _, read: read() == b"x")
    assert found == (LayerFile(0, "bin/greet"), LayerFile(1, "bin/new"))
