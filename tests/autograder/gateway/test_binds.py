"""Bind mounts reach the student's work directory and nothing else, whoever changes what and when."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.sandbox import Sandbox

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """One sandbox for all tests here."""
    with Sandbox() as sandbox:
        yield sandbox


def student(box: Sandbox, script: str) -> str:
    """Run a script as the student, in a directory of its own inside the work directory; all that it says."""
    done = box.run(["bash", "-c", f"cd $(mktemp -d -p /home/student/work); exec 2>&1; {script}"], timeout=120)
    return done.stdout.decode()


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("echo yes >f; docker run --rm -v $PWD:/w busybox cat /w/f", "yes"),
        ("echo yes >f; docker run --rm -v $PWD/f:/f:ro busybox cat /f", "yes"),
        ("echo yes >f; docker run --rm --mount type=bind,src=$PWD,dst=/w busybox cat /w/f", "yes"),
        ("docker run --rm -v $PWD/new/er:/w busybox touch /w/f; ls new/er", "f"),
        ("echo yes >f; ln -s f l; docker run --rm -v $PWD:/w busybox cat /w/l", "yes"),
        ("echo yes >f; ln -s f l; docker run --rm -v $PWD:/w:ro busybox cat /w/l", "yes"),
        ("mkdir d; docker run --rm -v $PWD/d:/w busybox sh -c 'echo yes >/w/f'; cat d/f", "yes"),
    ],
)
def test_honest_uses_work(box: Sandbox, script: str, says: str) -> None:
    """The directory, one in it, a file, one that does not exist yet; links inside are followed inside."""
    assert student(box, script).strip() == says


SECRETS = "ls /x /x/engine /x/gateway; cat /x/hostname"

HOSTILE = {
    "a link": f"ln -s /run a; docker run --rm -v $PWD/a:/x busybox sh -c '{SECRETS}'",
    "a link by --mount": f"ln -s /run a; docker run --rm --mount type=bind,src=$PWD/a,dst=/x busybox sh -c '{SECRETS}'",
    "a link on the way": f"ln -s / p; docker run --rm -v $PWD/p/run:/x busybox sh -c '{SECRETS}'",
    "through /proc": f"ln -s /proc/self/root p; docker run --rm -v $PWD/p/run:/x busybox sh -c '{SECRETS}'",
    "swapped after create": (
        f"mkdir a; docker create --name c1 -v $PWD/a:/x busybox sh -c '{SECRETS}' >&-; rmdir a; ln -s /run a;"
        "docker start -a c1; docker rm -f c1 >&-"
    ),
    "swapped before a restart": (
        "mkdir a; docker run -d --name c2 -v $PWD/a:/x busybox sleep 99; docker stop -t 0 c2; rmdir a; ln -s /run a;"
        f"docker start c2; docker exec c2 sh -c '{SECRETS}'; docker rm -f c2"
    ),
    "cp out of a swapped one": (
        "mkdir a; docker create --name c3 -v $PWD/a:/x busybox; rmdir a; ln -s /run a;"
        "docker cp c3:/x - | tar t; docker rm -f c3"
    ),
    "the work directory swapped": (
        "cd /home/student; mv work w2; ln -s / work;"
        f"docker run --rm -v /home/student/work/run:/x busybox sh -c '{SECRETS}'; rm work; mv w2 work"
    ),
    "the work directory's parent": (
        "cd /home/student; mv work w2; ln -s /run work;"
        f"docker run --rm -v /home/student/work:/x busybox sh -c '{SECRETS}'; rm work; mv w2 work"
    ),
    "volume subpath": (
        "docker run --rm -v sub:/v busybox ln -s /run /v/l;"
        "docker run --rm --mount type=volume,src=sub,dst=/x,volume-subpath=l busybox ls /x"
    ),
}


@pytest.mark.parametrize("script", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_link_leads_out(box: Sandbox, script: str) -> None:
    """Nothing of the Engine's /run is seen, in whatever order things are done."""
    said = student(box, script)
    for word in ("docker.sock", "audit.jsonl", "containerd", "engine.log", "docker.pid"):
        assert word not in said


@pytest.mark.full
def test_no_race_leads_out(box: Sandbox) -> None:
    """A directory and a link to /run change places thousands of times a second while containers start."""
    said = student(
        box,
        r"""
        mkdir a; touch a/honest; ln -s /run l
        cat >swap.py <<'P'
import ctypes, time
libc = ctypes.CDLL(None)
end = time.monotonic() + 9
while time.monotonic() < end:
    libc.renameat2(-100, b"a", -100, b"l", 2)
P
        python3 swap.py & for i in $(seq 12); do docker run --rm -v $PWD/a:/x busybox ls /x; done; wait
        """,
    )
    assert "engine.log" not in said
    assert "containerd" not in said
    assert "symbolic links" in said or "file exists" in said or "honest" in said


def test_the_gateway_is_out_of_the_students_reach(box: Sandbox) -> None:
    """Its own user, no capabilities, no way to more; the student can neither signal it nor read its log or memory."""
    pid = box.run(["pgrep", "-u", "gateway"], user="root").stdout.decode().strip()
    status = box.run(["cat", f"/proc/{pid}/status"], user="root").stdout.decode()
    for line in (
        "CapEff:\t0000000000000000",
        "CapBnd:\t0000000000000000",
        "NoNewPrivs:\t1",
        "Uid:\t1002\t1002\t1002",
    ):
        assert line in status
    reads = (f"cat /proc/{pid}/environ", "cat /run/gateway/audit.jsonl")
    for attempt in (f"kill -9 {pid}", *reads, "rm -f /run/docker.sock"):
        assert box.run(["sh", "-c", attempt]).returncode != 0, attempt
    assert box.run(["docker", "-H", "unix:///run/engine/docker.sock", "ps"]).returncode != 0
    assert box.run(["docker", "ps"]).returncode == 0


def test_the_log_has_every_request_with_its_verdict_and_no_content(box: Sandbox) -> None:
    """What was refused, and why; never a body, never a query value."""
    student(box, "docker run --rm -e PASSWORD=hush busybox true; docker run --rm --privileged busybox true")
    log = box.run(["cat", "/run/gateway/audit.jsonl"], user="root").stdout.decode()
    assert '"decision":"refused","reason":"A privileged container' in log
    assert '"path":"/v1.51/containers/create"' in log
    assert "hush" not in log
