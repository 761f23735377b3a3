"""Mutants: answers that differ from a right one by one mistake."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from autograder.mutation import python, recipes, shell
from autograder.mutation.edits import Edit
from autograder.mutation.source import parses


@dataclass(frozen=True)
class RightAnswer:
    """A right answer to an exercise."""

    exercise: str
    base: str
    """Whose it is: ``model``, or the name of a case."""
    texts: dict[str, str] = field(default_factory=dict)
    """The text of each answer cell, by ``grade_id``."""


@dataclass(frozen=True)
class Changed:
    """An answer that was changed: a mutant, which has to lose marks, or a variant, which must not."""

    answer: RightAnswer
    kind: str
    """``mutant`` or ``variant``; ``base`` is the answer as it is, ``unanswered`` the cells as they are handed out."""
    operator: str
    what: str
    """What was changed, in one line."""
    texts: dict[str, str] = field(default_factory=dict)
    """The text of each cell."""

    @property
    def exercise(self) -> str:
        """The exercise that it answers."""
        return self.answer.exercise

    @property
    def digest(self) -> str:
        """What tells it from all others of its exercise."""
        text = "\0".join(f"{name}\0{text}" for name, text in sorted(self.texts.items()))
        return hashlib.sha256(f"{self.kind}\0{self.exercise}\0{text}".encode()).hexdigest()[:16]


def edits(text: str, given: Collection[str] = ()) -> Iterator[Edit]:
    """Yield the changes of the text of an answer cell; ``given`` are variables of the set-up."""
    head, newline, rest = text.partition("\n")
    words = head.split()
    if words[:1] == ["%%bash"] or words[:1] == ["%%sh"]:
        found = _script(rest, given)
    elif words[:1] == ["%%writefile"]:
        found = recipes.dockerfile(rest) if recipes.is_dockerfile(rest) else recipes.yaml(rest)
    else:
        yield from python.answer(text, given)
        return
    for edit in found:
        yield edit.moved(len(head) + len(newline))


def _script(text: str, given: Collection[str]) -> Iterator[Edit]:
    yield from shell.script(text)
    for name in given:
        for match in re.finditer(rf"\$(?:{name}\b|\{{{name}\}})", text):
            yield Edit("another given value", *match.span(), f"${{{name}}}1", f"{name} becomes another value")
    for start, end in shell.heredocs(text):
        file = text[start:end]
        for edit in recipes.dockerfile(file) if recipes.is_dockerfile(file) else recipes.yaml(file):
            yield edit.moved(start)


def mutants(
    answer: RightAnswer, regions: dict[str, tuple[int, int]] | None = None, given: Collection[str] = ()
) -> list[Changed]:
    """Return the mutants of an answer, in an order that stays the same, none twice.

    Args:
        answer: a right one.
        regions: of each cell, the part of the text that is the student's; all of it if nothing is said.
        given: variables that the set-up defines.
    """
    found: dict[str, Changed] = {}
    for cell, text in answer.texts.items():
        start, end = (regions or {}).get(cell, (0, len(text)))
        for edit in edits(text, given):
            if edit.start < start or edit.end > end:
                continue
            put = edit.of(text)
            if put.split() == text.split() or not parses(put):
                continue
            mutant = Changed(answer, "mutant", edit.operator, edit.what, {**answer.texts, cell: put})
            found.setdefault(mutant.digest, mutant)
    return list(found.values())


def sample(items: Sequence[Changed], limit: int, seed: str) -> list[Changed]:
    """Return ``limit`` of the items in their order: others for another seed, and as many of each exercise as can be."""
    by_exercise: dict[str, list[Changed]] = {}
    for item in items:
        by_exercise.setdefault(item.exercise, []).append(item)
    chance = random.Random(seed)  # noqa: S311 - nothing is to be kept secret
    for group in by_exercise.values():
        chance.shuffle(group)
    chosen: set[str] = set()
    while len(chosen) < min(limit, len(items)):
        for group in by_exercise.values():
            if group and len(chosen) < limit:
                chosen.add(group.pop().digest)
    return [item for item in items if item.digest in chosen]
