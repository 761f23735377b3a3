"""Two sandboxes side by side, and two containers in one: what of the one is taken for, or takes from, the other."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.sandbox import Sandbox
from tests.security.conftest import Attacker

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("neighbours")]


@pytest.fixture(scope="module")
def neighbour() -> Iterator[Attacker]:
    """Another sandbox beside the attacker's."""
    with Sandbox() as box:
        yield Attacker(box)


@contextmanager
def holding(attacker: Attacker, program: str) -> Iterator[str]:
    """Run a Python program as root of a container until it prints a line, which is yielded; end it afterwards."""
    attacker.sh("docker rm --force holder", "student")
    command = [
        "docker",
        "run",
        "--name",
        "holder",
        "--detach",
        "python:3.13-slim",
        "python",
        "-u",
        "-c",
        program,
    ]
    attacker.box.run(command, user="student", timeout=60)
    said = attacker.sh("until docker logs holder 2>&1 | grep .; do sleep 0.2; done", "student")
    try:
        yield said
    finally:
        attacker.sh("docker rm --force holder", "student")


LOCK = """
import fcntl, json, mmap, os, signal, struct, time
signal.signal(signal.SIGIO, signal.SIG_IGN)  # what `notify` sends
said = {}
files = ["/usr/bin/env", "/etc/debian_version", "/bin/sh"]
for name in files:
    file = os.open(name, os.O_RDONLY)
    for act, ask in {
        "flock": lambda: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB),
        "lock": lambda: fcntl.fcntl(file, 37, struct.pack("hhqqi4x", 0, 0, 0, 0, 0)),
        "lease": lambda: fcntl.fcntl(file, 1024, 0),
        "notify": lambda: fcntl.fcntl(os.open(os.path.dirname(name), os.O_RDONLY), 1026, 2),
        "map": lambda: mmap.mmap(file, 0, prot=mmap.PROT_READ),
        "time": lambda: os.utime(name, (1, 1)) if name.startswith("/etc") else None,
    }.items():
        try:
            ask()
            said[act] = True
        except OSError as problem:
            said.setdefault(act, str(problem))
print(json.dumps(said), flush=True)
"""


def test_no_lock_on_a_shared_file_is_met_next_door(attacker: Attacker, neighbour: Attacker) -> None:
    """Locks, leases and times that a container sets on a course image's files are its own: the neighbour's are free."""
    before = attacker.sh("find /golden -newermt '1 hour ago' | wc -l; find /golden -not -newermt 1980-01-01 | wc -l")
    with holding(attacker, LOCK + "time.sleep(600)") as first, holding(neighbour, LOCK) as second:
        assert first.startswith("{"), first
        assert second.startswith("{"), second
        said, next_door = json.loads(first), json.loads(second)
    assert said["flock"] is True
    assert next_door == said
    after = attacker.sh("find /golden -newermt '1 hour ago' | wc -l; find /golden -not -newermt 1980-01-01 | wc -l")
    assert after == before


def test_removing_course_images_takes_nothing_from_the_store(attacker: Attacker, neighbour: Attacker) -> None:
    """After `docker rmi` and every prune of one sandbox, the other still has all images, and so has the next one."""
    before = attacker.sh("find /golden | sort | sha256sum")
    attacker.sh("docker rm --force $(docker ps -aq); docker rmi --force $(docker images -aq)", "student")
    attacker.sh("docker system prune --all --force --volumes; docker builder prune --all --force", "student")
    assert attacker.sh("docker images --quiet", "student") == ""
    assert attacker.sh("find /golden | sort | sha256sum") == before
    assert neighbour.sh("docker run --rm nginx nginx -v", "student").startswith("nginx version")


def test_a_port_at_another_address_is_another_containers(neighbour: Attacker) -> None:
    """Who is published at 127.0.0.2 only has no door at 127.0.0.1, where another container has the same port."""
    neighbour.sh(
        "docker run --detach --name bad --publish 127.0.0.2:8080:80 busybox sleep 600;"
        "docker run --detach --name good --publish 127.0.0.1:8080:80 nginx",
        "student",
    )
    look = (
        "import sys; sys.path.insert(0, '/opt/docker-course')\n"
        "from course import connect, facts; from course.checks.probing import loopback_port\n"
        "print([loopback_port(facts.container(connect(), name)) for name in ('bad', 'good')])"
    )
    command = ["/opt/docker-course/venv/bin/python", "-c", look]
    done = neighbour.box.run(command, user="examiner", timeout=30)
    assert done.stdout == b"[None, 8080]\n", done.stderr.decode()


def processes_of(container: str) -> list[int]:
    """The processes of this machine that belong to a container of the outer Engine's, or serve it."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            known = (place / "cgroup").read_text() + (place / "cmdline").read_text()
        except OSError:
            continue
        if container in known:
            found.append(int(place.name))
    return found


@pytest.mark.parametrize("killed", ["docker", "containerd-shim", "docker-init"])
def test_a_sandbox_whose_keeper_is_killed_leaves_nothing(killed: str) -> None:
    """Whichever of the processes is killed that keep a sandbox from outside, nothing of it is left."""
    with Sandbox() as box:
        show = ["docker", "inspect", "--format", "{{.Id}} {{.State.Pid}}", box.name]
        container, first = subprocess.run(show, capture_output=True, check=True, text=True).stdout.split()
        run = "docker run --detach --restart=always --name again busybox sleep 600"
        # Nothing but the first stage lets paused containers end on cgroup v1, and it ends with the other two.
        pause = " && docker pause again" if killed == "docker" else ""
        assert box.run(["sh", "-c", run + pause]).returncode == 0
        serving = subprocess.run(["pgrep", "-f", f"containerd-shim.*{container}"], capture_output=True, text=True)
        shim = int(serving.stdout.split()[0])
        assert box._process is not None
        os.kill(
            {"docker": box._process.pid, "docker-init": int(first), "containerd-shim": shim}[killed],
            signal.SIGKILL,
        )
        deadline = time.monotonic() + 15
        while (left := traces(container)) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert left == []


def traces(container: str) -> list[str]:
    """What there is of a container on this machine: itself, processes, cgroups, mounts."""
    listed = subprocess.run(["docker", "ps", "-aq", "--no-trunc"], capture_output=True, check=True, text=True).stdout
    left = [line for line in listed.split() if line == container]
    left += [f"process {pid}" for pid in processes_of(container)]
    left += [str(path) for path in Path("/sys/fs/cgroup").rglob(f"*{container}*") if path.is_dir()]
    return left + [line for line in Path("/proc/self/mountinfo").read_text().splitlines() if container in line]
