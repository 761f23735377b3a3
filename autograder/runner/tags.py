"""Restore the names of the course images to what they were before the student's first cell.

Checks run small containers of the course's own images and compare with them. A student who moves such a name to
another image would answer for the check; so before each check the names are put back, and one whose image is gone is
taken away: no image is better than a wrong one. What checks make containers from they ask for by the IDs noted here:
work that the Engine has not finished might move a name after it was put back.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

ENGINE = "unix:///run/engine/docker.sock"


class CourseTags:
    """The names that the Engine's images had when this was made.

    Raises docker's errors, or requests' where the Engine does not answer.
    """

    def __init__(self, client: Any = None) -> None:
        import docker

        self._client = client or docker.APIClient(base_url=ENGINE, version="auto", timeout=20)
        self._ids = self._now()

    def write(self, path: Path) -> None:
        """Write the IDs by name into a file, as JSON, for `course.facts.pinned`."""
        path.write_text(json.dumps(self._ids), encoding="utf-8")
        path.chmod(0o644)

    def restore(self) -> list[str]:
        """Put every name back that has been moved or removed; the names that were touched."""
        import docker

        now = self._now()
        touched = [name for name, image in self._ids.items() if now.get(name) != image]
        for name in touched:
            try:
                self._client.tag(self._ids[name], *name.rsplit(":", 1))
            except docker.errors.NotFound:
                with contextlib.suppress(docker.errors.APIError):
                    self._client.remove_image(name, noprune=True, force=True)
        return touched

    def _now(self) -> dict[str, str]:
        return {tag: image["Id"] for image in self._client.images() for tag in image["RepoTags"] or ()}
