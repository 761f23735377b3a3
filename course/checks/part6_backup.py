"""The check of Part 6 on a backup: it is restored into a new server, and compared with the database that runs."""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from docker import DockerClient
from docker.errors import APIError

from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.compose_projects import need_running, need_services, services
from course.checks.postgres_client import query
from course.checks.probing import eventually
from course.engine import connect
from course.facts.exec import exec_in, exec_slowly
from course.facts.throwaway import throwaway
from course.setups import part4 as places
from course.setups import part6 as setup

FILE: Final = "backup.sql"
PRINT: Final = "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY number)), '') FROM loans t"
"""One line for all that the table holds."""
MAX_BYTES: Final = 4 << 20
SERVER_TIMEOUT: Final = 60.0
_DATABASE: Final = "restored"


@dataclass(frozen=True)
class Restored:
    """A new server of the check's own, into which a dump was read."""

    client: DockerClient
    container: str

    def query(self, sql: str) -> str | None:
        """Return the answer of whichever database has one: a dump may bring its own database along."""
        for database in (_DATABASE, setup.DATABASE):
            command = ["psql", "-U", setup.OWNER, "-d", database, "-Atqc", sql]
            outcome = exec_slowly(self.client, self.container, command)
            if outcome is not None and outcome.ok:
                return outcome.output.strip()
        return None


@exercise
def backup(check: Check) -> None:
    """Require that what the file holds is, in a new server, the table of the database that runs."""
    db = need_running(check, "runs", need_services(check, "runs", "archive", "db")["db"])
    content = read()
    if not isinstance(content, bytes):
        check.stop(
            "restores",
            content,
            f"{places.folder('archive') / FILE} should hold what the database itself writes down: its tables and rows.",
        )
    if not content.strip():
        check.stop(
            "restores",
            f"{FILE} is empty. The shell makes the file before it starts the command, so it is there even if the "
            "command failed.",
            "Look at what the command wrote to its standard error, and at its exit code.",
        )
    with check.disturbing():
        with restored(check.client, content) as server:
            if server is None:
                check.stop("restores", "The check could not start a new database server.", "Run this cell again.")
            restored_rows, rows = server.query(PRINT), query(check.client, db, PRINT)
        check.require(
            "restores",
            restored_rows is not None,
            "The check restored it in a new server, and there is no table loans: "
            + (
                "it is the dump of another database."
                if b"PostgreSQL database" in content or _format_of(content) != "plain"
                else "it is no dump."
            ),
            "A server has several databases. Which one does the program that makes the dump take if none is named?",
            seen="The check restored it in a new server.",
        )
        check.settle()
        check.require(
            "runs",
            db.image == criteria.course_image(check, "runs", places.DATABASE_IMAGE).id
            and _first_word(rows) == str(setup.loans_count()),
            f"The table in use has {_first_word(rows)} rows; the set-up has put {setup.loans_count()} there.",
            "Take the project down with its volumes, run the cell that sets it up, and make the dump again.",
        )
        check.require(
            "same",
            restored_rows == rows,
            f"The table does not hold what the one in use holds: {_first_word(restored_rows)} rows against "
            f"{_first_word(rows)}.",
            "Is it a dump of this project's database, as it is now?",
            seen=f"Both have {_first_word(rows)} rows, and these are the same.",
        )


def same_line() -> bool:
    """Tell whether a line taken at random is the same in the table in use and in another restored one."""
    client, content = connect(), read()
    db = services(client, "archive").get("db")
    if db is None or not isinstance(content, bytes):
        return False
    line = f"SELECT card, due FROM loans WHERE number = {1 + secrets.randbelow(90)}"  # noqa: S608  our own number
    with restored(client, content) as server:
        row = server.query(line) if server is not None else None
    return bool(row) and row == query(client, db.container, line)


def _first_word(text: str | None) -> str:
    return text.split()[0] if text else "none"


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
        content = file.read(MAX_BYTES)
    if _format_of(content) == "files":
        return (
            f"{FILE} is an archive of files, not a dump. A server that runs writes into its files all the time, so "
            "a copy of them is of no single moment; and only the same version can read them."
        )
    if about.st_size > MAX_BYTES:
        return f"{FILE} is larger than {MAX_BYTES >> 20} MiB; a dump of this database is not."
    return content


def _format_of(content: bytes) -> str:
    """Return the format of a dump: ``plain`` SQL, or an ``archive`` of pg_dump's; ``files`` if they are no dump's."""
    if content[257:262] == b"ustar":
        return "archive" if content.startswith(b"toc.dat\0") else "files"
    return "archive" if content.startswith(b"PGDMP") else "plain"


@contextlib.contextmanager
def restored(client: DockerClient, content: bytes) -> Iterator[Restored | None]:
    """Start a new server without a network, read a dump into it, remove it afterwards; None if it does not start."""
    environment = {
        "POSTGRES_USER": setup.OWNER,
        "POSTGRES_DB": _DATABASE,
        "POSTGRES_HOST_AUTH_METHOD": "trust",
    }
    server = None
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(APIError):
            container = stack.enter_context(
                throwaway(
                    client,
                    places.DATABASE_IMAGE,
                    environment=environment,
                    tmpfs={"/var/lib/postgresql/data": ""},
                )
            )
            client.api.put_archive(container, "/srv", _archive(content))
            client.api.start(container)
            if _fill(client, container, content):
                server = Restored(client, container)
        yield server


def _fill(client: DockerClient, container: str, content: bytes) -> bool:
    """Read the dump into the server; False if it does not start."""
    ready = ["pg_isready", "--quiet", "--host", "127.0.0.1", "--username", setup.OWNER]

    def answers() -> bool:
        outcome = exec_in(client, container, ready)
        return outcome is not None and outcome.ok

    if not eventually(answers, SERVER_TIMEOUT):
        return False
    options = ["-U", setup.OWNER, "-d", _DATABASE]
    if _format_of(content) == "archive":
        command = ["pg_restore", "--no-owner", *options, "/srv/dump"]
    else:
        command = ["psql", "--no-psqlrc", "--quiet", *options, "--file", "/srv/dump"]
    exec_in(client, container, ["timeout", "60", *command])  # the table will tell whether it worked
    return True


def _archive(content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo("dump")
        entry.size, entry.mode = len(content), 0o644
        archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
