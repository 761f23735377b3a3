"""The check of Part 6 on a backup: it is restored into a new server, and compared with the database that runs."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from docker import DockerClient
from docker.errors import APIError, NotFound

from course import run
from course.checks.part4_common import missing, services
from course.checks.probing import eventually, running
from course.checks.rag_door import in_database
from course.checks.report import Report
from course.engine import connect
from course.facts.image import pinned
from course.facts.inside import exec_in
from course.setups import part4 as places
from course.setups import part6 as setup

FILE: Final = "backup.sql"
PRINT: Final = (
    "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY number)), '') FROM loans t"
)
"""One line for all that the table holds."""
_MOST_BYTES: Final = 4 << 20
_PATIENCE: Final = 30.0


@dataclass(frozen=True)
class Restored:
    """A new server of the check's own, into which a dump was read."""

    client: DockerClient
    container: str

    def asks(self, sql: str) -> str | None:
        """Return the answer of whichever database has one: a dump may bring its own database along."""
        for database in ("restored", setup.DATABASE):
            line = ["psql", "-U", setup.OWNER, "-d", database, "-Atqc", sql]
            outcome = exec_in(self.client, self.container, line)
            if outcome is not None and outcome.exit_code == 0:
                return outcome.output.strip()
        return None


def backup() -> Report:
    """Exercise 43: what the file holds is, in a new server, the table of the database that runs."""
    report = Report("A backup that can be restored")
    client, found = connect(), services(connect(), "archive")
    if "db" not in found:
        return missing(report, "archive", found, ("db",))
    db = found["db"]
    if running(client, db.container.id) is None:
        return report.give_up(
            failed=f"The database does not run: it is {db.container.state}.", hint="Look at its log."
        )
    content = read()
    if not isinstance(content, bytes):
        return report.give_up(
            failed=content,
            hint=f"At {places.folder('archive') / FILE} belongs what the database itself writes down of what it holds, "
            "in SQL.",
        )
    if not content.strip():
        return report.give_up(
            failed=f"{FILE} is empty. The shell makes the file before it starts the command, so it is there even "
            "if the command failed.",
            hint="Look at what the command wrote to its standard error, and at its exit status.",
        )
    with restored(client, content) as new:
        if new is None:
            return report.give_up(
                failed="The check could not start a new database server.", hint="Run this cell again."
            )
        there, here = new.asks(PRINT), in_database(client, db, PRINT)
    report.require(
        there is not None,
        passed="The check restored it in a new server, and there is a table loans.",
        failed="The check restored it in a new server, and there is no table loans: "
        + (
            "it is the dump of another database."
            if b"PostgreSQL database" in content or content[:5] == b"PGDMP"
            else "it is no dump."
        ),
        hint="A server has several databases. Which one does the program that makes the dump take if none is named?",
        essential=True,
    )
    if there is not None:
        report.require(
            here is not None and there == here,
            passed=f"The table holds the same {setup.loans_count()} rows as the one in use.",
            failed=f"The table does not hold what the one in use holds: {there.split()[0]} rows against "
            f"{here.split()[0] if here else 'none'}.",
            hint="Is it a dump of this project's database, as it is now?",
            essential=True,
        )
    return report


def read() -> bytes | str:
    """Return what the student's file holds, or a sentence on why it cannot be read. A link is not followed."""
    path = places.folder("archive") / FILE
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return f"There is no file {FILE}."
    except OSError:
        return f"{FILE} cannot be read, or is a link."
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        if stat.S_ISDIR(about.st_mode):
            return f"{FILE} is a directory: a copy of the server's files is no dump."
        return f"{FILE} is no ordinary file."
    with os.fdopen(handle, "rb") as file:
        content = file.read(_MOST_BYTES)
    if content[257:262] == b"ustar":
        return (
            f"{FILE} is an archive of files, not a dump. A server that runs writes into its files all the time, so "
            "a copy of them is of no single moment; and only the same version can read them."
        )
    return (
        content
        if about.st_size <= _MOST_BYTES
        else f"{FILE} is larger than 4 MiB; a dump of this database is not."
    )


@contextlib.contextmanager
def restored(client: DockerClient, content: bytes) -> Iterator[Restored | None]:
    """Start a new server without a network, read a dump into it, remove it afterwards; None if it does not start."""
    host = client.api.create_host_config(
        network_mode="none", mem_limit="256m", tmpfs={"/var/lib/postgresql/data": ""}
    )
    made = client.api.create_container(
        pinned(places.DATABASE_IMAGE),
        environment={
            "POSTGRES_USER": setup.OWNER,
            "POSTGRES_DB": "restored",
            "POSTGRES_HOST_AUTH_METHOD": "trust",
        },
        labels=run.labels(),
        host_config=host,
    )["Id"]
    try:
        client.api.put_archive(made, "/srv", _archive(content))
        client.api.start(made)
        yield Restored(client, made) if _filled(client, made, content) else None
    except APIError:
        yield None
    finally:
        with contextlib.suppress(NotFound):
            client.api.remove_container(made, force=True, v=True)


def _filled(client: DockerClient, made: str, content: bytes) -> bool:
    ready = ["pg_isready", "--quiet", "--host", "127.0.0.1", "--username", setup.OWNER]

    def answers() -> bool:
        outcome = exec_in(client, made, ready)
        return outcome is not None and outcome.exit_code == 0

    if not eventually(answers, _PATIENCE):
        return False
    options = ["-U", setup.OWNER, "-d", "restored"]
    if content[:5] == b"PGDMP":
        line = ["pg_restore", "--no-owner", *options, "/srv/dump"]
    else:
        line = ["psql", "--no-psqlrc", "--quiet", *options, "--file", "/srv/dump"]
    exec_in(client, made, ["timeout", "30", *line])  # whether it worked is what the table will tell
    return True


def _archive(content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo("dump")
        entry.size, entry.mode = len(content), 0o644
        archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
