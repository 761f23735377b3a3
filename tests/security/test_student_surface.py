"""What the student's own processes, and root of the student's containers, may ask of the kernel that all share."""

from __future__ import annotations

import errno
import json
import os
import platform
import pty
import select
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.security.conftest import PRELUDE, Attacker
from tests.security.test_escape import CALLS

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("surface")]

NAMESPACES = (Path(__file__).with_name("programs") / "own_namespaces.py").read_text()
CONTAINER = ("docker", "run", "--rm", "--interactive", "python:3.13-slim", "python", "-I", "-")
FAMILIES = {"unix": 1, "IPv4": 2, "IPv6": 10, "netlink": 16, "packet": 17}


@pytest.fixture(params=["student", "container"])
def python(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The command line of a Python program of the student's, and of root of a container."""
    return CONTAINER if request.param == "container" else ("python3", "-I", "-")


def test_a_student_is_refused_the_same_system_calls(attacker: Attacker, python: tuple[str, ...]) -> None:
    """What root of the sandbox may not ask of the kernel, neither the student nor a container's root may ask."""
    column = 0 if platform.machine() == "x86_64" else 1
    numbers = {name: pair[column] for name, pair in CALLS.items() if pair[column] is not None}
    program = f"""{PRELUDE}
for name, number in {numbers!r}.items():
    call(name, libc.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0))
print(json.dumps(said))"""
    done = attacker.box.run(python, program.encode(), "student", timeout=60)
    said = json.loads(done.stdout)
    assert said.keys() == numbers.keys()
    assert set(said.values()) <= {errno.EPERM, errno.ENOSYS}, said


@pytest.fixture(scope="module")
def namespaces(attacker: Attacker) -> dict[str, list[Any]]:
    """What the student mounts, writes and opens as root of namespaces of its own."""
    own = ("--user", "--map-root-user", "--mount", "--net", "--ipc", "--pid", "--cgroup", "--uts", "--fork")
    done = attacker.box.run(["unshare", *own, "python3", "-I", "-"], NAMESPACES.encode(), "student", timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, list[Any]] = json.loads(done.stdout)
    return found


def test_namespaces_of_the_students_own_hold_empty_file_systems_only(
    namespaces: dict[str, list[Any]],
) -> None:
    """A student may be root of namespaces within its own: it mounts empty file systems and sees its own cgroup."""
    assert "tmpfs" in namespaces["mounted"]
    assert set(namespaces["mounted"]) <= {"tmpfs", "ramfs", "mqueue", "devpts", "cgroup", "cgroup2"}
    assert namespaces["remounted"] == []


def test_namespaces_of_the_students_own_change_nothing(namespaces: dict[str, list[Any]]) -> None:
    """No file of a cgroup and no setting of the kernel can be written in them, and few kinds of sockets be had."""
    assert namespaces["written"] == []
    assert set(namespaces["sockets"]) <= set(FAMILIES.values())


def test_root_of_a_container_gets_no_namespace(attacker: Attacker) -> None:
    """Docker's list of system calls keeps containers from namespaces of their own, of every kind."""
    for kind in ("user", "mount", "net", "ipc", "pid", "cgroup", "uts"):
        said = attacker.sh(f"docker run --rm debian:trixie-slim unshare --{kind} true", "student")
        assert "Operation not permitted" in said, kind


def test_the_students_processes_reach_the_gateway_and_the_packages_only(attacker: Attacker) -> None:
    """The student shares the Engine's network namespace: of all sockets in it two answer, and none is abstract."""
    program = """
import json, socket
answered = []
for line in open("/proc/net/unix"):
    words = line.split()
    if len(words) < 8 or words[5] != "01":
        continue
    name = words[7]
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
        with socket.socket(socket.AF_UNIX, kind) as link:
            link.settimeout(2)
            try:
                link.connect("\\0" + name[1:] if name.startswith("@") else name)
            except OSError:
                continue
            answered.append(name)
tables = ("tcp", "tcp6", "udp", "udp6", "raw", "raw6")
lines = [line.split() for table in tables for line in open(f"/proc/net/{table}")]
ports = [words[1] for words in lines if words[3] in ("0A", "07")]
print(json.dumps([answered, ports]))
"""
    done = attacker.box.run(["python3", "-I", "-"], program.encode(), "student", timeout=60)
    answered, ports = json.loads(done.stdout)
    assert answered == ["/run/docker.sock"]
    assert ports == ["016433C6:03DC"]  # 198.51.100.1:988


def test_set_user_id_gives_the_student_nothing(attacker: Attacker) -> None:
    """A program that a container's root leaves behind, set-user-ID root, runs with the student's own rights."""
    said = attacker.sh(
        """cd ~; docker run --rm -v "$PWD:/w" busybox sh -c 'cp /bin/busybox /w/; chmod 6755 /w/busybox'; ls -ln busybox
        ./busybox id -u; ./busybox ls /run; docker run --rm --user 1000 -v "$PWD:/w" busybox /w/busybox id -u""",
        "student",
    )
    assert said.startswith("-rwsr-sr-x 1 0 0"), said
    assert said.split("busybox\n", 1)[1].split() == ["1000", "docker.sock", "1000"]


def test_a_program_that_asks_to_be_traced_ends(attacker: Attacker) -> None:
    """Its tracer would be the guard, which lets nobody stand still: the command ends, killed."""
    program = "import ctypes, os; ctypes.CDLL(None).ptrace(0, 0, 0, 0); os.kill(os.getpid(), 19); print('went on')"
    done = attacker.box.run(["python3", "-c", program], user="student", timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (137, b"", b"")


def test_nothing_is_typed_into_the_graders_terminal(attacker: Attacker) -> None:
    """`docker-course sandbox shell` gives the student a terminal inside: what is pushed into it stays there."""
    ours, theirs = pty.openpty()
    program = "import fcntl\nfor c in b'touch /tmp/typed\\n': fcntl.ioctl(0, 0x5412, bytes([c]))\nprint('pushed')"
    command = attacker.box.command(["python3", "-c", program], "student", terminal=True)
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        output, _ = process.communicate(timeout=60)
    assert b"pushed" in output or b"Error" in output
    # What is typed at a terminal can be read at its other side's partner: nothing is there.
    os.set_blocking(theirs, False)
    assert select.select([theirs], [], [], 0.5)[0] == []
    os.close(ours), os.close(theirs)
