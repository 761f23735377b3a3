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

from course import notebook
from course import run as course_run
from course.errors import CourseError

PRELUDE: Final = Path(__file__).with_name("prelude.sh")
ENDING: Final = ((signal.SIGINT, 1.5), (signal.SIGTERM, 1.0), (signal.SIGKILL, 0.5))
"""The signals that end an interrupted cell, and how many seconds each has before the next."""
GRACE: Final = 12.0
"""Seconds that the first signal has where somebody can interrupt again: Compose gives its services ten to stop."""
POLL_INTERVAL: Final = 0.02
CHUNK: Final = 1 << 16
"""Bytes that are read at once; a pipe holds as many."""
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
        stream = _Stream(process, output, str(file))
        try:
            _follow(process, stream)
        except KeyboardInterrupt:
            _end(process, stream)
            raise
        finally:
            if stream.open:
                _leave(process)
        if process.returncode < 0:
            stream.say(f"bash was ended by signal {-process.returncode}")


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
            try:
                size = len(os.fsencode(text))
            except UnicodeEncodeError:  # half a character
                continue
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
    except OSError as error:
        raise CourseError(f"bash cannot be started: {error.strerror}.") from None


class _Stream:
    """What the script prints, on its way to the notebook."""

    def __init__(self, process: subprocess.Popen[bytes], output: TextIO, file: str) -> None:
        assert process.stdout is not None
        self._pipe = process.stdout
        self._output = output
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        self._where = f"{file}: line ".encode()  # bash names the script's file in its own messages

    @property
    def open(self) -> bool:
        """Whether something may still be printed."""
        return not self._pipe.closed

    def copy(self, seconds: float) -> None:
        """Wait until something is printed, ``seconds`` at most, and hand it on."""
        if not self.open:
            time.sleep(seconds)
        elif select.select([self._pipe], [], [], seconds)[0]:
            self._hand_on(CHUNK)

    def finish(self) -> None:
        """Hand on what a pipe can hold, and no more: what runs in the background may print for ever."""
        left = CHUNK
        while left > 0 and self.open and select.select([self._pipe], [], [], 0)[0]:
            left -= self._hand_on(left)
        self.copy(0)

    def say(self, text: str) -> None:
        """Print a line of the cell's own."""
        self._output.write(f"\033[31m[{text}]\033[0m\n")
        self._output.flush()

    def _hand_on(self, size: int) -> int:
        chunk = os.read(self._pipe.fileno(), size)
        if chunk:
            self._output.write(self._decode(chunk.replace(self._where, b"line ")))
            self._output.flush()
        else:
            self._pipe.close()
        return len(chunk)


def _follow(process: subprocess.Popen[bytes], stream: _Stream) -> None:
    """Copy the stream until bash has ended and all that it printed is here."""
    while process.poll() is None:
        stream.copy(POLL_INTERVAL)
    stream.finish()


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


def _end(process: subprocess.Popen[bytes], stream: _Stream) -> None:
    """End bash and all that it started, what has a process group of its own included, and show what they say.

    Bash waits for the command in front, which may need its time to end well. Who interrupts again ends it at once.
    """
    apart = [each for each in _descendants(process.pid) if _group(each.pid) != process.pid]
    said = False
    for number, seconds in ENDING:
        with contextlib.suppress(KeyboardInterrupt):
            patient = number == signal.SIGINT and notebook.attended()
            _send(number, process, apart)
            deadline = time.monotonic() + (GRACE if patient else seconds)
            while time.monotonic() < deadline:
                stream.copy(POLL_INTERVAL)
                # A child that has ended and is not waited for still counts as one of its group.
                ended = process.poll() is not None
                if ended and not _exists(process.pid) and not any(each.is_running() for each in apart):
                    return
                if ended and patient:
                    deadline, patient = min(deadline, time.monotonic() + seconds), False
                elif patient and not said and deadline - time.monotonic() < GRACE - seconds:
                    stream.say("interrupted, and waiting for the command in front to end: interrupt again to kill it")
                    said = True


def _send(number: signal.Signals, process: subprocess.Popen[bytes], apart: list[psutil.Process]) -> None:
    with contextlib.suppress(OSError):
        os.killpg(process.pid, number)
    for each in apart:
        with contextlib.suppress(psutil.Error):
            each.send_signal(number)


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
