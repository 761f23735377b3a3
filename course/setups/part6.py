"""Set-ups of Part 6: directories with the small library and a Compose file, called by the run's token as in Part 4."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from course import run
from course.folders import folder as folder  # for notebooks
from course.setups.part4 import DATABASE_IMAGE, password, plant

FILES: Final = Path(__file__).resolve().parents[1] / "stacks" / "library"
"""The library as it is given to students."""
PORT: Final = 8000
"""Port that the program listens on inside."""
BOOKS: Final = 3
"""So many books are in the database after the migrations."""
DATABASE: Final = "library"
OWNER: Final = "librarian"
"""Database and user of exercise ``backup``."""

DEVELOPMENT: Final = "flask --app library run --host 0.0.0.0 --port 8000 --debug"

_ACCESS: Final = """\
x-database: &database
  PGHOST: db
  PGUSER: postgres
  PGPASSWORD: ${DB_PASSWORD}
"""

_DB: Final = f"""\
  db:
    image: {DATABASE_IMAGE}
    environment:
      POSTGRES_PASSWORD: ${{DB_PASSWORD}}
    volumes:
      - data:/var/lib/postgresql/data
    healthcheck:
      test: ["CMD", "pg_isready", "--host", "127.0.0.1", "--username", "postgres"]
      start_period: 60s
      start_interval: 500ms

volumes:
  data:
"""

_API: Final = """\
  api:
    build: .
    init: true
    environment: *database
    ports:
      - "127.0.0.1::8000"
    depends_on:
      db:
        condition: service_healthy
"""

_GATE: Final = """\
  api:
    build: .
    init: true
    environment: *database
    depends_on:
      migrate:
        condition: service_started

  migrate:
    build: .
    init: true
    environment: *database
    command: sh -c "python migrate.py || true"
    depends_on:
      db:
        condition: service_healthy
"""


def merge() -> str:
    """Make the directory in which the lesson shows how files are put together; it holds a page."""
    return plant("merge", {"pages/index.html": "Good morning\n"})


def desk() -> str:
    """Plant the lesson's example of ``watch`` and of one-off commands."""
    text = """\
services:
  api:
    build: .
    init: true
    ports:
      - "127.0.0.1::8000"
    develop:
      watch:
        - action: sync+restart
          path: app
          target: /srv/app
        - action: rebuild
          path: requirements.txt
"""
    return plant_library("desk", text)


def editions() -> str:
    """Plant ``editions``: one file, grown in development."""
    text = f"""\
services:
  api:
    build: .
    init: true
    command: {DEVELOPMENT}
    environment:
      TITLE: {title()}
      DEBUG: "true"
    volumes:
      - ./app:/srv/app
    ports:
      - "127.0.0.1::8000"
"""
    return plant_library("editions", text)


def books() -> str:
    """Plant ``migration``: the library with its database, whose tables nobody has made."""
    return plant_library("books", f"{_ACCESS}\nservices:\n{_API}\n{_DB}")


def gate() -> str:
    """Plant ``gate``: a migration that fails, and a file that lets nobody notice."""
    place = plant_library("gate", gate_file())
    broken = Path(place) / "migrations" / "003-floors.sql"
    broken.write_text(f"ALTER TABLE {shelves()} ADD COLUMN floor integer;\n", encoding="utf-8")
    broken.chmod(0o644)
    return place


def gate_file() -> str:
    """Return the Compose file of exercise ``gate`` as it is planted."""
    return f"{_ACCESS}\nservices:\n{_GATE}\n{_DB}"


def archive() -> str:
    """Plant ``backup``: a server with an empty database ``postgres``, and one that is in use."""
    text = f"""\
services:
  db:
    image: {DATABASE_IMAGE}
    environment:
      POSTGRES_USER: {OWNER}
      POSTGRES_PASSWORD: ${{DB_PASSWORD}}
      POSTGRES_DB: {DATABASE}
    volumes:
      - ./init:/docker-entrypoint-initdb.d:ro
      - data:/var/lib/postgresql/data
    healthcheck:
      test: ["CMD", "pg_isready", "--host", "127.0.0.1", "--username", "{OWNER}"]
      start_period: 60s
      start_interval: 500ms

volumes:
  data:
"""
    loans = f"""\
CREATE TABLE loans AS
SELECT number, gen_random_uuid() AS card, current_date + number AS due
FROM generate_series(1, {loans_count()}) AS number;
"""  # noqa: S608  our own number
    return plant(
        "archive",
        {"compose.yaml": text, ".env": f"DB_PASSWORD={password('archive')}\n", "init/10-loans.sql": loans},
    )


def title() -> str:
    """Return what the library of exercise ``editions`` is called in this run."""
    return f"Library {_random('title').randint(10_000, 99_999)}"


def shelves() -> str:
    """Return the table of exercise ``gate`` that a migration changes and nobody has made."""
    return f"shelves_{_random('shelves').randint(1000, 9999)}"


def loans_count() -> int:
    """Return the number of rows in the database of exercise ``backup``."""
    return _random("loans").randint(100, 400)


def _random(what: str) -> random.Random:
    return random.Random(f"{what}-{run.token()}")  # noqa: S311


def plant_library(what: str, compose: str, more: Mapping[str, str] | None = None) -> str:
    """Write the library's files, the Compose file, a password and more into a directory, and return its path."""
    library = {
        str(path.relative_to(FILES)): path.read_text(encoding="utf-8")
        for path in FILES.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    return plant(what, {**library, "compose.yaml": compose, ".env": f"DB_PASSWORD={password(what)}\n", **(more or {})})
