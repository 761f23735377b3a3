"""A conversation with a Redis, without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from course.checks import redis_client
from course.facts.exec import Completed


@pytest.mark.parametrize(
    ("outputs", "expected", "asked"),
    [
        (["+PONG\r\n+OK\r\n"], ["+PONG", "+OK"], 1),
        (["", "-NOAUTH Authentication required.\r\n+OK\r\n"], ["-NOAUTH Authentication required.", "+OK"], 2),
        ([None, "+PONG\r\n", "+PONG\r\n+OK\r\n"], ["+PONG", "+OK"], 3),
        (["", "", ""], [], 3),
        (["nc: 127.0.0.1: Connection refused\n"] * 3, ["nc: 127.0.0.1: Connection refused"], 3),
    ],
    ids=["whole", "lost", "cut", "never", "nobody there"],
)
def test_an_answer_that_was_lost_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, outputs: list[str | None], expected: list[str], asked: int
) -> None:
    """Not for ever: a Redis that does not answer does not."""
    left: Iterator[str | None] = iter(outputs)

    def helper(*_: Any, **__: Any) -> Completed | None:
        output = next(left)
        return None if output is None else Completed(0, output)

    monkeypatch.setattr(redis_client, "run_helper", helper)
    client: Any = None
    assert redis_client.ask(client, "cache", "PING") == expected
    assert len(outputs) - len(list(left)) == asked
