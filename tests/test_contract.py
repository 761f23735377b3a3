"""What answers that are kept elsewhere rely on: `tests/data/contract.json`, held against the lessons and the code.

CONTRIBUTING explains the contract. Names may be added to it; one that is in it stays, or gets a successor of that name.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import secrets
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder.results import Job
from autograder.submissions import make_submission

ROOT = Path(__file__).parents[1]
CONTRACT = json.loads((ROOT / "tests" / "data" / "contract.json").read_text(encoding="utf-8"))
PARTS = sorted(CONTRACT["parts"])

_PROBE = """\
import json as _json
from pathlib import Path as _Path
_seen = {}
for _name in %s:
    _place = globals()[_name]
    _place = _Path(_place) if isinstance(_place, (str, _Path)) and len(str(_place)) < 250 else None
    if _place and _place.is_dir():
        _seen[_name] = sorted(str(_file.relative_to(_place)) for _file in _place.rglob("*") if _file.is_file())
print("FILES", _json.dumps(_seen))
"""
"""Prints which files are in the directories that variables name."""


def cells(part: str) -> dict[str, Any]:
    """The cells of the instructor's notebook that have a ``grade_id``, by it."""
    notebook = nbformat.read(ROOT / "source" / part / f"{part}.ipynb", as_version=4)
    named = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    return {cell.metadata.nbgrader.grade_id: cell for cell in named}


def bound(source: str) -> set[str]:
    """The names that a cell defines at its top level."""
    names: set[str] = set()
    for node in ast.parse(TransformerManager().transform_cell(source)).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    return names


def test_the_contract_names_every_exercise() -> None:
    """An exercise that is added is added to the contract, too."""
    listed = {(part, exercise["check"]) for part in PARTS for exercise in exercises(part).values()}
    found = {(part, name) for part in PARTS for name, cell in cells(part).items() if cell.metadata.nbgrader.grade}
    assert listed == found
    assert sorted(path.stem for path in (ROOT / "lessons").glob("part*.md")) == PARTS


def exercises(part: str) -> dict[str, Any]:
    """The exercises of a part, by the ``grade_id`` of the answer."""
    found: dict[str, Any] = CONTRACT["parts"][part]["exercises"]
    return found


@pytest.mark.parametrize("part", PARTS)
def test_each_grade_id_is_in_its_part_and_is_worth_the_same(part: str) -> None:
    """Answer cells, the order in which an exercise asks for them, grade cells and their points."""
    known = cells(part)
    for exercise in exercises(part).values():
        check = known[exercise["check"]].metadata.nbgrader
        assert (check.grade, check.solution, check.points) == (True, False, exercise["points"])
        assert all(known[answer].metadata.nbgrader.solution for answer in exercise["answers"])
    order = [name for name, cell in known.items() if cell.metadata.nbgrader.solution]
    assert order == [name for exercise in exercises(part).values() for name in exercise["answers"]]


@pytest.mark.parametrize("part", PARTS)
def test_each_exercise_asks_for_the_same_names(part: str) -> None:
    """Objects by ``name("…")``, variables, predictions, and the functions of the set-up that an answer calls."""
    text = (ROOT / "lessons" / f"{part}.md").read_text(encoding="utf-8")
    for name, exercise in exercises(part).items():
        missing = [f'name("{what}")' for what in exercise["names"] if f'name("{what}")' not in text]
        missing += [f"`{what}`" for what in exercise["variables"] if not re.search(rf"\b{what}\b", text)]
        missing += [what for what in exercise["predictions"] if f'predict("{what}"' not in text]
        assert missing == [], name
    setup = import_module(f"course.setups.{part}")
    assert [call for call in CONTRACT["parts"][part]["calls"] if not callable(getattr(setup, call, None))] == []


@pytest.mark.parametrize("part", PARTS)
def test_each_set_up_defines_the_names_of_the_contract(part: str) -> None:
    """Set-up cells may define more."""
    known = cells(part)
    for name, names in CONTRACT["parts"][part]["setups"].items():
        assert set(names) <= bound(known[name].source), name


@pytest.mark.parametrize("where", sorted(CONTRACT["functions"]))
def test_each_function_is_where_it_was_and_takes_what_it_took(where: str) -> None:
    """The old call still works: same parameters in the same order; new ones come after them, with a default."""
    module, _, name = where.rpartition(".")
    found = inspect.signature(getattr(import_module(module), name)).parameters.values()
    parameters = [(one.name, one.kind.name, one.default is one.empty) for one in found]
    promised = [tuple(parameter) for parameter in CONTRACT["functions"][where]]
    assert parameters[: len(promised)] == promised
    assert not any(required for _, _, required in parameters[len(promised) :])


@pytest.mark.parametrize("record", sorted(CONTRACT["records"]))
def test_each_record_has_the_fields_that_it_had(record: str) -> None:
    """What a job needs, and where marks and messages stand in its result."""
    module, _, name = record.rpartition(".")
    assert set(CONTRACT["records"][record]) <= getattr(import_module(module), name).model_fields.keys()


@pytest.mark.parametrize("part", PARTS)
def test_a_submission_is_made_of_the_committed_notebooks(part: str) -> None:
    """``source/`` and ``release/`` are where they were, and an answer goes where its ``grade_id`` says."""
    source, release = (
        nbformat.read(ROOT / place.format(part=part), as_version=4)
        for place in (CONTRACT["notebooks"]["source"], CONTRACT["notebooks"]["release"])
    )
    answers = {name: f"# {name}" for name in exercises(part)}
    made = make_submission(source, release, answers)
    texts = {cell.metadata.nbgrader.grade_id: cell.source for cell in made.cells if "nbgrader" in cell.metadata}
    assert answers.items() <= texts.items()


@pytest.mark.sandbox
@pytest.mark.full
@pytest.mark.parametrize("part", [part for part in PARTS if CONTRACT["parts"][part]["files"]])
def test_each_directory_of_a_set_up_has_the_files_of_the_contract(part: str) -> None:
    """Set-ups run without answers; what they name is a directory with these files, and maybe more."""
    found = files_of_set_ups(part)
    for name, files in CONTRACT["parts"][part]["files"].items():
        assert set(files) <= set(found[name]), name


def files_of_set_ups(part: str) -> dict[str, list[str]]:
    """Run a part's set-up cells in a sandbox; the files in the directories that their variables name."""
    from autograder.gradebook.execution import run_in_sandbox

    known = cells(part)
    run: list[dict[str, Any]] = []
    for name, names in CONTRACT["parts"][part]["setups"].items():
        if names:
            run.append(known[name])  # locked: then the examiner plants what it hides
            run.append({**known[name], "id": f"probe-{name}", "source": _PROBE % json.dumps(names)})
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": run}
    done = run_in_sandbox(Job(notebook=notebook, run=secrets.token_hex(6)))
    found: dict[str, list[str]] = {}
    for cell in done.notebook["cells"]:
        for output in cell["outputs"]:
            assert output["output_type"] != "error", output
            if cell["id"].startswith("probe-") and output["output_type"] == "stream":
                found |= json.loads(output["text"].partition("FILES ")[2])
    return found
