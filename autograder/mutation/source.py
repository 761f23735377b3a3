"""The text of an answer cell as Python sees it: with IPython's ``!`` and ``%`` lines out of the way."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

_MAGIC = re.compile(r"^([ \t]*)(?:([\w, \[\]()*.]+=)[ \t]*)?([!%])(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class AnswerSource:
    """A cell's text and its tree."""

    text: str
    tree: ast.Module
    commands: tuple[tuple[int, int], ...]
    """Where the commands after a ``!`` stand."""
    starts: tuple[int, ...]
    """Where each line begins, in characters."""
    encoded: tuple[bytes, ...]
    """The lines as ast counts them, in UTF-8."""

    @classmethod
    def read(cls, text: str) -> AnswerSource:
        """Parse a cell; raises SyntaxError if it is no Python."""
        commands: list[tuple[int, int]] = []

        def masked(match: re.Match[str]) -> str:
            if _inside_a_string(text, match.start()):
                return match[0]
            if match[3] == "!":
                commands.append((match.start(4), match.end(4)))
            rest = len(match[0]) - len(match[1]) - len(match[2] or "")
            # As long as before, so that all places stay.
            return match[1] + (f"{match[2]}0" if match[2] else "0;"[:2]).ljust(len(match[2] or "") + rest)

        plain = _MAGIC.sub(masked, text)
        rows = plain.split("\n")
        starts = [0]
        for row in rows:
            starts.append(starts[-1] + len(row) + 1)
        return cls(text, ast.parse(plain), tuple(commands), tuple(starts), tuple(row.encode() for row in rows))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return where a node stands in the text."""
        return self._place(node.lineno, node.col_offset), self._place(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def statement(self, node: ast.stmt) -> tuple[int, int]:
        """Return where a statement stands, to the end of its last line if it is a command."""
        start, end = self.span(node)
        inside = next(
            (to for since, to in self.commands if start <= since and self.text.find("\n", start) in (-1, to)), None
        )
        return start, inside or end

    def _place(self, row: int, column: int) -> int:
        return self.starts[row - 1] + len(self.encoded[row - 1][:column].decode())


def parses(text: str) -> bool:
    """Tell whether a cell's text can be run at all."""
    if text.startswith("%%"):
        return True
    try:
        AnswerSource.read(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _inside_a_string(text: str, place: int) -> bool:
    """Tell whether a place is inside a text in three quotes."""
    before = text[:place]
    return before.count('"""') % 2 == 1 or before.count("'''") % 2 == 1
