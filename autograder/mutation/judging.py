"""What a result means: is a mutant killed, equivalent, stillborn, or does it survive; is a variant accepted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from autograder.errors import BadInput
from autograder.mutation.mutants import Changed
from autograder.mutation.notebook import Part
from autograder.mutation.results import Graded, Store, key
from autograder.mutation.surroundings import uses_history
from autograder.results import Facts

EXPLAINED: Final = Path("tests", "data", "equivalent-mutants.json")
MAX_EXPLAINED: Final = 0.05
"""The part of a part's mutants that may be called equivalent by a written reason."""
HISTORY: Final = "history of "
"""How the keys of a state begin that tell what happened, and not what is there."""


class Fate(StrEnum):
    """What became of a changed answer."""

    KILLED = "killed"
    """A mutant that lost marks."""
    EQUIVALENT = "equivalent"
    """It did the same as the right answer: the state is the same."""
    EXPLAINED = "equivalent by reason"
    STILLBORN = "stillborn"
    """Its cell failed and nothing was made, or its kernel ended: it says nothing about the check."""
    SURVIVOR = "survivor"
    """It kept all marks, and did not do the same: a false verdict, or to be explained."""
    ACCEPTED = "accepted"
    """A variant, or the right answer itself, that kept all marks."""
    REFUSED = "refused"
    """A variant, or the right answer itself, that lost marks."""
    FAILED = "check failed"
    """There is no mark."""
    OPEN = "not graded"


class Explained(Facts):
    """A mutant that is right as well, for a reason."""

    exercise: str
    operator: str
    what: str
    """The mutant's description, or its digest."""
    reason: str

    def fits(self, item: Changed) -> bool:
        """Tell whether this is about a mutant."""
        return (self.exercise, self.operator) == (item.exercise, item.operator) and self.what in (
            item.what,
            item.digest,
        )


@dataclass(frozen=True)
class Judged:
    """A changed answer and what became of it."""

    item: Changed
    outcome: Fate
    result: Graded | None = None
    differs: tuple[str, ...] = ()
    """The objects whose state is not that of the right answer."""
    reason: str = ""


class Judge:
    """Judges the results of a part."""

    def __init__(self, part: Part, store: Store, explained: Iterable[Explained] = ()) -> None:
        self._part, self._store, self._explained = part, store, tuple(explained)

    def result(self, item: Changed) -> Graded | None:
        """Return what is known: if it was graded alone, that."""
        return self._store.get(key(self._part, item, True)) or self._store.get(key(self._part, item, False))

    def judge(self, item: Changed) -> Judged:
        """Judge one."""
        found = self.result(item)
        if found is None:
            return Judged(item, Fate.OPEN)
        if found.broke and item.kind == "mutant":
            return Judged(item, Fate.STILLBORN, found)
        if found.failure:
            return Judged(item, Fate.FAILED, found)
        if item.kind == "unanswered":
            return Judged(item, Fate.SURVIVOR if found.full else Fate.ACCEPTED, found)
        if item.kind != "mutant":
            return Judged(item, Fate.ACCEPTED if found.full else Fate.REFUSED, found)
        if not found.full:
            unanswered = self._state(self._part.unanswered(item.exercise), found.alone)
            dead = bool(found.raised) and unanswered == self._counted(item, found.state)
            return Judged(item, Fate.STILLBORN if dead else Fate.KILLED, found)
        return self._kept_all(item, found)

    def _kept_all(self, item: Changed, found: Graded) -> Judged:
        unsteady = self._unsteady(base_of(item))
        base = self._state(base_of(item), found.alone)
        right = {name: digest for name, digest in (base or {}).items() if name not in unsteady}
        mine = {name: digest for name, digest in self._counted(item, found.state).items() if name not in unsteady}
        if base is not None and right == mine:
            return Judged(item, Fate.EQUIVALENT, found)
        differs = tuple(sorted(name for name in mine.keys() | right.keys() if mine.get(name) != right.get(name)))
        for each in self._explained:
            if each.fits(item):
                return Judged(item, Fate.EXPLAINED, found, differs, each.reason)
        return Judged(item, Fate.SURVIVOR, found, differs)

    def _unsteady(self, base: Changed) -> set[str]:
        """Return the objects whose state differs when the right answer is given twice, as a log that grows does."""
        one, other = (self._store.get(key(self._part, base, alone)) for alone in (True, False))
        if one is None or other is None:
            return set()
        return {name for name in one.state.keys() | other.state.keys() if one.state.get(name) != other.state.get(name)}

    def _state(self, item: Changed, alone: bool) -> dict[str, str] | None:
        found = self._store.get(key(self._part, item, alone)) or self.result(item)
        return None if found is None or found.failure else self._counted(item, found.state)

    def _counted(self, item: Changed, state: dict[str, str]) -> dict[str, str]:
        """Return what counts of a state: what happened only does where the check asks for it."""
        history = uses_history(self._part, item.exercise)
        return {name: digest for name, digest in state.items() if history or not name.startswith(HISTORY)}


def base_of(item: Changed) -> Changed:
    """Return the right answer that an item is made from, as an item of its own."""
    return Changed(item.answer, "base", "", "as it is", item.answer.texts)


def read_explained(root: Path) -> list[Explained]:
    """Read which mutants are equivalent for a written reason."""
    path = root / EXPLAINED
    if not path.exists():
        return []
    return TypeAdapter(list[Explained]).validate_python(json.loads(path.read_text(encoding="utf-8")))


def hold_to_limit(judged: Iterable[Judged]) -> None:
    """Raise BadInput if more mutants of a part are explained away than `MAX_EXPLAINED`."""
    mutants = [each for each in judged if each.item.kind == "mutant"]
    explained = sum(each.outcome is Fate.EXPLAINED for each in mutants)
    most = int(MAX_EXPLAINED * len(mutants))
    if explained > most:
        raise BadInput(
            f"{EXPLAINED} calls {explained} of {len(mutants)} mutants equivalent; "
            f"at most {most} may be ({MAX_EXPLAINED:.0%}). Mend the checks, or have the operators make fewer."
        )


def only(judged: Iterable[Judged], exercise: str) -> Iterator[tuple[str, str]]:
    """Yield demand and operator of each killed mutant of an exercise that misses only one demand."""
    for each in judged:
        missed = each.result.missed if each.result and each.outcome is Fate.KILLED else ()
        if each.item.exercise == exercise and len(missed) == 1:
            yield missed[0], each.item.operator
