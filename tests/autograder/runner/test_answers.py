"""A student's value reaches the examiner by name, as plain data and never as an object."""

import json

import pytest

from autograder.results import Verdict
from tests.autograder.runner.runner_notebooks import ASK, REPORT, check, code, run

pytestmark = pytest.mark.slow

FAKE = "import sys, types\nsys.modules['json'] = types.ModuleType('json')\nsys.modules['json'].dumps = "
"""A student's stand-in for the module that makes JSON."""


def ask(source: str, name: str = "x") -> dict[str, object]:
    """Return the reply that the examiner gets for ``name`` after a student's cell."""
    (reply,) = ask_all((source, name))
    return reply


def ask_all(*cases: tuple[str, str]) -> list[dict[str, object]]:
    """Return the reply for each cell of a student's and name, all in one run: two kernels take seconds to start."""
    cells = []
    for source, name in cases:
        show = (
            ASK
            + f"""
finding = {{"passed": True, "message": json.dumps(answer({name!r})), "hint": ""}}
display({{"{REPORT}": {{"findings": [finding]}}}}, raw=True)
1"""
        )
        cells += [code(f"globals().pop('x', None)\n{source}"), check(show)]
    return [json.loads(cell.findings[0].message) for cell in run(*cells).cells]


def test_plain_values_arrive() -> None:
    """Numbers, text, True, None, lists and dictionaries come as they are."""
    values = (1, 2.5, 'text " é \n', None, [1, [True]], {"a": [1, "b"]}, "x" * 60000)
    replies = ask_all(*((f"x = {value!r}", "x") for value in values))
    assert replies == [{"found": True, "value": value} for value in values]


def test_bytes_arrive_as_text() -> None:
    """As a program in a container printed them."""
    replies = ask_all(("x = 'é\\n'.encode()", "x"), ("x = [b'a', 1]", "x"), ("x = {b'a': b'b', 'c': 1}", "x"))
    assert [reply["value"] for reply in replies] == ["é\n", ["a", 1], {"a": "b", "c": 1}]


def test_what_is_not_plain_data_has_a_sentence() -> None:
    """Each way to have no answer has its own words."""
    sources = {
        "pass": "no variable called x",
        "x = ...": "three dots",
        "x = {1, 2}": "not plain data",
        r"x = b'\xff'": "not plain data",
        "x = float('nan')": "not plain data",
        "x = []\nx.append(x)": "not plain data",
        "x = 'y' * 70_000": "too large",
        FAKE + "lambda *a, **k: 'NaN'\nx = 1": "not JSON",
        FAKE + "lambda *a, **k: '[' * 60_000\nx = 1": "not JSON",
        FAKE + "lambda *a, **k: 3\nx = 1": "not plain data",
    }
    replies = ask_all(*((source, "x") for source in sources))
    wrong = {
        source: reply
        for (source, words), reply in zip(sources.items(), replies, strict=True)
        if reply["found"] or words not in str(reply["reason"])
    }
    assert wrong == {}


def test_only_names_can_be_asked_for() -> None:
    """Nothing but an identifier reaches the student's kernel."""
    names = ("x.y", "__import__('os')", "", "a" * 65, "x\n", "é")
    for reply in ask_all(*(("x = 1", name) for name in names)):
        assert "not the name of a variable" in str(reply["reason"])


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
