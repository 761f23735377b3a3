"""Log settings of a container: logs stay in the sandbox, and their size is limited."""

from __future__ import annotations

import re

from pydantic import model_validator

from autograder.gateway.errors import Malformed, Refused, short
from autograder.gateway.models.base import Body

MAX_BYTES = 64 * 2**20
"""Of one container's log. What stays within is used as it is written."""
MAX_FILES = 1000
FILE_BYTES, FILES = 8 * 2**20, 2
"""What a log that could grow larger is limited to: the Engine's own default (``sandbox/inside/daemon.json``)."""
_LOCAL_DEFAULT = (20 * 2**20, 5)
"""Of the driver local, https://docs.docker.com/engine/logging/drivers/local/"""

_OPTIONS = {
    "": frozenset[str](),
    "none": frozenset[str](),
    "json-file": frozenset(
        {
            "max-size",
            "max-file",
            "compress",
            "labels",
            "labels-regex",
            "env",
            "env-regex",
            "tag",
            "mode",
            "max-buffer-size",
        }
    ),
    "local": frozenset(
        {
            "max-size",
            "max-file",
            "compress",
            "labels",
            "labels-regex",
            "env",
            "env-regex",
            "tag",
            "mode",
            "max-buffer-size",
        }
    ),
}
_SIZE = re.compile(r"(-1|[0-9]{1,15}(?:\.[0-9]{1,9})?)(?:([kmgt])i?)?b?", re.IGNORECASE | re.ASCII)
_UNIT = {"": 0, "k": 10, "m": 20, "g": 30, "t": 40}


class LogSettings(Body):
    """Log driver and its options. A log that could grow above the limit is limited."""

    Type: str | None = None
    Config: dict[str, str] | None = None

    @model_validator(mode="after")
    def _bounded(self) -> LogSettings:
        kind, options = self.Type or "", dict(self.Config or {})
        if kind not in _OPTIONS:
            raise Refused(
                f"The log driver {short(kind)} sends output away from this machine or is not installed; "
                "use json-file, local or none."
            )
        # Without a type the Engine uses its own default, which is json-file.
        unknown = sorted(options.keys() - _OPTIONS[kind or "json-file"])
        if unknown:
            raise Refused(f"The log option {short(unknown[0])} is not available for the driver {kind or 'json-file'}.")
        if kind == "local" or (options and kind != "none"):
            self.Config = _cap(kind, options)
        return self


def _cap(kind: str, options: dict[str, str]) -> dict[str, str]:
    """Return the options as they are if files times size stays within ``MAX_BYTES``, else with what is allowed."""
    size, files = _LOCAL_DEFAULT if kind == "local" else (FILE_BYTES, FILES)
    if "max-size" in options:
        size = _bytes(options["max-size"])
    if "max-file" in options:
        if not re.fullmatch(r"[0-9]{1,9}", options["max-file"], re.ASCII):
            raise Malformed(f"The log option max-file={short(options['max-file'])} is not a number.")
        files = int(options["max-file"])
    if "max-buffer-size" in options and not 0 < _bytes(options["max-buffer-size"]) <= 2**20:
        options["max-buffer-size"] = "1m"
    if not (size > 0 and 0 < files <= MAX_FILES and size * files <= MAX_BYTES):
        size = min(size, FILE_BYTES) if size > 0 else FILE_BYTES
        options["max-size"] = str(size)
        options["max-file"] = str(max(1, min(files, MAX_FILES, FILES * FILE_BYTES // size)))
    return options


def _bytes(text: str) -> int:
    """Return a size as the Engine reads it (``10m``, ``1g``, ``-1`` for none), in bytes."""
    found = _SIZE.fullmatch(text)
    if found is None:
        raise Malformed(f"The log size {short(text)} is not a number with a unit, such as 10m.")
    return int(float(found[1]) * 2 ** _UNIT[(found[2] or "").lower()]) if found[1] != "-1" else -1
