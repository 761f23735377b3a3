"""What an image holds, whichever Engine has it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from autograder.images import labels

CLASSIC = {
    "Id": "sha256:config",
    "RootFS": {"Type": "layers", "Layers": ["sha256:one", "sha256:two"]},
    "Config": {"Cmd": ["bash"], "Env": ["PATH=/bin"], "Entrypoint": None, "User": "", "Hostname": "", "Image": "x"},
}
CONTAINERD = {
    "Id": "sha256:manifest",
    "RootFS": {"Type": "layers", "Layers": ["sha256:one", "sha256:two"]},
    "Config": {"Cmd": ["bash"], "Env": ["PATH=/bin"]},
}
"""The same image as an Engine with the containerd store inspects it: another ID, and no empty fields."""


def content(attributes: dict[str, Any]) -> str:
    """The hash of an image that is inspected so."""
    return labels.content(SimpleNamespace(attrs=attributes))  # type: ignore[arg-type]


def test_an_images_content_does_not_depend_on_the_image_store() -> None:
    """An ID does: in the containerd store it is the manifest's digest, in the classic one the configuration's."""
    assert content(CLASSIC) == content(CONTAINERD)


def test_other_layers_and_other_settings_are_another_content() -> None:
    """Each of these is another image to a container."""
    changed = [
        CLASSIC | {"RootFS": {"Layers": ["sha256:two", "sha256:one"]}},
        CLASSIC | {"Config": {**CLASSIC["Config"], "Env": ["PATH=/usr/bin"]}},
        CLASSIC | {"Config": {**CLASSIC["Config"], "User": "1000"}},
    ]
    assert len({content(CLASSIC), *map(content, changed)}) == 4
