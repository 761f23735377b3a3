"""Checks of Part 2, one function for each exercise."""

from __future__ import annotations

from course.checks.part2_memory import tmpfs
from course.checks.part2_names import by_name
from course.checks.part2_ports import loopback, random_port, reachable
from course.checks.part2_shell import shell
from course.checks.part2_storage import filled, read_only
from course.checks.part2_survivor import survivor

__all__ = ["by_name", "filled", "loopback", "random_port", "reachable", "read_only", "shell", "survivor", "tmpfs"]
