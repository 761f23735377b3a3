"""Build notebooks from a lesson's text.

    lessons/part1.md ──► source/part1/part1.ipynb ──► release/part1/part1.ipynb      (committed)
                    │                            └──► build/solution/part1/part1.ipynb  (if asked for)
                    └──► course/demands/part1.json                                   (committed)
    all lessons ──► docs/glossary.md, the table in README.md                         (committed)

The text is MyST Markdown, read by jupytext; the student's version is made by nbgrader's own ``generate_assignment``.
The same text always gives the same bytes, so `check` can tell whether the committed notebooks are in step.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from autograder.errors import AutograderError, BadInput
from autograder.lessons import demands, overview, terms
from autograder.lessons.demands import Declared
from autograder.lessons.exercises import CHECK, Exercise, find, parts, titles, with_numbers
from autograder.lessons.minutes import with_minutes

SHELL_CELL: Final = "%%bash"
"""The first word of a shell cell."""
FILE_CELL: Final = "%%writefile"
"""The first word of a cell that writes a file."""
STUBS: Final = {"python": "# Your lines go here, in place of `pass`.\npass", "bash": "# Your lines go here."}
"""What stands in the student's version where the solution was, by the cell's language. It does nothing, so that the
check can speak."""

KERNELSPEC: Final = {"name": "docker-course", "display_name": "Docker Fundamentals", "language": "python"}

_SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION\n", re.MULTILINE | re.DOTALL)
_CELL: Final = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}


def build(root: Path, wanted: list[str] | None = None, *, answers: bool = False) -> list[Path]:
    """Write the notebooks of all parts, or of those in ``wanted``, below ``root``; return the files that changed.

    With ``answers``, notebooks with the model answers are written into ``build/solution``, too.
    """
    changed = []
    for path, text in _notebooks(root, wanted, answers=answers):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def check(root: Path, wanted: list[str] | None = None) -> list[Path]:
    """Return the committed notebooks that are not what their text gives; nothing is written."""
    stale = []
    for path, text in _notebooks(root, wanted):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
    return stale


@dataclass(frozen=True)
class Lesson:
    """A lesson as its text has it."""

    notebook: Any
    """The instructor's notebook (nbformat 4.5)."""
    builds_on: dict[str, list[str]] = field(default_factory=dict)
    """By exercise: the earlier ones of the part that have to be done before it. It is no part of the notebook."""
    demands: dict[str, list[Declared]] = field(default_factory=dict)
    """By exercise: what it demands."""
    titles: dict[str, str] = field(default_factory=dict)
    """By exercise: what its heading says after the number."""

    def points(self, exercise: str) -> float:
        """Return what an exercise is worth."""
        cell = next(cell for cell in self.notebook.cells if _grade_id(cell) == f"{exercise}{CHECK}")
        return float(cell.metadata.nbgrader.points)


def read(text: str, exercises: Sequence[Exercise] = ()) -> Any:
    """Return the instructor's notebook that a lesson's text gives; see `parse`."""
    return parse(text, exercises).notebook


def parse(text: str, exercises: Sequence[Exercise] = ()) -> Lesson:
    """Read a lesson's text; ``exercises`` are those of the whole course, for their numbers.

    Raises:
        BadInput: if two cells have one ``grade_id``, a grade cell has no points, its demands cannot be read, or an
            exercise is unknown.
    """
    import jupytext
    import nbformat

    notebook = jupytext.reads(terms.marked(with_numbers(with_minutes(text), exercises)), fmt="md:myst")
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNELSPEC, "language_info": {"name": "python"}})
    ids: set[str] = set()
    lesson = Lesson(notebook, titles=titles(text))
    for cell in notebook.cells:
        settings, before = cell.metadata.pop("nbgrader", None), cell.metadata.pop("builds_on", None)
        declared = cell.metadata.pop("demands", None)
        if settings is not None:
            cell.metadata["nbgrader"] = nbformat.from_dict(_complete(settings, cell.cell_type))
        if before is not None:
            lesson.builds_on[_exercise(cell)] = [before] if isinstance(before, str) else list(before)
        if declared is not None:
            lesson.demands[_exercise(cell)] = demands.read(_exercise(cell), declared)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = demands.ROLE.sub(lambda role: _list_of(lesson, role[1]), cell.source)
        cell["id"] = _cell_id(cell, ids)
        ids.add(cell["id"])
    nbformat.validate(notebook)
    return lesson


def release(notebook: Any, name: str) -> Any:
    """Return the student's version: what nbgrader's ``generate_assignment`` makes of an instructor's notebook.

    Raises `AutograderError` with nbgrader's own words if it refuses the notebook.
    """
    import nbformat
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from autograder.lessons.stubs import configure

    with tempfile.TemporaryDirectory(prefix="docker-course-lessons-") as directory:
        root = Path(directory)
        config = Config()
        config.CourseDirectory.root = str(root)
        config.CourseDirectory.assignment_id = name
        configure(config)
        # The gradebook learns of an assignment when it is graded or released, not when its text is built.
        config.SaveCells.enabled = False
        config.GenerateAssignment.no_database = True
        source = root / "source" / name / f"{name}.ipynb"
        source.parent.mkdir(parents=True)
        nbformat.write(notebook, source)
        try:
            GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
        except (Exception, SystemExit) as error:
            raise AutograderError(f"nbgrader makes no release of {name}: {error}") from error
        return nbformat.read(root / "release" / name / f"{name}.ipynb", as_version=4)


def language(source: str) -> str:
    """Return the language of a cell's comments: those of a file that a cell writes begin as in a shell."""
    return "bash" if source.split()[:1] in ([SHELL_CELL], [FILE_CELL]) else "python"


def unsolved(source: str) -> str:
    """Return the text of an answer cell as nbgrader hands it out: the stub in place of the solution."""
    stub = STUBS[language(source)]
    return _SOLUTION.sub(lambda found: "".join(f"{found[1]}{line}\n" for line in stub.splitlines()), source + "\n")[:-1]


def solution(notebook: Any) -> Any:
    """Return the version with the solutions and without the hidden tests, to be handed out after the course."""
    from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme

    copy = _copy(notebook)
    for preprocessor in (ClearHiddenTests(), ClearMarkScheme()):
        copy, _ = preprocessor.preprocess(copy, {})
    return copy


def _notebooks(root: Path, wanted: list[str] | None, *, answers: bool = False) -> Iterator[tuple[Path, str]]:
    known = parts(root)
    exercises = find(root)
    texts = {part: (root / "lessons" / f"{part}.md").read_text(encoding="utf-8") for part in known}
    points = {}
    for part in wanted or known:
        if part not in known:
            raise BadInput(f"There is no text for {part!r}; there is one for: {', '.join(known) or 'none'}.")
        lesson = parse(texts[part], exercises)
        points[part] = sum(float(cell.metadata.get("nbgrader", {}).get("points", 0)) for cell in lesson.notebook.cells)
        notebook = lesson.notebook
        if lesson.demands:
            yield root / "course" / "demands" / f"{part}.json", _demands(lesson)
        file = f"{part}/{part}.ipynb"
        yield root / "source" / file, _written(notebook)
        yield root / "release" / file, _written(release(notebook, part))
        if answers:
            yield root / "build" / "solution" / file, _written(solution(notebook))
    if wanted is None:
        numbered = {part: with_numbers(text, exercises) for part, text in texts.items()}
        yield root / "docs" / "glossary.md", terms.glossary(terms.find(numbered))
        readme = root / "README.md"
        if readme.exists():
            yield readme, overview.with_table(readme.read_text(encoding="utf-8"), texts, exercises, points)


def gaps(root: Path, wanted: list[str] | None = None) -> list[str]:
    """Return what demands, criteria and cases of the parts lack, one sentence each."""
    exercises = find(root)
    found = []
    for part in wanted or parts(root):
        lesson = parse((root / "lessons" / f"{part}.md").read_text(encoding="utf-8"), exercises)
        mine = {each.name: lesson.demands.get(each.name, []) for each in exercises if each.part == part}
        found += demands.gaps(root, part, mine)
    return found


def _demands(lesson: Lesson) -> str:
    """Return the file in which checks and feedback find what a part demands."""
    return demands.written(
        {name: (lesson.titles[name], lesson.points(name), declared) for name, declared in lesson.demands.items()}
    )


def _list_of(lesson: Lesson, exercise: str) -> str:
    if exercise not in lesson.demands:
        raise BadInput(f"The text lists the demands of {exercise}, but its grade cell declares none.")
    return demands.shown(lesson.demands[exercise], lesson.points(exercise))


def _complete(settings: dict[str, Any], cell_type: str) -> dict[str, Any]:
    """Fill in what nbgrader wants to see in every cell, so that the text only says what is special."""
    if "grade_id" not in settings:
        raise BadInput(f"An nbgrader cell has no grade_id: {dict(settings)}")
    grade = bool(settings.get("grade"))
    if grade and not settings.get("points"):
        raise BadInput(f"The grade cell {settings['grade_id']} needs points.")
    given = {**_CELL, "locked": not settings.get("solution", False), "cell_type": cell_type, **settings}
    return dict(sorted(given.items()))


def _exercise(cell: Any) -> str:
    """Return the exercise whose grade cell this is: there stands what it demands, and what it builds on."""
    settings = cell.metadata.get("nbgrader", {})
    if not settings.get("grade"):
        raise BadInput(f"Only a grade cell says what its exercise demands or builds on: {cell.source[:60]!r} is none.")
    return str(settings["grade_id"]).removesuffix(CHECK)


def _grade_id(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _cell_id(cell: Any, taken: set[str]) -> str:
    """Return the cell's ID: its ``grade_id``, else one made from its text, so that it stays while the text does."""
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    if grade_id:
        if grade_id in taken:
            raise BadInput(f"Two cells have the grade_id {grade_id}.")
        return str(grade_id)
    digest = hashlib.sha256(cell.source.encode()).hexdigest()
    candidates = (f"{cell.cell_type}-{digest[start : start + 8]}" for start in range(0, 56))
    return next(candidate for candidate in candidates if candidate not in taken)


def _copy(notebook: Any) -> Any:
    import nbformat

    return nbformat.reads(nbformat.writes(notebook), as_version=4)


def _written(notebook: Any) -> str:
    import nbformat

    text: str = nbformat.writes(notebook)
    return text if text.endswith("\n") else text + "\n"
