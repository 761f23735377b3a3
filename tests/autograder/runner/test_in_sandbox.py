"""The two kernels where they belong: confined, in a real sandbox with a real Engine."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from autograder.results import Execution, Verdict
from autograder.sandbox import Sandbox
from tests.autograder.runner.runner_notebooks import ASK, check, code, job, outputs, text

pytestmark = pytest.mark.sandbox

ENGINE = ["/opt/docker-course/venv/bin/python", "-m", "autograder.runner"]


def shell(*commands: str) -> str:
    """A cell that prints what shell commands say, errors included."""
    return f"""
import subprocess
for command in {commands!r}:
    done = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print("$", command, "->", done.returncode, done.stdout, sep=" ")
"""


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox, shared by the tests here: each run of the engine leaves nothing in it but the work directory."""
    with Sandbox() as sandbox:
        yield sandbox


def run(box: Sandbox, *cells: Any, **limits: float) -> Execution:
    """Run cells as a submission is run."""
    done = box.run(ENGINE, job(*cells, **limits), "root")
    assert done.returncode == 0, done.stderr.decode()
    return Execution.model_validate_json(done.stdout)


def test_a_container_of_the_students_is_seen_by_the_examiner(box: Sandbox) -> None:
    """The student uses the ordinary socket, the examiner its own, and both see one Engine."""
    start = "import docker\nc = docker.from_env().containers.run('busybox', 'sleep 60', detach=True)\nname = c.id"
    look = ASK + "import docker, os\nassert 'run/engine' in os.environ['DOCKER_HOST']\n"
    look += "c = docker.from_env().containers.get(answer('name')['value'])\n3 * (c.status == 'running')"
    done = run(box, code(start), check(look), code("c.remove(force=True)"))
    assert done.reason == ""
    assert done.cells[0].points == 3


def test_the_students_kernel_has_no_rights(box: Sandbox) -> None:
    """Its own user, no capabilities, no new privileges, and no process to see but its own."""
    look = shell("id -u", "grep -E '^(Cap|NoNewPrivs)' /proc/self/status", "ls /proc | grep -c '^[0-9]'", "pwd")
    said = text(run(box, code(look)), 0)
    assert "-> 0 1000\n" in said
    assert said.count("\t0000000000000000\n") == 5
    assert "NoNewPrivs:\t1" in said
    assert "/home/student/work\n" in said
    count = int(said.split("grep -c '^[0-9]' -> 0 ")[1].split()[0])
    assert count <= 4, "the kernel, the shell, ls and grep"


def test_only_the_work_directory_can_be_written(box: Sandbox) -> None:
    """Elsewhere is read-only, but for a private /tmp that is gone afterwards."""
    private = ["/var/tmp", "/tmp", "/dev/shm"]
    places = ["/home/student/work", *private, "/home/student", "/run", "/mnt/home", "/mnt/tmp", "/dev"]
    said = text(run(box, code(shell(*(f"touch {place}/left-by-student" for place in places)))), 0)
    for place in places:
        allowed = place in ("/home/student/work", *private)
        assert (f"touch {place}/left-by-student -> 0" in said) is allowed, said
    find = ["find", "/", "/home", "/tmp", "/var/tmp", "/dev", "-xdev", "-name", "left-by-student"]
    found = box.run(find, user="root").stdout.decode()
    found += box.run(["find", "/home/student/work", "-name", "left-by-student"], user="root").stdout.decode()
    assert set(found.split()) == {"/home/student/work/left-by-student"}


def test_a_full_socket_directory_stays_the_students_problem(box: Sandbox) -> None:
    """The directory of its own sockets is small, so that it cannot fill the Engine's /run."""
    fill = "import glob\nfor own in glob.glob('/run/dc-*/student'): open(own + '/fill', 'wb').write(bytes(5_000_000))"
    done = run(box, code(fill), code("x = 1"), check(ASK + "3 * answer('x')['value']"))
    assert "No space left" in text(done, 0)
    assert done.cells[0].points == 3


def test_the_examiner_is_out_of_the_students_reach(box: Sandbox) -> None:
    """Its sockets, its connection file, the Engine's socket and the hidden tests are nowhere to be found."""
    search = """
import os, pathlib, socket
own = pathlib.Path([a for a in open('/proc/self/cmdline').read().split('\\0') if a.endswith('kernel.json')][0])
examiner = own.parents[1] / 'examiner'
problems = []
for attempt in (
    lambda: list(examiner.iterdir()),
    lambda: (examiner / 'kernel.json').read_text(),
    lambda: socket.socket(socket.AF_UNIX).connect(str(examiner / 'k-1')),
    lambda: socket.socket(socket.AF_UNIX).connect(str(examiner / 'answers')),
    lambda: os.listdir('/run/engine'),
    lambda: socket.socket(socket.AF_UNIX).connect('/run/engine/docker.sock'),
    lambda: open('/proc/1/environ').read(),
    lambda: os.kill(1, 9),
):
    try: problems.append(attempt())
    except OSError as error: pass
found = []
skipped = {'/sys', '/golden', '/var/lib/docker', '/usr', '/opt'}
for root, folders, files in os.walk('/'):
    folders[:] = [folder for folder in folders if os.path.join(root, folder) not in skipped]
    for path in (os.path.join(root, file) for file in files):
        try:
            if os.path.isfile(path) and os.path.getsize(path) < 10**7:
                found += [path] * (b'hidden-' + b'needle' in open(path, 'rb').read())
        except OSError: pass
print(problems, found)
"""
    done = run(box, code(search), check("'hidden-needle'\n3"))
    assert text(done, 0) == "[] []\n"


def test_the_examiner_sees_the_work_directory_and_cannot_change_it(box: Sandbox) -> None:
    """What a student leaves there is data: not a module, not a start-up file, and read-only."""
    plant = "open('json.py', 'w').write('raise SystemExit'); open('sitecustomize.py', 'w').write('raise SystemExit')"
    look = """
import json, os, pathlib, sys
work = pathlib.Path('/home/student/work')
points = 1 if 'raise' in (work / 'json.py').read_text() else 0
try: (work / 'mine').write_text('x')
except OSError: points += 1
points += os.getuid() == 1001 and str(work) not in sys.path and '' not in sys.path
points"""
    done = run(box, code(plant), check(look), code("import os; os.remove('json.py'); os.remove('sitecustomize.py')"))
    assert done.reason == ""
    assert done.cells[0].points == 3


def test_nothing_of_the_students_survives_the_run(box: Sandbox) -> None:
    """A process in a session of its own is gone with its pid namespace."""
    fork = "import subprocess\nsubprocess.Popen(['sleep', '4321'], start_new_session=True)\nimport os\nos.setpgrp()"
    run(box, code(fork), check("3"))
    assert "4321" not in box.run(["ps", "-eo", "args"], user="root").stdout.decode()
    assert box.run(["sh", "-c", "ls -d /run/dc-*"], user="root").stdout == b""


def test_a_kernel_that_left_its_process_group_is_killed(box: Sandbox) -> None:
    """An interrupt does not reach it, the kill does: its guard is out of its hands."""
    leave = "import os, time\nos.setsid()\nwhile True: time.sleep(1)"
    done = run(box, check("3"), code(leave), check("3"), cell_seconds=1)
    assert done.verdict is Verdict.SUBMISSION_BROKE
    assert [cell.reached for cell in done.cells] == [True, False]
    assert "ipykernel" not in box.run(["ps", "-eo", "args"], user="root").stdout.decode()


def test_a_fork_bomb_leaves_the_examiner_room(box: Sandbox) -> None:
    """The student's processes have a limit below the sandbox's own."""
    bomb = "import os, time\nn = 0\ntry:\n    while True:\n        if os.fork() == 0: time.sleep(600)\n        n += 1\n"
    bomb += "except OSError as error: print(error)"
    done = run(box, code(bomb), check(shell("true") + "\n3"))
    assert "Resource temporarily unavailable" in text(done, 0)
    assert done.cells[0].points == 3


@pytest.mark.full
def test_an_engine_that_hangs_breaks_the_submission() -> None:
    """Where the Engine stopped answering under the student's cells, the grader did not break."""
    ask = "import docker\ndocker.from_env(timeout=2).ping()\n3"
    wait = "until [ -e /home/student/work/now ]; do sleep 0.1; done; pkill -STOP -x dockerd"
    with Sandbox() as box:
        hang = box.command(["sh", "-c", wait], "root")
        with subprocess.Popen(hang, stdin=subprocess.DEVNULL):
            done = run(box, check(ask), code("import time; open('now', 'w'); time.sleep(4)"), check(ask))
    assert done.verdict is Verdict.SUBMISSION_BROKE
    assert "Docker Engine of this run no longer answered" in done.reason
    assert [cell.points for cell in done.cells] == [3, 0]


def test_both_kernels_start_in_good_time(box: Sandbox) -> None:
    """A run of one cell takes seconds, on a busy machine too: neither kernel waits for a time-out."""
    started = time.monotonic()
    done = run(box, check("3"))
    assert outputs(done, 0)[-1]["data"]["text/plain"] == "3"
    assert time.monotonic() - started < 15


def test_the_time_line_has_requests_and_events_in_one_order(box: Sandbox) -> None:
    """What the student asked of the Engine, with what was refused, and what the Engine did."""
    ask = shell("docker run --rm --name seen busybox true", "docker run --privileged busybox true")
    secret = "import docker\ndocker.from_env().containers.run('busybox', 'true', name='secret', remove=True)\n3"
    done = run(box, code(ask), check(secret), code("1"))
    assert done.cells[0].points == 3
    asked = [entry for entry in done.timeline if entry.actor == "student"]
    did = [entry.action for entry in done.timeline if entry.actor == "engine"]
    assert asked[0].action == "POST /containers/create"
    assert [entry.outcome[:3] for entry in asked if entry.refused] == ["403"]
    assert "container create seen" in did
    assert not [what for what in did if "secret" in what], "what a check does is not for students"
    assert any(what.startswith("container die seen") for what in did)
    assert [entry.seconds for entry in done.timeline] == sorted(entry.seconds for entry in done.timeline)


@pytest.mark.parametrize("first", ["true", "docker rmi -f busybox"], ids=["moved", "removed"])
def test_a_moved_name_of_a_course_image_is_put_back_before_a_check(first: str) -> None:
    """A student's image under the name of one that checks use never answers for it, and full marks stay possible."""
    forge = shell(
        "docker create --name forger busybox sh && echo forged >forged && docker cp forged forger:/forged",
        f"docker export forger | docker import - mine && docker rm forger && {first}; docker tag mine busybox",
    )
    look = """
import docker
client = docker.from_env()
try:
    said = client.containers.run('busybox', ['sh', '-c', 'cat /forged || echo genuine'], remove=True).decode().strip()
except docker.errors.APIError:
    said = 'missing'
3 * (said == 'genuine') + (said == 'missing')
"""
    with Sandbox() as box:  # one of its own: what it does to the images stays
        done = run(box, code(forge), check(look), code(shell("docker run --rm mine cat /forged")))
    assert done.cells[0].points == (3 if first == "true" else 1), outputs(done, 0)
    assert "forged" in text(done, 2), "the student's own image is left alone"
