"""The time that a lesson takes is estimated from its text."""

from __future__ import annotations

import pytest

from autograder.lessons.minutes import estimate, with_minutes

ANSWER = """```{code-cell} ipython3
---
nbgrader: {grade_id: sum, solution: true}
---
### BEGIN SOLUTION
one = 1

two = 2
### END SOLUTION
```
"""
CHECK = """```{code-cell} ipython3
---
nbgrader: {grade_id: sum-check, grade: true, points: 2}
---
report
```
"""


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("word " * 300, 2),
        ("<details>\n" + "word " * 298 + "\n</details>\n", 1),
        ("```{code-cell} ipython3\n1 + 1\n```\n" * 3, 1),
        (ANSWER + CHECK, 2 / 3 + 8 + 2 * 0.5),
    ],
    ids=["reading", "half of what is folded", "cells", "an exercise and the lines of its model answer"],
)
def test_what_takes_time(text: str, minutes: float) -> None:
    """Words, cells, exercises, and lines to type; the code in cells is not read as prose."""
    assert estimate(text) == pytest.approx(minutes, abs=0.01)


def test_the_roles_stand_for_minutes() -> None:
    """Of the whole lesson, and of what follows; rounded to five."""
    text = "About {minutes}`all`, then {minutes}`rest`. " + (ANSWER + CHECK) * 2 + "{minutes}`rest`"
    assert with_minutes(text).startswith("About 20, then 20.")
    assert with_minutes(text).endswith("5")
