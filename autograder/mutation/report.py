"""The report on a part's mutants and variants: for a terminal, as data, and docs/verdicts.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError

from autograder.lessons.exercises import CHECK
from autograder.mutation.judging import Fate, Judged, only
from autograder.mutation.notebook import Part
from autograder.mutation.results import FOLDER
from autograder.results import Facts
from autograder.submissions import load_case

ENOUGH: Final = 3
"""Wrong answers, made by different operators or by hand, that should miss a demand and no other."""
BAD: Final = (Fate.SURVIVOR, Fate.REFUSED, Fate.FAILED, Fate.OPEN)
PAGE: Final = Path("docs", "verdicts.md")


class Row(Facts):
    """The figures of an exercise."""

    exercise: str
    counts: dict[str, int]
    """By kind and outcome, such as ``mutant killed``."""
    few: dict[str, int] = Field(default_factory=dict)
    """Demands that fewer than `ENOUGH` ways of being wrong miss alone, and how many do."""


class Item(Facts):
    """A changed answer that needs attention, or was explained."""

    exercise: str
    base: str
    kind: str
    outcome: str
    operator: str
    what: str
    digest: str
    points: float
    max_points: float
    says: str
    differs: tuple[str, ...]
    reason: str
    texts: dict[str, str]


class PartReport(Facts):
    """What became of a part's changed answers."""

    part: str
    commit: str
    date: str
    minutes: float
    load: float
    """Mean of the machine's load over the last 15 minutes, at the end."""
    whole: bool
    """Whether it is about all of the part's exercises and mutants."""
    rows: tuple[Row, ...]
    items: tuple[Item, ...]

    @property
    def good(self) -> bool:
        """Whether nothing is left that has to be mended or explained."""
        return not any(item.outcome in BAD for item in self.items)

    def count(self, name: str) -> int:
        """Return how many there are of a kind and outcome, such as ``mutant killed``."""
        return sum(row.counts.get(name, 0) for row in self.rows)

    def __str__(self) -> str:
        """Return the report for a terminal."""
        lines = []
        for item in self.items:
            if item.outcome == Fate.EXPLAINED:
                continue
            lines.append(f"{item.outcome}: {item.exercise}, {item.base}, {item.operator}: {item.what} [{item.digest}]")
            lines += [f"    {text}" for text in (item.says, item.reason) if text]
            lines += [f"    differs: {', '.join(item.differs)}"] if item.differs else []
        for row in self.rows:
            lines.append(f"{self.part} {row.exercise}: " + ", ".join(f"{n} × {name}" for name, n in row.counts.items()))
            if row.few:
                lines.append(f"    missed alone in fewer than {ENOUGH} ways: {_few(row)}")
        return "\n".join(lines)


def make(part: Part, judged: Sequence[Judged], **about: Any) -> PartReport:
    """Make the report on a part."""
    names = [each.name for each in part.exercises if any(one.item.exercise == each.name for one in judged)]
    return PartReport(
        part=part.name,
        rows=tuple(_row(part, judged, name) for name in names),
        items=tuple(_item(each) for each in judged if each.outcome in (*BAD, Fate.EXPLAINED)),
        **about,
    )


def _row(part: Part, judged: Iterable[Judged], exercise: str) -> Row:
    mine = [each for each in judged if each.item.exercise == exercise]
    counts = Counter(f"{each.item.kind} {each.outcome}" for each in mine if each.item.kind != "unanswered")
    ways: dict[str, set[str]] = {demand.id: set() for demand in part.lesson.demands.get(exercise, ())}
    for demand, operator in [*only(mine, exercise), *_by_hand(part, exercise)]:
        ways.setdefault(demand, set()).add(operator)
    few = {demand: len(found) for demand, found in ways.items() if len(found) < ENOUGH}
    return Row(exercise=exercise, counts=dict(sorted(counts.items())), few=few)


def _by_hand(part: Part, exercise: str) -> Iterable[tuple[str, str]]:
    """Yield demand and case of each wrong case that misses only one demand of an exercise."""
    for path in sorted((part.root / "tests" / "submissions" / part.name).glob("*/expected.json")):
        missed = load_case(path.parent).expected.misses.get(f"{exercise}{CHECK}", [])
        if len(missed) == 1:
            yield missed[0], f"case {path.parent.name}"


def _item(judged: Judged) -> Item:
    item, result = judged.item, judged.result
    return Item(
        exercise=item.exercise,
        base=item.answer.base,
        kind=item.kind,
        outcome=str(judged.outcome),
        operator=item.operator,
        what=item.what,
        digest=item.digest,
        points=result.points if result else 0,
        max_points=result.max_points if result else 0,
        says=(result.failure or result.says or result.raised) if result else "",
        differs=judged.differs,
        reason=judged.reason,
        texts=item.texts,
    )


# -- docs/verdicts.md --------------------------------------------------------------------------------------------------


def write_page(root: Path) -> Path:
    """Write docs/verdicts.md from the last reports of all parts; return its path."""
    reports: list[PartReport] = []
    for path in sorted((root / FOLDER).glob("*.report.json")):
        try:
            reports.append(PartReport.model_validate_json(path.read_bytes()))
        except ValidationError:
            continue  # of an older version of this program
    page = root / PAGE
    page.write_text(_page(reports), encoding="utf-8")
    return page


def keep(root: Path, report: PartReport) -> None:
    """Keep a part's report for the page."""
    path = root / FOLDER / f"{report.part}.report.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")


HEAD = """\
# Verdicts, tried by mutation

`docker-course lessons mutate` writes this page: do not edit it. `make verdicts` grades all parts.

From each right answer the program makes *mutants*, which differ from it by one mistake, and *variants*, which differ by
something harmless. It grades them in sandboxes. A mutant must lose marks: it is **killed**. It does not count if its
cell fails before it makes anything (**stillborn**), or if the state at the end is the same as the right answer's
(**equivalent**). In brackets stands how many of these are equivalent for a reason that is written in
`tests/data/equivalent-mutants.json`. A **survivor** kept all marks. A variant must be **accepted**; **refused** counts
the right answers as they are, too. The last column names the demands that fewer than three kinds of mistake miss while
they miss no other, with the number of kinds; wrong cases of `tests/submissions` count.
"""
COLUMNS = (
    "part",
    "exercise",
    "killed",
    "equivalent",
    "stillborn",
    "survivors",
    "accepted",
    "refused",
    "no mark",
    "few",
)


def _page(reports: Sequence[PartReport]) -> str:
    lines = [HEAD, f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}"]
    for report in reports:
        lines += [_line(report.part, row) for row in report.rows]
        total: Counter[str] = Counter()
        for row in report.rows:
            total.update(row.counts)
        lines.append(_line(f"**{report.part}**", Row(exercise="**all**", counts=dict(total))))
    lines += ["", "| part | commit | date | minutes | load | complete |", "|---|---|---|---|---|---|"]
    for report in reports:
        complete = "yes" if report.whole else "no"
        about = (
            report.part,
            f"`{report.commit}`",
            report.date,
            f"{report.minutes:.0f}",
            f"{report.load:.1f}",
            complete,
        )
        lines.append(f"| {' | '.join(about)} |")
    listed = [(report.part, item) for report in reports for item in report.items]
    for outcome in (Fate.SURVIVOR, Fate.REFUSED, Fate.FAILED, Fate.EXPLAINED):
        found = [(part, item) for part, item in listed if item.outcome == outcome]
        if found:
            lines += ["", f"## {outcome.capitalize()}", ""]
            lines += [
                f"- {part} {item.exercise}, {item.base}: {item.operator}: `{item.what.replace('`', '’')}`"
                + (f" ({item.reason})" if item.reason else "")
                for part, item in found
            ]
    return "\n".join(lines) + "\n"


def _line(part: str, row: Row) -> str:
    def count(*names: str) -> int:
        return sum(row.counts.get(name, 0) for name in names)

    explained = count("mutant equivalent by reason")
    cells = [
        part,
        row.exercise,
        count("mutant killed"),
        f"{count('mutant equivalent') + explained} ({explained})",
        count("mutant stillborn"),
        count("mutant survivor"),
        count("variant accepted", "base accepted"),
        count("variant refused", "base refused"),
        sum(number for name, number in row.counts.items() if name.endswith((Fate.FAILED, Fate.OPEN))),
        _few(row),
    ]
    return f"| {' | '.join(map(str, cells))} |"


def _few(row: Row) -> str:
    return ", ".join(f"{demand} {number}" for demand, number in row.few.items())
