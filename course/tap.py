"""Show the requests that a Docker client sends to the Engine.

tap = Tap().start()
tap_address = tap.address       # then, in a shell cell: docker --host $tap_address ps
tap.stop()
tap.requests                    # ['HEAD /_ping', 'GET /v1.41/containers/json']
"""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import tempfile
import threading
from pathlib import Path
from types import TracebackType

from course.engine import socket_path

_REQUEST = re.compile(rb"(?:^|\r\n|\n|\})(GET|HEAD|POST|PUT|DELETE) (/\S{0,2000}) HTTP/1\.1\r\n")
_CHUNK = 65536


class Tap:
    """A Unix socket that passes every byte on to the Engine and back, and notes the requests.

    It is a teaching aid for short conversations: it understands the first line of each request and nothing else.
    """

    def __init__(self) -> None:
        self.requests: list[str] = []
        """The requests so far, such as ``"GET /v1.41/containers/json"``."""
        self._engine = socket_path()
        self._directory = Path(tempfile.mkdtemp(prefix="docker-course-tap-"))
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)

    @property
    def address(self) -> str:
        """The address for a client's ``-H`` option."""
        return f"unix://{self._directory / 'docker.sock'}"

    def start(self) -> Tap:
        """Begin to listen."""
        self._listener.bind(str(self._directory / "docker.sock"))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening; the notes stay."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept()
        self._listener.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def __enter__(self) -> Tap:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                engine = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                engine.connect(self._engine)
                for source, target, note in ((client, engine, True), (engine, client, False)):
                    threading.Thread(target=self._pass_on, args=(source, target, note), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, note: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                if note:
                    found = _REQUEST.findall(data)
                    self.requests += [f"{verb.decode()} {path.decode(errors='replace')}" for verb, path in found]
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
