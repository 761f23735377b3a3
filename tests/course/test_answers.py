"""A check gets plain data, from the notebook's variables or over a socket, or a sentence that says why not."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from course import NoAnswer, answer, answers


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stand-in for the notebook's variables."""
    monkeypatch.delenv("DOCKER_COURSE_ANSWERS", raising=False)
    found: dict[str, Any] = {}
    monkeypatch.setattr(answers, "namespace", lambda: found)
    return found


def test_an_answer_is_a_copy_as_plain_data(variables: dict[str, Any]) -> None:
    """Never the student's own object."""
    variables["x"] = {"a": (1, 2)}
    assert answer("x") == {"a": [1, 2]}
    assert answer("x") is not variables["x"]


def test_bytes_are_text(variables: dict[str, Any]) -> None:
    """Programs print bytes, and what they say is what counts."""
    variables["x"] = [b"6.12 \xc3\xa9\n", 1]
    assert answer("x") == ["6.12 é\n", 1]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (..., "three dots"),
        (object(), "x is a object"),
        ("y" * 70_000, "too large"),
        ({1, 2}, "x is a set"),
        (b"\xff", "x is a bytes"),
    ],
)
def test_what_is_no_plain_data_is_refused_with_a_sentence(
    value: object, sentence: str, variables: dict[str, Any]
) -> None:
    """It names the variable."""
    variables["x"] = value
    with pytest.raises(NoAnswer, match=sentence):
        answer("x")


def test_data_that_contains_itself_is_refused(variables: dict[str, Any]) -> None:
    """JSON cannot say it."""
    variables["x"] = []
    variables["x"].append(variables["x"])
    with pytest.raises(NoAnswer):
        answer("x")


def test_a_missing_variable_is_named(variables: dict[str, Any]) -> None:
    """So that the student knows what is expected."""
    with pytest.raises(NoAnswer, match="no variable called layers_added"):
        answer("layers_added")


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ({"found": True, "value": [1]}, [1]),
        ({"found": False, "reason": "It was busy."}, NoAnswer("It was busy.")),
    ],
)
def test_where_checks_have_a_kernel_of_their_own_the_answer_comes_over_a_socket(
    reply: dict[str, Any], expected: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line each way."""
    asked: list[Any] = []
    path = tmp_path / "a.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            link, _ = server.accept()
            with link, link.makefile("rwb") as stream:
                asked.append(json.loads(stream.readline()))
                stream.write(json.dumps(reply).encode() + b"\n")

        thread = threading.Thread(target=serve)
        thread.start()
        monkeypatch.setenv("DOCKER_COURSE_ANSWERS", str(path))
        if isinstance(expected, NoAnswer):
            with pytest.raises(NoAnswer, match=str(expected)):
                answer("x")
        else:
            assert answer("x") == expected
        thread.join()
    assert asked == [{"name": "x"}]
