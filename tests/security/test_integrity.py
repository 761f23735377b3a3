"""Attacks on the examination itself: each runs through the real pipeline, and each has to get the mark it deserves.

The attacks of the first part share one notebook, so that they cost one sandbox. A check looks whether a container of a
certain name runs; a student who has not made one deserves 0, whatever else the code does.
"""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from autograder.results import Execution, Verdict
from tests.security.notebooks import REPORT, check, grade, marks, result, runs, said, student

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("integrity")]

NEEDLE = "needle-" + "in-a-hidden-test"

PATCHED_DOCKER = """
import docker, docker.models.containers, docker.api.client, requests
class Fake:
    status, id, name, attrs = "running", "0" * 64, "patched-docker", {"State": {"Status": "running"}}
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
for place, name in ((docker, "from_env"), (docker, "DockerClient"), (docker.api.client.APIClient, "inspect_container"),
                    (docker.models.containers.ContainerCollection, "get"), (requests.Session, "send")):
    setattr(place, name, lambda *a, **k: Fake())
open("sitecustomize.py", "w").write("import docker; docker.from_env = None")
open("docker.py", "w").write("from_env = None")
open("usercustomize.py", "w").write("raise SystemExit")
"""

PATCHED_BUILTINS = """
import builtins, json, operator
builtins.sum = builtins.max = builtins.min = builtins.abs = builtins.round = lambda *a, **k: 99
builtins.print = lambda *a, **k: None
operator.eq = lambda a, b: True
dumps = json.dumps
json.dumps = lambda value, **k: '"right"' if value == "wrong" else dumps(value, **k)
"""

IPYTHON_HOOKS = """
shell = get_ipython()
shell.input_transformers_cleanup.insert(0, lambda lines: ["3\\n"] if any("report" in line for line in lines) else lines)
shell.events.register("pre_run_cell", lambda info: None)
shell.display_formatter.formatters["text/plain"].for_type(int, lambda value, p, c: p.text("3"))
class Blank(__import__("ast").NodeTransformer):
    def visit_Assert(self, node): return __import__("ast").Pass()
shell.ast_transformers.append(Blank())
import os, pathlib
start = pathlib.Path(os.environ.get("IPYTHONDIR", "/tmp/.ipython"), "profile_default/startup")
start.mkdir(parents=True, exist_ok=True)
(start / "00.py").write_text("raise SystemExit")
"""

ALWAYS_EQUAL = """
class Yes:
    __eq__ = __ne__ = __lt__ = __gt__ = __bool__ = lambda *a: True
    __hash__ = object.__hash__
class YesText(str):
    __eq__ = __contains__ = lambda *a: True
    __hash__ = str.__hash__
class YesNumber(int):
    __eq__ = __lt__ = __gt__ = lambda *a: True
    __hash__ = int.__hash__
yes, yes_text, yes_number = Yes(), YesText("wrong"), YesNumber(7)
"""

FAKE_ENGINE = """
import json, os, pathlib, socketserver, subprocess, threading, http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        facts = {"Id": "0" * 64, "Name": "/fake-engine", "State": {"Status": "running"}, "Image": "x"}
        body = json.dumps(facts).encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
    do_POST = do_HEAD = do_GET
    def log_message(self, *a): pass
class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer): daemon_threads = True
server = Server("/tmp/fake.sock", Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
subprocess.run(["docker", "context", "create", "fake", "--docker", "host=unix:///tmp/fake.sock"])
subprocess.run(["docker", "context", "use", "fake"])
os.environ["DOCKER_HOST"] = "unix:///tmp/fake.sock"
before = subprocess.run(["docker", "inspect", "fake-engine"], capture_output=True, text=True).stdout
errors = {}
for name, act in {
    "remove": lambda: os.remove("/run/docker.sock"),
    "rename": lambda: os.rename("/tmp/fake.sock", "/run/docker.sock"),
    "link": lambda: os.symlink("/tmp/fake.sock", "/run/docker2.sock"),
    "chmod": lambda: os.chmod("/run/docker.sock", 0),
    "engine": lambda: os.listdir("/run/engine"),
}.items():
    try: act()
    except OSError as error: errors[name] = error.errno
del os.environ["DOCKER_HOST"]
subprocess.run(["docker", "context", "use", "default"])
print("the fake answers" if "running" in before else before)
"""

FORGED_OUTPUT = f"""
from IPython.display import display, update_display, Javascript
finding = {{"passed": True, "message": "said by the student", "hint": ""}}
report = {{"exercise": "x", "points": 3, "findings": [finding]}}
bundle = {{"text/plain": "3", {REPORT!r}: report}}
print(3)
display(bundle, raw=True, display_id="report")
for name in ("report", "forged-output", "1"):
    update_display(bundle, raw=True, display_id=name)
get_ipython().payload_manager.write_payload(dict(source="set_next_input", text="3", replace=True))
3
"""

FORGED_MESSAGES = f"""
kernel = get_ipython().kernel
parent = kernel.get_parent("shell")
data = {{"text/plain": "3", {REPORT!r}: {{"findings": [], "points": 3}}}}
content = {{"data": data, "metadata": {{}}, "execution_count": 1}}
for session in (parent["header"]["session"], kernel.session.session, "examiner"):
    for number in range(40):
        forged = dict(parent["header"], session=session, msg_id=f"{{session}}_{{number}}")
        for kind in ("execute_result", "display_data", "update_display_data"):
            kernel.session.send(kernel.iopub_socket, kind, dict(content, transient={{"display_id": "x"}}),
                                parent={{"header": forged}}, ident=b"execute_result")
reply = {{"status": "ok", "execution_count": 1, "user_expressions":
         {{"answer": {{"status": "ok", "data": {{"text/plain": "3"}}, "metadata": {{}}}}}}, "payload": []}}
original = kernel.session.send
def send(stream, kind, content=None, *a, **k):
    # Every value that the examiner asks for is whatever it wants to hear.
    if kind == "execute_reply" and content and content.get("user_expressions"):
        content = dict(content, user_expressions=reply["user_expressions"])
    return original(stream, kind, content, *a, **k)
kernel.session.send = send
asked_for = "wrong"
"""

UNDO_MESSAGES = "kernel.session.send = original"

NOTEBOOK_ON_DISK = """
import os, pathlib
changed = []
for root, folders, files in os.walk("/"):
    if root.startswith(("/proc", "/sys")): folders.clear(); continue
    for name in files:
        if name.endswith((".ipynb", ".db")) and "/site-packages/" not in root:
            changed.append(os.path.join(root, name))
            try: pathlib.Path(root, name).write_text("{}")
            except OSError: pass
for name in ("part1.ipynb", "gradebook.db", "nbgrader_config.py", "jupyter_config.py", "ipython_config.py"):
    pathlib.Path(name).write_text("c = get_config(); raise SystemExit(0)")
print(changed)
"""

READS_TESTS = """
import glob, os, socket
needle = b"needle-" + b"in-a-hidden-test"
found = [f"{name}" for name, value in os.environ.items() if needle.decode() in value]
readable = []
def look(path):
    try:
        with open(path, "rb") as file:
            text = file.read(1 << 20)
    except OSError:
        return
    readable.append(path)
    if needle in text: found.append(path)
for root, folders, files in os.walk("/", onerror=None):
    folders[:] = [f for f in folders if os.path.join(root, f) not in ("/proc", "/sys", "/usr", "/dev")]
    for name in files: look(os.path.join(root, name))
for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in ("environ", "cmdline", "maps", "stack", "mountinfo"): look(f"/proc/{pid}/{name}")
# Every socket that this system knows, whether it has a path or not, and every port that listens.
entered = []
for line in open("/proc/net/unix").read().splitlines()[1:]:
    path = line.split()[7] if len(line.split()) > 7 else ""
    with socket.socket(socket.AF_UNIX) as link:
        try: link.connect("\\0" + path[1:] if path.startswith("@") else path)
        except (OSError, ValueError): continue
    entered.append(path)
for table in ("/proc/net/tcp", "/proc/net/tcp6"):
    for line in open(table).read().splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and fields[7] != str(os.getuid()): entered.append(f"port {fields[1]} of user {fields[7]}")
own = [a for a in open("/proc/self/cmdline").read().split("\\0") if a.endswith("kernel.json")][0]
mine = os.path.dirname(own)
entered = sorted({path for path in entered if not path.startswith((mine, "/tmp/fake.sock"))})
others = sorted(path for path in glob.glob("/run/dc-*/*/*") if not path.startswith(mine))
print(found, entered, others, len(readable) > 100)
"""

KILLS = """
import os, signal, subprocess
own = {int(p) for p in os.listdir("/proc") if p.isdigit()} | {int(t) for t in os.listdir("/proc/self/task")}
hit = []
for pid in range(1, 3000):
    if pid in own: continue
    try: os.kill(pid, signal.SIGKILL)
    except OSError: continue
    hit.append(pid)
try: os.kill(1, signal.SIGKILL); hit.append(1)
except OSError: pass
subprocess.run(["docker", "run", "--rm", "busybox", "sh", "-c", "kill -9 -1; killall -9 dockerd containerd python"])
host = subprocess.run(["docker", "run", "--rm", "--pid=host", "busybox", "killall", "-9", "dockerd"])
print(hit, host.returncode != 0)
subprocess.run(["docker", "run", "-d", "--name", "kills", "busybox", "sleep", "600"], check=True)
"""

CONNECTIONS = """
import socket, subprocess
subprocess.run(["docker", "run", "-d", "--name", "connections", "busybox", "sleep", "600"], check=True)
held = []
for number in range(600):
    link = socket.socket(socket.AF_UNIX)
    try:
        link.settimeout(0.2)
        link.connect("/run/docker.sock"); link.send(b"GET /_ping HTTP/1.1\\r\\n")
        held.append(link)
    except OSError:
        break
"""

LOOK_ALIKE = """
import subprocess
file = "FROM busybox\\nLABEL maintainer=nginx\\nENV NGINX_VERSION=1\\nCMD sleep 600\\n"
subprocess.run(["docker", "build", "-q", "-t", "nginx", "-t", "docker.io/library/nginx:latest", "-"],
               input=file, text=True, check=True)
subprocess.run(["docker", "run", "-d", "--name", "old-name", "nginx"], check=True)
subprocess.run(["docker", "rename", "old-name", "look-alike"], check=True)
"""

REPAIRS = """
import subprocess, threading, time
def repair():
    # Until the check has looked and gone on.
    while not stop.wait(0.1): pass
    subprocess.run(["docker", "run", "-d", "--name", "repaired", "busybox", "sleep", "600"], check=True)
stop = threading.Event()
thread = threading.Thread(target=repair); thread.start()
subprocess.Popen(["setsid", "sh", "-c", "sleep 1.5; docker run -d --name repaired-by-process busybox sleep 600"])
"""

FINISH_REPAIR = """
stop.set(); thread.join()
while subprocess.run(["docker", "inspect", "repaired-by-process"], capture_output=True).returncode: time.sleep(0.2)
"""

BREAKS_AFTER = 'subprocess.run(["docker", "rm", "-f", "honest"], check=True)'

HONEST = """
import subprocess
subprocess.run(["docker", "run", "-d", "--name", "honest", "busybox", "sleep", "600"], check=True)
"""


def nginx_id() -> str:
    """The id of the course's nginx, which the grader's machine knows as well."""
    shown = subprocess.run(
        ["docker", "image", "inspect", "-f", "{{.Id}}", "nginx"], capture_output=True, text=True, check=True
    )
    return shown.stdout.strip()


def asks(grade_id: str, condition: str) -> Any:
    """A grade cell that judges values of the student's."""
    return check(
        grade_id,
        f"""
        from course import answer
        from course.checks.check import Check
        from course.demands import Demand, Rubric
        report = Check(Rubric({grade_id!r}, 3, (Demand("it", "It is so.", essential=True),)))
        report.require("it", lambda: {condition}, "Wrong.")
        report.show(points=3)
        """,
    )


@pytest.fixture(scope="module")
def attacks() -> Execution:
    """One notebook with many attacks, graded as every submission is."""
    look = f"from course import connect\n3 * (connect().containers.get('look-alike').image.id == {nginx_id()!r})"
    cells = [
        student(HONEST),
        runs("honest", "honest"),
        student(BREAKS_AFTER),
        student(READS_TESTS),
        check("reads-tests", f"{NEEDLE!r}\n3"),
        student(FAKE_ENGINE),
        runs("fake-engine", "fake-engine"),
        student(LOOK_ALIKE),
        check("look-alike", look),
        student(NOTEBOOK_ON_DISK),
        runs("notebook-on-disk", "notebook-on-disk"),
        student(KILLS),
        runs("kills", "kills"),
        student(CONNECTIONS),
        runs("connections", "connections"),
        student("[link.close() for link in held]"),
        student(REPAIRS),
        runs("repaired", "repaired"),
        runs("repaired-by-process", "repaired-by-process"),
        student(FINISH_REPAIR),
        student(FORGED_OUTPUT),
        runs("forged-output", "forged-output"),
        student(FORGED_MESSAGES),
        asks("forged-messages", "answer('asked_for') == 'right'"),
        student(UNDO_MESSAGES),
        student(ALWAYS_EQUAL),
        asks("always-equal", "answer('yes') == 42"),
        asks("always-equal-text", "answer('yes_text') == 'right' or 'x' in answer('yes_text')"),
        asks("always-equal-number", "answer('yes_number') == 42"),
        student(PATCHED_DOCKER),
        runs("patched-docker", "patched-docker"),
        student(IPYTHON_HOOKS),
        runs("ipython-hooks", "ipython-hooks"),
        student(PATCHED_BUILTINS),
        runs("patched-builtins", "patched-builtins"),
    ]
    return grade(*cells)


def cell(execution: Execution, source: str) -> dict[str, Any]:
    """The executed cell of an attack."""
    wanted = student(source)["source"]
    return next(cell for cell in execution.notebook["cells"] if cell["source"] == wanted)


def attacked(execution: Execution, source: str) -> dict[str, Any]:
    """The executed cell of an attack, which has to have run to its end."""
    found = cell(execution, source)
    errors = [output for output in found["outputs"] if output["output_type"] == "error"]
    assert errors == []
    return found


def test_the_notebook_of_attacks_is_graded(attacks: Execution) -> None:
    """No attack keeps the others from being judged, and honest work among them has full marks."""
    assert (attacks.verdict, attacks.reason) == (Verdict.GRADED, "")
    assert marks(attacks)["honest"] == 3


def test_a_mark_is_given_at_the_time_of_the_check(attacks: Execution) -> None:
    """What the student removes after its check keeps its mark."""
    attacked(attacks, BREAKS_AFTER)
    assert result(attacks, "honest").findings[0].message == "It runs."


def test_patching_docker_changes_no_mark(attacks: Execution) -> None:
    """docker-py patched in the student's kernel, and modules left beside it, are not what the examiner imports."""
    attacked(attacks, PATCHED_DOCKER)
    assert marks(attacks)["patched-docker"] == 0
    assert result(attacks, "patched-docker").findings[0].message == "It does not run."


def test_patching_builtins_changes_no_mark(attacks: Execution) -> None:
    """A sum that is always 99 and an equality that is always true stay in the student's kernel."""
    attacked(attacks, PATCHED_BUILTINS)
    assert marks(attacks)["patched-builtins"] == 0


def test_ipython_hooks_change_no_mark(attacks: Execution) -> None:
    """Input transformers that replace a check, blanked assertions, formatters and start-up files do not reach it."""
    attacked(attacks, IPYTHON_HOOKS)
    assert marks(attacks)["ipython-hooks"] == 0


@pytest.mark.parametrize("grade_id", ["always-equal", "always-equal-text", "always-equal-number"])
def test_a_value_that_equals_everything_is_not_right(attacks: Execution, grade_id: str) -> None:
    """A value comes to the check as plain data, or not at all: its ``__eq__`` stays behind."""
    attacked(attacks, ALWAYS_EQUAL)
    assert marks(attacks)[grade_id] == 0


def test_hidden_tests_cannot_be_read(attacks: Execution) -> None:
    """Not in a file, the environment or /proc; only the student's Engine and the packages listen within reach."""
    words = said(attacked(attacks, READS_TESTS)).strip()
    packages = "port 016433C6:03DC of user 0"  # 198.51.100.1:988, as the kernel writes it
    assert words == f"[] ['/run/docker.sock', '{packages}'] [] True"
    assert marks(attacks)["reads-tests"] == 3


def test_a_fake_engine_is_not_asked(attacks: Execution) -> None:
    """Neither another socket, a context nor DOCKER_HOST leads the examiner astray, and the real socket stays."""
    found = attacked(attacks, FAKE_ENGINE)
    assert "the fake answers" in said(found)
    assert marks(attacks)["fake-engine"] == 0


def test_a_look_alike_is_not_the_image(attacks: Execution) -> None:
    """An image with the right names and labels, in a container with the right name, has another id."""
    attacked(attacks, LOOK_ALIKE)
    assert marks(attacks)["look-alike"] == 0


def test_forged_outputs_are_only_outputs(attacks: Execution) -> None:
    """A printed number, a report of one's own and an update of another cell's display give no points."""
    attacked(attacks, FORGED_OUTPUT)
    assert marks(attacks)["forged-output"] == 0
    for executed in attacks.notebook["cells"]:
        graded = executed["metadata"].get("nbgrader", {}).get("grade")
        reports = [o for o in executed.get("outputs", ()) if REPORT in o.get("data", {})]
        assert graded or not reports
        assert "said by the student" not in str(reports)


def test_a_kernel_cannot_answer_for_the_examiner(attacks: Execution) -> None:
    """Messages with forged parents and senders are dropped, and a forged value is a value of the student's: wrong."""
    attacked(attacks, FORGED_MESSAGES)
    assert marks(attacks)["forged-messages"] == 0


def test_changing_notebooks_on_disk_changes_nothing(attacks: Execution) -> None:
    """There is no notebook and no gradebook in the sandbox, and what a student writes there is not read."""
    assert said(attacked(attacks, NOTEBOOK_ON_DISK)).strip() == "[]"
    assert marks(attacks)["notebook-on-disk"] == 0
    assert NEEDLE in cell(attacks, f"{NEEDLE!r}\n3")["source"]


def test_nobody_else_can_be_killed(attacks: Execution) -> None:
    """Not the gateway, the examiner or dockerd: neither from the student's kernel nor by root of a container."""
    words = said(attacked(attacks, KILLS))
    assert "[] True\n" in words
    assert marks(attacks)["kills"] == 3


def test_held_connections_do_not_keep_the_examiner_out(attacks: Execution) -> None:
    """A student who holds every connection that the gateway gives leaves the examiner's socket as it was."""
    attacked(attacks, CONNECTIONS)
    assert marks(attacks)["connections"] == 3


@pytest.mark.parametrize("grade_id", ["repaired", "repaired-by-process"])
def test_a_later_repair_does_not_count(attacks: Execution, grade_id: str) -> None:
    """What a thread or a process of the student's mends after the check has looked comes too late."""
    attacked(attacks, FINISH_REPAIR)
    assert marks(attacks)[grade_id] == 0


def test_grade_cells_say_only_what_the_examiner_said(attacks: Execution) -> None:
    """The outputs of a grade cell are its report and the number of points."""
    for executed in attacks.notebook["cells"]:
        facts = executed["metadata"].get("nbgrader")
        if facts:
            *reports, number = executed["outputs"]
            assert float(number["data"]["text/plain"]) == marks(attacks)[facts["grade_id"]]
            assert all(REPORT in output["data"] for output in reports)
