"""Attacks on the record of events: washing it away, crowding it, reaching it. A check reads it as the one source."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from autograder.results import Execution, Verdict
from autograder.sandbox import Sandbox
from tests.patience import PATIENCE
from tests.security.conftest import Attacker
from tests.security.notebooks import check, grade, marks, result, student

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("events")]

START = """
import concurrent.futures, docker, time
client = docker.from_env()
box = client.containers.run("busybox", ["sleep", "600"], name="washed", init=True, detach=True)
box.pause()
box.unpause()
"""

FLOODS = {
    "tags": """
busybox = client.images.get("busybox")
with concurrent.futures.ThreadPoolExecutor(8) as many:
    list(many.map(lambda number: busybox.tag("flood", str(number)), range(1300)))
""",
    "probes": """
def probed(number):
    return client.containers.run("busybox", ["sleep", "600"], init=True, detach=True,
                                 healthcheck={"test": ["CMD", "true"], "interval": 10_000_000})
probes = [probed(number) for number in range(4)]
forgotten = False
while not forgotten:
    time.sleep(0.5)
    remembered = client.events(since="1", until=str(time.time()), decode=True)
    forgotten = all(event["Action"].startswith("exec_") for event in remembered)
""",
    "names": """
for number in range(300):
    box.rename(("other", "washed")[number % 2])
""",
    "networks": """
network = client.networks.create("flood")
for number in range(75):
    network.connect("washed")
    network.disconnect("washed")
""",
}


def asks(grade_id: str, condition: str) -> object:
    """A grade cell that gives 3 points where the record's history fulfils a condition."""
    return check(
        grade_id,
        f"""
        from course import connect, facts
        from course.checks.check import Check
        from course.demands import Demand, Rubric
        client = connect()
        report = Check(Rubric({grade_id!r}, 3, (Demand("it", "It is so.", essential=True),)))
        history = facts.history(client, "container", "image", "network")
        box = client.containers.get("washed").id
        report.require("it", lambda: {condition}, "It is not so.")
        report.show(points=3)
        """,
    )


@pytest.fixture(scope="module")
def floods() -> Execution:
    """One submission that does something and then lets the Engine forget it, in every way."""
    paused = "[e.action for e in history.of(box)][:4] == ['create', 'start', 'pause', 'unpause']"
    cells = [student(START)]
    for name, flood in FLOODS.items():
        cells += [student(flood), asks(name, paused)]
    busybox = "client.images.get('busybox').id"
    cells += [
        asks("nothing-else", "history.happened(any(e.action == 'destroy' for e in history.of(box)), box)"),
        asks("too-many", f"history.happened(False, {busybox})"),
        asks("remembered", "any(e.action == 'pause' for e in facts.History.of_events("
             "map(facts.Event.read, client.api.events(since='1', until=str(time.time()), decode=True))).events)"
             .replace("time.time()", "__import__('time').time()")),
        asks(
            "few-probes",
            "all(sum(e.action == 'exec_create' for e in history.of(id)) <= 50 "
            "for id in {e.id for e in history.events})",
        ),
    ]  # fmt: skip
    return grade(*cells, seconds=150, cell_seconds=60)


@pytest.mark.parametrize("flood", FLOODS)
def test_no_flood_washes_an_event_away(floods: Execution, flood: str) -> None:
    """What the Engine itself has forgotten is in the record."""
    assert floods.verdict is Verdict.GRADED, floods.reason
    assert marks(floods)[flood] == 3
    assert marks(floods)["remembered"] == 0, "the Engine still knew, so the flood proves nothing"


def test_what_did_not_happen_is_said_not_to_have_happened(floods: Execution) -> None:
    """Floods of other objects, and of other actions, are no excuse and no harm."""
    assert [finding.message for finding in result(floods, "nothing-else").findings] == ["It is not so."]


def test_more_events_than_are_kept_fail_by_their_name(floods: Execution) -> None:
    """A history that is not whole proves nothing that it does not show."""
    [finding] = result(floods, "too-many").findings
    assert not finding.passed
    assert "More than 1,000 “tag” events of sha256:" in finding.message


def test_health_probes_take_little_room(floods: Execution) -> None:
    """However many there are, in whatever interval."""
    assert marks(floods)["few-probes"] == 3


def test_the_time_line_has_what_happened_before_a_flood(floods: Execution) -> None:
    """It reads the same record, and says where it is not whole."""
    said = [entry.action for entry in floods.timeline]
    assert any(what.startswith("container pause washed") for what in said)


CROWD = """
import threading, docker
def flood(number):
    client = docker.from_env().api
    for tag in range(100):
        client.tag("busybox", f"crowd-{number}", str(tag))
threads = [threading.Thread(target=flood, args=(number,)) for number in range(60)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("done")
"""

ASK = """
from course import connect, facts
history = facts.history(connect(), "container")
try:
    print(history.happened(False, "x"))
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.fixture
def fresh() -> Iterator[Attacker]:
    """A sandbox of the test's own."""
    with Sandbox() as sandbox:
        yield Attacker(sandbox)


def ask(attacker: Attacker, program: str = ASK) -> str:
    """What a program of the examiner's says."""
    command = ["/opt/docker-course/venv/bin/python", "-"]
    environment = {"DOCKER_COURSE_RECORD": "/run/record"}
    done = attacker.box.run(command, program.encode(), "examiner", environment=environment, timeout=90 * PATIENCE)
    return (done.stdout + done.stderr).decode()


def test_events_that_the_engine_leaves_out_are_noticed(fresh: Attacker) -> None:
    """It drops events for a listener that is too slow, and says nothing; the record does."""
    assert ask(fresh).strip() == "False"
    fresh.sh("kill -STOP $(pgrep -f [r]ecorder.py)")  # as slow as can be
    assert ask(fresh, CROWD).strip() == "done"
    fresh.sh("kill -CONT $(pgrep -f [r]ecorder.py)")
    assert ask(fresh).startswith("NotKept So many events were caused at once that the Engine did not report all")


def test_the_record_is_out_of_the_students_reach(attacker: Attacker) -> None:
    """Its files, its disk and its process, for the student and for root of a student's container."""
    said = attacker.tries(
        """
        tried("list", lambda: os.listdir("/run/record"))
        tried("read", lambda: open("/run/record/engine.jsonl"))
        tried("write", lambda: open("/run/record/engine.jsonl", "a"))
        tried("fill", lambda: open("/run/record/other", "w"))
        pids = [pid for pid in os.listdir("/proc") if pid.isdigit()]
        assert not [pid for pid in pids if b"recorder.py" in open(f"/proc/{pid}/cmdline", "rb").read()]
        """,
        user="student",
    )
    assert set(said.values()) == {"ENOENT"}, said
    mount = "docker run --rm -v /run/record:/record busybox ls /record"
    assert "engine.jsonl" not in attacker.sh(mount, user="student")


def test_the_students_kernel_does_not_even_see_the_record() -> None:
    """Nor does it record anything itself."""
    look = """
    import os, threading
    from course import connect
    connect()
    seen = [name for name in os.listdir("/run/record")] if os.access("/run/record", os.R_OK) else []
    threads = [thread.name for thread in threading.enumerate()]
    """
    done = grade(
        student(look),
        check("seen", "from course import answer\n3 if answer('seen') == [] else 0"),
        check("threads", "from course import answer\n0 if 'docker-course record' in answer('threads') else 3"),
    )
    assert marks(done) == {"seen": 3, "threads": 3}


def test_a_recorder_that_ends_ends_the_sandbox(fresh: Attacker) -> None:
    """Its death is not silent."""
    assert fresh.box.alive()
    fresh.sh("kill -9 $(pgrep -f [r]ecorder.py)")
    assert not fresh.box.alive(10)


def test_a_recorder_that_stands_still_is_the_graders_fault(fresh: Attacker) -> None:
    """No check goes on with half of what happened; the Engine, which answers, is not blamed."""
    fresh.sh("kill -STOP $(pgrep -f [r]ecorder.py)")
    assert "RecorderSilent" in ask(fresh)
    fresh.sh("kill -CONT $(pgrep -f [r]ecorder.py)")
    assert ask(fresh).strip() == "False"


@pytest.mark.full
def test_busy_processes_do_not_keep_the_record_behind(fresh: Attacker) -> None:
    """Many processes of the student's, which want every processor; a disk without room is no matter either."""
    crowd = "for n in $(seq 40); do (while :; do :; done) & done; wait"
    command = fresh.box.command(["sh", "-c", crowd], "student")
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as busy:
        try:
            fill = "dd if=/dev/zero of=/tmp/all bs=1M count=4096; for n in 1 2 3; do docker version; done"
            fresh.sh(fill, "student")
            assert busy.poll() is None
            assert ask(fresh).strip() == "False"
        finally:
            busy.kill()
