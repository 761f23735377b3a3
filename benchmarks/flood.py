"""Makes events at a sandbox's Engine as fast as it can, and counts how many a listener gets. See ``events.py``.

Runs inside, with the standard library and the recorder's `Journal`.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import select
import socket
import sys
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from typing import NoReturn

ENGINE = "/run/engine/docker.sock"
SECONDS = 4.0
QUIET = 3.0
"""Seconds without an event after which no more is expected."""


def connection(request: str) -> socket.socket:
    """Send a request to the Engine."""
    engine = socket.socket(socket.AF_UNIX)
    engine.connect(ENGINE)
    engine.sendall(request.encode())
    return engine


def ask(line: str, body: str = "") -> dict[str, str]:
    """Return the Engine's answer to one request."""
    head = f"Host: engine\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    engine, said = connection(f"{line} HTTP/1.0\r\n{head}{body}"), b""
    while piece := engine.recv(65536):
        said += piece
    answer: dict[str, str] = json.loads(said.partition(b"\r\n\r\n")[2])
    return answer


def listen(action: str, slow: float, result: Connection) -> None:
    """Count the events of an action, spending ``slow`` seconds more on each, and the record's marks."""
    sys.path.insert(0, "/opt/docker-course/course/record")
    from recorder import Journal

    path = f"{tempfile.mkdtemp()}/engine"
    journal = Journal(path, since=0, least_lag=0)
    engine = connection("GET /events HTTP/1.0\r\nHost: engine\r\n\r\n")
    data = engine.recv(65536).partition(b"\r\n\r\n")[2]
    result.send("ready")
    wanted, found, end = f'"Action":"{action}"'.encode(), 0, b""
    while True:
        journal.take(data, time.time_ns())
        found += (end + data).count(wanted) - end.count(wanted)
        end = data[-len(wanted) :]
        time.sleep(slow * data.count(b"\n"))
        if not select.select([engine], [], [], QUIET)[0]:
            break
        data = engine.recv(2000 if slow else 1 << 20)
    with open(f"{path}.jsonl", "rb") as file:  # noqa: PTH123
        result.send((found, b'"mark":"crowd"' in file.read()))


def requests(action: str, number: int, labels: int) -> tuple[str, int]:
    """Return requests that make an event each, and how many they are."""
    rest = " HTTP/1.1\r\nHost: engine\r\nContent-Length: 0\r\n\r\n"
    if action == "tag":
        return f"POST /images/busybox/tag?repo=flood&tag=t{number}{rest}" * 20, 20
    body = json.dumps({"Image": "busybox", "Labels": {"filler": "x" * labels}})
    made = ask(f"POST /containers/create?name=one-{number}", body)["Id"]
    names = ("two", "one")
    return "".join(f"POST /containers/{made}/rename?name={name}-{number}{rest}" for name in names) * 10, 20


def flood(text: str, count: int, granted: list[int]) -> None:
    """Send the requests again and again over one connection."""
    engine, end = connection(""), time.monotonic() + SECONDS
    while time.monotonic() < end:
        engine.sendall(text.encode())
        said = b""
        while said.count(b"HTTP/1.1 ") < count:
            said += engine.recv(65536)
        granted.append(said.count(b"HTTP/1.1 20"))


def burn() -> NoReturn:
    """Want a processor."""
    while True:
        pass


def main(arguments: list[str]) -> None:
    """Print what was made and what arrived."""
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=("tag", "rename"))
    parser.add_argument("--connections", type=int, required=True)
    for option, kind in (("--busy", int), ("--labels", int), ("--slow", float)):
        parser.add_argument(option, type=kind, default=0)
    given = parser.parse_args(arguments)
    fork = multiprocessing.get_context("fork")
    batches = [requests(given.action, number, given.labels) for number in range(given.connections)]
    ours, theirs = fork.Pipe()
    fork.Process(target=listen, args=(given.action, given.slow, theirs), daemon=True).start()
    ours.recv()
    for _ in range(given.busy):
        fork.Process(target=burn, daemon=True).start()
    granted: list[int] = []
    threads = [threading.Thread(target=flood, args=(*batch, granted)) for batch in batches]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made, seconds = sum(granted), time.monotonic() - begin
    found, noticed = ours.recv()
    print(f"{made:6} events, {made / seconds:5.0f} a second, {made - found:5} lost{', noticed' * noticed}")


if __name__ == "__main__":
    main(sys.argv[1:])
