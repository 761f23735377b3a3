"""Compose: what a project's file describes, as the plug-in itself reads it, and which containers the Engine has of it.

Compose has no programming interface, so its file is read by ``docker compose config``, which starts nothing. A check
never lets Compose *run* somebody's file: such a file may name programs to start (``provider:``) on the machine of
whoever runs it.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import docker
from docker.errors import NotFound

from course.errors import ComposeFailed
from course.facts.container import Container
from course.facts.values import texts

LABEL: Final = "com.docker.compose."
"""How the names of Compose's own labels begin."""

_SECONDS: Final = 20.0
_MOST_BYTES: Final = 1 << 20
_MOST_CONTAINERS: Final = 100
_LOCAL_ONLY: Final = {"COMPOSE_EXPERIMENTAL_GIT_REMOTE": "false", "COMPOSE_EXPERIMENTAL_OCI_REMOTE": "false"}
"""A file may include others: from this machine, and from nowhere else."""

_MISSING: Final = (
    "The docker command has no Compose here.\n"
    "Install the package docker-compose-plugin (Docker Desktop brings Compose along), and run this again."
)


@dataclass(frozen=True)
class Service:
    """One service of a project's file."""

    name: str
    image: str
    """Empty if it is built and the file gives the result no name."""
    waits_for: Mapping[str, str]
    """What ``depends_on`` says: a condition such as ``service_healthy``, by the other service's name."""
    networks: tuple[str, ...]
    ports: tuple[tuple[str, str, str], ...]
    """Published ports: (``"80/tcp"``, address or empty, port or empty or a range)."""
    health_check: bool
    profiles: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    mounts: tuple[tuple[str, str, str], ...] = ()
    """Storage: (``bind``, ``volume`` or ``tmpfs``; directory, name or empty; place in the container)."""
    entrypoint: tuple[str, ...] | None = None
    """None, here and for the command, if the image's own is used."""
    command: tuple[str, ...] | None = None

    @classmethod
    def read(cls, name: str, data: Mapping[str, Any]) -> Service:
        """Make the record from one entry of ``services`` in what ``config --format json`` prints."""
        health = data.get("healthcheck") or {}
        return cls(
            name=name,
            image=str(data.get("image") or ""),
            waits_for={
                other: str((how or {}).get("condition") or "service_started")
                for other, how in (data.get("depends_on") or {}).items()
            },
            networks=texts((data.get("networks") or {}).keys()),
            ports=tuple(
                (
                    f"{port.get('target', '?')}/{port.get('protocol') or 'tcp'}",
                    str(port.get("host_ip") or ""),
                    str(port.get("published") or ""),
                )
                for port in data.get("ports") or ()
            ),
            health_check=bool(health) and not health.get("disable") and health.get("test") != ["NONE"],
            profiles=texts(data.get("profiles")),
            environment={
                key: _plain(value)
                for key, value in (data.get("environment") or {}).items()
                if value is not None
            },
            mounts=tuple(
                (str(one.get("type") or ""), _plain(one.get("source") or ""), _plain(one.get("target") or ""))
                for one in data.get("volumes") or ()
            ),
            entrypoint=_words(data.get("entrypoint")),
            command=_words(data.get("command")),
        )


@dataclass(frozen=True)
class Project:
    """What a project's file describes."""

    name: str
    services: Mapping[str, Service]
    networks: Mapping[str, bool]
    """True for an internal network, by the name in the file."""
    volumes: tuple[str, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Project:
        """Make the record from what ``config --format json`` prints."""
        return cls(
            name=str(data.get("name") or ""),
            services={
                name: Service.read(name, one or {}) for name, one in (data.get("services") or {}).items()
            },
            networks={
                name: bool((one or {}).get("internal")) for name, one in (data.get("networks") or {}).items()
            },
            volumes=texts((data.get("volumes") or {}).keys()),
        )


@dataclass(frozen=True)
class Member:
    """A container that says of itself, by its labels, that it belongs to a project."""

    service: str
    number: int
    one_off: bool
    """True for one that ``run`` made."""
    health: str
    """``starting``, ``healthy``, ``unhealthy``, or empty if it has no health check."""
    waits_for: Mapping[str, str]
    """What ``depends_on`` said when it was made."""
    directory: str
    files: tuple[str, ...]
    restarts: int
    """How often the Engine started it again by itself."""
    container: Container
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Member:
        """Make the record from the Engine's answer to ``GET /containers/{id}/json``."""
        labels = (data.get("Config") or {}).get("Labels") or {}
        ours = {key.removeprefix(LABEL): str(value) for key, value in labels.items() if key.startswith(LABEL)}
        number = ours.get("container-number", "")
        waits = (item.split(":") for item in ours.get("depends_on", "").split(",") if item)
        state = data.get("State") or {}
        return cls(
            service=ours.get("service", ""),
            number=int(number) if number.isdecimal() and len(number) < 9 else 0,
            one_off=ours.get("oneoff", "").lower() == "true",
            health=_health(state),
            waits_for={parts[0]: parts[1] if len(parts) > 1 else "service_started" for parts in waits},
            directory=ours.get("project.working_dir", ""),
            files=tuple(name for name in ours.get("project.config_files", "").split(",") if name),
            restarts=int(data.get("RestartCount") or 0),
            container=Container.read(data),
            labels=ours,
        )


def project(directory: str | Path, files: Sequence[str] = ()) -> Project:
    """Return what the file in ``directory`` describes, or what ``files`` do together; all profiles are switched on.

    Raises `ComposeFailed` if there is no Compose, no file, or one that Compose does not understand.
    """
    named = [part for file in files for part in ("--file", file)]
    command = ["docker", "compose", "--project-directory", str(directory), *named, "--profile", "*"]
    try:
        done = subprocess.run(
            [*command, "config", "--format", "json"],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, **_LOCAL_ONLY},
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise ComposeFailed("There is no docker command on this machine's search path.") from None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        raise ComposeFailed("Compose did not finish reading the file.") from None
    if done.returncode != 0:
        raise ComposeFailed(_reason(done.stderr.decode("utf-8", "replace")))
    try:
        found = json.loads(done.stdout[:_MOST_BYTES])
        return Project.read(found)
    except (ValueError, AttributeError, TypeError):
        raise ComposeFailed("What Compose says about the file is longer than can be read here.") from None


def members(client: docker.DockerClient, name: str) -> tuple[Member, ...]:
    """Return the containers whose labels name this project, by service and number; at most 100."""
    items = client.api.containers(all=True, filters={"label": f"{LABEL}project={name}"})
    found = []
    for item in items[:_MOST_CONTAINERS]:
        try:
            found.append(Member.read(client.api.inspect_container(item["Id"])))
        except NotFound:
            continue
    return tuple(sorted(found, key=lambda one: (one.service, one.one_off, one.number)))


def _plain(text: object) -> str:
    """Return a text as containers get it: ``config`` writes each ``$`` twice."""
    return str(text).replace("$$", "$")


def _words(line: Any) -> tuple[str, ...] | None:
    return tuple(map(_plain, line)) if isinstance(line, list) else None


def _health(state: Mapping[str, Any]) -> str:
    status = str((state.get("Health") or {}).get("Status") or "")
    return "" if status == "none" else status


def _reason(errors: str) -> str:
    if "is not a docker command" in errors or "unknown flag: --project-directory" in errors:
        return _MISSING
    lines = [line for line in errors.splitlines() if line.strip() and "level=warning" not in line]
    return f"Compose cannot read this: {lines[-1][:300]}" if lines else "Compose cannot read this."
