"""Routes: the requests that the gateway knows, and what each may carry."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from autograder.gateway.errors import Malformed, Refused, short
from autograder.gateway.models.base import Body
from autograder.gateway.values import First, Many, Query, Unread


class Content(Enum):
    """What a request's content is."""

    NONE = "none"
    """Nothing; an empty JSON object is taken for nothing, some clients send one."""
    JSON = "json"
    STREAM = "stream"
    """A tar archive, passed on as it comes."""
    ARCHIVE = "archive"
    """A tar archive that must not be compressed."""


_NAME = r"[a-zA-Z0-9][a-zA-Z0-9_.-]*"
_KINDS = {
    "container": _NAME,
    "network": _NAME,
    "volume": _NAME,
    "exec": r"[0-9a-f]{12,64}",
    # `docker inspect X` asks for X among containers, images, networks, volumes and plugins in turn.
    "any": r"[a-zA-Z0-9][a-zA-Z0-9_.:@-]*(?:/[a-zA-Z0-9][a-zA-Z0-9_.:@-]*)*",
    "image": r"[a-zA-Z0-9][a-zA-Z0-9_.:@-]*(?:/[a-zA-Z0-9][a-zA-Z0-9_.:@-]*)*",
}


@dataclass(frozen=True, slots=True)
class Route:
    """One request that the gateway knows."""

    method: str
    path: str
    """Template; ``{container}`` stands for a name of that kind."""
    query: Query = field(default_factory=dict)
    body: type[Body] | None = None
    """The typed body; with it the content is JSON."""
    optional: bool = False
    """Whether the body may be left out."""
    content: Content = Content.NONE
    upgrade: str = ""
    """The protocol in which the connection goes on if the Engine agrees; the gateway then passes bytes on."""
    check: Callable[[dict[str, str], dict[str, str]], None] | None = None
    """A rule on path names and query values together; raises Denied."""

    def values(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the query in the Engine's spelling. Raises Denied for an unknown, repeated or wrong one.

        A key of the body is none of the query's, and is left out: see ``repeats``.
        """
        seen: set[str] = set()
        written = []
        for key, text in pairs:
            known = self.query.get(key)
            if known is None and self.body is not None and key in self.body.model_fields:
                continue
            if known is None:
                raise Malformed(f"The query key {short(key)} is not known for {self.method} {self.path}.")
            if isinstance(known, Many):
                written.append((key, known.value(text)))
                continue
            if key in seen:
                if isinstance(known, First):
                    continue
                raise Malformed(f"The query key {short(key)} is sent twice.")
            seen.add(key)
            if not isinstance(known, Unread):
                written.append((key, (known.value if isinstance(known, First) else known)(text)))
        return written


class Table:
    """All routes, found by method and path."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._fixed = {(route.method, route.path): route for route in routes if "{" not in route.path}
        # Two words of every template are fixed, the method and the first part: few are left to try.
        self._patterns: dict[tuple[str, str], list[tuple[re.Pattern[str], Route]]] = {}
        for route in routes:
            if "{" in route.path:
                key = (route.method, route.path.split("/")[1])
                self._patterns.setdefault(key, []).append((_pattern(route.path), route))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route of a request and the names in its path. Raises Refused when there is none."""
        fixed = self._fixed.get((method, path))
        if fixed is not None:
            return fixed, {}
        for pattern, route in self._patterns.get((method, path.split("/")[1]), ()):
            found = pattern.fullmatch(path)
            if found:
                return route, found.groupdict()
        raise Refused(_unknown(method, path))


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", lambda found: f"(?P<{found[1]}>{_KINDS[found[1]]})", template), re.ASCII)


_OFF = {
    "swarm": "Swarm mode",
    "services": "Swarm mode",
    "tasks": "Swarm mode",
    "nodes": "Swarm mode",
    "secrets": "Swarm mode",
    "configs": "Swarm mode",
    "plugins": "Changing plugins",
}


def _unknown(method: str, path: str) -> str:
    off = _OFF.get(path.split("/")[1])
    if off:
        return f"{off} is off in this Engine: it could change the Engine itself. The course does not need it."
    if "checkpoint" in path:
        return "Checkpoints are off in this Engine: a forged one could restore any process."
    return f"{method} {path[:120]} is not a request that this Engine accepts."
