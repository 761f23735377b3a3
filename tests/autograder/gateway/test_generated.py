"""Generated create requests: none that gives a container more than a student's may have gets through."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.gateway.errors import Denied
from autograder.sandbox import Sandbox
from tests.autograder.gateway.generated import DEFAULT, WORK, create, dangers
from tests.autograder.gateway.judging import judge


def request(body: str) -> bytes:
    """The raw request."""
    raw = body.encode()
    headers = f"Host: a\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}"
    return f"POST /v1.45/containers/create HTTP/1.1\r\n{headers}\r\n\r\n".encode() + raw


@given(create())
@settings(max_examples=1500, deadline=None)
@pytest.mark.slow
def test_what_the_gateway_sends_on_gives_no_right_away(body: str) -> None:
    """Read from the JSON that the Engine would get, by rules of its own."""
    try:
        sent = json.loads(judge(request(body)).split(" ", 2)[2])
    except Denied:
        return
    host = sent.get("HostConfig") or {}
    for key in (
        "Privileged",
        "Devices",
        "DeviceCgroupRules",
        "CgroupParent",
        "UTSMode",
        "UsernsMode",
        "PidMode",
    ):
        assert not host.get(key)
    assert {name.removeprefix("CAP_") for name in host.get("CapAdd") or ()} <= DEFAULT
    assert "host" not in [host.get(key) for key in ("IpcMode", "CgroupnsMode", "NetworkMode")]
    assert host.get("MaskedPaths") is host.get("ReadonlyPaths") is None
    sources = [bind.split(":")[0] for bind in host.get("Binds") or ()]
    sources += [mount["Source"] for mount in host.get("Mounts") or () if mount["Type"] == "bind"]
    for source in sources:
        assert source == "vol" or (source + "/").startswith(WORK + "/")
        assert ".." not in source.split("/")


CREATE_AND_INSPECT = r"""
import http.client, json, socket, sys
def ask(path, method, where, body=None):
    c = http.client.HTTPConnection("docker"); c.sock = socket.socket(socket.AF_UNIX); c.sock.connect(path)
    c.request(method, where, body, {"Content-Type": "application/json"} if body else {})
    a = c.getresponse(); return a.status, json.loads(a.read() or b"null")
for line in sys.stdin:
    shown = []
    for path in ("/run/engine/docker.sock", "/run/docker.sock"):
        status, made = ask(path, "POST", "/v1.45/containers/create", json.loads(line).encode())
        found = None
        if status == 201:
            found = ask("/run/engine/docker.sock", "GET", f"/v1.45/containers/{made['Id']}/json")[1]
            ask("/run/engine/docker.sock", "DELETE", f"/v1.45/containers/{made['Id']}?v=1&force=1")
        shown.append({"status": status, "made": made, "shown": found})
    print(json.dumps(shown), flush=True)
"""


@pytest.fixture(scope="module")
def engines() -> Iterator[subprocess.Popen[bytes]]:
    """A process in a sandbox that makes each container twice: by the Engine itself, and through the gateway."""
    with Sandbox() as box:
        assert box.run(["mkdir", "-p", f"{WORK}/a"]).returncode == 0
        command = box.command(["python3", "-c", CREATE_AND_INSPECT], "root")
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            yield process
            assert process.stdin is not None
            process.stdin.close()
    # Else the comparison has shown nothing.
    assert COUNTS["dangerous"] > 20
    assert COUNTS["made"] > 5


COUNTS = {"dangerous": 0, "made": 0}


@pytest.mark.sandbox
@given(st.data())
@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_the_verdict_agrees_with_what_the_engine_makes(engines: subprocess.Popen[bytes], data: st.DataObject) -> None:
    """What the Engine itself would turn into a dangerous container makes none through the gateway."""
    body = data.draw(create())
    assert engines.stdin is not None
    assert engines.stdout is not None
    engines.stdin.write(json.dumps(body).encode() + b"\n")
    engines.stdin.flush()
    direct, through = json.loads(engines.stdout.readline())
    if direct["shown"] and dangers(direct["shown"]):
        COUNTS["dangerous"] += 1
        assert through["status"] in (400, 403), dangers(direct["shown"])
    if through["shown"]:
        COUNTS["made"] += 1
        assert dangers(through["shown"]) == []
        assert direct["shown"]
        for key in (
            "CapAdd",
            "CapDrop",
            "Binds",
            "NetworkMode",
            "Memory",
            "SecurityOpt",
            "Sysctls",
            "MaskedPaths",
        ):
            made = [plain(one["shown"]["HostConfig"].get(key)) for one in (direct, through)]
            assert made[0] == made[1]


def plain(value: object) -> object:
    """Capabilities have two spellings, with and without CAP_: they mean the same."""
    return [str(word).upper().removeprefix("CAP_") for word in value] if isinstance(value, list) else value
