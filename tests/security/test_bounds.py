"""Whatever is parsed or rendered on the grader's machine is bounded: it costs the submission that it belongs to."""

from __future__ import annotations

import json
import operator
import os
import re
import resource
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import in_process
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from small_course import SmallCourse

from autograder.batch import grade, recording
from autograder.batch.desk import Desk
from autograder.errors import BadInput
from autograder.gradebook import ansi, bounded, pages, rendering
from autograder.gradebook.bounded import Bounds, LimitExceeded, call
from autograder.gradebook.preprocessors import prepare
from autograder.gradebook.records import Record
from autograder.gradebook.source import load_source
from autograder.gradebook.submission import read_submission

SMALL = Bounds(memory=64 << 20, cpu=1, wall=3)
PATIENT = SMALL.model_copy(update={"wall": 60})


def run(small: SmallCourse, **options: Any) -> dict[str, Record]:
    """Grade everybody in this process."""
    records = grade(small.part, root=small.root, execute=in_process.execute, **options)
    return {record.student: record for record in records}


def page(small: SmallCourse, student: str) -> str:
    """A student's feedback."""
    return (small.root / "feedback" / student / small.part / f"{small.part}.html").read_text()


def write(path: Path, head: str, piece: str, times: int, tail: str = "") -> Path:
    """Write a large file without holding it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        file.write(head)
        for _ in range(times // 10_000):
            file.write(piece * 10_000)
        file.write(tail)
    return path


# Reading


@pytest.mark.parametrize("cell", ["{}", '{"source": ""}', '{"cell_type": "markdown"}', '{"attachments": {"a": {}}}'])
def test_cells_without_number_are_not_rebuilt(small: SmallCourse, cell: str) -> None:
    """Twenty thousand cells are refused by a sentence; the notebook to execute is the part without answers."""
    path = write(small.path("ada"), '{"nbformat": 4, "cells": [', f"{cell},", 20_000, f"{cell}]}}")
    source = load_source(small.course.source(small.part))
    notebook = prepare(source, path)
    assert "20,001 cells; at most 2,000 are graded" in notebook.metadata["docker_course"]["unreadable"]
    assert len(notebook.cells) == len(source.cells)


GROWING = {
    "objects": ('{"nbformat": 4, "cells": [', "{},", "{}]}"),
    "lists": ('{"nbformat": 4, "cells": [{"source": [', "[],", "[]]}]}"),
    "metadata": ('{"nbformat": 4, "cells": [{"metadata": {"a": [', '{"":""},', '""]}}]}'),
    "numbers": ('{"nbformat": 4, "cells": [{"outputs": [', "1e9,", "1]}]}"),
}


@pytest.mark.parametrize("kind", GROWING)
def test_json_that_grows_in_memory_costs_the_grader_none(tmp_path: Path, kind: str) -> None:
    """A file below the limit that would take gigabytes is a submission that broke; this process does not grow."""
    head, piece, tail = GROWING[kind]
    path = write(tmp_path / "part1.ipynb", head, piece, (60 << 20) // len(piece), tail)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadInput, match=r"part1.ipynb could not be read: it took .*Clear the outputs"):
        read_submission(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 << 10


def test_deep_nesting_is_no_notebook(tmp_path: Path) -> None:
    """Sixty million brackets are refused as soon as they are too deep."""
    path = write(tmp_path / "part1.ipynb", '{"nbformat": 4, "cells": ', "[", 60 << 20)
    with pytest.raises(BadInput, match="nested too deeply"):
        read_submission(path)


def test_metadata_and_ids_are_cut_to_what_counts(tmp_path: Path) -> None:
    """Of a cell's metadata only nbgrader's name gets further; long names and ids name nothing."""
    long = "x" * 1000
    cells = [
        {
            "source": "a",
            "id": "a",
            "metadata": {"nbgrader": {"grade_id": "first", "points": 99}, "more": [long]},
        },
        {"source": "b", "id": long, "metadata": {"nbgrader": {"grade_id": long}}},
    ]
    path = tmp_path / "part1.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": cells}))
    first, second = read_submission(path)
    assert (first["id"], first["metadata"]) == ("a", {"nbgrader": {"grade_id": "first"}})
    assert (second["id"], second["metadata"]) == (None, {})


def test_attachments_are_bounded_and_cost_no_mark(tmp_path: Path) -> None:
    """Pictures beyond the limits of number and size are left out; the text stays."""
    many = {f"{number}": {"image/png": "aGk="} for number in range(150)}
    large = {"large": {"image/png": "A" * (3 << 20)}, "other": {"text/html": "<script>"}}
    cells = [{"cell_type": "markdown", "source": "a", "attachments": one} for one in (large, many)]
    path = tmp_path / "part1.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": cells}))
    first, second = read_submission(path)
    assert (first["source"], first["attachments"]) == ("a", {})
    assert len(second["attachments"]) <= 100


# A process of its own


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (time.sleep, [60], "more than 3 seconds"),
        (re.match, ["(a+)+$", "a" * 60 + "b"], "more than 1 seconds of processor time"),
        (operator.mul, ["x", 1 << 30], "more than 64 MB of memory"),
        (os.abort, [], "crashed"),
        (os._exit, [1], "crashed"),
    ],
)
def test_limits_hold_whatever_runs(function: Callable[..., Any], arguments: list[Any], message: str) -> None:
    """Wall time, processor time inside a regular expression, memory, a crash: the call fails, and the next works."""
    started = time.monotonic()
    with pytest.raises(LimitExceeded, match=message):
        call(function, *arguments, bounds=SMALL if function is time.sleep else PATIENT)
    assert time.monotonic() - started < 50
    assert call(operator.add, 1, 2, bounds=SMALL) == 3


@pytest.mark.slow
def test_a_worker_that_was_killed_is_replaced() -> None:
    """If the machine runs out of memory, the next call starts another one."""
    assert call(operator.add, 1, 2, bounds=SMALL) == 3
    worker = bounded._worker
    assert worker is not None
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.wait()
    assert call(operator.add, 2, 2, bounds=SMALL) == 4


def test_a_call_costs_milliseconds() -> None:
    """Each has a fresh process, and that does not slow grading."""
    call(operator.add, 1, 2, bounds=SMALL)
    durations = []
    for _ in range(20):
        started = time.perf_counter()
        call(operator.add, 1, 2, bounds=SMALL)
        durations.append(time.perf_counter() - started)
    assert min(durations) < 0.05


# Rendering


def test_where_rendering_fails_the_page_is_plain(small: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room for rendered texts: verdict, marks, findings and texts are on a plain page, and nothing acts on it."""
    notebook = small.answered(first="x = 1", second="y = 'yes'; show(text_html='<b>bold</b><script>')")
    notebook.cells.append(new_markdown_cell("# <script>title</script>"))
    small.hand_in("ada", notebook)
    monkeypatch.setattr(pages, "BOUNDS", Bounds(memory=0, cpu=5, wall=20, answer=10))
    desk = Desk()  # in this process, where the bounds are lowered
    monkeypatch.setattr(recording, "_ask", lambda name, *arguments: getattr(desk, name)(*arguments))
    assert run(small)["ada"].score == 3
    shown = page(small, "ada")
    assert "plain text" in shown
    assert "x is the answer" in shown
    assert "1 / 3" in shown
    assert "# &lt;script&gt;title" in shown
    assert "<script" not in shown
    assert small.marks("ada") == {"first-check": 1, "second-check": 2}


def test_an_ordinary_page_is_not_plain(small: SmallCourse) -> None:
    """Text cells are rendered, code is highlighted, HTML is shown."""
    small.hand_in("ada", small.answered(second="y = 'yes'; show(text_html='<b>bold</b>')"))
    run(small)
    shown = page(small, "ada")
    assert "<h1>A small part</h1>" in shown
    assert '<span class="n">x</span>' in shown
    assert '<div class="output"><b>bold</b></div>' in shown
    assert "plain text" not in shown


@pytest.mark.slow
def test_slow_texts_delay_nobody(small: SmallCourse) -> None:
    """Notebooks made to keep filters busy are graded in seconds of this process, with their marks."""
    own: dict[str, list[Any]] = {
        "formulas": [new_markdown_cell("\\begin{a}" * 3500) for _ in range(40)],
        "gaps": [new_code_cell("  \n" * 6000) for _ in range(40)],
        "html": [new_code_cell("show(text_html='<b><i></b></i>' * 8000)") for _ in range(40)],
        "colours": [new_code_cell("print('\\x1b[' + '0;' * 400000 + 'm' + '\\x1b[1mx\\x1b[m' * 40000)")],
        "returns": [new_code_cell("print('\\r' + 'a' * 400000)")],
        "style": [new_code_cell("show(text_html='<p style=\"color:' + '(' * 30000 + '\">')")],
    }
    for name, cells in own.items():
        notebook = small.answered()
        notebook.cells += cells
        small.hand_in(name, notebook)
    small.hand_in("zoe")
    started = time.process_time()
    records = run(small)
    assert time.process_time() - started < 20
    assert {name: record.score for name, record in records.items()} == dict.fromkeys([*own, "zoe"], 5)
    assert max(len(page(small, name)) for name in own) < 5 << 20


FRAGMENTS = [
    *(
        "[",
        "]",
        "![",
        "](",
        "[a](",
        "[a][",
        "[a]: b\n",
        "*",
        "**",
        "_",
        "*a_",
        "a*",
        "`",
        "``",
        "~~",
        "#",
        "=",
        "```",
    ),
    *(
        "$",
        "$$",
        "\\[",
        "\\(",
        "\\\\(",
        "\\\\[",
        "\\begin{a}",
        "\\begin{a",
        ">",
        "> ",
        "-",
        "- a\n",
        "|",
        "|a",
        "a|b\n-|-\n",
    ),
    *(
        "<",
        "<a",
        "<a b ",
        "<!--",
        "<?",
        "<![CDATA[",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<p>",
        "<table>",
        "<td>",
        " b",
        "a=b",
    ),
    *(
        "<script",
        "<script>",
        "<style>",
        "<svg>",
        "</svg>",
        "<title",
        "<i></b>",
        "<a><table>",
        "<b><p>",
        "<select>",
        "</br>",
    ),
    *(
        "&",
        "&a",
        "&#1;",
        "http://a",
        "a@",
        "'",
        '"',
        '"\\\n',
        "\\",
        "(",
        "{",
        "{{",
        'f"{',
        "\\N{",
        "\n",
        " \n",
        "  \n",
    ),
    *(
        "%%",
        "%%a\n",
        "!",
        "?",
        "a.",
        "1.",
        "...",
        "a=",
        "0x",
        "\x1b",
        "\x1b[",
        "\x1b[m",
        "\x1b[1m",
        "\x1b]",
        "\x1b[0;",
        "a\r",
    ),
]


def kinds(text: str) -> Iterator[Callable[[], Any]]:
    """Ways of bringing a text onto a page."""
    for kind in ("markdown", "code"):
        cell = {"cell_type": kind, "source": text}
        yield lambda cell=cell: rendering.render([cell])
    for output in (
        {"output_type": "stream", "text": text},
        {"output_type": "error", "traceback": [text]},
        {"output_type": "display_data", "data": {"text/html": text}},
        {"output_type": "display_data", "data": {"image/svg+xml": text, "text/plain": text}},
    ):
        cell = {"cell_type": "code", "source": "", "outputs": [output]}
        yield lambda cell=cell: rendering.sanitize([cell])
    yield lambda: ansi.to_html(text)
    yield lambda: rendering.render_plainly([{"cell_type": "markdown", "source": text}])


def seconds(function: Callable[[], Any]) -> float:
    """The least processor time of two calls."""
    times = []
    for _ in range(2):
        started = time.process_time()
        function()
        times.append(time.process_time() - started)
    return min(times)


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=repr)
def test_no_text_takes_more_than_in_proportion(fragment: str) -> None:
    """Four times as much of a fragment takes about four times as long, in every filter, or is bounded as a whole."""
    few, many = (kinds(fragment * (length // len(fragment))) for length in (10_000, 40_000))
    for less, more in zip(few, many, strict=True):
        took = seconds(more)
        assert took < 0.4 or took < 9 * seconds(less)


@pytest.mark.slow
def test_the_whole_page_has_a_budget(small: SmallCourse) -> None:
    """Streams, errors, plain text and tracebacks count as well as HTML; what exceeds is cut, with a note."""
    notebook = small.answered()
    for code in (
        "print('<' * 1000000)",
        "raise ValueError('&' * 1000000)",
        "show(text_plain='x' * 1000000)",
        "for number in range(1000): show(text_plain=number)",
        "show(text_html='<br>' * 9000)",
    ):
        notebook.cells += [new_code_cell(code) for _ in range(10)]
    notebook.cells += [new_markdown_cell("<" * 15_000) for _ in range(100)]
    small.hand_in("ada", notebook)
    assert run(small)["ada"].score == 5
    shown = page(small, "ada")
    assert len(shown.encode()) < 5 << 20
    assert shown.count("<") < 100_000
    assert "This was cut here" in shown
    assert "x is the answer" in shown
    stored = small.root / "autograded" / "ada" / small.part / f"{small.part}.ipynb"
    assert stored.stat().st_size < 6 << 20
