"""Dice for set-ups: what differs from run to run."""

from __future__ import annotations

import random

from course import run


def chance(what: str) -> random.Random:
    """Return this run's dice for one purpose: the same token gives the same throws."""
    return random.Random(f"{what}-{run.token()}")  # noqa: S311  not a secret


def hidden(what: str) -> random.Random:
    """Return the dice for something that the student has to find out."""
    return random.Random(f"{what}-{run.seed()}")  # noqa: S311  nobody guesses the seed from it
