"""Model answers reach nobody who should find them: not the release, not the package, not the sandbox."""

from __future__ import annotations

import io
import re
import tarfile
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest

from autograder.sandbox import image
from tests.lessons.lesson_text import PARTS, ROOT, cells

LINE = 40
"""Letters; a shorter line of an answer may well stand elsewhere, too."""
_SOLUTION = re.compile(r"[ \t]*### BEGIN SOLUTION\n(.*?)[ \t]*### END SOLUTION\n", re.DOTALL)


@cache
def _answers() -> dict[str, str]:
    """Return lines of model answers that neither the text nor a set-up gives students, each with its exercise."""
    found, planted = {}, "".join(text for _, text in _files("course/setups"))
    for path in PARTS:
        text = path.read_text(encoding="utf-8")
        given = _SOLUTION.sub("", text)
        for cell in cells(text):
            for solution in _SOLUTION.findall(cell.source):
                for line in map(str.strip, solution.splitlines()):
                    if len(line) >= LINE and line not in given and line not in planted:
                        found[line] = cell.settings.split("grade_id: ")[1].split(",")[0]
    return found


def _found_in(texts: Iterator[tuple[str, str]]) -> list[str]:
    escaped = {line.replace("\\", "\\\\").replace('"', '\\"'): name for line, name in _answers().items()}
    known = _answers() | escaped
    return [f"{where}: {known[line]}" for where, text in texts for line in known if line in text]


def _files(*folders: str) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8", errors="replace")


def test_answers_are_found_where_they_are() -> None:
    """The source notebooks have them: what is searched for is not nothing."""
    assert len(_answers()) > 50
    assert set(_answers().values()) <= {entry.split(": ")[1] for entry in _found_in(_files("source"))}


def test_the_release_holds_no_answers() -> None:
    """What students get."""
    assert _found_in(_files("release")) == []


def test_the_package_holds_no_answers() -> None:
    """What `pip install` puts on a machine: two packages, and what is shared beside them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert _found_in(_files(*wheel["packages"], *(str(ROOT / path) for path in wheel["shared-data"]))) == []


def test_the_sandbox_holds_no_answers() -> None:
    """What lies in the image beside the student's kernel: the files that are sent to build it."""
    with tarfile.open(fileobj=io.BytesIO(image._context())) as context:
        names = context.getnames()
        assert not [name for name in names if name.split("/")[0] in ("source", "lessons", "tests", "build")]
        texts = [
            (name, member.read().decode(errors="replace")) for name in names if (member := context.extractfile(name))
        ]
    assert len(texts) > 100
    assert _found_in(iter(texts)) == []


@pytest.mark.parametrize("folder", ["release", "course", "autograder"])
def test_no_file_marks_a_solution(folder: str) -> None:
    """No notebook in what is handed out has a cell with a solution in it."""
    marked = [where for where, text in _files(folder) if where.endswith(".ipynb") and "### BEGIN SOLUTION" in text]
    assert marked == []
