"""A few words with the Redis in a container."""

from __future__ import annotations

from docker import DockerClient

from course.facts.exec import run_helper


def ask(client: DockerClient, container_id: str, *commands: str) -> list[str]:
    """Send commands to the Redis in a container, from beside it, and return the lines of its answers.

    The connection is made by a helper container in its network: nothing inside answers in its place.
    """
    lines = "".join(f"{command}\\r\\n" for command in (*commands, "QUIT"))
    conversation = f"printf '{lines}' | timeout 4 nc 127.0.0.1 6379"
    outcome = run_helper(client, ["sh", "-c", conversation], network=f"container:{container_id}")
    return outcome.output.replace("\r", "").splitlines() if outcome else []


def refused(lines: list[str]) -> bool:
    """Tell whether the first answer is that a password is missing."""
    return bool(lines) and lines[0].startswith("-NOAUTH")
