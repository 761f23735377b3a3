"""Set aside what a killed Engine leaves behind and what keeps the next one from starting.

Seen on Debian's Engine 20.10 by killing one with ``kill -9`` and by cutting its files short, as a full disk
or a power cut does. An Engine names what stops it in its last log line, so nothing is touched that is not
in the way. Nothing is deleted: what cannot be read is renamed to ``NAME.broken-TIME`` in its place.
Volumes' data, images' layers and containers' files are never moved.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """Where an Engine keeps its things."""

    data_root: Path = Path("/var/lib/docker")
    exec_root: Path = Path("/var/run/docker")
    pidfile: Path = Path("/var/run/docker.pid")
    socket: Path = Path("/var/run/docker.sock")

    @classmethod
    def of_this_machine(cls, settings: Path = Path("/etc/docker/daemon.json")) -> Places:
        """Return the usual places, or those that the Engine's settings file names."""
        try:
            given = json.loads(settings.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            # No settings, or broken ones: the Engine will say so itself.
            return cls()
        names = {"data-root": "data_root", "exec-root": "exec_root", "pidfile": "pidfile"}
        if not isinstance(given, dict):
            return cls()
        return cls(**{field: Path(given[key]) for key, field in names.items() if isinstance(given.get(key), str)})

    @property
    def containerd_pidfile(self) -> Path:
        """The process id of the containerd that the Engine started for itself."""
        return self.exec_root / "containerd" / "containerd.pid"


def running(pidfile: Path, program: str) -> int | None:
    """Return the process id in the file, if that process lives and is ``program``.

    A process that has ended and was not collected yet (a zombie) counts as dead. The Engine itself takes it
    for alive, and likewise any other program that has been given the number since.
    """
    try:
        pid = int(pidfile.read_text(encoding="ascii"))
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return None
    facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    alive = not facts.get("State", "Z").startswith(("Z", "X"))
    return pid if alive and facts.get("Name", "").strip() == program else None


def clear_stale_pidfiles(places: Places) -> list[str]:
    """Remove pid files of processes that are gone or are something else; says which, a sentence each.

    Without this an Engine refuses to start ("pid file found"), or waits for a containerd that is no more.
    """
    done = []
    for pidfile, program in ((places.pidfile, "dockerd"), (places.containerd_pidfile, "containerd")):
        if pidfile.is_file() and running(pidfile, program) is None:
            pidfile.unlink()
            done.append(f"removed {pidfile}, because its {program} is no longer running")
    return done


def repair(places: Places, log: str) -> str | None:
    """Take out of the way what the Engine's log says it could not start for.

    Returns a sentence on what was done and what it means, or ``None`` if the log names nothing that is known
    here. To be called again after the next attempt: each call takes one thing.
    """
    for pattern, take in _REPAIRS:
        if found := re.search(pattern, log, re.MULTILINE):
            return take(places, found)
    return None


def _aside(path: Path, meaning: str) -> str | None:
    if not path.exists():
        return None
    kept = path.with_name(f"{path.name}.broken-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}")
    path.rename(kept)
    return f"{path} was unreadable and was renamed to {kept}. {meaning}"


def _volume_options(places: Places, found: re.Match[str]) -> str | None:
    name = found["name"]
    if Path(name).name != name:
        return None
    return _aside(
        places.data_root / "volumes" / name / "opts.json",
        f"The data of volume {name} is untouched; if it had mount options, set them again.",
    )


def _volume_index(places: Places, found: re.Match[str]) -> str | None:
    return _aside(
        places.data_root / "volumes" / "metadata.db",
        "All volumes and their data are still there, but volume labels are lost.",
    )


def _networks(places: Places, found: re.Match[str]) -> str | None:
    return _aside(
        places.data_root / "network" / "files" / "local-kv.db",
        "Networks that you created must be created again; the Engine recreates its own.",
    )


def _build_cache(places: Places, found: re.Match[str]) -> str | None:
    return _aside(places.data_root / "buildkit", "The build cache is lost, so the next builds take longer.")


def _containerd_index(places: Places, found: re.Match[str]) -> str | None:
    return _aside(
        places.data_root / "containerd" / "daemon" / "io.containerd.metadata.v1.bolt" / "meta.db",
        "Containers that were running now count as stopped.",
    )


def _image_names(places: Places, found: re.Match[str]) -> str | None:
    for names in (places.data_root / "image").glob("*/repositories.json"):
        try:
            json.loads(names.read_text(encoding="utf-8"))
        except ValueError:
            return _aside(names, "All images are still there but have lost their names; pull or tag them again.")
    return None


def _socket_folder(places: Places, found: re.Match[str]) -> str | None:
    try:
        places.socket.rmdir()
    except OSError:
        return None
    return f"removed the empty directory {places.socket}, which stood where the Engine's socket belongs"


def _containerd_late(places: Places, found: re.Match[str]) -> str | None:
    # The Engine has stopped the containerd that outlived its predecessor; the next attempt starts a new one.
    if places.containerd_pidfile.exists():
        places.containerd_pidfile.unlink()
    return "the previous Engine's containerd did not answer; starting a new one"


_REPAIRS: tuple[tuple[str, Callable[[Places, re.Match[str]], str | None]], ...] = (
    (
        r"error while unmarshaling volume options for volume: (?P<name>[A-Za-z0-9][A-Za-z0-9_.-]*): ",
        _volume_options,
    ),
    (r"volume store metadata database.*(invalid database|version mismatch|checksum error)", _volume_index),
    (r"initializing network controller.*(invalid database|version mismatch|checksum error)", _networks),
    (r"buildkit/\w+\.db: (invalid database|version mismatch|checksum error)", _build_cache),
    (r"^(failed to start daemon: )?invalid database$", _build_cache),
    (r"containerd\.sock\": unknown service containerd\.services\.namespaces", _containerd_index),
    (r"Couldn't create reference store repository: ", _image_names),
    (r"can't create unix socket .*: is a directory", _socket_folder),
    (r"timeout waiting for containerd to start", _containerd_late),
)
