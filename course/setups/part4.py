"""Set-ups of Part 4: directories with a Compose file, or with what one is to be written for.

Compose calls a project by its directory, and a project's containers, networks, volumes and images by the project. The
directories carry the run's token, so all of these do too, and `course.reset` finds them.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Final

from course import folders, run
from course.folders import folder as folder  # for notebooks

PYTHON: Final = "python:3.13-slim"
CACHE_IMAGE: Final = "redis:8"
DATABASE_IMAGE: Final = "postgres:17"
VISITS_PORT: Final = 8000
"""Port that the program of exercise ``two-services`` listens on."""
ANSWERED: Final = "At my start the database answered."
"""The line in which the program of exercises ``wait-healthy`` and ``start-order`` says that it got an answer."""
RESTORED: Final = "The books are back."
"""What exercise ``start-order``'s database prints when its slow first start is nearly over."""

BOOKS: Final = "400"
FILL: Final = f"""\
# Stands for the minutes in which a large database is restored.
sleep 2
psql --quiet --username "$POSTGRES_USER" --command "CREATE TABLE books AS SELECT generate_series(1, {BOOKS}) AS number"
echo "{RESTORED}"
"""
"""The script that fills the database of exercise ``start-order``."""

_APP_RECIPE: Final = f"""\
FROM {PYTHON}
COPY app.py /app.py
CMD ["python", "-u", "/app.py"]
"""

VISITS: Final = """\
import http.server, os, socket

CACHE = os.environ.get("CACHE", "cache")  # the host name of Redis


def count():
    with socket.create_connection((CACHE, 6379), timeout=3) as link:
        link.sendall(b"INCR visits\\r\\n")  # Redis adds one, and answers :17 or the like
        return link.makefile().readline().strip().removeprefix(":")


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            status, text = 200, f"You are visitor number {count()}."
        except OSError as error:
            status, text = 503, f"No answer from {CACHE}: {error}"
        body = f"{text}\\n".encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("0.0.0.0", 8000), Page).serve_forever()
"""

RACER: Final = """\
import socket, struct, sys, time


def database_answers():
    try:
        with socket.create_connection(("db", 5432), timeout=3) as link:
            link.sendall(struct.pack("!ii", 8, 80877103))  # PostgreSQL's way to ask: do you speak TLS?
            return link.recv(1) in (b"S", b"N")
    except OSError:
        return False


if not database_answers():
    sys.exit("At my start the database did not answer. Giving up.")
print("At my start the database answered.")
while True:
    time.sleep(60)
"""

RACE: Final = f"""\
services:
  api:
    build: api
    init: true
    depends_on:
      - db

  db:
    image: {DATABASE_IMAGE}
    environment:
      POSTGRES_PASSWORD: ${{DB_PASSWORD}}
    volumes:
      - ./init:/docker-entrypoint-initdb.d:ro
    tmpfs:
      - /var/lib/postgresql/data
    stop_grace_period: 1s
"""

HONEST: Final = f"""\
services:
  cache:
    image: {CACHE_IMAGE}
    command: redis-server --requirepass ${{CACHE_PASSWORD}}
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
      interval: 1s
"""

PAGES: Final = """\
services:
  writer:
    image: busybox
    init: true
    command: sleep infinity
"""


def first() -> str:
    """Make the directory of the lesson's first project, and return its path."""
    return plant("first", {})


def visits() -> str:
    """Plant ``two-services``: a program that counts visits in Redis, with its Dockerfile; return the directory."""
    return plant("visits", {"app.py": VISITS, "Dockerfile": _APP_RECIPE})


def gate() -> str:
    """Plant ``wait-healthy``: a program that gives up if its database is not ready, and a database that is slow."""
    return _plant_race("gate")


def race() -> str:
    """Plant ``start-order``: the same project as for ``wait-healthy``, as it was before the student changed it."""
    return _plant_race("race")


def _plant_race(what: str) -> str:
    return plant(
        what,
        {
            "compose.yaml": RACE,
            ".env": f"DB_PASSWORD={password('db')}\n",
            "init/10-books.sh": FILL,
            "api/app.py": RACER,
            "api/Dockerfile": _APP_RECIPE,
        },
    )


def honest() -> str:
    """Plant ``honest``: Redis with a password, and a health check that knows nothing of it."""
    return plant("honest", {"compose.yaml": HONEST, ".env": f"CACHE_PASSWORD={password('cache')}\n"})


def pages() -> str:
    """Plant ``down``: a service without storage; return the directory."""
    return plant("pages", {"compose.yaml": PAGES})


def pages_count() -> int:
    """Return the number of lines that exercise ``down`` asks for."""
    return random.Random(f"pages-{run.token()}").randint(20, 90)  # noqa: S311


def password(of: str) -> str:
    """Return this run's password of a service, made of letters and digits."""
    return f"{random.Random(f'{of}-{run.token()}').getrandbits(64):016x}"  # noqa: S311


def plant(what: str, files: Mapping[str, str]) -> str:
    """Write files that are not there yet into one of this run's directories, and return its path.

    It is absolute, because lessons change the directory.
    """
    return str(folders.plant(what, files))
