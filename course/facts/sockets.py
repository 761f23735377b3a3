"""Which TCP connections a container has, and which process listens, as the kernel says."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import docker

from course.facts.exec import run_helper

_LOOK: Final = "cat /proc/net/tcp /proc/net/tcp6 2>/dev/null; grep ^Tcp: /proc/net/snmp"
_LISTENS: Final = "0A"
"""A state in the kernel's table (``include/net/tcp_states.h``)."""
_ESTABLISHED: Final = "01"
_NAME_SERVICE: Final = ipaddress.ip_address("127.0.0.11")
"""The Engine's own, on networks that somebody made."""

# Both lists are the container's: its sockets by inode, and who holds these.
_OWNERS: Final = """\
for inode in $(awk -v port=":$1" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10 }' \
    /proc/net/tcp /proc/net/tcp6); do
    for file in /proc/[0-9]*/fd/*; do
        if [ "$(readlink "$file")" = "socket:[$inode]" ]; then echo "$file"; fi
    done
done
exit 0
"""


@dataclass(frozen=True)
class Sockets:
    """The TCP sockets of a container at one moment."""

    listening: tuple[tuple[str, int], ...]
    """Addresses and ports at which something listens, the Engine's own name service left out."""
    outgoing: int
    """Connections that the container itself has opened, and that are still open."""
    opened: int
    """How many connections it has opened since its start."""

    @property
    def only_to_itself(self) -> tuple[tuple[str, int], ...]:
        """What listens at an address at which only the container itself reaches it."""
        return tuple(place for place in self.listening if _is_loopback(ipaddress.ip_address(place[0])))


def sockets(client: docker.DockerClient, container: str) -> Sockets | None:
    """Return the sockets of a running container; None if it does not run. A throw-away container looks."""
    outcome = run_helper(client, ["sh", "-c", _LOOK], network=f"container:{container}")
    return parse(outcome.output) if outcome is not None and outcome.ok else None


def listeners(client: docker.DockerClient, container: str, port: int) -> tuple[int, ...]:
    """Return the processes that listen on a port, by their numbers in the container; 1 is the main process."""
    line = ["sh", "-c", _OWNERS, "sh", f"{port:04X}"]
    beside = {"network": f"container:{container}", "pid_mode": f"container:{container}"}
    # With the right to see the files of other users' processes; where that is refused, root's are seen all the same.
    outcome = run_helper(client, line, **beside, cap_add=["SYS_PTRACE"]) or run_helper(client, line, **beside)
    places = outcome.output.split() if outcome is not None else ()
    return tuple(sorted({int(place.split("/")[2]) for place in places if place.startswith("/proc/")}))


def end_processes(client: docker.DockerClient, container: str, processes: Sequence[int]) -> None:
    """End processes of a container with signal 9; process 1 cannot be ended so."""
    run_helper(client, ["kill", "-9", *map(str, processes)], pid_mode=f"container:{container}")


def parse(text: str) -> Sockets:
    """Return the sockets in the kernel's tables ``tcp``, ``tcp6`` and ``snmp``."""
    rows = [line.split() for line in text.splitlines()]
    sockets = [row for row in rows if len(row) > 3 and row[0].rstrip(":").isdecimal()]
    listening = tuple(dict.fromkeys(_place(row[1]) for row in sockets if row[3] == _LISTENS))
    ports = {port for _, port in listening}
    outgoing = sum(row[3] == _ESTABLISHED and _place(row[1])[1] not in ports for row in sockets)
    titles, counts = ([row for row in rows if row[:1] == ["Tcp:"]] + [[], []])[:2]
    opened = dict(zip(titles, counts, strict=False)).get("ActiveOpens", "0")
    names = tuple(place for place in listening if ipaddress.ip_address(place[0]) != _NAME_SERVICE)
    return Sockets(names, outgoing, int(opened))


def _place(text: str) -> tuple[str, int]:
    """Return address and port; the kernel writes an address as words of four bytes, each turned round."""
    address, _, port = text.partition(":")
    packed = bytes.fromhex(address)
    turned = b"".join(packed[start : start + 4][::-1] for start in range(0, len(packed), 4))
    return str(ipaddress.ip_address(turned)), int(port, 16)


def _is_loopback(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
