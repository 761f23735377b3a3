"""A few words with the Redis in a container."""

from __future__ import annotations

from typing import Final

from docker import DockerClient

from course.facts.exec import run_helper

_ATTEMPTS: Final = 3
"""How often it is asked before an answer that is not whole counts: a busy Engine may lose what a helper writes."""


def ask(client: DockerClient, container_id: str, *commands: str) -> list[str]:
    """Send commands to the Redis in a container, from beside it, and return the lines of its answers.

    The connection is made by a helper container in its network: nothing inside answers in its place. The commands are
    sent again if the answer is not whole, which has at least one line for each of them, and one for the last, ``QUIT``.
    """
    lines = "".join(f"{command}\\r\\n" for command in (*commands, "QUIT"))
    conversation = f"printf '{lines}' | timeout 4 nc 127.0.0.1 6379"
    answer: list[str] = []
    for _ in range(_ATTEMPTS):
        outcome = run_helper(client, ["sh", "-c", conversation], network=f"container:{container_id}")
        answer = outcome.output.replace("\r", "").splitlines() if outcome else []
        if len(answer) > len(commands):
            break
    return answer


def refused(lines: list[str]) -> bool:
    """Tell whether the first answer is that a password is missing."""
    return bool(lines) and lines[0].startswith("-NOAUTH")
