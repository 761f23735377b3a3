"""What a container changed in the files of its image: its own thin layer."""

from __future__ import annotations

from typing import Final

import docker
from docker.errors import NotFound

_KINDS: Final = {0: "changed", 1: "added", 2: "deleted"}


def changes(client: docker.DockerClient, container: str) -> dict[str, str]:
    """Return ``changed``, ``added`` or ``deleted`` for each path that differs from the image, as ``diff`` tells it.

    What lies on a volume or another mount is no part of the layer and is not listed. Empty also if there is no such
    container.
    """
    try:
        rows = client.api.diff(container) or ()  # the Engine says null when nothing differs
    except NotFound:
        return {}
    return {str(row["Path"]): _KINDS.get(row["Kind"], "changed") for row in rows}
