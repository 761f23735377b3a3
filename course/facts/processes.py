"""Who the processes of a container are and what they may do, as the kernel says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import docker

from course.facts.exec import run_helper

# The helper's own processes are in the same list; they are told apart by their control group.
_LOOK: Final = """\
for folder in /proc/[0-9]*; do
    cmp -s $folder/cgroup /proc/self/cgroup || { echo "Pid-of: ${folder#/proc/}"; cat $folder/status; }
done
exit 0
"""

_CAPABILITIES: Final = (
    "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE "
    "NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN "
    "SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE "
    "MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"
)
"""Names in the order of their bits, as in ``linux/capability.h``."""


@dataclass(frozen=True)
class Process:
    """One process, as ``/proc/PID/status`` describes it."""

    pid: int
    """Its number in the container; 1 is the main process."""
    parent: int
    """The number of the process that started it; 0 if that one is outside."""
    name: str
    user_ids: tuple[int, ...]
    """Real, effective, saved and file system user; 0 is root."""
    effective: int
    """The capabilities that it has now, one bit each."""
    bounding: int
    """The capabilities that it could ever get."""
    no_new_privileges: bool

    @property
    def is_root(self) -> bool:
        """Tell whether it is root in any way."""
        return 0 in self.user_ids

    @classmethod
    def read(cls, pid: int, status: str) -> Process:
        """Make the record from the text of ``/proc/PID/status``."""
        fields = {key: value.strip() for key, _, value in (line.partition(":") for line in status.split("\n"))}
        return cls(
            pid=pid,
            parent=int(fields.get("PPid") or "0"),
            name=fields.get("Name", ""),
            user_ids=tuple(int(number) for number in fields.get("Uid", "").split()),
            effective=int(fields.get("CapEff") or "0", 16),
            bounding=int(fields.get("CapBnd") or "0", 16),
            no_new_privileges=fields.get("NoNewPrivs") == "1",
        )


def capability_names(bits: int) -> list[str]:
    """Return the names of the capabilities whose bits are set."""
    return [name for place, name in enumerate(_CAPABILITIES.split()) if bits >> place & 1]


def processes(client: docker.DockerClient, container: str) -> tuple[Process, ...]:
    """Return the processes of a running container, the main process first; none if it does not run.

    A throw-away container that shares the list of processes reads them, so that no program of the container's own
    is asked.
    """
    outcome = run_helper(client, ["sh", "-c", _LOOK], pid_mode=f"container:{container}")
    return parse(outcome.output) if outcome is not None else ()


def workers(found: Sequence[Process]) -> tuple[Process, ...]:
    """Return the children of the process that has most of them, such as those of a web server's main process."""
    families: dict[int, list[Process]] = {}
    for process in found:
        families.setdefault(process.parent, []).append(process)
    families.pop(0, None)
    by_size = sorted(families.values(), key=len)
    return tuple(by_size[-1]) if by_size else ()


def parse(text: str) -> tuple[Process, ...]:
    """Return the processes in the helper's output."""
    found = []
    for part in text.split("Pid-of: ")[1:]:
        number, _, status = part.partition("\n")
        if "\nUid:" in status:  # else it ended meanwhile
            found.append(Process.read(int(number), status))
    return tuple(sorted(found, key=lambda process: process.pid))
