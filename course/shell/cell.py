"""Run one shell cell.

Bash reads the script from a file, so a command in it that reads its input gets none, and not the rest of the cell. What
is printed comes in one stream, in order and at once. The cell ends when bash ends; what it left running in the
background goes on, as in a terminal, until the kernel ends.
"""

from __future__ import annotations

import atexit
import codecs
import contextlib
import os
import re
import select
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TextIO

import psutil

from course import run as course_run
from course.errors import CourseError

PRELUDE: Final = Path(__file__).with_name("prelude.sh")
ENDING: Final = ((signal.SIGINT, 1.5), (signal.SIGTERM, 1.0), (signal.SIGKILL, 0.5))
"""The signals that end an interrupted cell, and how many seconds each has before the next."""
POLL_INTERVAL: Final = 0.02
CHUNK: Final = 1 << 16
MAX_VARIABLE: Final = 64 << 10
"""Bytes of a variable that is handed to the shell; Linux allows 128 KiB for one."""
MAX_VARIABLES: Final = 512 << 10
"""Bytes of all of them; Linux allows 2 MiB for environment and arguments."""
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")

_background: set[int] = set()
"""Process groups of cells that left something running."""


def run(script: str, options: Sequence[str], variables: Mapping[str, Any], output: TextIO) -> None:
    """Run a script; return when bash ends, whatever its status.

    Args:
        script: the cell's text without its first line.
        options: of bash, such as ``-x``.
        variables: the notebook's; see `environment`.
        output: where everything that is printed goes.

    Raises:
        CourseError: there is no bash.
        KeyboardInterrupt: the cell was interrupted; what it had started has been ended.
    """
    with tempfile.TemporaryDirectory(prefix="docker-course-cell-") as folder:
        file = Path(folder) / "cell"
        # Lines count as in the notebook, where the first one is %%bash.
        file.write_text(f"\n{script}", encoding="utf-8")
        process = _start(["bash", *options, str(file)], environment(variables))
        try:
            _copy(process, output, str(file))
        except KeyboardInterrupt:
            _end(process)
            raise


def environment(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return the script's environment: the kernel's, ``RUN``, and the notebook's texts, numbers and paths.

    A variable in capitals is not handed on, because programs take such ones for their settings; neither is one that the
    kernel's environment has already.
    """
    result = {**os.environ, "RUN": course_run.token(), "BASH_ENV": str(PRELUDE)}
    room = MAX_VARIABLES
    for name, value in variables.items():
        if isinstance(value, str | int | float | Path) and _NAME.fullmatch(name) and name not in result:
            text = str(value)
            size = len(text.encode(errors="surrogateescape"))
            if size <= min(MAX_VARIABLE, room) and "\0" not in text:
                result[name] = text
                room -= size
    return result


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # an interrupt reaches the kernel alone, which passes it on
            env=environment,
        )
    except FileNotFoundError:
        raise CourseError("There is no bash here, which %%bash needs. On Windows, work inside WSL.") from None


def _copy(process: subprocess.Popen[bytes], output: TextIO, file: str) -> None:
    """Copy the stream until bash has ended and all it printed is here."""
    assert process.stdout is not None
    stream = process.stdout.fileno()
    decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
    where, bare = f"{file}: line ".encode(), b"line "  # bash names the script's file in its own messages
    while True:
        ended = process.poll() is not None
        readable = bool(select.select([stream], [], [], 0 if ended else POLL_INTERVAL)[0])
        chunk = os.read(stream, CHUNK) if readable else b""
        if chunk:
            output.write(decode(chunk.replace(where, bare)))
            output.flush()
        elif readable:  # everything that could print has ended, bash perhaps a moment later
            process.wait()
            process.stdout.close()
            return
        elif ended:
            _leave(process)
            return


def _leave(process: subprocess.Popen[bytes]) -> None:
    """Keep reading what the background prints, so that it is not stopped by a full or a closed pipe."""
    if not _background:
        atexit.register(_hang_up)
    _background.add(process.pid)
    threading.Thread(target=_drain, args=(process,), daemon=True, name="docker-course shell cell").start()


def _drain(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    with process.stdout as stream:
        while os.read(stream.fileno(), CHUNK):
            pass
    _background.discard(process.pid)


def _hang_up() -> None:
    """End what runs in the background when the kernel ends, as a terminal does when it is closed."""
    for group in _background:
        with contextlib.suppress(OSError):
            os.killpg(group, signal.SIGHUP)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End bash and all that it started, what has a process group of its own included."""
    apart = [each for each in _descendants(process.pid) if _group(each.pid) != process.pid]
    if process.stdout is not None and not process.stdout.closed:
        _leave(process)
    for number, seconds in ENDING:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, number)
        for each in apart:
            with contextlib.suppress(psutil.Error):
                each.send_signal(number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            process.poll()  # a child that has ended and is not waited for still counts as one of its group
            if not _exists(process.pid) and not any(each.is_running() for each in apart):
                return
            time.sleep(POLL_INTERVAL)


def _exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _group(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except OSError:
        return None


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []
