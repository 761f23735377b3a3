"""What an examination found: one line for one thing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """How one thing stands; the value is what is printed."""

    OK = "✓"
    FAILED = "✗"
    """Has to be repaired: some exercise cannot be done."""
    ADVICE = "!"
    """Works; to know, or better repaired soon."""
    UNKNOWN = "–"
    """Could not be looked at, because of something else that failed."""


@dataclass(frozen=True)
class Diagnosis:
    """One thing that was looked at."""

    about: str
    mark: Mark
    found: str
    repair: str = ""


def ok(about: str, found: str) -> Diagnosis:
    """All is well."""
    return Diagnosis(about, Mark.OK, found)


def failed(about: str, found: str, repair: str) -> Diagnosis:
    """Something has to be repaired."""
    return Diagnosis(about, Mark.FAILED, found, repair)


def advice(about: str, found: str, repair: str) -> Diagnosis:
    """Return a finding that it works, and could be better."""
    return Diagnosis(about, Mark.ADVICE, found, repair)


def unknown(about: str, because: str) -> Diagnosis:
    """Return a finding that it was not looked at."""
    return Diagnosis(about, Mark.UNKNOWN, f"not looked at: {because}")
