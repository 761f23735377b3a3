"""What may stop a machine."""

from __future__ import annotations


class MachineError(Exception):
    """A machine could not be made, booted or used; the text is meant for people."""
