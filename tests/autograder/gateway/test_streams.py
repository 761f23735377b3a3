"""What the student's clients see of ten checks in a real sandbox: a pause, and nothing lost."""

from __future__ import annotations

import json

import pytest

from autograder.sandbox import Sandbox

pytestmark = pytest.mark.sandbox

SCENE = r"""
import asyncio, json, os, subprocess, sys, time
from autograder.runner.gate_client import GateClient
os.environ.update(DOCKER_HOST="unix:///run/docker.sock", HOME="/tmp")
os.makedirs("/tmp/scene", exist_ok=True)
os.chdir("/tmp/scene")
COUNT = "i=0; while true; do echo $i; i=$((i+1)); sleep 0.02; done"
open("compose.yaml", "w").write(json.dumps({"services": {
    "a": {"image": "busybox", "init": True, "command": ["sh", "-c", COUNT.replace("$", "$$")]},
    "b": {"image": "busybox", "init": True, "command": ["sh", "-c", "sleep 1; exit 1"], "restart": "always"}}}))
def begin(*words, **more):
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
def run(*words):
    return subprocess.run(words, capture_output=True, text=True)
events = begin("docker", "events", "--format", "{{json .}}")
run("docker", "run", "-d", "--init", "--name", "one", "busybox", "sh", "-c", COUNT)
clients = {
    "logs": begin("docker", "logs", "-f", "one"),
    "wait": begin("docker", "wait", "one"),
    "attach": begin("docker", "attach", "--no-stdin", "--sig-proxy=false", "one"),
    "exec": begin("docker", "exec", "-i", "one", "cat", stdin=subprocess.PIPE),
    "stats": begin("docker", "stats", "--no-trunc", "one"),
    "compose": begin("docker", "compose", "up"),
}
time.sleep(3)
restarts = lambda: int(run("docker", "inspect", "-f", "{{.RestartCount}}", "scene-b-1").stdout)
said = {"restarts": [restarts()]}
direct = dict(os.environ, DOCKER_HOST="unix:///run/engine/docker.sock")
async def checks():
    for number in range(10):
        async with GateClient().shut() as shut:
            assert shut.cancelled == shut.left == (), shut
            clients["exec"].stdin.write(f"{number}\n")
            clients["exec"].stdin.flush()
            subprocess.run(["docker", "run", "--rm", "--name", "helper", "busybox", "true"], env=direct, check=True)
            subprocess.run(["docker", "exec", "one", "true"], env=direct, check=True)
asyncio.run(checks())
time.sleep(1)
said["restarts"].append(restarts())
said["alive"] = [name for name, client in clients.items() if client.poll() is None]
said["exec"] = clients["exec"].communicate()[0].split()
run("docker", "kill", "one")
said["wait"] = clients["wait"].communicate(timeout=20)[0].split()
for name in ("logs", "attach"):
    numbers = [int(line) for line in clients[name].communicate(timeout=20)[0].split()]
    said[name] = numbers == list(range(numbers[0], numbers[0] + len(numbers))) and len(numbers) > 50
clients["compose"].send_signal(2)
lines = clients["compose"].communicate(timeout=40)[0].splitlines()
numbers = [int(line.rpartition("|")[2]) for line in lines if line.startswith("a-1") and "|" in line
           and line.rpartition("|")[2].strip().isdigit()]
said["compose"] = numbers == list(range(len(numbers))) and len(numbers) > 50
clients["stats"].kill()
events.terminate()
heard = [json.loads(line) for line in events.communicate()[0].splitlines()]
said["names"] = sorted({event["Actor"]["Attributes"]["name"] for event in heard if event["Type"] == "container"})
said["actions"] = sorted({event["Action"].split(":")[0] for event in heard if event["Type"] == "container"})
print(json.dumps(said))
"""


def test_streams_survive_ten_checks() -> None:
    """Logs, attach, exec, wait, events and an attached `compose up` go on; restart policies work meanwhile."""
    with Sandbox() as box:
        done = box.run(["python3", "-c", SCENE], user="root", timeout=150)
    assert done.returncode == 0, done.stderr.decode()
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["alive"] == ["logs", "wait", "attach", "exec", "stats", "compose"]
    assert said["exec"] == [str(number) for number in range(10)]
    assert said["wait"] == ["137"]
    assert (said["logs"], said["attach"], said["compose"]) == (True, True, True)
    assert said["restarts"][1] > said["restarts"][0]
    assert said["names"] == ["one", "scene-a-1", "scene-b-1"]
    assert {"create", "start", "die", "kill", "exec_create"} <= set(said["actions"])


LORIS = r"""
import asyncio, json, os, socket, subprocess, time
from autograder.runner.gate_client import GateClient
def memory():
    pid = subprocess.run(["pgrep", "-f", "autograder.gateway"], capture_output=True, text=True).stdout.split()[0]
    return int(open(f"/proc/{pid}/statm").read().split()[1]) * 4096 / 2**20
def connect(start):
    link = socket.socket(socket.AF_UNIX)
    link.connect("/run/docker.sock")
    link.setblocking(False)
    try:
        while start:
            start = start[link.send(start):]
    except (BlockingIOError, BrokenPipeError):  # a full buffer, or an answer that no longer listens
        pass
    return link
J = b"POST /containers/create HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
before = memory()
said = {}
for name, start in {
    "heads": b"GET /_ping HTTP/1.1\r\nX: " + b"x" * 40000,
    "bodies": J % 1000000 + b'{"a":"' + b"x" * 900000,
    "uploads": b"PUT /containers/c/archive?path=/ HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n" + bytes(512),
    "builds": b"POST /build HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n" + bytes(9),
    "events": b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n",
    "answers": b"GET /images/busybox/get HTTP/1.1\r\nHost: a\r\n\r\n",
}.items():
    links = [connect(start) for number in range(250)]
    time.sleep(1)
    begun = time.monotonic()
    async def shut():
        async with GateClient().shut() as shut:
            return len(shut.cancelled), len(shut.left)
    found = asyncio.run(shut())
    said[name] = (*found, time.monotonic() - begun, memory() - before)
    for link in links:
        link.close()
    time.sleep(0.5)
print(json.dumps(said))
"""


@pytest.mark.full
def test_held_and_trickling_connections_delay_no_check() -> None:
    """250 half heads, half bodies, half uploads, unread answers: at most the patience, and little memory."""
    with Sandbox() as box:
        done = box.run(["python3", "-c", LORIS], user="root", timeout=150)
    assert done.returncode == 0, done.stderr.decode()
    said = json.loads(done.stdout.splitlines()[-1])
    for name, (cancelled, left, seconds, megabytes) in said.items():
        assert left == 0, name
        assert megabytes < 150, said
        assert cancelled == (1 if name == "builds" else 0), said
        assert seconds < (13 if cancelled else 2), said
