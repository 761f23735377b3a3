"""How many events a second it takes until the Engine leaves some out for a listener, and whether that is noticed.

In a sandbox, a program asks the Engine directly, over many connections at once, and counts what it was granted: each
answer is one event. Beside it listens the recorder's `Journal`, or one made slower (``--slow``, seconds an event).

Usage: .venv/bin/python -m benchmarks.events
"""

from __future__ import annotations

from pathlib import Path

from autograder.results import Limits
from autograder.sandbox import Sandbox

CASES = (
    "tag --connections 8",
    "tag --connections 200",
    "tag --connections 64 --busy 8",
    "tag --connections 64 --slow 0.0005",
    "tag --connections 16 --slow 0.002",
    "rename --connections 32",
    "rename --connections 64 --labels 300000",
)
PROGRAM = Path(__file__).with_name("flood.py")


def main() -> None:
    """Print a line for each case; each has a sandbox of its own."""
    for case in CASES:
        with Sandbox(Limits(seconds=200)) as box:
            done = box.run(["/usr/bin/python3", "-", *case.split()], PROGRAM.read_bytes(), "root", timeout=150)
        print(f"{case:42}", (done.stdout or done.stderr[-400:]).decode().strip(), flush=True)


if __name__ == "__main__":
    main()
