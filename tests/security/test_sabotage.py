"""A student's process that waits for the examiner's own containers, to put into them what a check hopes to find."""

from __future__ import annotations

import pytest

from autograder.results import Execution, Verdict
from tests.security.notebooks import check, grade, marks, runs, said, student

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("integrity")]

WAITS = """
import docker, io, subprocess, sys, tarfile, threading
program = '''
import docker, io, tarfile
archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode="w") as tar:
    facts = tarfile.TarInfo("proof"); facts.size = 5
    tar.addfile(facts, io.BytesIO(b"right"))
client = docker.APIClient()
print("ready", flush=True)
for event in client.events(decode=True, filters={"type": "container", "event": "create"}):
    try: client.put_archive(event["id"], "/", archive.getvalue())
    except docker.errors.APIError: pass
'''
for _ in range(3):
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True)
    process.stdout.readline()
value = "given"
"""

COUNTS = """
import subprocess, time
# As root of a user namespace of its own, in another pid namespace, in another session, woken by a sibling.
count = "n=0; while :; do n=$((n+1)); echo $n >/home/student/work/count; done"
nested = subprocess.Popen(["setsid", "unshare", "--user", "--map-root-user", "--pid", "--fork", "bash", "-c", count])
waker = subprocess.Popen(["bash", "-c", f"while :; do kill -CONT {nested.pid} -1; done"])
while True:
    try:
        if open("count").read(): break
    except OSError: pass
    assert nested.poll() is None
    time.sleep(0.1)
print("counts")
"""

STANDS_STILL = """
import time
def read():
    return open("/home/student/work/count").read()
first = read()
time.sleep(1)
3 * (read() != first)
"""

LOOKS = """
from course import answer, connect, facts
client = connect()
given = answer("value") == "given"
found = [facts.read_image_file(client, "busybox", "/proof") for _ in range(10)]
3 * (given and b"right" in found)
"""

ANSWERS = """
from course import answer
3 * all(answer("value") == "given" for _ in range(5))
"""

STILL_THERE = """
import subprocess
nested.kill(); waker.kill()
subprocess.run(["docker", "run", "-d", "--name", "later", "busybox", "sleep", "600"], check=True)
print(process.poll(), "still there")
"""


@pytest.fixture(scope="module")
def sabotage() -> Execution:
    """A notebook whose background processes lie in wait."""
    return grade(
        student(COUNTS),
        check("still", STANDS_STILL),
        student(WAITS),
        check("looks", LOOKS),
        check("answers", ANSWERS),
        student(STILL_THERE),
        runs("later", "later"),
    )


def test_nothing_is_put_into_the_examiners_containers(sabotage: Execution) -> None:
    """A file that is not in the image is not found there: nothing of the student's kernel moves during a check."""
    assert (sabotage.verdict, sabotage.reason) == (Verdict.GRADED, "")
    assert marks(sabotage)["looks"] == 0


def test_values_can_be_asked_for_during_a_check(sabotage: Execution) -> None:
    """The student's kernel is awake for as long as it takes to answer."""
    assert marks(sabotage)["answers"] == 3


def test_after_a_check_the_students_processes_go_on(sabotage: Execution) -> None:
    """What the student started is there again for the next cell."""
    assert "None still there" in said(sabotage.notebook["cells"][5])
    assert marks(sabotage)["later"] == 3


def test_processes_in_namespaces_of_their_own_stand_still_too(sabotage: Execution) -> None:
    """Neither a nested pid namespace nor a process that wakes others all the time escapes the pause."""
    assert "counts" in said(sabotage.notebook["cells"][0])
    assert marks(sabotage)["still"] == 0
