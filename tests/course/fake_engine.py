"""An Engine that says what a test wants it to say, on a Unix socket of its own."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from typing import Any

HANG = object()
"""As an answer: none ever comes."""

VERSION = {"Version": "28.5.2", "ApiVersion": "1.51", "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64"}
INFO = {
    "OperatingSystem": "Debian GNU/Linux 13 (trixie)",
    "DockerRootDir": "/var/lib/docker",
    "MemTotal": 8 << 30,
    "MemoryLimit": True,
    "CgroupVersion": "2",
}


class FakeEngine:
    """Answers by path, without the API version before it; what is not listed is answered with 404."""

    def __init__(self, path: Path) -> None:
        self.socket = path
        self.answers: dict[str, Any] = {"/version": VERSION, "/info": INFO, "/_ping": "OK"}
        self.asked: list[str] = []


@contextmanager
def fake_engine(path: Path) -> Iterator[FakeEngine]:
    """Serve at ``path`` until the test is over."""
    engine = FakeEngine(path)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = re.sub(r"^/v[0-9.]+", "", self.path).partition("?")[0]
            engine.asked.append(f"{self.command} {path}")
            status, said = 200, engine.answers.get(path)
            if said is HANG:
                time.sleep(3)
                return
            if said is None:
                status, said = 404, {"message": "no such thing"}
            elif isinstance(said, tuple):
                status, said = said
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError):  # a client that asks for the head only, or no longer
                self.wfile.write(body)

        do_GET = do_POST = do_DELETE = do_HEAD = answer

        def address_string(self) -> str:
            return "client"

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingUnixStreamServer):
        daemon_threads = True

    with Server(str(path), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield engine
        finally:
            server.shutdown()
            thread.join()
