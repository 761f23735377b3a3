"""What an exercise demands is declared once, listed in the lesson, proven by the check, and missed by a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder import lessons
from autograder.errors import BadInput
from autograder.lessons import demands

TEXT = """\
---
kernelspec:
  name: docker-course
  display_name: Docker Fundamentals
  language: python
---

## Exercise {number}`web` · For this machine only

Run it.

{demands}`web`

```{code-cell} ipython3
---
nbgrader: {grade_id: web, solution: true}
---
### BEGIN SOLUTION
1
### END SOLUTION
```

```{code-cell} ipython3
---
nbgrader: {grade_id: web-check, grade: true, points: 3}
demands:
- {id: answers, essential: true, share: 2, text: '`web` answers.'}
- {id: port, text: 'It answers at the port that was asked for.'}
---
2
```
"""
CHECK = '''
@exercise
def web(check):
    """Require it."""
    found = check.running("web")
    criteria.at_port(check, "port", found)
    _more(check)

def _more(check):
    check.require("answers" if check else "port", True, "no")
    print("colour", "of the text")
'''


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a checkout with one lesson, its check, and a case that misses both demands."""
    files = {
        "lessons/part1.md": TEXT,
        "course/checks/part1.py": CHECK,
        "tests/submissions/part1/wrong/expected.json": json.dumps(
            {"about": "x", "marks": {"web-check": 0}, "misses": {"web-check": ["answers", "port"]}}
        ),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def change(root: Path, name: str, old: str, new: str) -> None:
    """Replace text in a file of the checkout."""
    text = (root / name).read_text(encoding="utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new), encoding="utf-8")


def test_the_lesson_lists_the_demands_with_what_they_are_worth(root: Path) -> None:
    """In the notebook; the grade cell keeps nothing of it."""
    notebook = lessons.parse(TEXT, lessons.find(root)).notebook
    assert notebook.cells[0].source.endswith(
        "**What is checked** (3 points; none unless every item marked *needed* is met)\n\n"
        "- `web` answers. *(needed, 2)*\n- It answers at the port that was asked for. *(1)*"
    )
    assert "demands" not in notebook.cells[-1].metadata


def test_checks_and_feedback_find_the_demands_in_a_file_of_the_part(root: Path) -> None:
    """It is built with the notebooks, and checked with them."""
    written = root / "course" / "demands" / "part1.json"
    assert written in lessons.build(root)
    assert json.loads(written.read_text(encoding="utf-8"))["web"] == {
        "title": "For this machine only",
        "points": 3,
        "demands": [
            {"id": "answers", "text": "`web` answers.", "share": 2, "essential": True},
            {"id": "port", "text": "It answers at the port that was asked for.", "share": 1, "essential": False},
        ],
    }
    assert lessons.check(root) == []
    change(root, "course/demands/part1.json", "`web` answers.", "Nothing.")
    assert lessons.check(root) == [written]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("answers", "cannot be read: : Input should be a valid list"),
        ([{"id": "Answers", "text": "It answers."}], "0.id"),
        ([{"id": "a", "text": "It answers.", "weight": 2}], "0.weight: Extra inputs are not permitted"),
        ([{"id": "a", "text": "It answers.", "essential": True}] * 2, "declares the demand a twice"),
        ([{"id": "a", "text": "It answers."}], "needs an essential demand"),
        ([{"id": "a", "text": "It answers.", "essential": True, "share": 0}], "needs an essential demand"),
    ],
)
def test_demands_that_cannot_be_read_are_refused(given: Any, words: str) -> None:
    """The message names the exercise, and the place in the list."""
    with pytest.raises(BadInput, match="web") as error:
        demands.read("web", given)
    assert words in str(error.value)


def test_a_list_without_demands_is_refused(root: Path) -> None:
    """The text names the exercise whose demands it lists."""
    change(root, "lessons/part1.md", "{demands}`web`", "{demands}`other`")
    with pytest.raises(BadInput, match="lists the demands of other"):
        lessons.build(root)


def test_demands_criteria_and_cases_that_fit_have_no_gap(root: Path) -> None:
    """A demand may be named through functions of the module, and in either branch."""
    assert lessons.gaps(root) == []


LESSON, MODULE, CASE = "lessons/part1.md", "course/checks/part1.py", "tests/submissions/part1/wrong/expected.json"


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ([(LESSON, "{demands}`web`", ""), (LESSON, "demands:", "other:")], "web: no demands are declared."),
        ([(MODULE, '"port", found', "found"), (MODULE, ' if check else "port"', "")], "proves the demand port."),
        ([(MODULE, '"port", found', '"ports", found')], "a criterion proves ports, which is not demanded."),
        ([(CASE, ', "port"', "")], "no case misses the demand port."),
        ([(CASE, '"port"', '"port", "x"')], "a case misses x, which is not demanded."),
    ],
)
def test_a_gap_between_demands_criteria_and_cases_is_named(
    root: Path, changes: list[tuple[str, str, str]], gap: str
) -> None:
    """Nothing is demanded that is not checked, and nothing is checked that is not demanded."""
    for file, old, new in changes:
        change(root, file, old, new)
    assert any(sentence.endswith(gap) for sentence in lessons.gaps(root))
