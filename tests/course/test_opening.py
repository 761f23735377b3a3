"""A notebook's first cell: it names the run, removes nothing, and asks where a notebook was moved or copied."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from course import CourseError, begin, notebook, opening, reset, run, runs


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The notebook that is open."""
    monkeypatch.setattr(runs, "directory", lambda: tmp_path / "state")
    monkeypatch.setattr(opening, "connect", lambda: None)
    monkeypatch.setattr(opening.cleanup, "count", lambda client, token: {"container": 0})
    monkeypatch.delenv("DOCKER_COURSE_RUN", raising=False)
    monkeypatch.setenv("RUN", "")
    return opened(monkeypatch, tmp_path / "part2.ipynb")


def opened(monkeypatch: pytest.MonkeyPatch, path: Path) -> Path:
    """Let a kernel belong to a notebook."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")
    monkeypatch.setattr(notebook, "path", lambda: path)
    return path


def test_the_terminals_line_is_printed(place: Path) -> None:
    """And lines that begin with ! know the run."""
    said = repr(begin())
    assert f"export RUN={run.token()}" in said
    assert os.environ["RUN"] == run.token()
    assert "copied" not in said


def test_a_run_that_goes_on_says_what_is_there(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And how to start from nothing: it is not done unasked."""
    token = run.token()
    monkeypatch.setattr(opening.cleanup, "count", lambda client, token: {"container": 3, "network": 1, "volume": 0})
    said = repr(begin())
    assert "3 containers, 1 network" in said
    assert "reset()" in said
    assert run.token() == token


def test_after_a_reset_the_shell_has_the_new_word(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``$RUN`` and ``name()`` go together, and a terminal is told."""
    begin()
    old = run.token()
    monkeypatch.setattr(opening.cleanup, "remove", lambda client, token: {"container": 1})
    said = repr(reset(client=object()))  # type: ignore[arg-type]
    assert run.token() != old
    assert os.environ["RUN"] == run.token()
    assert said.startswith("Removed 1 container of this course.")
    assert said.endswith(f"export RUN={run.token()}")


def test_a_copy_asks_and_has_its_own_run_until_it_is_answered(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both then have the first one's run."""
    first = run.token()
    opened(monkeypatch, place.with_name("part2-Copy1.ipynb"))
    said = repr(begin())
    assert f'copied from {place}? That one has the run {first}. To go on with it here, run begin("{first}")' in said
    assert run.token() != first
    begin(first)
    assert run.token() == first
    assert runs.find(place) is not None
    assert "copied" not in repr(begin())


def test_a_notebook_that_was_moved_takes_its_run_with_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The place where it was has none any more."""
    kept = run.current()
    place.unlink()
    opened(monkeypatch, place.parent / "course" / "part2.ipynb")
    assert f"moved from {place}?" in repr(begin())
    begin(kept.token)
    assert (run.token(), run.began()) == (kept.token, kept.began)
    assert runs.find(place) is None


def test_a_notebook_that_was_renamed_asks(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is called now: the one that was there is gone."""
    kept = run.current()
    renamed = place.rename(place.with_name("homework.ipynb"))
    opened(monkeypatch, renamed)
    assert f'begin("{kept.token}")' in repr(begin())


def test_another_part_is_no_copy(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks nothing."""
    run.token()
    opened(monkeypatch, place.with_name("part3.ipynb"))
    assert "That one" not in repr(begin())


def test_a_run_that_nobody_has_is_refused(place: Path) -> None:
    """With those that there are."""
    token = run.token()
    with pytest.raises(CourseError, match=f"no run 'abcdefgh'.*{token} \\(.*part2.ipynb\\)"):
        begin("abcdefgh")
