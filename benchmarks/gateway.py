"""What the gateway costs: `docker run --rm busybox true` through it and directly, in turn, in one sandbox.

Run: python -m benchmarks.gateway [ROUNDS]

Prints the median of both, their ratio, the time that single small requests take, and what a check pays for a gateway
that is shut and opened again while nothing is under way.
"""

from __future__ import annotations

import json
import sys

from autograder.sandbox import Sandbox

MEASURE = r"""
import http.client, json, os, socket, subprocess, sys, time
DOORS = {"direct": "/run/engine/docker.sock", "gateway": "/run/docker.sock"}
def run(path):
    start = time.perf_counter()
    subprocess.run(["docker", "-H", f"unix://{path}", "run", "--rm", "busybox", "true"], check=True)
    return time.perf_counter() - start
def ping(path):
    start = time.perf_counter()
    connection = http.client.HTTPConnection("docker"); connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(path); connection.request("GET", "/containers/json"); connection.getresponse().read()
    return time.perf_counter() - start
times = {"run": {"direct": [], "gateway": []}, "ping": {"direct": [], "gateway": []}}
for kind, measure, rounds in (("run", run, int(sys.argv[1])), ("ping", ping, 200)):
    for path in DOORS.values(): measure(path)
    for number in range(rounds):
        doors = list(DOORS.items())
        for door, path in doors if number % 2 else doors[::-1]:
            times[kind][door].append(measure(path))
import asyncio
from autograder.runner.gate_client import Gate
async def shut():
    start = time.perf_counter()
    async with Gate().shut(): pass
    return time.perf_counter() - start
times["shut"] = [asyncio.run(shut()) for number in range(100)]
print(json.dumps(times))
"""


def main() -> None:
    """Measure and print."""
    from statistics import median

    rounds = sys.argv[1] if len(sys.argv) > 1 else "30"
    with Sandbox() as box:
        done = box.run(["python3", "-c", MEASURE, rounds], user="root")
    if done.returncode != 0:
        sys.exit(done.stderr.decode(errors="replace"))
    measured = json.loads(done.stdout)
    for kind, name in (("run", "docker run --rm busybox true"), ("ping", "GET /containers/json")):
        times = {door: median(found) for door, found in measured[kind].items()}
        print(
            f"{name}: direct {times['direct'] * 1000:.1f} ms, gateway {times['gateway'] * 1000:.1f} ms",
            end="; ",
        )
        print(f"ratio {times['gateway'] / times['direct']:.3f}")
    shut = measured["shut"]
    print(f"shut and opened: {median(shut) * 1000:.1f} ms, at most {max(shut) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
