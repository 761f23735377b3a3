"""What Engines answered, recorded: see tests/data/inspect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ENGINES = ("20.10", "28.5")


def recorded(what: str, engine: str) -> Any:
    """Return a recorded answer."""
    path = Path(__file__).parents[1] / "data" / "inspect" / f"{what}-{engine}.json"
    return json.loads(path.read_text(encoding="utf-8"))
