"""Run a program with a time limit, and read the version that it prints."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import Final

TIMEOUT: Final = 10.0
"""How long a command may take."""


@dataclass(frozen=True)
class Said:
    """What a command said, and whether it succeeded."""

    succeeded: bool
    output: str
    errors: str = ""
    missing: bool = False
    """There is no such program."""

    @property
    def lines(self) -> list[str]:
        """What it said when it failed, line by line; at least one."""
        lines = [line.strip() for line in (self.errors or self.output).splitlines() if line.strip()]
        return lines or ["it says nothing"]


def say(*command: str, seconds: float = TIMEOUT) -> Said:
    """Run a command with a time limit; never raises for what it does."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        return Said(False, "", "no such program", missing=True)
    except subprocess.TimeoutExpired:
        return Said(False, "", f"no answer within {seconds:g} s")
    except OSError as error:
        return Said(False, "", error.strerror or str(error))
    return Said(done.returncode == 0, done.stdout.strip(), done.stderr.strip())


def numbers(text: str) -> tuple[int, ...]:
    """Return the first version number in a text, such as (2, 40, 3); empty if there is none."""
    found = re.search(r"\d+(\.\d+)+", text)
    return tuple(map(int, found.group().split("."))) if found else ()
