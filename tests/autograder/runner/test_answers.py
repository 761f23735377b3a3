"""A student's value reaches the examiner by name, as plain data and never as an object."""

import json

import pytest

from autograder.results import Verdict
from tests.autograder.runner.runner_notebooks import ASK, REPORT, check, code, run

FAKE = "import sys, types\nsys.modules['json'] = types.ModuleType('json')\nsys.modules['json'].dumps = "
"""A student's stand-in for the module that makes JSON."""


def ask(source: str, name: str = "x", *more: object, **limits: float) -> dict[str, object]:
    """The reply that the examiner gets for ``name`` after a student's cell."""
    show = (
        ASK
        + f"""
finding = {{"passed": True, "message": json.dumps(answer({name!r})), "hint": ""}}
display({{"{REPORT}": {{"findings": [finding]}}}}, raw=True)
1"""
    )
    done = run(code(source), check(show), *more, **limits)
    found: dict[str, object] = json.loads(done.cells[0].findings[0].message)
    return found


@pytest.mark.parametrize(
    "value", ["1", "2.5", "'text \\\" é \\n'", "None", "[1, [True]]", "{'a': [1, 'b']}", "'x' * 60000"]
)
def test_plain_values_arrive(value: str) -> None:
    """Numbers, text, True, None, lists and dictionaries come as they are."""
    assert ask(f"x = {value}") == {"found": True, "value": eval(value)}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("pass", "no variable called x"),
        ("x = ...", "three dots"),
        ("x = {1, 2}", "not plain data"),
        ("x = float('nan')", "not plain data"),
        ("x = []\nx.append(x)", "not plain data"),
        ("x = 'y' * 70_000", "too large"),
        (FAKE + "lambda *a, **k: 'NaN'\nx = 1", "not JSON"),
        (FAKE + "lambda *a, **k: '[' * 60_000\nx = 1", "not JSON"),
        (FAKE + "lambda *a, **k: 3\nx = 1", "not plain data"),
    ],
)
def test_what_is_not_plain_data_has_a_sentence(source: str, words: str) -> None:
    """Each way to have no answer has its own words."""
    reply = ask(source)
    assert reply["found"] is False
    assert words in str(reply["reason"])


@pytest.mark.parametrize("name", ["x.y", "__import__('os')", "", "a" * 65, "x\n", "é"])
def test_only_names_can_be_asked_for(name: str) -> None:
    """Nothing but an identifier reaches the student's kernel."""
    assert "not the name of a variable" in str(ask("x = 1", name)["reason"])


def test_a_value_that_never_comes_is_given_up() -> None:
    """A value whose JSON takes for ever costs five seconds, and the kernel goes on if it obeys."""
    reply = ask("class D(dict):\n    def items(self):\n        while True: pass\nx = D(a=1)")
    assert reply["found"] is False


def test_a_kernel_that_dies_when_asked_loses_only_what_comes_later() -> None:
    """The check that asked is judged on what it has; the submission broke before the next cell."""
    source = "import os\nclass D(dict):\n    def items(self): os._exit(1)\nx = D(a=1)"
    done = run(code(source), check(ASK + "3 * (answer('x')['found'] is False)"), code("1"), check("3"))
    assert done.verdict is Verdict.SUBMISSION_BROKE
    assert [(cell.points, cell.reached) for cell in done.cells] == [(3, True), (0, False)]


def test_the_students_kernel_does_not_know_where_answers_are_served() -> None:
    """The socket's address is in the examiner's environment only."""
    reply = ask("import os\nx = [k for k in os.environ if 'ANSWER' in k]")
    assert reply == {"found": True, "value": []}
