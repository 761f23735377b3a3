"""One sandbox that the tests of a module attack, and ways to attack it."""

from __future__ import annotations

import errno
import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from autograder.sandbox import Sandbox, User
from tests.patience import PATIENCE

PRELUDE = """
import ctypes, json, os, socket, stat, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
said = {}
def call(name, result):
    said[name] = "got through" if result >= 0 else ctypes.get_errno()
def tried(name, function):
    try:
        function()
    except OSError as error:
        said[name] = error.errno
    else:
        said[name] = "got through"
def mount(name, source, target, kind, flags=0, data=None):
    os.makedirs(target, exist_ok=True)
    call(name, libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data))
"""


@dataclass(frozen=True)
class Attacker:
    """Somebody inside a sandbox."""

    box: Sandbox

    def sh(self, command: str, user: User = "root") -> str:
        """What a shell command line says, errors included, whatever its status."""
        done = self.box.run(["sh", "-c", command], user=user, timeout=90 * PATIENCE)
        return (done.stdout + done.stderr).decode(errors="replace")

    def tries(self, program: str, user: User = "root") -> dict[str, str]:
        """The outcome of each attempt of a Python program: the name of an error number, or what got through."""
        text = PRELUDE + textwrap.dedent(program) + "\nprint(json.dumps(said))"
        done = self.box.run(["/usr/bin/python3", "-I", "-"], text.encode(), user, timeout=90 * PATIENCE)
        assert done.returncode == 0, done.stderr.decode()
        said = json.loads(done.stdout.splitlines()[-1])
        return {name: errno.errorcode[value] if isinstance(value, int) else value for name, value in said.items()}


@pytest.fixture(scope="module")
def attacker() -> Iterator[Attacker]:
    """A sandbox, shared by the attacks of one module: none of them may change it for the next."""
    with Sandbox() as sandbox:
        yield Attacker(sandbox)
