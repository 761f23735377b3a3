"""``python -m autograder.gateway.probe``: send policy cases to the student's socket of the current sandbox.

Reads a JSON array of cases on standard input and writes one JSON object per case, ``{"id", "problem"}``; the problem
is null for a case that got the verdict it has to get. Runs as root of the sandbox: only the Engine's own socket can
tell whether a request that was denied changed anything.
"""

from __future__ import annotations

import http.client
import json
import re
import select
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from autograder.gateway.answers import MARK
from autograder.gateway.cases import PolicyCase

STUDENT = "/run/docker.sock"
ENGINE = "/run/engine/docker.sock"
LOG = Path("/run/gateway/audit.jsonl")
DENY_TIMEOUT = 20.0
ALLOW_TIMEOUT = 6.0
"""Some requests have no answer before something happens (``wait``); then the gateway's log has the verdict."""

CONTAINERS = ("web", "db", "c0", "c1")
VOLUMES = ("data", "vol", "v")
NETWORKS = ("appnet", "app_default")
TAGS = ("localhost:5000/app:v1",)
MAX_FIXTURES = 24


class DirectEngine:
    """The Engine behind the gateway, asked directly."""

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Status and decoded answer of one request."""
        connection = http.client.HTTPConnection("engine", timeout=60)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(ENGINE)
        text = None if body is None else json.dumps(body)
        connection.request(method, f"/v1.45{path}", text, {"Content-Type": "application/json"} if text else {})
        answer = connection.getresponse()
        raw = answer.read()
        connection.close()
        return answer.status, json.loads(raw) if raw.startswith((b"{", b"[")) else None

    def state(self) -> dict[str, Any]:
        """All that a request could have changed, in a form that only a change changes."""
        state: dict[str, Any] = {}
        for listed in self.ask("GET", "/containers/json?all=1")[1]:
            shown = self.ask("GET", f"/containers/{listed['Id']}/json")[1]
            if shown is None or "Config" not in shown:
                continue
            kept = {key: shown[key] for key in ("Name", "Config", "HostConfig", "Mounts", "ExecIDs", "RestartCount")}
            status = {key: shown["State"][key] for key in ("Status", "Paused", "StartedAt", "FinishedAt")}
            state[f"container {shown['Name']}"] = {
                **kept,
                **status,
                "Networks": sorted(shown["NetworkSettings"]["Networks"]),
            }
        for network in self.ask("GET", "/networks")[1]:
            state[f"network {network['Name']}"] = network
        for volume in self.ask("GET", "/volumes")[1]["Volumes"] or ():
            state[f"volume {volume['Name']}"] = volume
        for image in self.ask("GET", "/images/json?all=1")[1]:
            state[f"image {image['Id']}"] = sorted(image["RepoTags"] or ())
        state["plugins"] = self.ask("GET", "/plugins")[1]
        state["swarm"] = self.ask("GET", "/info")[1]["Swarm"]["LocalNodeState"]
        return state


def lay_out(engine: DirectEngine, cases: Iterable[PolicyCase]) -> None:
    """Make what the cases presume: containers that run, volumes, networks, tags: else a hole looks like a 404."""
    for name in NETWORKS:
        engine.ask("POST", "/networks/create", {"Name": name})
    for name in VOLUMES:
        engine.ask("POST", "/volumes/create", {"Name": name})
    for tag in TAGS:
        repository, _, version = tag.rpartition(":")
        engine.ask("POST", f"/images/busybox:latest/tag?repo={repository}&tag={version}")
    work = Path("/home/student/work")
    for folder in ("a", "b", "site", "html", "my app/ünï", "..cfg/.env"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    for name in _containers(cases):
        made = {
            "Image": "busybox:latest",
            "Cmd": ["sleep", "3600"],
            "HostConfig": {"Init": True, "NetworkMode": "appnet"},
        }
        engine.ask("POST", f"/containers/create?name={name}", made)
        engine.ask("POST", f"/containers/{name}/start")


def _containers(cases: Iterable[PolicyCase]) -> list[str]:
    """Return the usual names, and those that paths of the cases name."""
    named = dict.fromkeys(CONTAINERS)
    for case in cases:
        found = re.fullmatch(r"(?:/v[0-9.]+)?/containers/([a-z][a-z0-9_.-]{0,30})/[a-z]+", case.path)
        if found and len(named) < MAX_FIXTURES:
            named[found[1]] = None
    return list(named)


class Answer:
    """What came back on a raw connection: a status, or none in time, and whose it is."""

    def __init__(self, raw: bytes, waited: bool) -> None:
        head = raw.partition(b"\r\n\r\n")[0].decode("latin-1")
        found = re.match(r"HTTP/1\.1 ([0-9]{3})", head)
        self.status = int(found[1]) if found else None
        self.by_gateway = MARK.lower() in head.lower()
        self.waited = waited
        self.text = raw.partition(b"\r\n\r\n")[2][:300].decode("utf-8", "replace").strip()


def send(request: bytes, seconds: float) -> Answer:
    """Send bytes to the student's socket, reading meanwhile, until the head of a final answer or the time is up."""
    raw, left, end = b"", memoryview(request), time.monotonic() + seconds
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(seconds)
        connection.connect(STUDENT)
        connection.setblocking(False)
        while (wait := end - time.monotonic()) > 0:
            readable, writable, _ = select.select([connection], [connection] if left else [], [], wait)
            try:
                if writable:
                    left = left[connection.send(left[:65536]) :]
                piece = connection.recv(65536) if readable else None
            except BlockingIOError:
                continue
            except ConnectionError:
                left, piece = memoryview(b""), b"" if readable else None
            if piece is not None:
                raw = re.sub(rb"\AHTTP/1\.1 100 [^\r]*\r\n\r\n", b"", raw + piece)
                if b"\r\n\r\n" in raw or not piece:
                    return Answer(raw, waited=False)
    return Answer(raw, waited=True)


def last_decision(before: int, seconds: float = 3.0) -> str:
    """Return the verdict that the gateway's log got after its size was ``before``; empty if none came in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with LOG.open("rb") as log:
            log.seek(before)
            lines = log.read().splitlines()
        if lines:
            return str(json.loads(lines[-1])["decision"])
        time.sleep(0.02)
    return ""


def problem_of_allowed(case: PolicyCase) -> str | None:
    """Return what is wrong with the verdict on a request that has to pass, whatever the Engine answers."""
    before = LOG.stat().st_size
    answer = send(case.request(), ALLOW_TIMEOUT)
    if answer.waited:
        decision = last_decision(before)
        return None if decision == "allowed" else f"no answer within {ALLOW_TIMEOUT:.0f} s, verdict '{decision}'"
    if answer.by_gateway:
        return f"refused by the gateway: {answer.status} {answer.text}"
    return None if answer.status else "the connection was closed without an answer"


def problem_of_denied(
    case: PolicyCase, engine: DirectEngine, before: dict[str, Any]
) -> tuple[str | None, dict[str, Any]]:
    """Return what is wrong with the verdict on a request that must not pass; and the Engine's state after it."""
    answer = send(case.request(), DENY_TIMEOUT)
    after = engine.state()
    changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    if changed:
        return f"answered {answer.status}, and it changed the Engine: {', '.join(changed)[:300]}", after
    if answer.status is None:
        return "no answer" if answer.waited else "the connection was closed without an answer", after
    if answer.status < 400:
        return f"answered {answer.status} {answer.text}", after
    return None, after


def verdicts(cases: list[PolicyCase]) -> Iterator[tuple[PolicyCase, str | None]]:
    """Each case with its problem, or None. What is to be denied goes first: what is allowed changes the Engine."""
    engine = DirectEngine()
    lay_out(engine, cases)
    state = engine.state()
    for case in cases:
        if case.expect == "deny":
            problem, state = problem_of_denied(case, engine, state)
            yield case, problem
    for case in cases:
        if case.expect == "allow":
            yield case, problem_of_allowed(case)


def main() -> None:
    """Judge the cases of standard input."""
    cases = [PolicyCase.model_validate(entry) for entry in json.load(sys.stdin)]
    for case, problem in verdicts(cases):
        print(json.dumps({"id": case.id, "problem": problem}), flush=True)


if __name__ == "__main__":
    main()
