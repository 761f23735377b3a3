"""Log settings of a container: logs stay in the sandbox, and their size is limited."""

from __future__ import annotations

import re

from pydantic import model_validator

from autograder.gateway.errors import Malformed, Refused, short
from autograder.gateway.models.base import Body

MAX_FILE_BYTES = 8 * 2**20
MAX_FILES = 10
MAX_BYTES = 16 * 2**20
"""Of one container's log, whatever is asked for; the Engine's own default is the same."""

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
_SIZE = re.compile(r"(-1|[0-9]{1,15})(?:([kmgt])i?)?b?", re.IGNORECASE | re.ASCII)
_UNIT = {"": 0, "k": 10, "m": 20, "g": 30, "t": 40}


class LogSettings(Body):
    """Log driver and its options. Sizes above the limit become the limit."""

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
            self.Config = _cap(options)
        return self


def _cap(options: dict[str, str]) -> dict[str, str]:
    """Return the options with their sizes bounded: files times size stays within ``MAX_BYTES``."""
    size = _bytes(options.get("max-size", str(MAX_FILE_BYTES)))
    size = min(size if size > 0 else MAX_FILE_BYTES, MAX_FILE_BYTES)
    files_text = options.get("max-file", "2")
    if not re.fullmatch(r"[0-9]{1,9}", files_text, re.ASCII):
        raise Malformed(f"The log option max-file={short(files_text)} is not a number.")
    files = max(1, min(int(files_text), MAX_FILES, MAX_BYTES // size))
    if "max-buffer-size" in options and not 0 < _bytes(options["max-buffer-size"]) <= 2**20:
        options["max-buffer-size"] = "1m"
    if str(size) != str(_bytes(options.get("max-size", "-1"))):
        options["max-size"] = str(size)
    if files_text != str(files) or "max-file" not in options:
        options["max-file"] = str(files)
    return options


def _bytes(text: str) -> int:
    """Return a size as the Engine reads it (``10m``, ``1g``, ``-1`` for none), in bytes."""
    found = _SIZE.fullmatch(text)
    if found is None:
        raise Malformed(f"The log size {short(text)} is not a number with a unit, such as 10m.")
    return int(found[1]) << _UNIT[(found[2] or "").lower()] if found[1] != "-1" else -1
