"""Convert terminal text to HTML: keep colours, drop all other control sequences.

nbconvert's ``ansi2html`` copies the rest of the text at each sequence, and the numbers of a sequence at each number;
nbconvert's treatment of carriage returns looks through a line again from each of its characters. Here each character
is looked at a fixed number of times.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

SEQUENCE = re.compile(
    r"\x1b\[([0-?]*+)[ -/]*+([@-~])"  # control sequences, ECMA-48 section 5.4
    r"|\x1b[\]PX^_][^\x07\x1b]*+(?:\x07|\x1b\\)?"  # strings for the terminal, such as its title; section 5.6
    r"|\x1b[ -/]*+[0-~]?"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
MAX_NUMBERS = 32
"""Numbers of one colour sequence; more say nothing that fewer could not."""

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
RESET = (None, None, frozenset[str]())
Style = tuple[str | None, str | None, frozenset[str]]
"""Foreground and background (the name of a colour or "rgb(…)"), and what else is on."""


def strip(text: str) -> str:
    """Return ``text`` without any sequence."""
    return SEQUENCE.sub("", overwrite(text))


def tidy(text: str) -> str:
    """Return ``text`` with colour sequences only, and lines as they look at the end."""
    return SEQUENCE.sub(lambda found: found[0] if _is_colour(found) else "", overwrite(text))


def overwrite(text: str) -> str:
    """Keep of each line what stands after its last carriage return, as a progress bar's last state."""
    if "\r" not in text:
        return text
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))


def colours(text: str) -> int:
    """Return how many colour sequences there are."""
    return sum(1 for found in SEQUENCE.finditer(text) if _is_colour(found))


def to_html(text: str) -> str:
    """Return ``text`` as HTML; the classes of coloured pieces are nbconvert's (``ansi-red-fg``, ``ansi-bold``)."""
    return "".join(
        piece if style == RESET else f"<span{_attributes(style)}>{piece}</span>" for piece, style in _pieces(text)
    )


def _pieces(text: str) -> Iterator[tuple[str, Style]]:
    style: Style = RESET
    at = 0
    text = overwrite(text)
    for found in SEQUENCE.finditer(text):
        if found.start() > at:
            yield html.escape(text[at : found.start()]), style
        at = found.end()
        if _is_colour(found):
            style = _changed(style, [int(number or 0) for number in found[1].split(";")])
    if at < len(text):
        yield html.escape(text[at:]), style


def _is_colour(found: re.Match[str]) -> bool:
    """Whether this is "Select Graphic Rendition" with numbers that can be meant (ECMA-48, section 8.3.117)."""
    return (
        found[2] == "m"
        and len(found[1]) < 4 * MAX_NUMBERS
        and found[1].count(";") < MAX_NUMBERS
        and found[1].isascii()
        and found[1].replace(";", "0").isdigit()
    ) or found[0] == "\x1b[m"


def _changed(style: Style, numbers: list[int]) -> Style:
    foreground, background, more = style
    rest = iter(numbers)
    for number in rest:
        if number == 0:
            foreground, background, more = RESET
        elif number in (1, 5):
            more |= {"bold"}
        elif number == 4:
            more |= {"underline"}
        elif number == 7:
            more |= {"inverse"}
        elif number in (21, 22):
            more -= {"bold"}
        elif number in (24, 27):
            more -= {"underline" if number == 24 else "inverse"}
        elif number in (38, 48):
            colour = _extended(rest)
            foreground, background = (colour, background) if number == 38 else (foreground, colour)
        elif 30 <= number <= 37 or number == 39:
            foreground = None if number == 39 else NAMES[number - 30]
        elif 40 <= number <= 47 or number == 49:
            background = None if number == 49 else NAMES[number - 40]
        elif 90 <= number <= 97:
            foreground = f"{NAMES[number - 90]}-intense"
        elif 100 <= number <= 107:
            background = f"{NAMES[number - 100]}-intense"
    return foreground, background, more


def _extended(rest: Iterator[int]) -> str | None:
    """Return the colour that follows 38 or 48: ``2;r;g;b``, or ``5;n`` of xterm's table of 256."""
    kind = next(rest, 0)
    if kind == 2:
        parts = [next(rest, 256) for _ in range(3)]
        return f"rgb({','.join(map(str, parts))})" if max(parts) < 256 else None
    number = next(rest, 256) if kind == 5 else 256
    if number < 16:
        return NAMES[number % 8] + ("-intense" if number > 7 else "")
    if number < 232:
        levels = [0, 95, 135, 175, 215, 255]
        cube = number - 16
        return f"rgb({levels[cube // 36]},{levels[cube // 6 % 6]},{levels[cube % 6]})"
    grey = 8 + 10 * (number - 232)
    return f"rgb({grey},{grey},{grey})" if number < 256 else None


def _attributes(style: Style) -> str:
    foreground, background, more = style
    if "bold" in more and foreground in NAMES:
        foreground = f"{foreground}-intense"
    if "inverse" in more:
        foreground, background = background or "default-inverse", foreground or "default-inverse"
    classes, styles = [], []
    for colour, suffix, rule in ((foreground, "fg", "color"), (background, "bg", "background-color")):
        if colour and colour.startswith("rgb"):
            styles.append(f"{rule}: {colour}")
        elif colour:
            classes.append(f"ansi-{colour}-{suffix}")
    classes += [f"ansi-{name}" for name in ("bold", "underline") if name in more]
    return (f' class="{" ".join(classes)}"' if classes else "") + (f' style="{"; ".join(styles)}"' if styles else "")
