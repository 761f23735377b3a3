"""How patient tests are with the machine that they run on."""

from __future__ import annotations

import os

PATIENCE = float(os.environ.get("DOCKER_COURSE_PATIENCE", "1"))
"""What short limits of time are multiplied by: `make machine` sets it where the processor is emulated."""
