"""What a container may do and use, how it is watched, and where its output goes, as ``inspect`` describes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import docker
from docker.errors import NotFound

from course.facts.values import texts

_UNITS: Final = {"": 0, "k": 10, "m": 20, "g": 30, "t": 40}


@dataclass(frozen=True)
class Health:
    """The health check of a container, times in seconds; the Engine's own values where nothing was said."""

    test: tuple[str, ...]
    interval: float
    timeout: float
    retries: int
    status: str
    """``starting``, ``healthy``, ``unhealthy``; empty while it does not run."""
    last_output: str
    """What the last run of the test wrote."""


@dataclass(frozen=True)
class Settings:
    """Rights, limits and wishes of a container, and how often it was started again."""

    user: str
    """Who it was told to run as; empty for root."""
    privileged: bool
    cap_add: tuple[str, ...]
    cap_drop: tuple[str, ...]
    read_only: bool
    """The root file system cannot be written."""
    memory: int
    """The most bytes of memory, 0 for no limit."""
    oom_killed: bool
    """The kernel ended its last run because the memory was used up."""
    restart_policy: str
    restarts: int
    """How often the Engine started it again by itself."""
    started_at: str
    log_driver: str
    log_options: Mapping[str, str]
    health: Health | None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Settings:
        """Make the record from the Engine's answer to ``GET /containers/{id}/json``."""
        host, config, state = (data.get(key) or {} for key in ("HostConfig", "Config", "State"))
        log = host.get("LogConfig") or {}
        return cls(
            user=str(config.get("User") or ""),
            privileged=bool(host.get("Privileged")),
            cap_add=texts(host.get("CapAdd")),
            cap_drop=texts(host.get("CapDrop")),
            read_only=bool(host.get("ReadonlyRootfs")),
            memory=int(host.get("Memory") or 0),
            oom_killed=bool(state.get("OOMKilled")),
            restart_policy=str((host.get("RestartPolicy") or {}).get("Name") or "no"),
            restarts=int(data.get("RestartCount") or 0),
            started_at=str(state.get("StartedAt") or ""),
            log_driver=str(log.get("Type") or ""),
            log_options=log.get("Config") or {},
            health=_health(config.get("Healthcheck") or {}, state.get("Health") or {}),
        )


def settings(client: docker.DockerClient, container: str) -> Settings | None:
    """Return the settings of the container with this name or ID, or None if there is none."""
    try:
        return Settings.read(client.api.inspect_container(container))
    except NotFound:
        return None


def health_tests(client: docker.DockerClient, container: str) -> tuple[str, ...]:
    """Return when the last runs of the health test began, the oldest first."""
    try:
        state = client.api.inspect_container(container).get("State") or {}
    except NotFound:
        return ()
    return tuple(str(test.get("Start")) for test in (state.get("Health") or {}).get("Log") or ())


def is_root(user: str) -> bool:
    """Tell whether a ``User`` of an image or a container means root; empty text does."""
    return user.partition(":")[0] in ("", "0", "root")


def size(text: str) -> int | None:
    """Return a size as the Engine reads it (``100k``, ``10m``; 1024-fold), in bytes, or None if it is none."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([kmgt]?)(?:i?b)?", text.strip().lower())
    return int(float(found[1]) * (1 << _UNITS[found[2]])) if found else None


def _health(config: Mapping[str, Any], state: Mapping[str, Any]) -> Health | None:
    test = texts(config.get("Test"))
    if not test or test[0] == "NONE":
        return None
    log = state.get("Log") or [{}]
    return Health(
        test=test,
        interval=int(config.get("Interval") or 0) / 1e9 or 30.0,
        timeout=int(config.get("Timeout") or 0) / 1e9 or 30.0,
        retries=int(config.get("Retries") or 0) or 3,
        status=str(state.get("Status") or ""),
        last_output=str(log[-1].get("Output") or "").strip(),
    )
