"""Which program a container runs, as the Engine's own list of processes shows it: nothing is run inside."""

from __future__ import annotations

import docker
from docker.errors import APIError

from course.facts.container import Container


def command_line(client: docker.DockerClient, container: str) -> str:
    """Return the command line of the container's process 1; empty text if it does not run."""
    try:
        pid = str(Container.read(client.api.inspect_container(container)).state.pid)
        table = client.api.top(container)
    except APIError:
        return ""
    titles = [str(title).upper() for title in table.get("Titles") or ()]
    rows = [[str(cell) for cell in row] for row in table.get("Processes") or ()]
    if not rows:
        return ""
    column = titles.index("PID") if "PID" in titles else 0
    return next((row[-1] for row in rows if row[column] == pid), rows[0][-1])
