"""The run's token: given by the grader, or made once and kept until reset."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course import CourseError, run


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "state_file", lambda: tmp_path / "state" / "run.json")
    monkeypatch.delenv("DOCKER_COURSE_RUN", raising=False)


def test_the_graders_token_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is written."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abc123")
    assert run.token() == "abc123"
    assert run.name("web") == "web-abc123"
    assert not run.state_file().exists()


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


def test_a_new_run_has_a_new_token() -> None:
    """After the old one was forgotten."""
    token = run.token()
    run.forget()
    assert run.token() != token


@pytest.mark.parametrize("text", ["", "{", "[]", '{"token": 5}', '{"token": "NO!"}'])
def test_a_damaged_file_only_begins_a_new_run(text: str) -> None:
    """It is not worth an error."""
    run.token()
    run.state_file().write_text(text)
    assert re.fullmatch(r"[a-z0-9]{8}", run.token())


@pytest.mark.parametrize("bad", ["Web", "my web", "-web", "web-", "a--b", "", "../x"])
def test_a_name_that_docker_would_refuse_is_refused_with_a_sentence(bad: str) -> None:
    """Images are stricter than containers; one rule for all is easier to remember."""
    with pytest.raises(CourseError, match="small letters"):
        run.name(bad)
