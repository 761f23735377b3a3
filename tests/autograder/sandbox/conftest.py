"""One running sandbox for tests that only look at what an Engine inside can do."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from autograder.sandbox import Sandbox, User
from tests.patience import PATIENCE


class Box:
    """A sandbox with short ways to run something in it and to insist on success."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def try_(self, command: str, user: User = "student", input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run a shell command line and return whatever came of it."""
        return self.sandbox.run(["sh", "-c", command], input, user, timeout=120 * PATIENCE)

    def sh(self, command: str, user: User = "student", input: bytes = b"") -> str:
        """Run a shell command line that has to succeed, and return what it printed."""
        done = self.try_(command, user, input)
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}"
        return done.stdout.decode().strip()


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """A sandbox, shared by the tests of one module."""
    with Sandbox() as sandbox:
        yield Box(sandbox)
