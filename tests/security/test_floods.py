"""Floods: whatever a submission uses up, there is a verdict within the limit, and its neighbours do not notice."""

from __future__ import annotations

import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from autograder.errors import TimeLimit
from autograder.results import Execution, Limits, Verdict
from autograder.sandbox import Sandbox
from tests.patience import PATIENCE
from tests.security.notebooks import check, grade, marks, runs, said, student

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("floods")]

AFTER = 25
"""Seconds beyond a run's limit in which a verdict has to be there: a sandbox starts and ends in them, even on a busy
machine."""

RUN = """
import subprocess
subprocess.run(["docker", "run", "-d", "--name", "{name}", "busybox", "sleep", "600"], check=True)
"""


def graded(*cells: Any, **limits: float) -> tuple[Execution, float]:
    """A run's result, and how long it took, or would have taken on a fast machine."""
    start = time.monotonic()
    execution = grade(*cells, **limits)
    return execution, (time.monotonic() - start) / PATIENCE


def fill(path: str, size: int) -> str:
    """A command in a container that writes so many megabytes."""
    return f"docker run --rm busybox dd if=/dev/zero of={path} bs=1M count={size}"


def shell(*commands: str) -> Any:
    """A cell that runs commands and prints the end of what each said."""
    return student(f"""
import subprocess
for command in {commands!r}:
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, errors="replace")
    print("$", command[:60], "->", done.returncode, (done.stdout + done.stderr)[-300:])
""")


FILES = 'python3 -c "for n in range(60000): open(str(n), chr(120))"'


def test_disk_inodes_and_logs_run_out_for_the_student_only() -> None:
    """A full disk, no more files and endless logs end in an error message; then the work goes on to full marks."""
    execution, seconds = graded(
        shell(fill("/big", 600), "dd if=/dev/zero of=big bs=1M count=600; rm big"),
        student(RUN.format(name="disk")),
        runs("disk", "disk"),
        shell(f"mkdir many; cd many; {FILES}", "rm -r many"),
        student(RUN.format(name="inodes")),
        runs("inodes", "inodes"),
        shell(
            "docker run -d --name loud busybox yes 0123456789012345678901234567890123456789",
            "sleep 4; docker rm -f loud",
            "docker run -d --name louder --log-opt max-size=10g --log-opt max-file=100 busybox true",
        ),
        student(RUN.format(name="logs")),
        runs("logs", "logs"),
        disk=256 << 20,
        inodes=20_000,
    )
    assert (execution.verdict, execution.reason) == (Verdict.GRADED, "")
    assert marks(execution) == {"disk": 3, "inodes": 3, "logs": 3}
    words = "".join(said(cell) for cell in execution.notebook["cells"])
    assert words.count("No space left on device") >= 3
    assert seconds < 90 + AFTER


def test_an_endless_log_stays_small() -> None:
    """A container's log is cut at a size that the student cannot raise: what docker logs keeps is bounded."""
    with Sandbox(Limits(seconds=60 * PATIENCE)) as box:
        loud = "docker run -d --name loud --log-opt max-size=1g busybox yes 01234567890123456789012345678901234567890"
        box.run(["sh", "-c", f"{loud} || {loud.replace('--log-opt max-size=1g ', '')}; sleep 4"])
        size = box.run(["du", "-sk", "/var/lib/docker/containers"], user="root").stdout.split()[0]
    assert 1000 < int(size) < 20_000


def test_output_is_cut() -> None:
    """Printing without end costs the printing cell its time, and nothing else."""
    execution, seconds = graded(
        student("while True: print('x' * 100_000)"),
        student("import os\nfor _ in range(300): os.write(1, b'y' * 1_000_000)"),
        student(RUN.format(name="output")),
        runs("output", "output"),
        cell_seconds=3,
        output_bytes=100_000,
    )
    assert (execution.verdict, execution.reason) == (Verdict.GRADED, "")
    assert marks(execution) == {"output": 3}
    assert len(json.dumps(execution.notebook)) < 1_000_000
    assert seconds < 90


def test_output_of_many_cells_is_cut_together() -> None:
    """A notebook of very many cells that print does not fill the grader's memory; later cells keep the beginning."""
    loud = "import os; print('begins', os.urandom(1 << 19).hex())"
    execution, _ = graded(*(student(loud) for _ in range(60)), student("print('x = 1')"), check("after", "3"))
    assert (execution.verdict, marks(execution)) == (Verdict.GRADED, {"after": 3})
    assert len(json.dumps(execution.notebook)) < 24 << 20
    assert "x = 1" in said(execution.notebook["cells"][60])
    assert "cut" in said(execution.notebook["cells"][59])


def test_updated_displays_count_as_output() -> None:
    """Displays of earlier cells that grow by updates are outputs like others, however often a cell clears its own."""
    shown = "from IPython.display import *\nfor n in range(60): display('x', display_id=f'd{n}')"
    grown = "import os\nfor n in range(60): update_display(os.urandom(400_000).hex(), display_id=f'd{n}')"
    cleared = grown + "; clear_output()"
    execution, _ = graded(student(shown), student(cleared), *(student(grown) for _ in range(4)), check("after", "3"))
    assert (execution.verdict, marks(execution)) == (Verdict.GRADED, {"after": 3})
    assert len(json.dumps(execution.notebook)) < 8 << 20


def test_sleeping_for_ever_costs_one_cell() -> None:
    """A cell that sleeps is stopped at its limit; the next ones run."""
    execution, seconds = graded(
        student("import time\nwhile True: time.sleep(3600)"),
        student(RUN.format(name="sleep")),
        runs("sleep", "sleep"),
        cell_seconds=3,
    )
    assert (execution.verdict, marks(execution)) == (Verdict.GRADED, {"sleep": 3})
    assert seconds < 60


def test_ignored_signals_break_the_submission() -> None:
    """A cell that ignores every signal is killed: marks up to there are kept."""
    execution, seconds = graded(
        student(RUN.format(name="before")),
        runs("before", "before"),
        student("""
            import signal
            for number in range(1, 65):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            while True: pass
        """),
        check("after", "3"),
        cell_seconds=3,
    )
    assert execution.verdict is Verdict.SUBMISSION_BROKE
    assert "did not end when it was interrupted" in execution.reason
    assert marks(execution) == {"before": 3, "after": 0}
    assert seconds < 60


@pytest.mark.full
def test_ten_thousand_containers_end_with_a_verdict() -> None:
    """A loop that makes 10,000 containers runs into the limits; there is a verdict soon after the time is up."""
    execution, seconds = graded(
        student(RUN.format(name="before")),
        runs("before", "before"),
        student("""
            from concurrent.futures import ThreadPoolExecutor
            def make(number):
                command = ["docker", "run", "-d", "busybox", "sleep", "600"]
                return subprocess.run(command, capture_output=True).returncode
            with ThreadPoolExecutor(4) as pool:
                made = list(pool.map(make, range(10_000)))
        """),
        check("after", "3"),
        seconds=25,
        cell_seconds=60,
    )
    assert execution.verdict in (Verdict.GRADED, Verdict.SUBMISSION_BROKE)
    assert marks(execution)["before"] == 3
    assert seconds < 25 + AFTER


FORK_BOMB = """
import os, subprocess
subprocess.Popen(["bash", "-c", "bomb() { bomb | bomb & }; bomb"])
for _ in range(3000):
    try:
        if os.fork() == 0:
            while True: pass
    except OSError:
        pass
"""
MEMORY = """
import subprocess
for number in range(6):
    subprocess.Popen(["docker", "run", "--rm", "busybox", "sh", "-c", "while :; do x=$x$x.1234567890; done"])
    subprocess.Popen(["python3", "-c", "held = []\\nwhile True: held.append(bytearray(b'x' * (64 << 20)))"])
"""
OUTPUT = "while True: print('z' * 1_000_000)"


def test_a_neighbour_of_floods_has_full_marks() -> None:
    """Beside a fork bomb, eaten memory and endless output an honest submission runs as ever."""
    limits = {"seconds": 45, "cell_seconds": 8, "memory": 1 << 30, "pids": 600, "cpus": 1.0}
    floods = [
        [student(FORK_BOMB), check("flood", "3")],
        [student(MEMORY), student(OUTPUT), check("flood", "3")],
    ]
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(graded, *cells, **limits) for cells in floods]
        time.sleep(5)  # until they are at it
        honest, _ = graded(student(RUN.format(name="honest")), runs("honest", "honest"), seconds=60, cell_seconds=40)
        done = [future.result() for future in running]
    assert (honest.verdict, honest.reason) == (Verdict.GRADED, "")
    assert marks(honest) == {"honest": 3}
    for execution, seconds in done:
        assert execution.verdict in (Verdict.GRADED, Verdict.SUBMISSION_BROKE), execution.reason
        assert seconds < 45 + AFTER


def test_a_students_containers_count_against_the_limits() -> None:
    """Memory and processes of containers are the sandbox's own: nothing is to be had beside it."""
    with Sandbox(Limits(memory=512 << 20, pids=400, seconds=60 * PATIENCE)) as box:
        eat = "docker run --rm busybox sh -c 'dd if=/dev/zero of=/dev/null bs=900M count=1'"
        assert box.run(["sh", "-c", eat], timeout=40 * PATIENCE).returncode != 0
        fork = "docker run --rm busybox sh -c 'i=0; while [ $i -lt 600 ]; do sleep 20 & i=$((i+1)); done'"
        done = box.run(["sh", "-c", f"timeout 15 {fork}"], timeout=40 * PATIENCE)
        assert b"can't fork" in done.stderr + done.stdout
        assert (
            b"up"
            in box.run(["docker", "-H", "unix:///run/engine/docker.sock", "version", "-f", "up"], user="root").stdout
        )


def test_nothing_outlives_the_sandbox() -> None:
    """Restart policies, detached processes and a new session end with it: no process of its user is left outside."""
    with Sandbox(Limits(seconds=60 * PATIENCE)) as box:
        mark = f"outlive{time.monotonic_ns()}"
        box.run(["docker", "run", "-d", "--restart=always", "busybox", "sh", "-c", f": {mark}; sleep 600; true"])
        detached = f"(setsid nohup bash -c 'trap \"\" TERM HUP INT; : {mark}; sleep 600; true' >/dev/null 2>&1 &)"
        box.run(["sh", "-c", detached], user="root")  # a student's would end with the student's command
        before = subprocess.run(["ps", "axww"], capture_output=True, text=True, check=True).stdout
        assert before.count(mark) >= 2
    after = subprocess.run(["ps", "axww"], capture_output=True, text=True, check=True).stdout
    assert mark not in after


def test_the_clock_is_out_of_reach() -> None:
    """Root inside cannot stop the process that ends the sandbox when its time is up."""
    with Sandbox(Limits(seconds=2 * PATIENCE), ahead=True) as box:
        start = time.monotonic()
        box.begin()
        with pytest.raises(TimeLimit):
            box.run(["sh", "-c", "kill -STOP 1; for p in $(seq 2 400); do kill -STOP $p; done; sleep 60"], user="root")
    assert time.monotonic() - start < (2 + AFTER) * PATIENCE


def test_wearing_out_the_sandbox_is_no_way_to_have_no_mark() -> None:
    """Memory that no killed process gives back ends the Engine and with it the sandbox, twice: the submission broke."""
    execution, _ = graded(
        student("""
            import subprocess, time
            for number in range(8):
                subprocess.run(["docker", "run", "-d", "--restart=always", "--tmpfs", "/t", "busybox",
                                "dd", "if=/dev/zero", "of=/t/x", "bs=1M"])
            time.sleep(30)
        """),
        check("after", "3"),
        seconds=50,
        memory=512 << 20,
        cell_seconds=25,
    )
    assert execution.verdict is Verdict.SUBMISSION_BROKE, execution.reason
    assert marks(execution) == {"after": 0}


COUNTED = {
    "file watchers": "libc.inotify_init() >= 0",
    "pending signals": "libc.sigqueue(os.getpid(), 40, None) == 0",
    "timers": "libc.timer_create(1, None, ctypes.byref(ctypes.c_void_p())) == 0",
    "message queues": "libc.mq_open(f'/{next(numbers)}'.encode(), os.O_CREAT | os.O_RDWR, 0o600, None) >= 0",
}
COUNTER = """
import ctypes, itertools, os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [40])
libc, numbers = ctypes.CDLL(None), itertools.count()
"""


@pytest.mark.parametrize("what", COUNTED)
def test_a_students_share_of_the_kernels_counters_is_small(what: str) -> None:
    """The kernel counts some things by user for all sandboxes together: one alone cannot take them all."""
    take = f"{COUNTER}\nwhile {COUNTED[what]}: pass\nprint('all', flush=True)\ninput()"
    have = f"{COUNTER}\nsys.exit(not {COUNTED[what]})"
    with Sandbox() as greedy, Sandbox() as neighbour:
        command = greedy.command(["/usr/bin/python3", "-I", "-c", take], "student")
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as taker:
            assert taker.stdout is not None
            assert taker.stdout.readline() == b"all\n"
            assert neighbour.run(["/usr/bin/python3", "-I", "-c", have], user="student").returncode == 0
            taker.communicate(b"\n")
