"""Set-ups of Part 7, one broken thing for each exercise.

`part7_start`, `part7_files`, `part7_network`, `part7_way_out` and `part7_weight`.
"""

from __future__ import annotations

from course.setups.part7_files import hire_scribe, start_press
from course.setups.part7_network import cut_wire
from course.setups.part7_start import open_market, take_port
from course.setups.part7_way_out import address_name, send_couriers
from course.setups.part7_weight import edit_app, fill_attic, old_image, open_bakery, volumes

__all__ = [
    "address_name",
    "cut_wire",
    "edit_app",
    "fill_attic",
    "hire_scribe",
    "old_image",
    "open_bakery",
    "open_market",
    "send_couriers",
    "start_press",
    "take_port",
    "volumes",
]
