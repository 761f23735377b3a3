"""What a sandbox is to the machine it runs on: unprivileged, cut off, limited, and gone afterwards."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.errors import SandboxEnded, SandboxError, TimeLimit
from autograder.results import Limits
from autograder.sandbox import Provision, Sandbox
from autograder.sandbox.container import END_TIMEOUT, run_command
from autograder.sandbox.provision import SECCOMP, current
from tests.autograder.sandbox.conftest import Box
from tests.patience import PATIENCE

pytestmark = pytest.mark.sandbox


def inspect(name: str) -> dict[str, object]:
    """The Engine's facts on a container outside."""
    found: dict[str, object] = json.loads(
        subprocess.run(["docker", "inspect", name], capture_output=True, check=True).stdout
    )[0]
    return found


def exists(name: str) -> bool:
    """Whether the Engine outside still has the container."""
    return subprocess.run(["docker", "inspect", name], capture_output=True, check=False).returncode == 0


def gone(name: str, seconds: float = 10) -> bool:
    """Whether the container is gone, now or soon."""
    end = time.monotonic() + seconds
    while exists(name):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def test_the_container_has_no_rights(box: Box) -> None:
    """No privileges, devices, host network, Engine socket or host path but the cgroup tree; four capabilities."""
    facts = inspect(box.sandbox.name)
    host = facts["HostConfig"]
    assert isinstance(host, dict)
    assert host["Privileged"] is False
    assert not any(host[key] for key in ("Devices", "DeviceRequests", "DeviceCgroupRules"))
    assert host["NetworkMode"] == "none"
    assert (host["PidMode"], host["UTSMode"], host["UsernsMode"]) == ("", "", "")
    assert host["IpcMode"] in ("private", "shareable")
    assert host["CapDrop"] == ["ALL"]
    assert sorted(cap.removeprefix("CAP_") for cap in host["CapAdd"]) == [
        "CHOWN",
        "SETGID",
        "SETPCAP",
        "SETUID",
    ]
    assert host["ReadonlyRootfs"] is True
    assert not any("seccomp=unconfined" in option for option in host["SecurityOpt"])
    mounts = facts["Mounts"]
    assert isinstance(mounts, list)
    assert sorted((m["Type"], m["Destination"], m["RW"]) for m in mounts) == [
        ("bind", "/sys/fs/cgroup", True),
        ("volume", "/golden", False),
    ]


def test_everything_inside_is_unprivileged_outside(box: Box) -> None:
    """Seen from outside, no process of the Engine runs as root, and none has a capability there."""
    command = ["docker", "top", box.sandbox.name, "-eo", "pid,uid,args"]
    top = subprocess.run(command, capture_output=True, text=True, check=True)
    engine = [line.split(None, 2) for line in top.stdout.splitlines() if "dockerd" in line or "containerd" in line]
    assert len(engine) >= 2
    for pid, uid, _ in engine:
        assert int(uid) >= 200000
        # What it holds are rights in its own user namespace, which is not this machine's.
        assert Path(f"/proc/{pid}/ns/user").readlink() != Path("/proc/self/ns/user").readlink()


def test_no_network(box: Box) -> None:
    """There is no interface but loopback and the bridges of the Engine inside, and no route to anywhere else."""
    assert box.sh("ip -4 route show default") == ""
    assert box.try_("curl -s --max-time 2 http://192.0.2.1/").returncode != 0
    assert box.try_("docker run --rm busybox wget -q -T 2 -O- http://192.0.2.1/").returncode != 0


def test_the_student_cannot_reach_the_examiners_socket(box: Box) -> None:
    """The student's user has one Engine socket, the ordinary one; the examiner's is out of reach."""
    assert box.sh("docker version -f '{{.Server.Version}}'")
    assert box.try_("ls /run/engine").returncode != 0
    assert box.try_("docker -H unix:///run/engine/docker.sock ps").returncode != 0
    assert box.sh("docker ps -q", "examiner") == ""


def test_the_student_has_no_rights_inside(box: Box) -> None:
    """The student's processes have no capability and cannot gain one."""
    status = dict(line.split(":\t") for line in box.sh("cat /proc/self/status").splitlines() if ":\t" in line)
    assert {status[key] for key in ("CapEff", "CapPrm", "CapBnd", "CapInh")} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"


def test_a_stopped_process_goes_on_where_it_was(box: Box) -> None:
    """The kernel may restart a system call that stopping interrupted: cgroup v2 pauses containers in that way."""
    assert box.sh("sleep 2 & sleep .5; kill -STOP $!; sleep .5; kill -CONT $!; wait $! && echo slept") == "slept"


def test_golden_layers_cannot_be_changed(box: Box) -> None:
    """Even root inside cannot write to the store that all sandboxes share."""
    assert "Read-only" in box.try_("touch /golden/x", "root").stderr.decode()
    assert box.try_("mount -o remount,rw /golden", "root").returncode != 0


def test_disk_is_limited() -> None:
    """The Engine's data and the student's files share one disk that cannot grow."""
    with Sandbox(Limits(disk=64 << 20)) as sandbox:
        done = sandbox.run(["dd", "if=/dev/zero", "of=big", "bs=1M", "count=200"])
        assert b"No space left" in done.stderr
        sandbox.run(["rm", "big"])
        done = sandbox.run(["docker", "run", "--rm", "busybox", "dd", "if=/dev/zero", "of=/big", "bs=1M", "count=200"])
        assert b"No space left" in done.stderr


def test_memory_is_limited() -> None:
    """A process that takes more memory than the sandbox has is killed; the sandbox is still there."""
    with Sandbox(Limits(memory=512 << 20)) as sandbox:
        done = sandbox.run(["python3", "-c", "x = bytearray(2 << 30)"], timeout=60 * PATIENCE)
        assert done.returncode == 137
        assert sandbox.run(["true"]).returncode == 0


@pytest.mark.full
def test_processes_are_limited() -> None:
    """A fork bomb runs into the limit on processes and hurts nobody else."""
    with Sandbox(Limits(pids=300)) as sandbox:
        done = sandbox.run(["bash", "-c", "for i in $(seq 1000); do sleep 30 & done"], timeout=60 * PATIENCE)
        assert b"Resource temporarily unavailable" in done.stderr
    assert gone(sandbox.name)


def test_the_wall_clock_holds_whatever_runs_inside() -> None:
    """When the time is up all is over, even if processes inside ignore every signal."""
    start = time.monotonic()
    with Sandbox(Limits(seconds=4 + 10 * (PATIENCE - 1))) as sandbox:
        with pytest.raises(TimeLimit):
            sandbox.run(["bash", "-c", "trap '' TERM INT HUP; while :; do sleep 1; done"])
        assert gone(sandbox.name)
    assert time.monotonic() - start < 15 * PATIENCE


def test_killing_everything_inside_ends_the_sandbox() -> None:
    """Root inside cannot outlive or detach from the sandbox: killing its first process ends it, with an error here."""
    with Sandbox() as sandbox:
        with contextlib.suppress(SandboxEnded):  # it may end before the command says that it is done
            sandbox.run(["pkill", "-9", "dockerd"], user="root")
        sandbox.wait(10)
        with pytest.raises(SandboxError):
            sandbox.run(["true"])
        assert gone(sandbox.name)


HOLDER = """
import time
from autograder.sandbox import Sandbox
with Sandbox() as sandbox:
    sandbox.run(["docker", "run", "-d", "--restart", "always", "busybox", "sleep", "600"])
    print(sandbox.name, flush=True)
    time.sleep(600)
"""


PAUSED = "docker run -d busybox sleep 600 | xargs docker pause; docker run -d busybox sleep 600 | xargs docker pause"


def test_paused_containers_do_not_outlive_their_sandbox() -> None:
    """Processes that stand still cannot be killed on cgroup v1: the sandbox lets them go on to their end."""
    with Sandbox() as box:
        assert box.run(["sh", "-c", PAUSED]).returncode == 0
        started = time.monotonic()
    assert gone(box.name, 2 * PATIENCE)
    assert time.monotonic() - started < END_TIMEOUT, "it had to be killed"


FREEZES = """
docker run -d busybox sleep 600
state=$(find /sys/fs/cgroup/freezer -path '*docker/*' -name freezer.state | head -n 1)
test -n "$state" || exit 3
(while true; do echo FROZEN >"$state"; done) </dev/null >/dev/null 2>&1 &
"""


def test_a_container_that_is_paused_at_the_very_end_leaves_no_sandbox() -> None:
    """Something inside pauses a container again and again, until it is killed: nothing stands still after that."""
    with Sandbox() as box:
        done = box.run(
            ["sh", "-c", FREEZES], user="root", environment={"DOCKER_HOST": "unix:///run/engine/docker.sock"}
        )
        if done.returncode == 3:
            pytest.skip("cgroup v2 kills paused processes")
        assert done.returncode == 0, done.stderr
        started = time.monotonic()
    assert gone(box.name, 2 * PATIENCE)
    assert time.monotonic() - started < END_TIMEOUT, "it had to be killed"


def test_paused_containers_do_not_hold_the_wall_clock() -> None:
    """A sandbox whose time is up is gone, whatever stands still in it."""
    with Sandbox(Limits(seconds=1), ahead=True) as box:
        assert box.run(["sh", "-c", PAUSED]).returncode == 0
        box.begin()
        assert gone(box.name, 8 * PATIENCE)


def test_nothing_is_left_after_kill_9_of_the_grader() -> None:
    """If the grader is killed, its sandbox ends by itself: no container, process, cgroup or volume stays."""
    volumes = set(subprocess.run(["docker", "volume", "ls", "-q"], capture_output=True, check=True).stdout.split())
    grader = subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    name = grader.stdout.readline().strip()
    container = str(inspect(name)["Id"])
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    assert gone(name)
    left = [path for path in Path("/sys/fs/cgroup").rglob(f"*{container}*") if path.is_dir()]
    assert left == []
    after = set(subprocess.run(["docker", "volume", "ls", "-q"], capture_output=True, check=True).stdout.split())
    assert after - volumes == set()


def test_a_sandbox_that_cannot_start_says_why() -> None:
    """The error holds what the Engine outside said, and nothing is left."""
    with pytest.raises(SandboxError, match="no-such-image"):
        Sandbox(provision=Provision(image="no-such-image:1", store=current().store)).__enter__()


def test_the_rights_are_all_in_one_list() -> None:
    """The command line that starts a sandbox never asks for privileges, a device, or the host's namespaces."""
    command = run_command("x", Provision(image="i", store="s", seccomp=SECCOMP), Limits())
    assert not [part for part in command if "privileged" in part or "device" in part or "docker.sock" in part]
    assert "--network=none" in command
    assert "--pid=host" not in command
