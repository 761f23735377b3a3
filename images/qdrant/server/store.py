"""Collections on disk: each is a folder that one shard of the engine owns."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import qdrant_edge as edge

from server.errors import Refused, not_found

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}", re.ASCII)
Result = TypeVar("Result")


class Collection:
    """One open collection. One request at a time, so that none meets a shard that is being closed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._shard: edge.EdgeShard | None = edge.EdgeShard.load(str(folder))
        self._operations = itertools.count()

    def read(self, ask: Callable[[edge.EdgeShard], Result]) -> Result:
        """What ``ask`` gets from the shard."""
        with self._lock:
            if self._shard is None:
                raise unknown(self.folder.name)
            return ask(self._shard)

    def update(self, operation: edge.UpdateOperation) -> int:
        """Change points; it is on disk when this returns. Returns the number of the operation."""

        def change(shard: edge.EdgeShard) -> int:
            shard.update(operation)
            shard.flush()
            return next(self._operations)

        return self.read(change)

    def vectors(self) -> dict[str, Any]:
        """Size and distance of the vectors, as the engine has written them down."""
        config = json.loads((self.folder / "edge_config.json").read_text(encoding="utf-8"))
        return {key: config["vectors"][""][key] for key in ("size", "distance")}

    def close(self) -> None:
        """Write everything to disk and let go of the folder; later requests find no collection."""
        with self._lock:
            if self._shard is not None:
                self._shard.flush()
                self._shard.close()
                self._shard = None


class Store:
    """All collections below a folder."""

    def __init__(self, storage: Path) -> None:
        """Open the collections that are there. What a killed process had half made or half removed goes."""
        self._folder = storage / "collections"
        self._aside = storage / "aside"
        shutil.rmtree(self._aside, ignore_errors=True)
        for folder in (self._folder, self._aside):
            folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._open = {folder.name: Collection(folder) for folder in sorted(self._folder.iterdir())}

    def names(self) -> list[str]:
        """The names of all collections."""
        with self._lock:
            return sorted(self._open)

    def get(self, name: str) -> Collection:
        """The collection of this name."""
        with self._lock:
            if name not in self._open:
                raise unknown(name)
            return self._open[name]

    def create(self, name: str, config: edge.EdgeConfig) -> None:
        """Make a collection; a folder appears under its name only when it is whole."""
        if not NAME.fullmatch(name):
            raise Refused(
                422, f"Validation error in path: {name!r} is no collection name here (letters, digits, _ . -)"
            )
        with self._lock:
            if name in self._open:
                raise Refused(409, f"Wrong input: Collection `{name}` already exists!")
            edge.EdgeShard.create(str(self._aside / name), config).close()
            (self._aside / name).rename(self._folder / name)
            self._open[name] = Collection(self._folder / name)

    def delete(self, name: str) -> bool:
        """Remove a collection; returns whether there was one."""
        with self._lock:
            collection = self._open.pop(name, None)
            if collection is None:
                return False
            collection.close()
            collection.folder.rename(self._aside / name)
            shutil.rmtree(self._aside / name)
            return True

    def close(self) -> None:
        """Close all collections."""
        with self._lock:
            for collection in self._open.values():
                collection.close()


def unknown(name: str) -> Refused:
    """The refusal for a collection that is not there."""
    return not_found(f"Collection `{name}` doesn't exist!")
