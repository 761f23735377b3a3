"""Changes of an answer in Python, found in its tree and made in its text."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from typing import Final

from autograder.mutation import recipes, shell
from autograder.mutation.edits import Edit, changed_values, line, other, swapped
from autograder.mutation.source import AnswerSource

MEANS: Final = {"detach", "init", "remove", "rm", "quiet", "nocache", "pull", "decode"}
"""Arguments that say how the work is done. Without ``detach`` a cell only waits until it is stopped."""
WRONG: Final = (
    "{0} + 1 if isinstance({0}, (int, float)) else {0}[1:] if isinstance({0}, (str, bytes, list)) "
    "else dict(list({0}.items())[1:]) if isinstance({0}, dict) else {0}"
)
"""Another value of the same kind; of an object, the same one."""
NOTED: Final = {"predict", "predicted", "compare", "display", "print"}
"""Functions whose arguments are not part of the work: a wrong prediction counts as well."""


def answer(text: str, given: Collection[str] = ()) -> Iterator[Edit]:
    """Yield the changes of a cell; ``given`` are the set-up's variables. Raises SyntaxError if it is no Python."""
    source = AnswerSource.read(text)
    yield from _statements(source)
    yield from _arguments(source)
    yield from _items(source)
    yield from _values(source)
    for start, end in source.commands:
        for edit in shell.command(text[start:end]):
            yield edit.moved(start)
    yield from _undone(source)
    yield from _wrong_answers(source)
    yield from _given(text, given)


def _statements(source: AnswerSource) -> Iterator[Edit]:
    text = source.text
    for body in _bodies(source.tree):
        spans = [source.statement(node) for node in body]
        for start, end in spans:
            put = "pass" if len(body) == 1 else ""
            yield Edit("leave out a statement", start, end, put, f"left out: {line(text[start:end])}")
        yield from swapped("swap statements", text, spans)


def _bodies(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the statements of each block, without imports: an answer without one only raises."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list):
                yield [each for each in body if not isinstance(each, ast.Import | ast.ImportFrom)]


def _arguments(source: AnswerSource) -> Iterator[Edit]:
    for call in ast.walk(source.tree):
        if isinstance(call, ast.Call):
            for word in call.keywords:
                if word.arg and word.arg not in MEANS:
                    yield _without(source, "drop an argument", word)


def _items(source: AnswerSource) -> Iterator[Edit]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is not None:
                    yield _without(source, "drop an item", key, value)
        elif isinstance(node, ast.List) and len(node.elts) > 1:
            for each in node.elts:
                yield _without(source, "drop an item", each)


def _without(source: AnswerSource, operator: str, first: ast.AST, last: ast.AST | None = None) -> Edit:
    """Return the edit that leaves out a part of a list, with its comma."""
    start, end = source.span(first)[0], source.span(last or first)[1]
    what = f"left out: {line(source.text[start:end])}"
    if comma := re.compile(r"\s*,[ \t]*").match(source.text, end):
        end = comma.end()
    elif before := re.search(r",\s*$", source.text[:start]):
        start = before.start()
    return Edit(operator, start, end, "", what)


def _values(source: AnswerSource) -> Iterator[Edit]:
    names = _names(source)
    skipped = _inside_notes(source)
    for node in ast.walk(source.tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Call) and _called(node) == "name" and _literal(node):
            yield from _other_names(source, node, names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int) and node.value is not None:
            start, end = source.span(node)
            put = other(source.text[start:end])
            if source.text[start:end] in ("True", "False") or source.text[start:end].isdigit():
                yield Edit(
                    "change a value", start, end, put, f"{source.text[start:end]} becomes {put} {_at(source, start)}"
                )
        elif isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            yield from _text(source, node)


def _text(source: AnswerSource, node: ast.expr) -> Iterator[Edit]:
    start, end = source.span(node)
    literal = source.text[start:end]
    if not re.match(r"[fFrRbB]{0,2}['\"]", literal):
        return  # a part of an f-string
    place = start
    if recipes.is_dockerfile(literal):
        edits = recipes.dockerfile(literal)
    elif recipes.is_yaml(literal):
        edits = recipes.yaml(literal)
    else:
        quotes = re.match(r"[fFrRbB]{0,2}('''|\"\"\"|'|\")", literal)
        assert quotes
        inner = literal[quotes.end() : -len(quotes[1])]
        place = start + quotes.end()
        edits = shell.command(inner) if inner.startswith("docker ") else changed_values("change a value", inner)
    holes = _holes(source.text, start, end) if isinstance(node, ast.JoinedStr) else []
    for edit in edits:
        moved = edit.moved(place)
        if not any(since <= moved.start and moved.end <= to for since, to in holes):
            where = _at(source, start) if edit.operator == "change a value" else ""
            yield Edit(moved.operator, moved.start, moved.end, moved.put, f"{moved.what} {where}".strip())


def _holes(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the expressions in an f-string stand."""
    return [(start + match.start(), start + match.end()) for match in re.finditer(r"\{[^{}]*\}", text[start:end])]


def _at(source: AnswerSource, place: int) -> str:
    """Return the line in which something stands, for a description."""
    start = source.text.rfind("\n", 0, place) + 1
    return f"at {place - start} of: {line(source.text[start:].partition(chr(10))[0])}"


def _other_names(source: AnswerSource, call: ast.Call, names: list[str]) -> Iterator[Edit]:
    start, end = source.span(call.args[0])
    mine = ast.literal_eval(call.args[0])
    for name in [f"{mine}-other", *[name for name in names if name != mine][:1]]:
        yield Edit(
            "another object", start, end, f'"{name}"', f'name("{mine}") becomes name("{name}") {_at(source, start)}'
        )


def _undone(source: AnswerSource) -> Iterator[Edit]:
    end = len(source.text.rstrip())
    for what in dict.fromkeys(_removals(source)):
        yield Edit("undo", end, end, f"\n{what}", f"afterwards: {what}")


def _wrong_answers(source: AnswerSource) -> Iterator[Edit]:
    """Yield edits after which a variable has another value of its kind."""
    end = len(source.text.rstrip())
    targets = [target for node in source.tree.body if isinstance(node, ast.Assign) for target in node.targets]
    names = [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]
    for name in dict.fromkeys(names):
        put = f"{name} = {WRONG.format(name)}"
        yield Edit("another result", end, end, f"\n{put}", f"the variable {name} gets another value")


def _given(text: str, names: Collection[str]) -> Iterator[Edit]:
    """Yield edits that use another value than the set-up gave: the next number, another text."""
    for name in names:
        # In the text, since the tree of Python 3.11 does not tell where a name in an f-string stands.
        for match in re.finditer(rf"(?<![\w.\"'`]){name}(?!\w|[\"'=.(]| =)", text):
            put = f"({name} + 1 if isinstance({name}, int) else str({name}) + str(0))"
            what = f"{name} becomes another value: {line(text[: match.start()].rpartition(chr(10))[2][-50:])} …"
            yield Edit("another given value", *match.span(), put, what)


def _removals(source: AnswerSource) -> Iterator[str]:
    """Yield statements that take away what the answer makes."""
    for call in ast.walk(source.tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        start, end = source.span(call.func)
        method = source.text[start:end]
        words = {word.arg: source.text[slice(*source.span(word.value))] for word in call.keywords}
        first = source.text[slice(*source.span(call.args[0]))] if call.args else ""
        if method.endswith(("containers.run", "containers.create")) and "name" in words and "remove" not in words:
            yield f"client.containers.get({words['name']}).remove(force=True)"
            yield f"client.containers.get({words['name']}).stop(timeout=0)"
        elif method.endswith(("networks.create", "volumes.create")) and first:
            kind = method.split(".")[-2]
            yield f"client.{kind}.get({first}).remove()"
        elif method.endswith("images.build") and "tag" in words:
            yield f"client.images.remove({words['tag']}, force=True)"
    for start, end in source.commands:
        for what in shell.undone(source.text[start:end]):
            yield f"!{what}"


def _names(source: AnswerSource) -> list[str]:
    calls = (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
    found = (ast.literal_eval(call.args[0]) for call in calls if _called(call) == "name" and _literal(call))
    return list(dict.fromkeys(found))


def _inside_notes(source: AnswerSource) -> set[ast.AST]:
    """Return what is an argument of a function that only notes or shows, and what stands in ``name("…")``."""
    calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
    skipped = {
        each for call in calls if _called(call) in NOTED for argument in call.args for each in ast.walk(argument)
    }
    words = [word for call in calls for word in call.keywords if word.arg in MEANS]
    skipped |= {word.value for word in words}
    # Python 3.11 says of the pieces of an f-string that they stand where all of it stands.
    joined = [node for node in ast.walk(source.tree) if isinstance(node, ast.JoinedStr)]
    skipped |= {part for node in joined for part in node.values if isinstance(part, ast.Constant)}
    return skipped | {call.args[0] for call in calls if _called(call) == "name" and _literal(call)}


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _literal(call: ast.Call) -> bool:
    return len(call.args) == 1 and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
