"""Set-ups of Part 7, one broken thing for each exercise: `part7_faults` and `part7_weight`."""

from __future__ import annotations

from course.setups.part7_faults import cut_wire, hire_scribe, open_market, take_port
from course.setups.part7_weight import edit_app, fill_attic, old_image, open_bakery, volumes

__all__ = [
    "cut_wire",
    "edit_app",
    "fill_attic",
    "hire_scribe",
    "old_image",
    "open_bakery",
    "open_market",
    "take_port",
    "volumes",
]
