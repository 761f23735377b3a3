"""Changes of Dockerfiles and YAML files that stand in an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from autograder.mutation.edits import Edit, changed_values, line, removed, swapped

_INSTRUCTION = re.compile(
    r"(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\b"
)
_EXEC = re.compile(r"(CMD|ENTRYPOINT|RUN) (\[.*\])$")
_SHELL = re.compile(r"(CMD|ENTRYPOINT|RUN) (?!\[|--)([\w./ -]+)$")
_KEY = re.compile(r"( *)(- )?([\w.$-]+):(?: +(\S.*))?$")
_ITEM = re.compile(r"( *)- +(\S.*)$")
TIMES = re.compile(r" *(interval|timeout|retries|start_period|start_interval|stop_grace_period|init):")
"""Keys of a Compose file that only say how long something may take, or what is harmless: not changed."""


def is_dockerfile(text: str) -> bool:
    """Tell whether a text is a Dockerfile, or the beginning of one."""
    return bool(re.search(r"(^|[\n'\"]|\\n)FROM \S", text)) and bool(_INSTRUCTION.search(text))


def is_yaml(text: str) -> bool:
    """Tell whether a text is a Compose file, or a piece of one."""
    return bool(
        re.search(r"^(services:$|  +(image|build|volumes|networks|environment|depends_on|command):)", text, re.M)
    )


def lines(text: str) -> list[tuple[int, int]]:
    r"""Return where the lines of a text stand; a literal on one line has ``\n`` between them."""
    newline = r"\n" if "\n" in text.strip("\n") else r"(?<!\\)\\n|\n"
    found, start = [], 0
    for match in re.finditer(newline, text):
        found.append((start, match.start()))
        start = match.end()
    return [*found, (start, len(text))]


def dockerfile(text: str) -> Iterator[Edit]:
    """Yield the changes of a Dockerfile."""
    steps = _instructions(text)
    rest = [(start, end) for start, end in steps if not text[start:end].startswith("FROM")]
    yield from removed("drop an instruction", text, rest)
    for stage in _stages(text, steps):
        yield from swapped("swap instructions", text, stage)
    for start, end in steps:
        step = text[start:end]
        for edit in changed_values("change an instruction", step[len(step.split()[0]) :]):
            yield edit.moved(start + len(step.split()[0]))
        if other := _other_form(step):
            yield Edit("change the form", start, end, other, f"{line(step, 50)} becomes {line(other, 50)}")


def _instructions(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    continued = False
    for start, end in lines(text):
        step = text[start:end]
        if continued and found:
            found[-1] = (found[-1][0], end)
        elif match := _INSTRUCTION.search(step):
            before = step[: match.start()]
            if not before.strip() or re.fullmatch(r"\s*[\w().]*[fr]?['\"]+\\?", before):
                found.append((start + match.start(), end))
        continued = step.endswith("\\")
    return [(start, end - len(text[start:end]) + len(text[start:end].rstrip("'\")"))) for start, end in found]


def _stages(text: str, steps: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    stages: list[list[tuple[int, int]]] = []
    for start, end in steps:
        if text[start:end].startswith("FROM"):
            stages.append([])
        elif stages:
            stages[-1].append((start, end))
    return stages


def _other_form(step: str) -> str:
    """Return the exec form of an instruction in the shell form, or the other way round; empty if it has neither."""
    if match := _EXEC.match(step):
        try:
            words = json.loads(match[2])
        except ValueError:
            return ""
        return f"{match[1]} {' '.join(words)}"
    if match := _SHELL.match(step):
        return f"{match[1]} {json.dumps(match[2].split())}"
    return ""


def yaml(text: str) -> Iterator[Edit]:
    """Yield the changes of a Compose file: a key with all below it or an item is left out, a value is another one."""
    rows = [(start, end) for start, end in lines(text) if text[start:end].strip()]
    for index, (start, end) in enumerate(rows):
        row = text[start:end]
        key, item = _KEY.match(row), _ITEM.match(row)
        if (not key and not item) or TIMES.match(row):
            continue
        indent = len(row) - len(row.lstrip())
        last = end
        for after, to in rows[index + 1 :]:
            below = text[after:to]
            if len(below) - len(below.lstrip()) <= indent:
                break
            last = to
        if indent:
            cut = last + 1 if last < len(text) else last
            yield Edit("drop a key", start, cut, "", f"left out: {line(text[start:last])}")
        value = (key[4] if key else item[2] if item else "") or ""
        if value and not value.startswith(("|", ">", "*", "&")):
            offset = start + row.rindex(value)
            for edit in changed_values("change a key's value", value):
                if value[edit.start - 1 : edit.start] not in ("$", "{") or not edit.start:
                    moved = edit.moved(offset)
                    yield Edit(moved.operator, moved.start, moved.end, moved.put, f"{edit.what} ({line(row)})")
