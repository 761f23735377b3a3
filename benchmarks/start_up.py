"""How soon the command line answers where there is nothing to do: help, a wrong part, a wrong root, a dead Engine.

Usage: make benchmark
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.gradebook.course import CONFIG

ROOT = Path(__file__).parents[1]
PROGRAM = Path(sys.executable).with_name("docker-course")
ROUNDS = 5
GOAL = 0.5
"""Seconds, on a machine with two cores that does nothing else."""


def main() -> None:
    """Print the median of the seconds that each command takes, and of the processor time in it."""
    with tempfile.TemporaryDirectory() as folder:
        empty, dead = Path(folder, "empty"), Path(folder, "dead")
        empty.mkdir()
        for path in (dead / "source/part1/part1.ipynb", dead / "submitted/ada/part1/part1.ipynb"):
            path.parent.mkdir(parents=True)
            path.touch()
        (dead / CONFIG).touch()
        commands = {
            "help": ["--help"],
            "a wrong part": ["grade", "part9"],
            "a wrong root": ["grade", "part1", "--root", str(empty)],
            "a dead Engine": ["grade", "part1", "--root", str(dead)],
        }
        environment = {**os.environ, "DOCKER_HOST": f"unix://{folder}/docker.sock"}
        for what, arguments in commands.items():
            rounds = [measure(arguments, environment) for _ in range(ROUNDS)]
            took, cpu = (statistics.median(column) for column in zip(*rounds, strict=True))
            print(f"{what:14} {took:5.2f} s, processor {cpu:4.2f} s (goal: {GOAL} s)")


def measure(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return the seconds that one run takes, and how many of them a processor worked for it."""
    started, before = time.perf_counter(), os.times()
    subprocess.run([PROGRAM, *arguments], cwd=ROOT, env=environment, capture_output=True, check=False)
    took, after = time.perf_counter() - started, os.times()
    children = after.children_user + after.children_system - before.children_user - before.children_system
    return took, children


if __name__ == "__main__":
    main()
