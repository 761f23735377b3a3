"""While a check looks, nothing that the student's side asks for reaches the Engine, whoever holds the connection."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from autograder.results import Execution, Verdict
from autograder.runner.gate_client import WORK_TIMEOUT
from tests.patience import PATIENCE
from tests.security.notebooks import check, grade, marks, said, student

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("shut-gateway")]

INSIDE = r"""
import array, io, json, socket, tarfile
meeting = socket.socket(socket.AF_UNIX)
meeting.connect("/w/meet")
_, control, _, _ = meeting.recvmsg(16, socket.CMSG_SPACE(4 * 64))
numbers = array.array("i")
numbers.frombytes(control[0][2])
links = [socket.socket(fileno=number) for number in numbers]
archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode="w") as tar:
    entry = tarfile.TarInfo("proof")
    entry.size = 5
    tar.addfile(entry, io.BytesIO(b"right"))
body = archive.getvalue()
events, links = links[0], links[1:]
events.sendall(b"GET /events HTTP/1.1\r\nHost: d\r\n\r\n")
open("/w/ready", "w").close()
for line in events.makefile("rb"):
    if b'"Action":"create"' not in line or b'"Type":"container"' not in line:
        continue
    link = links.pop(0)
    head = "PUT /containers/%s/archive?path=/ HTTP/1.1\r\nHost: d\r\nContent-Type: application/x-tar\r\n"
    head += "Content-Length: %d\r\n\r\n"
    link.sendall((head % (json.loads(line)["Actor"]["ID"], len(body))).encode() + body)
    print(link.recv(300).split(b"\r\n")[0], flush=True)
"""
HANDS_ON = f"""
import array, os, socket, subprocess, time
work = "/home/student/work"
os.chdir(work)
open("inside.py", "w").write({INSIDE!r})
meeting = socket.socket(socket.AF_UNIX)
meeting.bind("meet")
os.chmod("meet", 0o777)
meeting.listen(1)
meeting.settimeout(30)
log = open("log", "w")
subprocess.Popen(["docker", "run", "--user", "1000", "-v", work + ":/w", "python:3.13-slim",
                  "python", "-u", "/w/inside.py"], stdout=log, stderr=log)
inside, _ = meeting.accept()
links = []
for _ in range(40):
    link = socket.socket(socket.AF_UNIX)
    link.connect("/run/docker.sock")
    links.append(link)
numbers = array.array("i", [link.fileno() for link in links])
inside.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, numbers)])
while not os.path.exists("ready"):
    time.sleep(0.05)
time.sleep(0.3)
"""
LOOKS = """
import time
from course import connect, facts
client = connect()
end = time.monotonic() + SECONDS
found = []
while time.monotonic() < end and b"right" not in found:
    found.append(facts.read_image_file(client, "busybox", "/proof"))
3 * (b"right" in found)
"""


def looks(grade_id: str, seconds: float) -> object:
    """A grade cell that gives 3 points if a helper container of busybox holds what a student can have put there."""
    return check(grade_id, LOOKS.replace("SECONDS", str(seconds)))


@pytest.mark.usefixtures("waiting")
def test_connections_that_a_container_holds_stand_still_during_a_check() -> None:
    """Forty of them, handed over before: no archive gets into the examiner's containers, and no event tells of them."""
    done = grade(student(HANDS_ON), looks("looks", 5), student("time.sleep(1); print('log:', open('log').read())"))
    assert marks(done) == {"looks": 0}
    assert said(done.notebook["cells"][2]).strip() == "log:"


CELL_SECONDS = 8
"""A cell's limit, and so the longest that a check waits for work under way: a build is cancelled soon."""
STEP_SECONDS = min(round(CELL_SECONDS * PATIENCE), round(WORK_TIMEOUT)) + 3
"""How long a build takes that is cancelled shortly before its end."""
RETAGS = f"""
import os, subprocess, time
for builder in "01":
    os.makedirs("context" + builder)
    text = "FROM busybox\\nRUN echo right >/proof; : " + builder + "; sleep {STEP_SECONDS}\\n"
    open("context" + builder + "/Dockerfile", "w").write(text)
    subprocess.Popen(["docker", "build", "-t", "busybox", "context" + builder], stderr=subprocess.STDOUT,
                     stdout=open("log" + builder, "w"), env={{**os.environ, "DOCKER_BUILDKIT": builder}})
while not all("RUN echo" in open("log" + builder).read() for builder in "01"):
    time.sleep(0.05)
"""


@pytest.mark.full
def test_what_cannot_be_cancelled_gives_no_points_and_no_excuse() -> None:
    """A commit that hangs in the Engine: checks are not run and give 0, and the run goes on."""
    hangs = """
    import os, subprocess, time
    file = "FROM busybox\\nRUN rm -f /etc/passwd && mkfifo /etc/passwd\\n"
    subprocess.run(["docker", "build", "-q", "-t", "fifo", "-"], input=file, text=True, check=True,
                   env={**os.environ, "DOCKER_BUILDKIT": "0"})
    subprocess.run(["docker", "create", "--name", "hangs", "fifo", "sleep", "300"], check=True)
    subprocess.Popen(["docker", "start", "hangs"])
    time.sleep(2)
    """
    commits = f'subprocess.Popen(["docker", "commit", "hangs", "busybox"]); time.sleep({PATIENCE})'
    done = grade(
        student(hangs),
        looks("start hangs", 1),
        student("print('goes on')"),
        looks("start still hangs", 1),
        student(commits),
        looks("commit hangs", 1),
    )
    assert done.verdict is Verdict.GRADED
    assert marks(done) == {"start hangs": 0, "start still hangs": 0, "commit hangs": 0}
    assert "busy with a commit" in said(done.notebook["cells"][5])


OVERHEARS = """
import json, subprocess
until = subprocess.run(["date", "+%s.%N"], capture_output=True, text=True).stdout.strip()
shown = subprocess.run(["docker", "events", "--since", "1", "--until", until, "--format", "{{json .}}"],
                       capture_output=True, text=True).stdout
events = [json.loads(line) for line in shown.splitlines()]
live.terminate()
lived = [json.loads(line) for line in live.stdout.read().splitlines()]
for name, heard in (("since", events), ("live", lived)):
    print(name, sorted({(e["Type"], e["Action"].split(":")[0]) for e in heard}),
          sorted({e["Actor"]["Attributes"].get("name") for e in heard if e["Type"] == "container"}))
    print("hidden ones heard:", [e for e in heard if "hidden" in str(e)])
print("execs", subprocess.run(["docker", "inspect", "-f", "{{json .ExecIDs}}", "own"],
                              capture_output=True, text=True).stdout)
"""


def test_the_examiner_is_not_overheard() -> None:
    """Neither a live `docker events` nor one that looks back shows what a check did; the student's own events stay."""
    begins = """
    import subprocess, time
    live = subprocess.Popen(["docker", "events", "--format", "{{json .}}"], stdout=subprocess.PIPE, text=True)
    time.sleep(0.5)
    for name in ("own", "other"):
        subprocess.run(["docker", "run", "-d", "--name", name, "busybox", "sleep", "600"])
    """
    looks = """
    from course import connect
    client = connect()
    own = client.containers.get("own")
    own.exec_run(["sh", "-c", "echo hidden-test"])
    client.containers.run("busybox", ["echo", "hidden-test"], remove=True, name="helper")
    network, volume = client.networks.create("hidden"), client.volumes.create("hidden")
    network.connect(own)
    network.disconnect(own)
    network.remove(), volume.remove()
    own.pause(), own.unpause()
    client.images.get("busybox").tag("hidden-image")
    client.images.remove("hidden-image")
    client.containers.get("other").kill()
    0
    """
    done = grade(student(begins), check("looks", looks), student("time.sleep(0.5)\n" + OVERHEARS))
    assert done.verdict is Verdict.GRADED, done.reason
    text = said(done.notebook["cells"][2])
    for line in text.splitlines():
        if line.startswith(("since", "live")):
            assert "hidden" not in line
            assert "exec" not in line
            assert "pause" not in line
            assert "kill" not in line
            assert "tag" not in line
            assert line.endswith("['other', 'own']")
            assert "('container', 'create')" in line
            assert "('container', 'die')" in line
    assert text.count("('container', 'die')") == 2
    assert text.count("hidden ones heard: []") == 2
    assert "hidden-test" not in text
    assert "execs null" in text


RENAMES_LATER = """
import os, subprocess, time
work = "/home/student/work"
os.chdir(work)
os.mkfifo("pipe")
users = "root:x:0:0:root:/root:/bin/sh"
lets_go = f"sleep 32; while true; do timeout 1 sh -c 'echo {users} >/w/pipe'; done"
subprocess.run(["docker", "run", "-d", "--name", "helper", "-v", work + ":/w", "busybox", "sh", "-c", lets_go])
subprocess.run(["docker", "create", "--name", "early", "-v", work + "/pipe:/etc/passwd", "--user", "nobody", "busybox",
                "sleep", "600"])
subprocess.Popen(["docker", "start", "early"])
time.sleep(2)
subprocess.Popen(["docker", "rename", "early", "late"])
time.sleep(1)
"""
WATCHES = """
import time
from course import connect
client = connect()
end = time.monotonic() + 15
names = set()
while time.monotonic() < end and len(names) < 2:
    names.update(name for one in client.api.containers(all=True) for name in one["Names"] if name != "/helper")
3 * (len(names) > 1)
"""


@pytest.fixture(scope="module")
def waiting() -> Iterator[dict[str, Future[Execution]]]:
    """Runs that wait for most of their time, all at once, while the other tests of this module do their work."""
    after = "time.sleep(1); print(open('log0').read())\n!docker run --rm busybox ls /proof"
    with ThreadPoolExecutor() as threads:
        yield {
            "builds": threads.submit(
                grade, student(RETAGS), looks("looks", 5), student(after), cell_seconds=CELL_SECONDS
            ),
            "rename": threads.submit(grade, student(RENAMES_LATER), check("watches", WATCHES), seconds=150),
        }


def test_builds_that_are_under_way_are_cancelled_before_a_check(waiting: dict[str, Future[Execution]]) -> None:
    """Neither builder moves a name to another image during a check or later; the student reads why."""
    done = waiting["builds"].result()
    assert marks(done) == {"looks": 0}
    assert "build was still under way when the check began, and was cancelled" in said(done.notebook["cells"][0])
    later = said(done.notebook["cells"][2])
    assert "build was still under way when the check began, and was cancelled" in later
    assert "/proof: No such file" in later


def test_a_rename_that_waits_in_the_engine_comes_true_in_no_check(waiting: dict[str, Future[Execution]]) -> None:
    """A container's start hangs until another container lets it go on: while a rename waits for it no check runs."""
    done = waiting["rename"].result()
    assert (done.verdict, marks(done)) == (Verdict.GRADED, {"watches": 0})
    assert "busy with a rename of a container" in said(done.notebook["cells"][1])
