"""The programs that Part 5 puts into its images. Each answers a path with a sum that only this run's program knows."""

from __future__ import annotations

import hashlib
from string import Template
from typing import Final

from course import run

PYTHON: Final = "python:3.13-slim"
PORT: Final = 8000
"""Where each of them listens."""

_SERVER: Final = """
class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, text = answer(self.path)
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


def stop(*_):
    raise SystemExit


def proof(path):
    return hashlib.sha256(("$token" + path).encode()).hexdigest()


signal.signal(signal.SIGTERM, stop)
http.server.ThreadingHTTPServer(("", 8000), Server).serve_forever()
"""

_COUNTER: Final = """\
import hashlib, http.server, os, signal, threading

FILE, LOCK = "/data/visits", threading.Lock()


def answer(path):
    try:
        with LOCK:
            count = int(open(FILE).read()) + 1 if os.path.exists(FILE) else 1
            with open(FILE, "w") as file:
                file.write(str(count))
    except OSError as error:
        return 500, str(error)
    return 200, f"{proof(path)} visit {count}"

"""

_KIOSK: Final = """\
import hashlib, http.server, signal


def answer(path):
    try:
        with open("/tmp/last-order", "w") as file:
            file.write(path)
    except OSError as error:
        return 500, str(error)
    return 200, proof(path)

"""

_CACHE: Final = """\
import hashlib, http.server, os, signal

megabytes = int(os.environ["CACHE_MB"])
print(f"Loading a cache of {megabytes} MB ...", flush=True)
cache = b"x" * (megabytes << 20)
print("Loaded.", flush=True)


def answer(path):
    return 200, f"{proof(path)} cache of {len(cache) >> 20} MB"

"""

_CLINIC: Final = """\
import hashlib, http.server, signal

ill = False


def turn_ill(*_):
    global ill
    ill = True


def get_well(*_):
    global ill
    ill = False


signal.signal(signal.SIGUSR1, turn_ill)
signal.signal(signal.SIGUSR2, get_well)


def answer(path):
    if path == "/health":
        return (503, "ill") if ill else (200, "well")
    return 200, proof(path)

"""

_TELLER: Final = """\
import hashlib, http.server, os, signal, sys

# LOG_FILE names the file for the log; "-" means standard output.
place = os.environ.get("LOG_FILE", "/var/log/teller.log")
log = sys.stdout if place == "-" else open(place, "a", buffering=1)


def answer(path):
    print("asked for", path, file=log)
    return 200, proof(path)

"""

_MESSENGER: Final = """\
import hashlib, http.server, signal

with open("/run/secrets/key") as file:
    key = file.read().strip()


def answer(path):
    return 200, f"{proof(path)} signed {hashlib.sha256((key + path).encode()).hexdigest()}"

"""

_PROGRAMS: Final = {
    "counter": _COUNTER,
    "kiosk": _KIOSK,
    "cache": _CACHE,
    "clinic": _CLINIC,
    "messenger": _MESSENGER,
    "teller": _TELLER,
}


_USERS: Final = {"kiosk": 10001, "clinic": 10001}
"""Who is not root in its image."""


def program(name: str) -> str:
    """Return the text of one of the programs, bound to this run."""
    return _PROGRAMS[name] + Template(_SERVER).substitute(token=run.token())


def program_files(name: str) -> dict[str, str]:
    """Return the files of an image that has one of the programs, by name."""
    user = f"USER {_USERS[name]}\n" if name in _USERS else ""
    recipe = f"""\
FROM {PYTHON}
LABEL {run.LABEL}={run.token()}
COPY app.py /app/app.py
EXPOSE {PORT}
{user}CMD ["python", "/app/app.py"]
"""
    return {"Dockerfile": recipe, "app.py": program(name)}


def proof(path: str) -> str:
    """Return what this run's programs answer for a path."""
    return hashlib.sha256((run.token() + path).encode()).hexdigest()
