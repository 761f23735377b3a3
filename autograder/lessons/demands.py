"""The demands of the exercises, as the lessons declare them, and whether checks and cases keep to them.

A grade cell declares what its exercise demands; the role ``{demands}`loopback``` stands where the text lists it:

    nbgrader: {grade_id: loopback-check, grade: true, points: 3}
    demands:
    - {id: nginx, text: "`nginx` runs as the container `web`.", essential: true}
    - {id: port, text: "It is reached at the port `web_port`.", share: 2}

`gaps` finds demands that no criterion proves, criteria that prove no demand, and demands that no wrong answer misses.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from autograder.errors import BadInput
from autograder.lessons.exercises import CHECK
from autograder.submissions import load_case

ROLE = re.compile(r"^\{demands\}`([\w-]+)`[ \t]*$", re.MULTILINE)
_DEFAULT: Final = {"predicted": "predicted"}
"""The demand that a criterion proves if its call names none."""


class Declared(BaseModel):
    """A demand as a lesson declares it; the fields are those of `course.demands.Demand`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    text: str = Field(min_length=5, max_length=300)
    share: float = Field(default=1, ge=0, le=100)
    essential: bool = False


_LIST: Final = TypeAdapter(list[Declared])


def read(exercise: str, given: Any) -> list[Declared]:
    """Return the demands that a grade cell declares.

    Raises:
        BadInput: if they are no list of demands, or two have one ID.
    """
    try:
        demands = _LIST.validate_python(given)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"]))
        raise BadInput(f"The demands of {exercise} cannot be read: {where}: {problem['msg']}") from None
    ids = [demand.id for demand in demands]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise BadInput(f"{exercise} declares the demand {twice[0]} twice.")
    if not any(demand.essential for demand in demands) or not sum(demand.share for demand in demands):
        raise BadInput(
            f"{exercise} needs an essential demand: the point of the exercise, without which it earns nothing."
        )
    return demands


def shown(demands: list[Declared], points: float) -> str:
    """Return the list that a lesson shows."""
    total = sum(demand.share for demand in demands)
    lines = []
    for demand in demands:
        worth = [f"{round(points * demand.share / total, 2):g}"] if demand.share else []
        lines.append(f"- {demand.text} *({', '.join(['needed'] * demand.essential + worth)})*")
    heading = f"**What is checked** ({points:g} points; none unless every item marked *needed* is met)"
    return "\n".join([heading, "", *lines])


def written(exercises: Mapping[str, tuple[str, float, list[Declared]]]) -> str:
    """Return the file of a part for `course.demands`: by exercise, its title, points and demands."""
    data = {
        name: {"title": title, "points": points, "demands": [demand.model_dump() for demand in demands]}
        for name, (title, points, demands) in exercises.items()
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def gaps(root: Path, part: str, exercises: Mapping[str, list[Declared]]) -> list[str]:
    """Return what demands, criteria and cases of a part lack, one sentence each.

    Args:
        root: the checkout.
        part: such as ``part2``.
        exercises: the demands by exercise.
    """
    found = [f"{part} {name}: no demands are declared." for name, demands in exercises.items() if not demands]
    proven = _proven(root / "course" / "checks", part)
    missed = _missed(root / "tests" / "submissions" / part)
    for name, demands in exercises.items():
        ids = {demand.id for demand in demands}
        first = {demands[0].id} if demands else set()
        criteria = proven.get(name, set())
        found += [f"{part} {name}: no criterion proves the demand {id}." for id in sorted(ids - criteria - first)]
        found += [f"{part} {name}: a criterion proves {id}, which is not demanded." for id in sorted(criteria - ids)]
        found += [f"{part} {name}: no case misses the demand {id}." for id in sorted(ids - missed.get(name, set()))]
        found += [
            f"{part} {name}: a case misses {id}, which is not demanded." for id in sorted(missed.get(name, set()) - ids)
        ]
    return found


def _missed(cases: Path) -> dict[str, set[str]]:
    """Return the demands that cases miss, by exercise."""
    missed: dict[str, set[str]] = {}
    for path in sorted(cases.glob("*/expected.json")):
        for grade_id, ids in load_case(path.parent).expected.misses.items():
            missed.setdefault(grade_id.removesuffix(CHECK), set()).update(filter(None, ids))  # "" is the whole exercise
    return missed


def _proven(checks: Path, part: str) -> dict[str, set[str]]:
    """Return the demands that the checks of a part name, by exercise.

    A criterion is a call with a check: ``check.require("port", …)``, or ``criteria.at_port(check, "port", …)``. The
    demand is the text that stands first, after the check; or the argument ``demand``.
    """
    found: dict[str, set[str]] = {}
    for path in sorted(checks.glob(f"{part}*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for name, function in functions.items():
            if any(isinstance(mark, ast.Name) and mark.id == "exercise" for mark in function.decorator_list):
                found[name.replace("_", "-")] = set(_named(function, functions, set()))
    return found


def _named(function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef], seen: set[str]) -> Iterator[str]:
    """Return the demands that a function names, and those that it calls in its module."""
    seen.add(function.name)
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in functions and node.id not in seen:
            yield from _named(functions[node.id], functions, seen)
        if isinstance(node, ast.Call):
            yield from _demands_of(node)


def _demands_of(call: ast.Call) -> Iterator[str]:
    """Return the demands that a call of a criterion names; nothing if it is another call."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    method = isinstance(call.func, ast.Attribute) and _is_check(call.func.value)
    if not method and not (call.args and _is_check(call.args[0])):
        return
    by_name = [word.value for word in call.keywords if word.arg == "demand"]
    if by_name:
        places: list[ast.expr] = by_name
    elif name in _DEFAULT:
        yield _DEFAULT[name]
        return
    elif method:
        places = call.args[:1] if name in ("require", "stop", "need") else []
    else:
        places = call.args[1:2]
    for place in places:
        yield from (
            node.value for node in ast.walk(place) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )


def _is_check(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "check"
