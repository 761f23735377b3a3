"""Whose run it is: given by the grader, a notebook's own, a terminal's, or one that ends with its kernel."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from course import CourseError, notebook, passing, run, runs

PLACE = Path("/home/ada/part2.ipynb")


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "directory", lambda: tmp_path / "state")
    monkeypatch.setattr(notebook, "path", lambda: PLACE)
    for variable in ("DOCKER_COURSE_RUN", "RUN"):
        monkeypatch.delenv(variable, raising=False)


def test_the_graders_token_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is written."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abc123")
    assert run.token() == "abc123"
    assert run.name("web") == "web-abc123"
    assert not runs.directory().exists()


@pytest.mark.parametrize("bad", ["ABC123", "abc", "a" * 17, "abc 123", "../../x1"])
def test_a_token_of_another_form_is_refused(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It becomes part of names, so it must be good for all of them."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", bad)
    with pytest.raises(CourseError, match="6 to 16"):
        run.token()


def test_a_token_is_made_once_and_kept() -> None:
    """A restarted kernel goes on with the same names."""
    token = run.token()
    assert re.fullmatch(r"[a-z0-9]{8}", token)
    assert run.token() == token


def test_each_notebook_has_its_own_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another notebook neither shares nor ends it."""
    token = run.token()
    monkeypatch.setattr(notebook, "path", lambda: PLACE.with_name("part3.ipynb"))
    assert run.token() != token
    run.forget()
    monkeypatch.setattr(notebook, "path", lambda: PLACE)
    assert run.token() == token


def test_a_new_run_has_a_new_token_and_begins_now() -> None:
    """After the old one was forgotten."""
    first = run.current()
    run.forget()
    assert run.token() != first.token
    assert run.began() > first.began


def test_kernels_that_begin_at_once_have_one_run() -> None:
    """The notebook's, whoever was first."""
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(runs.make(PLACE).token)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [known.token for known in runs.known()] == found[:1]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"token": 5}', '{"token": "NO!", "notebook": "x", "began": 1}'])
def test_a_damaged_file_only_begins_a_new_run(text: str) -> None:
    """It is not worth an error."""
    run.token()
    for file in runs.directory().iterdir():
        file.write_text(text)
    token = run.token()
    assert re.fullmatch(r"[a-z0-9]{8}", token)
    assert run.token() == token


def test_a_run_that_cannot_be_written_down_says_where_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as in a home that may only be read."""
    (tmp_path / "file").touch()
    monkeypatch.setattr(runs, "directory", lambda: tmp_path / "file" / "runs")
    for use in (run.token, run.forget):
        with pytest.raises(CourseError, match=r"in .*/file/runs: Not a directory\. .* XDG_STATE_HOME"):
            use()


def test_without_a_notebook_the_directory_has_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a program in Python that is started by hand."""
    monkeypatch.setattr(notebook, "path", lambda: None)
    assert run.current().notebook == str(notebook.directory())


def test_a_program_in_a_terminal_joins_the_run_that_the_terminal_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """``RUN`` is as `docker-course shell` sets it; a word that is no run of this user's counts for nothing."""
    token = runs.make(PLACE).token
    monkeypatch.setattr(notebook, "path", lambda: None)
    monkeypatch.setenv("RUN", token)
    assert run.token() == token
    monkeypatch.setenv("RUN", "something")
    assert run.token() not in (token, "something")


def test_where_a_program_runs_the_notebook_the_run_is_the_kernels_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is another than the notebook's, and nothing is written down."""
    kept = run.token()
    monkeypatch.setattr(notebook, "attended", lambda: False)
    monkeypatch.setattr(passing, "_run", runs.Run("passing1", "/tmp", 1.0))
    assert run.token() == "passing1"
    run.forget()
    assert passing._run is None
    monkeypatch.setattr(notebook, "attended", lambda: True)
    assert run.token() == kept


@pytest.mark.parametrize(
    ("name", "lesson"),
    [
        ("part2", "part2"),
        ("part2-Copy1", "part2"),
        ("part2 (1)", "part2"),
        ("part2(12)", "part2"),
        ("part2 copy", "part2"),
        ("part2 copy 2", "part2"),
        ("part2-Copy1-Copy2", "part2"),
        ("photocopy", "photocopy"),
    ],
)
def test_a_copy_is_known_by_its_name(name: str, lesson: str) -> None:
    """As JupyterLab, browsers and macOS name copies."""
    assert runs.Run("abc123", f"/home/ada/{name}.ipynb", 1.0).lesson == lesson


@pytest.mark.parametrize("bad", ["Web", "my web", "-web", "web-", "a--b", "", "../x"])
def test_a_name_that_docker_would_refuse_is_refused_with_a_sentence(bad: str) -> None:
    """Images are stricter than containers; one rule for all is easier to remember."""
    with pytest.raises(CourseError, match="small letters"):
        run.name(bad)
