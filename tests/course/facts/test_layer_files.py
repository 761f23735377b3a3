"""The layers of an image are read from the archive that ``docker save`` writes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from archives import packed

from course.facts.layer_files import LayerFile, find


def test_what_a_later_layer_hides_is_found_too() -> None:
    """Each layer is looked into by itself; the archive's own entries and descriptions do not count."""
    below, above = packed({"bin/greet": b"x"}), packed({"bin/.wh.greet": b"", "bin/new": b"x"})
    index = b'[{"Layers": ["a/layer.tar", "b/layer.tar"]}]'
    saved = packed({"a/layer.tar": below, "b/layer.tar": above, "x": b"x", "manifest.json": index})
    client: Any = SimpleNamespace(api=SimpleNamespace(get_image=lambda _: iter([saved])))
    found = find(client, "app", lambda _, read: read() == b"x")
    assert found == (LayerFile(0, "bin/greet"), LayerFile(1, "bin/new"))
