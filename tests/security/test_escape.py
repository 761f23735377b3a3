"""Ways out of a sandbox, tried as root of its user namespace: that is more than a student ever gets.

Each attempt has to fail for the reason that the boundary gives, and this machine has to be as it was.
"""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import Sandbox
from tests.security.conftest import Attacker

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("escape")]

KERNEL_SETTINGS = tuple(
    Path("/proc/sys") / name
    for name in ("kernel/core_pattern", "kernel/modprobe", "vm/overcommit_memory", "kernel/hostname")
)


def settings_of_this_machine() -> dict[str, str]:
    """Settings of the kernel that an escape likes to change, and who is to be told of empty cgroups."""
    agents = Path("/sys/fs/cgroup").glob("*/release_agent")
    return {str(path): path.read_text() for path in (*KERNEL_SETTINGS, *agents) if path.exists()}


@pytest.fixture(autouse=True, scope="module")
def unchanged() -> Iterator[None]:
    """This machine is after all attempts as it was before."""
    before = settings_of_this_machine()
    yield
    assert settings_of_this_machine() == before


def container_id(box: Sandbox) -> str:
    """The sandbox's id, by which its cgroups outside are named."""
    shown = subprocess.run(["docker", "inspect", box.name], capture_output=True, check=True)
    return str(json.loads(shown.stdout)[0]["Id"])


def test_the_hosts_cgroup_tree_cannot_be_reached(attacker: Attacker) -> None:
    """Whatever root inside unmounts, no cgroup of this machine comes to light: not its own place, no neighbour's."""
    uncover = "for _ in 1 2 3 4; do umount -l /sys/fs/cgroup/*; umount -l /sys/fs/cgroup; umount -l /sys; done"
    look = f"find / -path /proc -prune -o -name {container_id(attacker.box)} -print"
    said = attacker.sh(f"unshare --mount sh -c '({uncover}) 2>/dev/null; {look}; ls /'")
    assert container_id(attacker.box) not in said
    assert "usr" in said.split()
    with Sandbox() as neighbour:
        found = attacker.sh(
            f"unshare --mount sh -c '({uncover}) 2>/dev/null; find /sys -name {container_id(neighbour)}'"
        )
    assert found == ""


def test_a_new_cgroup_mount_shows_only_its_own(attacker: Attacker) -> None:
    """A cgroup file system mounted anew begins at the sandbox's own place, without a release agent to set."""
    tries = attacker.tries("""
        os.unshare(os.CLONE_NEWNS)
        for kind, data in (("cgroup2", None), ("cgroup", b"memory"), ("cgroup", b"none,name=systemd")):
            name = f"{kind} {data}"
            mount(name, "x", "/mnt/tmp/cg", kind, 0, data)
            if said.pop(name) == "got through":
                tried(f"{name} agent", lambda: open("/mnt/tmp/cg/release_agent", "w").write("/bin/true"))
                tried(f"{name} above", lambda: os.stat("/mnt/tmp/cg/docker/" + "0" * 64))
                said[f"{name} parts"] = " ".join(sorted(e.name for e in os.scandir("/mnt/tmp/cg") if e.is_dir()))
                libc.umount2(b"/mnt/tmp/cg", 2)
        mount("with an agent", "x", "/mnt/tmp/cg", "cgroup", 0, b"pids,release_agent=/bin/true")
        os.rmdir("/mnt/tmp/cg")
    """)
    assert tries.pop("with an agent") in ("EPERM", "EINVAL", "EBUSY", "ENOENT")
    agents = [tries[name] for name in tries if name.endswith("agent")]
    assert agents
    assert set(agents) <= {"ENOENT", "EACCES"}
    for name in tries:
        if name.endswith("parts"):
            assert set(tries[name].split()) <= {"docker", "init", "buildkit", "docker-course", "system.slice"}


def test_settings_of_the_kernel_cannot_be_written(attacker: Attacker) -> None:
    """core_pattern, modprobe, sysrq and the like belong to this machine's root, whom nobody inside can become."""
    tries = attacker.tries("""
        for name in ("sys/kernel/core_pattern", "sys/kernel/modprobe", "sysrq-trigger", "sys/vm/overcommit_memory",
                     "sys/kernel/randomize_va_space", "sys/fs/file-max"):
            if os.path.exists("/proc/" + name):
                tried(name, lambda: os.write(os.open("/proc/" + name, os.O_WRONLY), b"x"))
        os.unshare(os.CLONE_NEWNS)
        mount("a new /proc", "proc", "/mnt/tmp/proc", "proc")
        tried("core_pattern in it", lambda: os.open("/mnt/tmp/proc/sys/kernel/core_pattern", os.O_WRONLY))
        libc.umount2(b"/mnt/tmp/proc", 2)
        os.rmdir("/mnt/tmp/proc")
    """)
    assert tries.pop("a new /proc") == "got through"
    assert len(tries) >= 5
    assert set(tries.values()) <= {"EACCES", "EPERM", "EROFS"}


def test_sysfs_cannot_be_written(attacker: Attacker) -> None:
    """Neither the /sys that is there nor a new one lets root inside change a device or the kernel."""
    tries = attacker.tries("""
        os.unshare(os.CLONE_NEWNS)
        mount("a new /sys", "sysfs", "/mnt/tmp/sys", "sysfs")
        mount("read-only", "sysfs", "/mnt/tmp/sys", "sysfs", 1)
        for top in ("/sys", "/mnt/tmp/sys"):
            for name in ("kernel/uevent_helper", "power/state", "kernel/mm/transparent_hugepage/enabled",
                         "module/nf_conntrack/parameters/hashsize", "kernel/profiling", "devices/system/cpu/uevent"):
                if os.path.exists(f"{top}/{name}"):
                    tried(f"{top}/{name}", lambda: os.write(os.open(f"{top}/{name}", os.O_WRONLY), b"x"))
        while libc.umount2(b"/mnt/tmp/sys", 2) == 0: pass
        os.rmdir("/mnt/tmp/sys")
    """)
    tries.pop("a new /sys"), tries.pop("read-only")
    assert tries
    assert set(tries.values()) <= {"EACCES", "EROFS", "EPERM"}


def test_devices_cannot_be_made_or_opened(attacker: Attacker) -> None:
    """No device file can be made: a disk, memory or a kernel log is not to be had."""
    tries = attacker.tries("""
        for name, kind, major, minor in (("disk", stat.S_IFBLK, 8, 0), ("disk vda", stat.S_IFBLK, 254, 0),
                ("memory", stat.S_IFCHR, 1, 1), ("kernel log", stat.S_IFCHR, 1, 11), ("kvm", stat.S_IFCHR, 10, 232)):
            tried(name, lambda: os.mknod("/mnt/tmp/dev", kind | 0o666, os.makedev(major, minor)))
        for name in ("sda", "vda", "mem", "kmsg", "kvm", "fuse", "net/tun", "loop-control"):
            tried("/dev/" + name, lambda: os.open("/dev/" + name, os.O_RDONLY))
    """)
    assert len(tries) == 13
    assert all(tries[name] == "EPERM" for name in ("disk", "disk vda", "memory", "kernel log", "kvm"))
    assert set(tries.values()) == {"EPERM", "ENOENT"}


def test_file_systems_of_devices_cannot_be_mounted(attacker: Attacker) -> None:
    """A disk, the kernel's debugging and security file systems, devtmpfs: the kernel mounts none of them for it."""
    tries = attacker.tries("""
        os.unshare(os.CLONE_NEWNS)
        for kind in ("ext4", "xfs", "btrfs", "devtmpfs", "debugfs", "tracefs", "securityfs", "bpf", "configfs", "nfs",
                     "9p", "pstore", "efivarfs"):
            mount(kind, "/dev/vda", "/mnt/tmp/fs", kind)
        os.rmdir("/mnt/tmp/fs")
    """)
    assert len(tries) == 13
    # Before it looks at rights, nfs asks for its options and efivarfs for the firmware.
    early = {"ENODEV", "ENOTBLK", "ENOENT", "EINVAL", "ENOTSUP", "EOPNOTSUPP"}
    assert set(tries.values()) <= {"EPERM", "EACCES"} | early
    assert "EPERM" in tries.values()


def test_read_only_mounts_stay_read_only(attacker: Attacker) -> None:
    """The golden store, the system, the outer Engine's small files: no remount and no bind makes them writable."""
    tries = attacker.tries("""
        os.unshare(os.CLONE_NEWNS)
        REMOUNT, BIND, REC = 32, 4096, 16384
        for place in ("/golden", "/usr", "/etc/hostname", "/opt"):
            call(f"remount {place}", libc.mount(b"", place.encode(), b"", REMOUNT | BIND, None))
            target = f"{place}/x" if os.path.isdir(place) else place
            tried(f"write {place}", lambda: open(target, "w"))
        mount("bind", "/golden", "/mnt/tmp/g", "none", BIND | REC)
        call("remount the bind", libc.mount(b"", b"/mnt/tmp/g", b"", REMOUNT | BIND, None))
        tried("write through the bind", lambda: open("/mnt/tmp/g/x", "w"))
        libc.umount2(b"/mnt/tmp/g", 2)
        os.rmdir("/mnt/tmp/g")
    """)
    assert tries.pop("bind") == "got through"
    remounts = {name for name in tries if name.startswith("remount")}
    assert {tries[name] for name in remounts} <= {"EPERM", "EINVAL", "EACCES"}
    assert {tries[name] for name in tries.keys() - remounts} <= {"EROFS", "EACCES"}


def test_no_disk_of_the_host_can_be_written(attacker: Attacker) -> None:
    """Every mount on a disk of this machine is read-only, and is the system, the store or a small file of /etc."""
    virtual = {"tmpfs", "proc", "sysfs", "cgroup", "cgroup2", "devpts", "mqueue", "nsfs"}
    on_disk = []
    for line in attacker.sh("cat /proc/self/mountinfo").splitlines():
        before, _, after = line.partition(" - ")
        place, options = before.split(" ")[4:6]
        if after.split(" ")[0] not in virtual:
            on_disk.append(place)
            assert options.split(",")[0] == "ro", line
    files = {"/etc/resolv.conf", "/etc/hostname", "/etc/hosts", "/usr/sbin/docker-init"}
    system = {"/", "/usr", "/etc", "/opt", "/srv", "/var", "/home", "/root", "/store"}
    assert "/golden" in on_disk
    assert set(on_disk) <= {"/golden"} | files | system


CALLS = {
    # name: number on x86_64, on aarch64; from the kernel's tables of system calls
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "open_by_handle_at": (304, 265),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "io_setup": (206, 0),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "syslog": (103, 116),
    "fanotify_init": (300, 262),
    "iopl": (172, None),
    "ioperm": (173, None),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
}


def test_dangerous_system_calls_are_refused(attacker: Attacker) -> None:
    """Modules, kexec, bpf, keyrings, clocks, other processes' memory, file handles: refused whoever asks."""
    column = 0 if platform.machine() == "x86_64" else 1
    numbers = {name: pair[column] for name, pair in CALLS.items() if pair[column] is not None}
    tries = attacker.tries(f"""
        for name, number in {numbers!r}.items():
            call(name, libc.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0))
    """)
    keyrings = {"add_key", "request_key", "keyctl"}
    assert {tries[name] for name in keyrings} == {"ENOSYS"}
    assert {name: tries[name] for name in numbers.keys() - keyrings if tries[name] != "EPERM"} == {}


def test_nothing_outside_can_be_seen_or_signalled(attacker: Attacker) -> None:
    """The first process that root inside knows is the sandbox's own; the clock and the init outside are not there."""
    programs = attacker.sh("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
    assert "engine.sh" in attacker.sh("cat /proc/1/cmdline")
    assert "boot.sh" not in programs
    assert "docker-init" not in programs
    tries = attacker.tries("""
        known = {int(name) for name in os.listdir("/proc") if name.isdigit()}
        gone = next(pid for pid in range(50_000, 60_000) if pid not in known)
        tried("signal", lambda: os.kill(gone, 0))
        call("trace", libc.ptrace(16, gone, 0, 0))
        for kind in ("user", "mnt", "pid", "net"):
            links = [f"/proc/{pid}/ns/{kind}" for pid in known]
            said[kind] = " ".join({os.readlink(link) for link in links if os.path.exists(link)})
    """)
    assert (tries["signal"], tries["trace"]) == ("ESRCH", "ESRCH")
    for kind in ("user", "mnt", "pid", "net"):
        assert str(Path(f"/proc/self/ns/{kind}").readlink()) not in tries[kind]


def test_docker_exec_leaves_no_way_back(attacker: Attacker) -> None:
    """A command that comes in from outside brings no open file or directory of the outside with it."""
    busy = ["sleep", "8"]
    entering = subprocess.Popen(attacker.box.command(busy, "root"), stdin=subprocess.DEVNULL)
    try:
        tries = attacker.tries("""
            import time
            time.sleep(0.5)
            for pid in filter(str.isdigit, os.listdir("/proc")):
                links = [f"/proc/{pid}/{name}" for name in ("cwd", "root")]
                try:
                    links += [f"/proc/{pid}/fd/{name}" for name in os.listdir(f"/proc/{pid}/fd")]
                except OSError:
                    continue
                for link in links:
                    try:
                        if not stat.S_ISDIR(os.stat(link).st_mode):
                            continue
                        there = os.open(link, os.O_RDONLY | os.O_DIRECTORY)
                    except OSError:
                        continue
                    # Above every open directory is the sandbox's own root.
                    for _ in range(20):
                        above = os.open("..", os.O_RDONLY | os.O_DIRECTORY, dir_fd=there)
                        os.close(there)
                        there = above
                    if not os.path.samestat(os.stat("/"), os.stat(there)):
                        said[link] = " ".join(os.listdir(there))
                    os.close(there)
                exe = f"/proc/{pid}/exe"
                if os.path.exists(exe):
                    tried(f"write {exe}", lambda: os.open(exe, os.O_WRONLY))
        """)
    finally:
        entering.terminate()
        entering.wait()
    writes = {name: tries.pop(name) for name in list(tries) if name.startswith("write")}
    assert tries == {}
    assert writes
    assert set(writes.values()) <= {"EROFS", "ETXTBSY", "EACCES"}


def test_raw_sockets_reach_nothing(attacker: Attacker) -> None:
    """Root inside may make raw sockets, but its network has no wire: there is no interface that leads out."""
    tries = attacker.tries("""
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        for address in ("192.0.2.1", "8.8.8.8", "169.254.169.254"):
            tried(address, lambda: raw.sendto(bytes(8), (address, 0)))
        for family in (38, 40):  # the kernel's cryptography, and the way to a virtual machine's host
            tried(str(family), lambda: socket.socket(family, socket.SOCK_STREAM))
        said["wires"] = " ".join(n for n in os.listdir("/sys/class/net")
                                 if os.path.exists(f"/sys/class/net/{n}/device"))
    """)
    assert {tries[a] for a in ("192.0.2.1", "8.8.8.8", "169.254.169.254")} == {"ENETUNREACH"}
    assert {tries["38"], tries["40"]} == {"EPERM"}
    assert tries["wires"] == ""


def test_no_socket_of_the_host_is_in_reach(attacker: Attacker) -> None:
    """Abstract sockets, which need no path, belong to a network namespace: those of this machine are not there."""
    outside = {word for word in Path("/proc/net/unix").read_text().split() if word.startswith("@")}
    inside = {word for word in attacker.sh("cat /proc/net/unix").split() if word.startswith("@")}
    assert inside & outside == set()
    assert "docker.sock" not in attacker.sh("find / -path /proc -prune -o -type s -print | grep -v ^/run/")


GREEDY = (
    "docker -H unix:///run/engine/docker.sock run --rm --cap-add ALL --security-opt seccomp=unconfined "
    "--security-opt apparmor=unconfined --security-opt systempaths=unconfined --pid host --network host "
    "-v /:/host busybox sh -c '{}' 2>&1"
)


def test_a_container_with_every_right_has_none_outside(attacker: Attacker) -> None:
    """What only root inside can ask its Engine for, all capabilities and the root directory, opens nothing."""
    attempts = (
        "echo x >/host/proc/sys/kernel/core_pattern",
        "mknod /d b 254 0",
        "mount -t ext4 /dev/vda /mnt",
        "mount -o remount,rw /host/golden",
        "echo x >/host/golden/x",
        "ls /host/old /host/.dockerenv",
    )
    said = attacker.sh(GREEDY.format("; ".join(f"({a}) && echo got through" for a in attempts)))
    assert "got through" not in said
    words = ("Permission denied", "permission denied", "Operation not permitted", "Read-only", "No such file")
    assert sum(said.count(word) for word in words) >= len(attempts), said


def test_root_in_a_students_container_is_nobody_outside(attacker: Attacker) -> None:
    """Root of a container that a student may have can make no device, mount nothing, and kill nothing outside it."""
    attempts = (
        "mknod /d b 254 0",
        "mount -t tmpfs x /mnt",
        "echo x >/proc/sys/kernel/core_pattern",
        "echo x >/proc/sysrq-trigger",
        "mount -t cgroup -o memory x /mnt",
        "hostname other",
        "ip link set eth0 down",
    )
    script = "; ".join(f"({a}) 2>&1 && echo got through" for a in attempts) + "; kill -9 -1; ls -d /proc/[0-9]*"
    said = attacker.sh(f"docker run --rm busybox sh -c '{script}'", "student")
    assert "got through" not in said
    assert attacker.sh("docker version -f up", "student").strip() == "up"


@pytest.mark.parametrize(
    "reached", ["--privileged", "--pid=host", "-v /:/host", "-v /run/engine:/e", "--device /dev/null"]
)
def test_a_student_gets_no_container_with_rights(attacker: Attacker, reached: str) -> None:
    """What would make the examination worthless is refused at the student's socket before the Engine sees it."""
    said = attacker.sh(f"docker run --rm {reached} busybox echo got through", "student")
    assert "got through" not in said.replace(f"{reached} busybox echo got through", "")
    assert "Error response from daemon" in said


def hidden_lines() -> list[str]:
    """Lines of the course's hidden tests that are long, and no lines of the library that students have anyway."""
    found: list[str] = []
    root = Path(__file__).parents[2]
    library = "".join(path.read_text() for path in (root / "course").rglob("*.py"))
    for path in sorted((root / "source").rglob("*.ipynb")):
        for cell in json.loads(path.read_text())["cells"]:
            hidden = False
            for line in "".join(cell["source"]).splitlines():
                hidden = (hidden or "BEGIN HIDDEN TESTS" in line) and "END HIDDEN TESTS" not in line
                if hidden and len(line.strip()) > 40 and "HIDDEN TESTS" not in line:
                    found.append(line.strip())
    return [line for line in found if line not in library]


def test_no_hidden_test_is_in_the_image_or_the_store(attacker: Attacker) -> None:
    """Before a run there is no line of a hidden test anywhere in a sandbox, whoever looks, layers included."""
    lines = hidden_lines()
    assert len(lines) > 5
    places = "/opt/docker-course/autograder /opt/docker-course/course /etc /home /mnt /run /tmp /golden"
    search = ["sh", "-c", f"grep -rlFf - --devices=skip --binary-files=text {places} 2>/dev/null"]
    done = attacker.box.run(search, "\n".join(lines).encode(), "root", timeout=90)
    assert done.stdout.decode() == ""
    # The same search finds what is there.
    canary = ["sh", "-c", "echo 'def lay_out' | grep -rlFf - /opt/docker-course/autograder"]
    assert b"store.py" in attacker.box.run(canary, user="root").stdout
