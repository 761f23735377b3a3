"""A container as one ``inspect`` describes it, under the API's own names.

The Engine's answer is a tree (``State``, ``Config``, ``HostConfig``, ``NetworkSettings``, ``Mounts``), and so is the
record: what ``inspect`` shows as ``HostConfig.Memory`` is ``container.host_config.memory``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import docker
from docker.errors import NotFound

from course.facts.values import size, texts, when

Json = Mapping[str, Any]


class Port(NamedTuple):
    """A port of a container that is published on this machine."""

    container_port: str
    """Such as ``"80/tcp"``."""
    host_ip: str
    """The address on this machine; empty for every address."""
    host_port: int


class PortBinding(NamedTuple):
    """A published port as it was asked for."""

    container_port: str
    host_ip: str
    host_port: str
    """A number, a range, or empty where the Engine chooses."""


class Probe(NamedTuple):
    """One run of a health check."""

    start: str
    """When it began, as the Engine writes it."""
    exit_code: int
    output: str


@dataclass(frozen=True)
class State:
    """What the container does now, or how its last run ended (``State``)."""

    status: str
    """``created``, ``running``, ``paused``, ``restarting``, ``exited`` or ``dead``."""
    pid: int
    """Process 1 in the numbers of the Engine's machine; 0 if it does not run."""
    exit_code: int
    error: str
    oom_killed: bool
    """The kernel ended its last run because the memory was used up."""
    started_at: float | None
    """Seconds since 1970; None if it has never been started."""
    health: str
    """``starting``, ``healthy``, ``unhealthy``; empty without a health check."""
    probes: tuple[Probe, ...]
    """The last runs of its health check, the oldest first."""

    @classmethod
    def read(cls, data: Json) -> State:
        """Make the record from ``State``."""
        health = data.get("Health") or {}
        status = str(health.get("Status") or "")
        return cls(
            status=str(data.get("Status") or ""),
            pid=int(data.get("Pid") or 0),
            exit_code=int(data.get("ExitCode") or 0),
            error=str(data.get("Error") or ""),
            oom_killed=bool(data.get("OOMKilled")),
            started_at=when(data.get("StartedAt")),
            health="" if status == "none" else status,
            probes=tuple(
                Probe(str(one.get("Start")), int(one.get("ExitCode") or 0), str(one.get("Output") or ""))
                for one in health.get("Log") or ()
            ),
        )


@dataclass(frozen=True)
class HealthCheck:
    """How a container's health is tested (``Config.Healthcheck``); the Engine's defaults where nothing is set.

    Times in seconds.
    """

    command: tuple[str, ...]
    """What is run, with its shell if it has one."""
    interval: float
    timeout: float
    retries: int

    @classmethod
    def read(cls, data: Json, shell: tuple[str, ...]) -> HealthCheck | None:
        """Make the record; None where no health check is set, or where it is switched off."""
        kind, *words = texts(data.get("Test")) or ("NONE",)
        if kind == "NONE":
            return None
        return cls(
            command=(*(shell or ("/bin/sh", "-c")), *words) if kind == "CMD-SHELL" else tuple(words),
            interval=int(data.get("Interval") or 0) / 1e9 or 30.0,
            timeout=int(data.get("Timeout") or 0) / 1e9 or 30.0,
            retries=int(data.get("Retries") or 0) or 3,
        )


@dataclass(frozen=True)
class Config:
    """What the container took from its image or was given beside it (``Config``)."""

    image: str
    """What was written when it was made: a tag, a digest or an ID."""
    user: str
    """Empty for root."""
    env: Mapping[str, str]
    entrypoint: tuple[str, ...]
    cmd: tuple[str, ...]
    labels: Mapping[str, str]
    healthcheck: HealthCheck | None
    stop_timeout: int | None
    """Seconds that a stop waits; None where nothing is set."""
    working_directory: str
    """Empty for the root directory."""
    open_stdin: bool
    """Its program's input is kept open for what is typed."""
    tty: bool
    """Its program has a terminal."""

    @property
    def command(self) -> tuple[str, ...]:
        """The whole command line: the entrypoint, then the command."""
        return self.entrypoint + self.cmd

    @classmethod
    def read(cls, data: Json) -> Config:
        """Make the record from ``Config``."""
        wait = data.get("StopTimeout")
        return cls(
            image=str(data.get("Image") or ""),
            user=str(data.get("User") or ""),
            env=dict(line.split("=", 1) for line in texts(data.get("Env")) if "=" in line),
            entrypoint=texts(data.get("Entrypoint")),
            cmd=texts(data.get("Cmd")),
            labels={key: str(value) for key, value in (data.get("Labels") or {}).items()},
            healthcheck=HealthCheck.read(data.get("Healthcheck") or {}, texts(data.get("Shell"))),
            stop_timeout=int(wait) if wait is not None else None,
            working_directory=str(data.get("WorkingDir") or ""),
            open_stdin=bool(data.get("OpenStdin")),
            tty=bool(data.get("Tty")),
        )


@dataclass(frozen=True)
class HostConfig:
    """Rights, limits and wishes of the container on this machine (``HostConfig``)."""

    network_mode: str
    """``default``, ``bridge``, ``host``, ``none``, ``container:ID`` or the name of a network."""
    pid_mode: str
    """``host``, ``container:ID``, or empty for a PID namespace of its own."""
    port_bindings: tuple[PortBinding, ...]
    extra_hosts: tuple[str, ...]
    links: tuple[str, ...]
    privileged: bool
    cap_drop: tuple[str, ...]
    readonly_rootfs: bool
    memory: int
    """The most bytes of memory, 0 for no limit."""
    restart_policy: str
    """``no``, ``always``, ``unless-stopped`` or ``on-failure``."""
    log_driver: str
    log_options: Mapping[str, str]

    @classmethod
    def read(cls, data: Json) -> HostConfig:
        """Make the record from ``HostConfig``."""
        log = data.get("LogConfig") or {}
        return cls(
            network_mode=str(data.get("NetworkMode") or "default"),
            pid_mode=str(data.get("PidMode") or ""),
            port_bindings=tuple(
                PortBinding(inside, str(place.get("HostIp") or ""), str(place.get("HostPort") or ""))
                for inside, places in (data.get("PortBindings") or {}).items()
                for place in places or ()
            ),
            extra_hosts=texts(data.get("ExtraHosts")),
            links=texts(data.get("Links")),
            privileged=bool(data.get("Privileged")),
            cap_drop=texts(data.get("CapDrop")),
            readonly_rootfs=bool(data.get("ReadonlyRootfs")),
            memory=int(data.get("Memory") or 0),
            restart_policy=str((data.get("RestartPolicy") or {}).get("Name") or "no"),
            log_driver=str(log.get("Type") or ""),
            log_options={key: str(value) for key, value in (log.get("Config") or {}).items()},
        )


DEFAULT_NETWORKS: Final = frozenset({"bridge", "host", "none"})
"""On these, containers have no names for each other."""


@dataclass(frozen=True)
class Endpoint:
    """The container's place on one network (``NetworkSettings.Networks``)."""

    ip_address: str
    """Empty while it does not run."""
    aliases: tuple[str, ...]
    """Further names of the container on this network."""
    fixed_address: str
    """The address that was asked for; empty where the Engine chooses."""

    @classmethod
    def read(cls, data: Json) -> Endpoint:
        """Make the record from one entry of ``Networks``."""
        return cls(
            ip_address=str(data.get("IPAddress") or ""),
            aliases=texts(data.get("Aliases")),
            fixed_address=str((data.get("IPAMConfig") or {}).get("IPv4Address") or ""),
        )


@dataclass(frozen=True)
class Mount:
    """Storage that a container sees at a place of its own (``Mounts``)."""

    type: str
    """``volume``, ``bind`` or ``tmpfs``."""
    source: str
    """The volume's name, or the directory on the Engine's machine; empty for a tmpfs."""
    target: str
    writable: bool
    size: int | None = None
    """Most bytes of a tmpfs; None if it has no limit, or is none."""
    copies: bool = True
    """False if a new volume is not to be filled from the image."""

    @property
    def unnamed(self) -> bool:
        """Whether it is a volume without a name of its own: the Engine gives it 64 hexadecimal digits."""
        return self.type == "volume" and re.fullmatch("[0-9a-f]{64}", self.source) is not None


@dataclass(frozen=True)
class Container:
    """A container at the moment of one ``inspect``."""

    id: str
    name: str
    created: float
    """Seconds since 1970, by the Engine's clock."""
    image: str
    """ID of the image it runs on; this never changes, whatever happens to tags."""
    restart_count: int
    """How often the Engine started it again by itself."""
    state: State
    config: Config
    host_config: HostConfig
    ports: tuple[Port, ...]
    """The ports that are published now (``NetworkSettings.Ports``)."""
    networks: Mapping[str, Endpoint]
    """The networks it is on, by name (``NetworkSettings.Networks``)."""
    mounts: tuple[Mount, ...]

    @property
    def running(self) -> bool:
        """Whether it runs, and is not paused."""
        return self.state.status == "running"

    def mount(self, target: str) -> Mount | None:
        """Return what is mounted exactly there, or None."""
        return next((one for one in self.mounts if one.target.rstrip("/") == target.rstrip("/")), None)

    @classmethod
    def read(cls, data: Json) -> Container:
        """Make the record from the Engine's answer to ``GET /containers/{id}/json``."""
        network = data.get("NetworkSettings") or {}
        return cls(
            id=data["Id"],
            name=str(data.get("Name") or "").removeprefix("/"),
            created=when(data.get("Created")) or 0.0,
            image=str(data.get("Image") or ""),
            restart_count=int(data.get("RestartCount") or 0),
            state=State.read(data.get("State") or {}),
            config=Config.read(data.get("Config") or {}),
            host_config=HostConfig.read(data.get("HostConfig") or {}),
            ports=tuple(
                Port(inside, str(place.get("HostIp") or ""), int(place["HostPort"]))
                for inside, places in (network.get("Ports") or {}).items()
                for place in places or ()
                if place.get("HostPort")
            ),
            networks={name: Endpoint.read(one or {}) for name, one in (network.get("Networks") or {}).items()},
            mounts=_mounts(data, data.get("HostConfig") or {}),
        )


def container(client: docker.DockerClient, name: str) -> Container | None:
    """Return the container with this name or ID, or None."""
    try:
        return Container.read(client.api.inspect_container(name))
    except NotFound:
        return None


def is_root(user: str) -> bool:
    """Tell whether a ``User`` of an image or a container means root; empty text does."""
    return user.partition(":")[0] in ("", "0", "root")


def _mounts(data: Json, host: Json) -> tuple[Mount, ...]:
    """Read ``Mounts``, and from ``HostConfig`` what ``Mounts`` leaves out: sizes, ``nocopy``, and ``--tmpfs``."""
    asked = {str(m.get("Target") or "").rstrip("/"): m for m in host.get("Mounts") or ()}
    unfilled = {
        bind.split(":")[1].rstrip("/")
        for bind in host.get("Binds") or ()
        if bind.count(":") == 2 and "nocopy" in bind.rpartition(":")[2].split(",")
    }
    found = []
    for place in data.get("Mounts") or ():
        target = str(place.get("Destination") or "")
        wish = asked.get(target.rstrip("/"), {})
        found.append(
            Mount(
                type=str(place.get("Type") or ""),
                source=_source(place),
                target=target,
                writable=bool(place.get("RW")),
                size=int((wish.get("TmpfsOptions") or {}).get("SizeBytes") or 0) or None,
                copies=target.rstrip("/") not in unfilled and not (wish.get("VolumeOptions") or {}).get("NoCopy"),
            )
        )
    for target, options in (host.get("Tmpfs") or {}).items():
        flags = options.split(",")
        sizes = (size(flag.removeprefix("size=")) for flag in flags if flag.startswith("size="))
        found.append(Mount("tmpfs", "", target, "ro" not in flags, next(sizes, None)))
    return tuple(found)


def _source(place: Json) -> str:
    name, path = str(place.get("Name") or ""), str(place.get("Source") or "")
    if place.get("Type") == "volume" and not name and path.endswith("/_data"):
        # Engine 28 leaves the name out if ``Binds`` asked for a volume without one.
        return path.split("/")[-2]
    return name or path
