"""Exercises are called by name: their numbers come from their order, and one can be taken out with what it needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.errors import BadInput
from autograder.lessons import find, parse, unsolved
from autograder.lessons.exercises import Exercise, alone, find_one, with_numbers

ROOT = Path(__file__).parents[3]


def exercise(name: str, code: str = "pass", more: str = "") -> str:
    """Write an exercise as lessons do: heading, set-up, answer, check."""
    cells = {
        f"grade_id: {name}-setup, locked: true": f"{name}_given = 1",
        f"grade_id: {name}, solution: true": f"### BEGIN SOLUTION\n{code}\n### END SOLUTION",
        f"grade_id: {name}-check, grade: true, points: 2": "2",
    }
    text = f"## Exercise {{number}}`{name}` · A title\n\n"
    for settings, source in cells.items():
        own = more if "check" in settings else ""
        text += f"```{{code-cell}} ipython3\n---\nnbgrader: {{{settings}}}\n{own}---\n{source}\n```\n\nText.\n\n"
    return text


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a course with two parts and three exercises."""
    (tmp_path / "lessons").mkdir()
    start = "```{code-cell} ipython3\n---\nnbgrader: {grade_id: start, locked: true}\n---\nstarted = 1\n```\n\n"
    (tmp_path / "lessons" / "part0.md").write_text(start + exercise("first"))
    later = exercise("second") + exercise("third", more="builds_on: second\n")
    (tmp_path / "lessons" / "part1.md").write_text(start + later + "As in exercise {number}`first`.\n")
    return tmp_path


def read(root: Path, part: str) -> str:
    """Return a lesson's text."""
    return (root / "lessons" / f"{part}.md").read_text(encoding="utf-8")


def test_an_exercise_has_the_number_of_its_place_in_the_course(root: Path) -> None:
    """Counted through all parts."""
    assert [(e.part, e.name, e.number) for e in find(root)] == [
        ("part0", "first", 1),
        ("part1", "second", 2),
        ("part1", "third", 3),
    ]


def test_the_notebook_has_numbers_where_the_text_has_names(root: Path) -> None:
    """In headings and in sentences, also for an exercise of another part."""
    text = "\n".join(cell.source for cell in parse(read(root, "part1"), find(root)).notebook.cells)
    assert "## Exercise 2 · A title" in text
    assert "## Exercise 3 · A title" in text
    assert "As in exercise 1." in text
    assert "{number}" not in text


def test_an_unknown_name_is_answered_with_those_that_there_are(root: Path) -> None:
    """Before a notebook is written."""
    with pytest.raises(BadInput, match=r"No exercise is called fourth; there are: first, second, third\."):
        with_numbers("See exercise {number}`fourth`.", find(root))


def test_a_heading_with_the_number_of_another_exercise_is_refused(root: Path) -> None:
    """Else two exercises would have one number on the page."""
    wrong = read(root, "part1").replace("Exercise {number}`third`", "Exercise {number}`second`")
    with pytest.raises(BadInput, match="the grade cell third-check gives the number of second"):
        with_numbers(wrong, find(root))


def test_two_exercises_cannot_have_one_name(root: Path) -> None:
    """Not even in two parts: lessons refer to each other."""
    (root / "lessons" / "part2.md").write_text(exercise("first"))
    with pytest.raises(BadInput, match="there is an exercise first in part0 already"):
        find(root)


def test_a_grade_cell_is_called_after_its_answer(root: Path) -> None:
    """So that one name stands for both."""
    (root / "lessons" / "part2.md").write_text(exercise("last").replace("last-check", "other-check"))
    with pytest.raises(BadInput, match="no answer cell that belongs to the grade cell other-check"):
        find(root)


def test_a_wrong_name_is_answered_with_the_exercises_of_the_part(root: Path) -> None:
    """Look-up by name; the name of the grade cell will do."""
    assert find_one(root, "part1", "third-check").name == "third"
    with pytest.raises(BadInput, match=r"no exercise 'first' in part1; there are: second, third\."):
        find_one(root, "part1", "first")
    with pytest.raises(BadInput, match="no 'part7' with exercises; there are: part0, part1"):
        find_one(root, "part7", "first")


def alone_in(root: Path, name: str, answers: dict[str, str]) -> list[tuple[str, str]]:
    """Return the names and texts of the cells that an exercise of part1 needs."""
    lesson = parse(read(root, "part1"), find(root))
    cells = alone(lesson.notebook, name, lesson.builds_on, answers)
    return [(cell.metadata.nbgrader.grade_id, cell.source.splitlines()[-1]) for cell in cells]


def test_alone_an_exercise_runs_with_the_parts_start_and_its_own_cells(root: Path) -> None:
    """Nothing of the others, and with the answer that was given."""
    assert alone_in(root, "second", {"second": "mine", "third": "for another"}) == [
        ("start", "started = 1"),
        ("second-setup", "second_given = 1"),
        ("second", "mine"),
        ("second-check", "2"),
    ]


def test_what_an_exercise_builds_on_is_answered_by_the_model_and_not_checked(root: Path) -> None:
    """The grade cell says what that is; it is left out of the notebooks."""
    names = [name for name, _ in alone_in(root, "third", {"second": "wrong"})]
    assert names == ["start", "second-setup", "second", "third-setup", "third", "third-check"]
    assert ("second", "wrong") not in alone_in(root, "third", {"second": "wrong"})
    assert "builds_on" not in str(parse(read(root, "part1"), find(root)).notebook)


def test_an_exercise_builds_on_earlier_ones_of_its_part_only(root: Path) -> None:
    """A name that is wrong is found at the first try."""
    lesson = parse(read(root, "part1"), find(root))
    with pytest.raises(BadInput, match="third builds on 'fourth'"):
        alone(lesson.notebook, "third", {"third": ["fourth"]}, {})


def test_an_answer_cell_is_handed_out_with_the_stub_that_nbgrader_would_write() -> None:
    """At the place and with the indent of the solution."""
    source = "predicted('x')\n    ### BEGIN SOLUTION\n    x = 1\n    ### END SOLUTION\ncompare('x', 1)"
    stub = "    # Your lines go here, in place of `pass`.\n    pass"
    assert unsolved(source) == f"predicted('x')\n{stub}\ncompare('x', 1)"
    shell = "%%bash\n### BEGIN SOLUTION\ndocker ps\n### END SOLUTION"
    assert unsolved(shell) == "%%bash\n# Your lines go here."


def test_the_readme_has_the_numbers_of_each_part() -> None:
    """The table of parts says which exercises a part has."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d) · [^|]+\| ([\d–]+) \|", readme, re.MULTILINE))
    numbers: dict[str, list[Exercise]] = {}
    for one in find(ROOT):
        numbers.setdefault(one.part.removeprefix("part"), []).append(one)
    assert rows == {part: f"{own[0].number}–{own[-1].number}" for part, own in numbers.items()}


@pytest.mark.parametrize("folder", ["lessons", "course", "autograder", "benchmarks", "docs", "README.md"])
def test_no_number_of_an_exercise_is_written_by_hand(folder: str) -> None:
    """It would be wrong as soon as an exercise is added before it."""
    files = [path for path in [ROOT / folder, *(ROOT / folder).rglob("*")] if path.suffix in (".py", ".md")]
    assert files
    checks = ROOT / "course" / "checks"
    named = {
        str(path.relative_to(ROOT)): found
        for path in files
        if checks not in path.parents and (found := re.findall(r"[Ee]xercises? \d+", path.read_text(encoding="utf-8")))
    }
    assert named == {}
