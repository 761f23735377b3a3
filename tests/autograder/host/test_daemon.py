"""A second Engine on folders of its own: started, killed with -9, damaged, and started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest

from autograder.errors import EngineMissing
from autograder.host import connect
from autograder.host.daemon import Daemon, answers, start
from autograder.host.leftovers import Places, running
from autograder.images import ensure

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(os.geteuid() != 0, reason="starting an Engine needs root"),
    pytest.mark.skipif(shutil.which("dockerd") is None, reason="the Engine is not on this machine"),
]


class Second:
    """An Engine beside the machine's own, without networks."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(folder / "data", folder / "exec", folder / "pid", folder / "sock")
        options = {
            "--data-root": self.places.data_root,
            "--exec-root": self.places.exec_root,
            "--pidfile": self.places.pidfile,
            "--host": f"unix://{self.places.socket}",
            "--bridge": "none",
            "--iptables": "false",
            "--ip6tables": "false",
        }
        self.daemon = Daemon(self.places, tuple(f"{key}={value}" for key, value in options.items()), folder / "log")
        self.said: list[str] = []

    def start(self, *options: str) -> str:
        """Start it and return all that was said meanwhile."""
        self.said = []
        daemon = Daemon(self.places, (*self.daemon.options, *options), self.daemon.log)
        start(daemon, lambda _, line: self.said.append(line), systemd=False)
        return "\n".join(self.said)

    def client(self) -> docker.DockerClient:
        """A client of it; the caller closes it."""
        return docker.DockerClient(base_url=f"unix://{self.places.socket}")

    def kill(self, signal_number: int = signal.SIGKILL) -> None:
        """Send it a signal and wait until it is gone."""
        pid = running(self.places.pidfile, "dockerd")
        if pid is None:
            return
        os.kill(pid, signal_number)
        while running(self.places.pidfile, "dockerd") is not None:
            time.sleep(0.05)


@pytest.fixture
def second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Second]:
    """An Engine that is not started yet; it and its containers are gone afterwards."""
    # An Engine without a bridge removes the bridge that it finds, which is that of the machine's own Engine: so this
    # one gets a network namespace of its own.
    program = tmp_path / "dockerd"
    program.write_text(f'#!/bin/sh\nexec unshare --net {shutil.which("dockerd")} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    # Not pytest's folder: a unix socket's path may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="engine-", ignore_cleanup_errors=True) as folder:
        engine = Second(Path(folder))
        try:
            yield engine
        finally:
            with contextlib.suppress(EngineMissing):
                engine.start()
                with contextlib.closing(engine.client()) as client:
                    for container in client.containers.list(all=True):
                        container.remove(force=True)
            engine.kill(signal.SIGTERM)
            mounts = Path("/proc/self/mounts").read_text().splitlines()
            for line in reversed(mounts):
                if line.split()[1].startswith(f"{folder}/"):
                    subprocess.run(["umount", "--lazy", line.split()[1]], check=False)


def test_an_engine_starts_and_outlives_a_kill_with_its_containers_and_volumes(second: Second) -> None:
    """Killed in the middle of its work, it comes back by itself: stale pid files, data and containers kept."""
    ensure(["busybox"])
    second.start()
    assert answers(second.places.socket)
    with contextlib.closing(second.client()) as client, contextlib.closing(connect()) as outer:
        client.images.load(b"".join(outer.images.get("busybox").save(named=True)))
        container = client.containers.run(
            "busybox",
            ["sh", "-c", "echo kept > /data/file; sync; sleep 1000"],
            network_mode="none",
            volumes={"shop": {"bind": "/data", "mode": "rw"}},
            stop_signal="SIGKILL",
            detach=True,
        )
        data = Path(client.volumes.get("shop").attrs["Mountpoint"]) / "file"
        while not data.exists():
            time.sleep(0.05)
    second.kill()
    assert not answers(second.places.socket)
    assert "because its dockerd is no longer running" in second.start()
    with contextlib.closing(second.client()) as client:
        assert client.containers.get(container.id).attrs["Config"]["Image"] == "busybox"
        assert client.images.get("busybox")
    assert data.read_text() == "kept\n"


def test_another_programs_process_number_does_not_stop_it(second: Second) -> None:
    """After a restart of the machine the old numbers may belong to others; those are left in peace."""
    second.start()
    second.kill()
    with subprocess.Popen(["sleep", "600"]) as other:
        second.places.pidfile.write_text(str(other.pid))
        second.places.containerd_pidfile.write_text(str(other.pid))
        second.start()
        assert other.poll() is None
        other.kill()


def cut_short(path: Path) -> None:
    """Leave 100 bytes of a file."""
    path.write_bytes(path.read_bytes()[:100])


def half_made_volume(options: Path) -> None:
    """What is there when the power goes between making a volume's file and writing it."""
    (options.parent / "_data").mkdir(parents=True)
    options.touch()


DAMAGES: dict[str, Callable[[Path], None]] = {
    "volumes/half/opts.json": half_made_volume,
    "volumes/metadata.db": cut_short,
    "network/files/local-kv.db": cut_short,
    "buildkit": lambda path: cut_short(path / "metadata_v2.db"),
    "containerd/daemon/io.containerd.metadata.v1.bolt/meta.db": cut_short,
    "image/overlay2/repositories.json": lambda path: path.write_text('{"Repo') and None,
}


def test_files_cut_short_do_not_stop_it(second: Second) -> None:
    """All its indexes broken at once: it starts, says what it set aside, and volumes keep their data."""
    second.start()
    with contextlib.closing(second.client()) as client:
        data = Path(client.volumes.create("shop").attrs["Mountpoint"]) / "file"
    data.write_text("kept")
    root = second.places.data_root
    driver = next((root / "image").iterdir()).name
    assert driver == "overlay2", "the paths above are of this driver"
    second.kill()
    for path, damage in DAMAGES.items():
        damage(root / path)
    said = second.start()
    for path in DAMAGES:
        assert f"{root / path} was unreadable and was renamed to" in said
    assert data.read_text() == "kept"
    with contextlib.closing(second.client()) as client:
        assert client.volumes.get("shop")


def test_a_start_that_cannot_work_ends_with_the_last_lines_and_a_hint(second: Second) -> None:
    """An unknown option is not a leftover: the error has the Engine's own words, the log's place and a hint."""
    with pytest.raises(EngineMissing) as caught:
        second.start("--no-such-option")
    text = str(caught.value)
    assert "unknown flag: --no-such-option" in text
    assert str(second.daemon.log) in text
    assert "Hint: " in text
    assert running(second.places.pidfile, "dockerd") is None


def test_an_engine_that_is_starting_is_waited_for(second: Second) -> None:
    """If dockerd runs already, no second one is started on the same folders."""
    second.start()
    there = running(second.places.pidfile, "dockerd")
    assert f"dockerd is already running (process {there})" in second.start()
    assert running(second.places.pidfile, "dockerd") == there
