"""What a killed Engine leaves: which of it is taken out of the way, and what is never touched."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.host.leftovers import Places, clear_stale_pidfiles, repair, running


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """An Engine's folders with a volume that holds data, and all of its index files."""
    made = Places(tmp_path / "data", tmp_path / "exec", tmp_path / "docker.pid", tmp_path / "docker.sock")
    for name in (
        "volumes/shop/_data/orders",
        "volumes/shop/opts.json",
        "volumes/metadata.db",
        "network/files/local-kv.db",
        "buildkit/cache.db",
        "containerd/daemon/io.containerd.metadata.v1.bolt/meta.db",
        "image/overlay2/repositories.json",
    ):
        path = made.data_root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("half")
    made.containerd_pidfile.parent.mkdir(parents=True)
    return made


def test_a_pid_file_counts_only_for_its_own_program(tmp_path: Path) -> None:
    """The number of a live process of another name, of none, or no number at all is a stale pid file."""
    pidfile = tmp_path / "pid"
    with subprocess.Popen(["sleep", "60"]) as other:
        pidfile.write_text(str(other.pid))
        while Path(f"/proc/{other.pid}/comm").read_text() != "sleep\n":
            time.sleep(0.01)  # the new process has its parent's name for a moment
        assert running(pidfile, "sleep") == other.pid
        assert running(pidfile, "dockerd") is None
        other.kill()
    for text in (str(other.pid), "", "half a numb", "-1"):
        pidfile.write_text(text)
        assert running(pidfile, "sleep") is None
    assert running(tmp_path / "nosuch", "sleep") is None


def test_a_process_that_ended_and_was_not_collected_is_dead(tmp_path: Path) -> None:
    """A zombie still answers to its number; it must not pass for a running containerd."""
    with subprocess.Popen([sys.executable, "-c", "pass"]) as child:
        for _ in range(200):
            state = Path(f"/proc/{child.pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            if state == "Z":
                break
            time.sleep(0.05)
        assert state == "Z"
        pidfile = tmp_path / "pid"
        pidfile.write_text(str(child.pid))
        name = Path(f"/proc/{child.pid}/comm").read_text().strip()
        assert running(pidfile, name) is None


def test_stale_pid_files_go_and_are_named(places: Places) -> None:
    """Both pid files are removed and mentioned; a second look finds nothing to do."""
    places.pidfile.write_text("1")
    places.containerd_pidfile.write_text("1")
    said = clear_stale_pidfiles(places)
    assert [str(places.pidfile) in said[0], str(places.containerd_pidfile) in said[1]] == [True, True]
    assert not places.pidfile.exists()
    assert not places.containerd_pidfile.exists()
    assert clear_stale_pidfiles(places) == []


REFUSALS = {
    # Last log lines of Debian's Engine 20.10.24, and where newer ones differ, of 28.5.
    "failed to start daemon: error setting up default driver: error while unmarshaling volume options for "
    "volume: shop: unexpected end of JSON input": "volumes/shop/opts.json",
    "failed to start daemon: error while opening volume store metadata database: invalid database": (
        "volumes/metadata.db"
    ),
    "failed to start daemon: error while opening volume store metadata database "
    "(/var/lib/docker/volumes/metadata.db): invalid database": "volumes/metadata.db",
    "failed to start daemon: Error initializing network controller: error obtaining controller instance: "
    "failed to get bridge network configurations from store: error while populating kmap: invalid database": (
        "network/files/local-kv.db"
    ),
    "failed to open database file /var/lib/docker/buildkit/cache.db: invalid database": "buildkit",
    "level=info msg=x\ninvalid database": "buildkit",
    'failed to start daemon: failed to dial "/var/run/docker/containerd/containerd.sock": unknown service '
    "containerd.services.namespaces.v1.Namespaces: not implemented": (
        "containerd/daemon/io.containerd.metadata.v1.bolt/meta.db"
    ),
    "failed to start daemon: Couldn't create reference store repository: EOF": ("image/overlay2/repositories.json"),
}


@pytest.mark.parametrize(("log", "culprit"), REFUSALS.items())
def test_only_what_the_engine_named_is_set_aside(places: Places, log: str, culprit: str) -> None:
    """The named file is renamed in its place and kept; everything else, volumes' data first, is as before."""
    before = {path for path in places.data_root.rglob("*") if path.is_file()}
    said = repair(places, log)
    assert said is not None
    bad = places.data_root / culprit
    [kept] = bad.parent.glob(f"{bad.name}.broken-*")
    assert str(bad) in said
    assert str(kept) in said
    gone = before - {path for path in places.data_root.rglob("*") if path.is_file()}
    assert all(path == bad or bad in path.parents for path in gone)
    assert (places.data_root / "volumes/shop/_data/orders").read_text() == "half"
    assert repair(places, log) is None, "the same complaint again is not repairable"


def test_an_unknown_refusal_changes_nothing(places: Places) -> None:
    """What is not understood is left alone, and so is a path that a volume's name could lead to outside."""
    before = sorted(places.data_root.rglob("*"))
    assert repair(places, "failed to start daemon: error initializing graphdriver: overlay2") is None
    assert repair(places, "error while unmarshaling volume options for volume: ../../etc: x") is None
    assert sorted(places.data_root.rglob("*")) == before


def test_an_empty_folder_in_the_sockets_place_goes_a_full_one_stays(places: Places) -> None:
    """A bind mount of a missing socket leaves an empty folder of its name; one with files is somebody's."""
    log = f"failed to load listeners: can't create unix socket {places.socket}: is a directory"
    places.socket.mkdir()
    assert "removed the empty directory" in str(repair(places, log))
    places.socket.mkdir()
    (places.socket / "file").touch()
    assert repair(places, log) is None
    assert (places.socket / "file").exists()


def test_the_settings_file_says_where_the_engine_keeps_its_things(tmp_path: Path) -> None:
    """data-root, exec-root and pidfile are read; a missing or unreadable file means the usual places."""
    settings = tmp_path / "daemon.json"
    assert Places.of_this_machine(settings) == Places()
    settings.write_text(json.dumps({"data-root": "/srv/docker", "pidfile": "/run/d.pid", "debug": True}))
    assert Places.of_this_machine(settings) == Places(Path("/srv/docker"), pidfile=Path("/run/d.pid"))
    for text in ("{", "[]", '{"data-root": 1}'):
        settings.write_text(text)
        assert Places.of_this_machine(settings) == Places()
