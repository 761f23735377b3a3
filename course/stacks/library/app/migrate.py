"""Bring the database's schema up to date: carry out, in order, each file in migrations that it has not seen.

What was carried out is noted in the database itself, and so is each run with its container, so you may run this at any
time and as often as you like. The variables PGHOST, PGUSER and so on say which database it is.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import psycopg

FILES = Path(os.environ.get("MIGRATIONS", "/srv/migrations"))


def main() -> None:
    """Carry out what is new; a file that fails leaves no trace, and ends the program with exit code 1."""
    with psycopg.connect(connect_timeout=5, autocommit=True) as database:
        database.execute("CREATE TABLE IF NOT EXISTS migrations (file text PRIMARY KEY)")
        database.execute("CREATE TABLE IF NOT EXISTS migration_runs (host text, at timestamptz DEFAULT now())")
        database.execute("INSERT INTO migration_runs (host) VALUES (%s)", [socket.gethostname()])
        for file in sorted(FILES.glob("*.sql")):
            with database.transaction():
                # Two that run at the same time wait for each other here.
                database.execute("LOCK TABLE migrations IN EXCLUSIVE MODE")
                if database.execute("SELECT 1 FROM migrations WHERE file = %s", [file.name]).fetchone():
                    print(f"{file.name}: done before")
                    continue
                database.execute(file.read_bytes())
                database.execute("INSERT INTO migrations VALUES (%s)", [file.name])
            print(f"{file.name}: done")


if __name__ == "__main__":
    try:
        main()
    except psycopg.Error as error:
        sys.exit(f"Migration failed: {error}")
