"""Which program a container runs, as the Engine's own list of processes shows it: nothing is run inside."""

from __future__ import annotations

import docker
from docker.errors import APIError

from course.facts.container import Container


def command_line(client: docker.DockerClient, container: str) -> str:
    """Return the command line of the container's process 1; empty text if it does not run."""
    pid, rows = _table(client, container)
    lines = [row["CMD"] for row in rows if row.get("PID", pid) == pid]
    return lines[0] if lines else rows[0]["CMD"] if rows else ""


def children(client: docker.DockerClient, container: str) -> int:
    """Return the number of processes that the container's process 1 has started and that run; 0 if it does not run."""
    pid, rows = _table(client, container)
    return sum(row.get("PPID") == pid for row in rows)


def _table(client: docker.DockerClient, container: str) -> tuple[str, list[dict[str, str]]]:
    """Return the number of process 1 on the Engine's machine, and the rows of the list; the last cell is the CMD."""
    try:
        pid = str(Container.read(client.api.inspect_container(container)).state.pid)
        table = client.api.top(container)
    except APIError:
        return "", []
    titles = [str(title).upper() for title in table.get("Titles") or ()]
    rows = [[str(cell) for cell in row] for row in table.get("Processes") or ()]
    return pid, [{**dict(zip(titles, row, strict=False)), "CMD": row[-1]} for row in rows if row]
