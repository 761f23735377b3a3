"""Predict first: a guess that is written down makes the surprise stick.

    predict("layers", 4)         # before: your guess, kept in the notebook's variable ``predictions``
    predicted("layers")          # first line of the cell that measures; it stops there if you have not guessed
    compare("layers", 3)         # after: guess and measurement side by side

A wrong guess costs nothing. Once measured, the guess stays as it was.
"""

from __future__ import annotations

from html import escape
from typing import Any

from course.answers import namespace
from course.errors import CourseError, NoPrediction
from course.show import Shown

_measured: set[str] = set()


def predict(question: str, guess: Any) -> Shown:
    """Write down a guess (a number or text) for ``question``.

    Raises `CourseError` if the guess is still missing. After `compare` the first guess is kept.
    """
    if guess is ... or guess is None or not isinstance(guess, int | float | str):
        raise CourseError(f"Put your guess where the three dots are: predict({question!r}, …)")
    guesses = _guesses()
    if question in _measured and question in guesses:
        return Shown(f"You have measured already; your guess stays {guesses[question]}.")
    guesses[question] = guess
    return Shown(f"Noted: you expect {guess}. Now measure it.")


def predicted(question: str) -> Any:
    """Return the guess for ``question``; raises `NoPrediction` if there is none yet."""
    guesses = _guesses()
    if question not in guesses:
        raise NoPrediction(f"First your guess, please: run the cell with predict({question!r}, …), then this one.")
    return guesses[question]


def compare(question: str, measured: Any) -> Shown:
    """Show the guess beside what was measured."""
    guess = predicted(question)
    _measured.add(question)
    if guess == measured:
        return Shown(f"You expected {guess}, and {measured} it is.")
    text = f"You expected {guess}; measured: {measured}. The surprise is the useful part: read on for the reason."
    rows = "".join(
        f"<tr><th scope='row'>{escape(head)}</th><td>{escape(str(value))}</td></tr>"
        for head, value in (("You expected", guess), ("Measured", measured))
    )
    return Shown(text, f"<table>{rows}</table><p>The surprise is the useful part: read on for the reason.</p>")


def forget() -> None:
    """Drop all guesses: a new run begins."""
    _guesses().clear()
    _measured.clear()


def _guesses() -> dict[str, Any]:
    guesses = namespace().setdefault("predictions", {})
    if not isinstance(guesses, dict):
        raise CourseError("The variable predictions belongs to the course. Run reset() to get it back.")
    return guesses
