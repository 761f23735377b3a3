"""PostgreSQL keeps the documents and their passages."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence

import psycopg
import psycopg.conninfo

from .model import Document, Passage, Unavailable

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    id uuid PRIMARY KEY,
    title text NOT NULL,
    text text NOT NULL,
    added timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS passages (
    id uuid PRIMARY KEY,
    document uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    place integer NOT NULL,
    text text NOT NULL
);
CREATE TABLE IF NOT EXISTS changes (number bigint NOT NULL);
INSERT INTO changes SELECT 0 WHERE NOT EXISTS (SELECT FROM changes);
"""
_ONE_AT_A_TIME = 727001  # any number, the same in all containers


class Postgres:
    """Documents in PostgreSQL, over a new connection each time, so that a restarted database is found again."""

    def __init__(self, host: str, user: str, password: str, database: str) -> None:
        self._settings = psycopg.conninfo.make_conninfo(
            host=host, user=user, password=password, dbname=database, connect_timeout=2
        )

    def prepare(self) -> None:
        """Make the tables if they are not there; several containers may do so at the same moment."""
        with self._connection() as link:
            link.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
            link.execute(SCHEMA)

    def add(self, document: Document, passages: Sequence[Passage], before: Callable[[], None]) -> bool:
        """Keep a document and its passages in one transaction."""
        with self._connection() as link:
            made = link.execute(
                "INSERT INTO documents (id, title, text) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                [document.id, document.title, document.text],
            )
            if made.rowcount == 0:
                return False
            rows = [(each.id, each.document, each.place, each.text) for each in passages]
            link.cursor().executemany(
                "INSERT INTO passages (id, document, place, text) VALUES (%s, %s, %s, %s)", rows
            )
            before()
            link.execute("UPDATE changes SET number = number + 1")
        return True

    def get(self, id: str) -> Document | None:
        """Return a document, or None."""
        with self._connection() as link:
            row = link.execute("SELECT title, text FROM documents WHERE id = %s", [id]).fetchone()
        return Document(*row) if row else None

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return those of the passages that there are, by id."""
        with self._connection() as link:
            rows = link.execute(
                "SELECT document::text, title, place, passages.text FROM passages"
                " JOIN documents ON documents.id = document WHERE passages.id = ANY(%s::uuid[])",
                [list(ids)],
            ).fetchall()
        found = [Passage(*row) for row in rows]
        return {each.id: each for each in found}

    def version(self) -> int:
        """Return how many documents were ever added."""
        with self._connection() as link:
            row = link.execute("SELECT number FROM changes").fetchone()
        return int(row[0]) if row else 0

    def ping(self) -> None:
        """Log in and ask for the number of changes."""
        self.version()

    @contextlib.contextmanager
    def _connection(self) -> Iterator[psycopg.Connection]:
        try:
            with psycopg.connect(self._settings) as link:  # commits at the end, or rolls back after an error
                yield link
        except psycopg.OperationalError as error:
            raise Unavailable(f"PostgreSQL: {str(error).strip()}") from error
