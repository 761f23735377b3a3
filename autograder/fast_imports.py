"""Spare a process the slowest import below nbformat."""

from __future__ import annotations

import sys


def skip_iri_parser() -> None:
    """Keep jsonschema from building its parser of IRIs, which takes a second at its import; notebooks hold none."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
