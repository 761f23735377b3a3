"""One sandbox that the tests of a module attack, and ways to attack it; a course in a directory of its own."""

from __future__ import annotations

import errno
import json
import shutil
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from small_course import SmallCourse

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


@pytest.fixture(scope="session")
def new_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty gradebook, which takes seconds to make."""
    root = tmp_path_factory.mktemp("gradebook")
    SmallCourse(root).course.gradebook().close()
    return root / "gradebook.db"


@pytest.fixture
def small(tmp_path: Path, new_gradebook: Path, monkeypatch: pytest.MonkeyPatch) -> SmallCourse:
    """A small course in a directory of its own, which is the current one."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(new_gradebook, tmp_path)
    return SmallCourse(tmp_path)
