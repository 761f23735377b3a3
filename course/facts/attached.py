"""What a container is attached to: storage, networks, and the ports of this machine that were asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import docker
from docker.errors import NotFound

from course.facts.values import texts

_UNITS: Final = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


@dataclass(frozen=True)
class Mount:
    """Storage that a container sees at a place of its own."""

    kind: str
    """``volume``, ``bind`` or ``tmpfs``."""
    source: str
    """The volume's name, or the directory on the Engine's machine; empty for a tmpfs."""
    target: str
    writable: bool
    size: int | None = None
    """Most bytes of a tmpfs; None if it has no limit, or is none."""
    copies: bool = True
    """False if a new volume is not to be filled from the image."""


@dataclass(frozen=True)
class Attached:
    """A container's mounts, networks and wishes for ports, as ``inspect`` describes them."""

    mounts: tuple[Mount, ...]
    network_mode: str
    """``default``, ``bridge``, ``host``, ``none``, ``container:ID`` or the name of a network."""
    networks: Mapping[str, str]
    """Address by the network's name; empty text while it does not run."""
    aliases: Mapping[str, tuple[str, ...]]
    """Further names of the container, by the network's name."""
    extra_hosts: tuple[str, ...]
    links: tuple[str, ...]
    wanted_ports: tuple[tuple[str, str, str], ...]
    """Ports asked for: (``"80/tcp"``, address or empty, port or empty or a range)."""

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Attached:
        """Make the record from the Engine's answer to ``GET /containers/{id}/json``."""
        host = data.get("HostConfig") or {}
        networks = (data.get("NetworkSettings") or {}).get("Networks") or {}
        return cls(
            mounts=tuple(_mounts(data, host)),
            network_mode=str(host.get("NetworkMode") or "default"),
            networks={name: str((place or {}).get("IPAddress") or "") for name, place in networks.items()},
            aliases={name: texts((place or {}).get("Aliases")) for name, place in networks.items()},
            extra_hosts=texts(host.get("ExtraHosts")),
            links=texts(host.get("Links")),
            wanted_ports=tuple(
                (inside, str(place.get("HostIp") or ""), str(place.get("HostPort") or ""))
                for inside, places in (host.get("PortBindings") or {}).items()
                for place in places or ()
            ),
        )

    def at(self, target: str) -> Mount | None:
        """Return what is mounted exactly there, or None."""
        return next((mount for mount in self.mounts if mount.target.rstrip("/") == target.rstrip("/")), None)


def attached(client: docker.DockerClient, name: str) -> Attached | None:
    """Return what the container with this name or ID is attached to, or None if there is no such container."""
    try:
        return Attached.read(client.api.inspect_container(name))
    except NotFound:
        return None


def _mounts(data: Mapping[str, Any], host: Mapping[str, Any]) -> list[Mount]:
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
                kind=str(place.get("Type") or ""),
                source=_source(place),
                target=target,
                writable=bool(place.get("RW")),
                size=int((wish.get("TmpfsOptions") or {}).get("SizeBytes") or 0) or None,
                copies=target.rstrip("/") not in unfilled
                and not (wish.get("VolumeOptions") or {}).get("NoCopy"),
            )
        )
    # `--tmpfs` is written down apart from the mounts.
    for target, options in (host.get("Tmpfs") or {}).items():
        flags = options.split(",")
        found.append(Mount("tmpfs", "", target, "ro" not in flags, _size(flags)))
    return found


def _source(place: Mapping[str, Any]) -> str:
    name, path = str(place.get("Name") or ""), str(place.get("Source") or "")
    if place.get("Type") == "volume" and not name and path.endswith("/_data"):
        return path.split("/")[
            -2
        ]  # Engine 28 leaves the name out if ``Binds`` asked for a volume without one
    return name or path


def _size(options: Sequence[str]) -> int | None:
    for option in options:
        if match := re.fullmatch(r"size=(\d+)([bkmg]?)", option.lower()):
            return int(match[1]) * _UNITS[match[2]]
    return None
