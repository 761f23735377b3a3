"""What became of each changed answer, kept in a file of JSON lines so that a run can go on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from autograder.mutation import surroundings
from autograder.mutation.mutants import Changed
from autograder.mutation.notebook import NOTE, STATE, Part
from autograder.results import Execution, Facts, Verdict

FOLDER = Path("build", "verdicts")


class Graded(Facts):
    """One changed answer, and what it got."""

    key: str
    exercise: str
    base: str
    kind: Literal["base", "unanswered", "mutant", "variant"]
    operator: str
    what: str
    digest: str
    """Of the text (`Changed.digest`)."""
    alone: bool
    """Whether no other exercise was in its notebook."""
    points: float
    max_points: float
    missed: tuple[str, ...] = ()
    """The demands for which the check reports a failure."""
    says: str = ""
    """What it says about them."""
    raised: str = ""
    """What the answer's cells raised, or why they were stopped."""
    state: dict[str, str] = Field(default_factory=dict)
    """Digests of what the answer changed, by object."""
    failure: str = ""
    """Why there is no mark: the check failed, or the submission broke."""
    broke: bool = False
    """Whether the submission broke, and this is the exercise in which it did."""

    @property
    def full(self) -> bool:
        """Whether it kept all marks."""
        return not self.failure and self.points == self.max_points


def key(part: Part, item: Changed, alone: bool) -> str:
    """Return what a result is kept under: it changes with the exercise, its check, and the answer."""
    return f"{item.digest}-{surroundings.digest(part, item.exercise)}{'-alone' if alone else ''}"


class Store:
    """The results of a part: what is there is not graded again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[str, Graded] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                try:
                    result = Graded.model_validate_json(line)
                except ValidationError:
                    continue  # a line that was cut, or an older form
                self._found[result.key] = result

    def get(self, key: str) -> Graded | None:
        """Return a result; None if it is not there."""
        return self._found.get(key)

    def add(self, results: Iterable[Graded]) -> None:
        """Keep results, in the file as well."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            for result in results:
                self._found[result.key] = result
                file.write(result.model_dump_json() + "\n")


def read(part: Part, items: Iterable[Changed], execution: Execution) -> list[Graded]:
    """Return what an execution says about the items of its notebook; nothing about those that were not reached."""
    items = list(items)
    alone = len(items) == 1
    cells = {cell.grade_id: cell for cell in execution.cells}
    order = [each.name for each in part.exercises]
    found: list[Graded] = []
    for item in sorted(items, key=lambda each: order.index(each.exercise)):
        check, state = cells.get(f"{item.exercise}-check"), cells.get(f"{item.exercise}{STATE}")
        note = cells.get(f"{item.exercise}{NOTE}")
        broke = check is not None and not check.reached
        failure = execution.reason if check is None or broke else check.failure
        if state is not None and state.failure:
            failure = failure or f"the state could not be read: {state.failure}"
        missed = [finding for finding in check.findings if not finding.passed] if check else []
        found.append(
            Graded(
                key=key(part, item, alone),
                exercise=item.exercise,
                base=item.answer.base,
                kind=item.kind,  # type: ignore[arg-type]
                operator=item.operator,
                what=item.what,
                digest=item.digest,
                alone=alone,
                points=check.points if check else 0,
                max_points=part.points(item.exercise),
                missed=tuple(dict.fromkeys(finding.demand for finding in missed if finding.demand)),
                says=" ".join(finding.message for finding in missed)[:600],
                raised=_raised(execution, set(item.texts)),
                state=_state(state.findings[0].message if state and state.findings else ""),
                failure=failure[:600],
                broke=broke,
            )
        )
        if broke:
            # It broke in here, or, if not even the first note was written, between here and the check before.
            reached = note is not None and note.reached
            return found if reached or alone or execution.verdict is not Verdict.SUBMISSION_BROKE else found[:-1]
        if check is None:
            return found if alone else []
    return found


def _state(text: str) -> dict[str, str]:
    return dict(json.loads(text)) if text else {}


def _raised(execution: Execution, names: set[str]) -> str:
    for cell in execution.notebook.get("cells", ()):
        if cell.get("metadata", {}).get("nbgrader", {}).get("grade_id") in names:
            for output in cell.get("outputs", ()):
                if output["output_type"] == "error":
                    return f"{output['ename']}: {output['evalue']}"[:300]
    return ""
