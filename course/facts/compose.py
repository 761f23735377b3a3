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

_TIMEOUT: Final = 20.0
_MAX_BYTES: Final = 1 << 20
_MAX_CONTAINERS: Final = 100
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
    depends_on: Mapping[str, str]
    """What ``depends_on`` says: a condition such as ``service_healthy``, by the other service's name."""
    networks: tuple[str, ...]
    ports: tuple[tuple[str, str, str], ...]
    """Published ports: (``"80/tcp"``, address or empty, port or empty or a range)."""
    profiles: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    mounts: tuple[tuple[str, str, str], ...] = ()
    """Storage: (``bind``, ``volume`` or ``tmpfs``; directory, name or empty; place in the container)."""
    entrypoint: tuple[str, ...] | None = None
    """None, here and for the command, if the image's own is used."""
    command: tuple[str, ...] | None = None
    build: str = ""
    """The directory that its image is built from; empty if it is not built."""
    replicas: int = 1
    """How many containers ``up`` starts of it."""

    @classmethod
    def read(cls, name: str, data: Mapping[str, Any]) -> Service:
        """Make the record from one entry of ``services`` in what ``config --format json`` prints."""
        return cls(
            name=name,
            image=str(data.get("image") or ""),
            depends_on={
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
            profiles=texts(data.get("profiles")),
            environment={
                key: _plain(value) for key, value in (data.get("environment") or {}).items() if value is not None
            },
            mounts=tuple(
                (str(one.get("type") or ""), _plain(one.get("source") or ""), _plain(one.get("target") or ""))
                for one in data.get("volumes") or ()
            ),
            entrypoint=_words(data.get("entrypoint")),
            command=_words(data.get("command")),
            build=_plain((data.get("build") or {}).get("context") or ""),
            replicas=_replicas(data),
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
            services={name: Service.read(name, one or {}) for name, one in (data.get("services") or {}).items()},
            networks={name: bool((one or {}).get("internal")) for name, one in (data.get("networks") or {}).items()},
            volumes=texts((data.get("volumes") or {}).keys()),
        )


@dataclass(frozen=True)
class Member:
    """A container that says of itself, by its labels, that it belongs to a project."""

    container: Container
    labels: Mapping[str, str] = field(repr=False)
    """Compose's own labels, without `LABEL` before their names."""

    @classmethod
    def of(cls, container: Container) -> Member:
        """Read a container's labels."""
        labels = container.config.labels
        return cls(container, {key.removeprefix(LABEL): labels[key] for key in labels if key.startswith(LABEL)})

    @property
    def service(self) -> str:
        """The service it is a container of."""
        return self.labels.get("service", "")

    @property
    def number(self) -> int:
        """Its number among the containers of the service; 0 if it has none."""
        number = self.labels.get("container-number", "")
        return int(number) if number.isdecimal() and len(number) < 9 else 0

    @property
    def one_off(self) -> bool:
        """Whether ``run`` made it."""
        return self.labels.get("oneoff", "").lower() == "true"

    @property
    def depends_on(self) -> Mapping[str, str]:
        """What ``depends_on`` said when it was made: a condition, by the other service's name."""
        waits = (item.split(":") for item in self.labels.get("depends_on", "").split(",") if item)
        return {parts[0]: parts[1] if len(parts) > 1 else "service_started" for parts in waits}

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it was made from."""
        return tuple(name for name in self.labels.get("project.config_files", "").split(",") if name)


def project(directory: str | Path, files: Sequence[str] = (), *, profiles: Sequence[str] = ("*",)) -> Project:
    """Return what the file in ``directory`` describes, or what ``files`` do together.

    With all profiles, or those that are named; without any, those that the directory's ``.env`` switches on.

    Raises `ComposeFailed` if there is no Compose, no file, or one that Compose does not understand.
    """
    named = [part for file in files for part in ("--file", file)]
    named += [part for profile in profiles for part in ("--profile", profile)]
    command = ["docker", "compose", "--project-directory", str(directory), *named]
    try:
        done = subprocess.run(
            [*command, "config", "--format", "json"],
            capture_output=True,
            timeout=_TIMEOUT,
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
        found = json.loads(done.stdout[:_MAX_BYTES])
        return Project.read(found)
    except (ValueError, AttributeError, TypeError):
        raise ComposeFailed("What Compose says about the file is longer than can be read here.") from None


def members(client: docker.DockerClient, name: str) -> tuple[Member, ...]:
    """Return the containers whose labels name this project, by service and number; at most 100."""
    items = client.api.containers(all=True, filters={"label": f"{LABEL}project={name}"})
    found = []
    for item in items[:_MAX_CONTAINERS]:
        try:
            found.append(Member.of(Container.read(client.api.inspect_container(item["Id"]))))
        except NotFound:
            continue
    return tuple(sorted(found, key=lambda one: (one.service, one.one_off, one.number)))


def _replicas(data: Mapping[str, Any]) -> int:
    asked = (data.get("deploy") or {}).get("replicas", data.get("scale"))
    return int(asked) if asked is not None else 1


def _plain(text: object) -> str:
    """Return a text as containers get it: ``config`` writes each ``$`` twice."""
    return str(text).replace("$$", "$")


def _words(line: Any) -> tuple[str, ...] | None:
    return tuple(map(_plain, line)) if isinstance(line, list) else None


def _reason(errors: str) -> str:
    if "is not a docker command" in errors or "unknown flag: --project-directory" in errors:
        return _MISSING
    lines = [line for line in errors.splitlines() if line.strip() and "level=warning" not in line]
    return f"Compose cannot read this: {lines[-1][:300]}" if lines else "Compose cannot read this."
