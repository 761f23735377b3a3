#!/usr/bin/python3 -IS
"""Create an Engine's data root that uses the images of a golden store without copying their layers.

Usage: store.py GOLDEN DATA_ROOT

The small image database is copied; of each layer only the few bytes that name it, while its ``diff`` becomes a symlink
into the read-only golden store. overlay2 stacks the directories that these links lead to, so the cost does not grow
with the size of the images, and nothing inside can alter a layer.
"""

import shutil
import sys
from pathlib import Path

NAMES = ("link", "lower")
"""Files of an overlay2 layer directory: its short name, and the short names of the layers below it."""


def lay_out(golden: Path, data_root: Path) -> None:
    """Give the empty directory ``data_root`` the images of ``golden``, the data root of an Engine that has stopped."""
    shutil.copytree(golden / "image", data_root / "image")
    layers = data_root / "overlay2"
    layers.mkdir(mode=0o710)
    (layers / "l").mkdir(mode=0o700)
    for source in (golden / "overlay2").iterdir():
        if source.name == "l":
            continue
        layer = layers / source.name
        layer.mkdir(mode=0o710)
        (layer / "diff").symlink_to(source / "diff")
        for name in NAMES:
            if (source / name).exists():
                shutil.copyfile(source / name, layer / name)
        # Says that the layer will not change. The Engine writes it only when a layer gets a child, and would mount an
        # image's top layer for writing.
        (layer / "committed").touch()
        if (layer / "lower").exists():
            (layer / "work").mkdir(mode=0o700)
        (layers / "l" / (layer / "link").read_text()).symlink_to(f"../{source.name}/diff")


if __name__ == "__main__":
    lay_out(Path(sys.argv[1]), Path(sys.argv[2]))
