"""The check of Part 6 on a failed migration: the api is held back, and the exit code follows what happened."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from docker import DockerClient
from docker.errors import APIError
from requests.exceptions import ConnectionError as LinkError
from requests.exceptions import ReadTimeout

from course import facts
from course.checks.check import Check, exercise
from course.checks.compose_projects import (
    described,
    from_directory,
    need_file,
    need_running,
    need_services,
    services,
    waits_for,
)
from course.checks.fresh_containers import PATIENCE
from course.checks.postgres_client import query
from course.checks.probing import SETTLE_SECONDS, becomes, log_lines
from course.engine import connect
from course.facts import Container
from course.folders import folder
from course.setups import part6 as setup

MIGRATION_TIMEOUT: Final = 60
_FAILURE: Final = "Migration failed"


@exercise
def gate(check: Check) -> None:
    """Require that the planted migration fails and says so, and that the api has not been started."""
    found = need_services(check, "held", "gate", "migrate", "db", "api")
    # The labels of the newest container name the files that were used last.
    newest = max(found.values(), key=lambda one: one.container.created)
    if _untouched(newest.files):
        check.stop(
            "held",
            "Nothing was changed yet: compose.yaml is the one of the set-up, which hides that the migration failed.",
            "Two things are wrong in the file. Take the project down after the change, and start it again.",
        )
    plan = need_file(check, "waits", described("gate", newest), "api")
    client, migrate, api = check.client, found["migrate"].container, found["api"].container
    becomes(client, migrate.id, _has_ended, PATIENCE)
    now = facts.container(client, migrate.id)
    code = now.state.exit_code if now is not None and _has_ended(now) else None
    check.require(
        "fails",
        code not in (None, 0),
        lambda: _hidden(client, migrate, code),
        "A shell's line has the exit code of what ran last in it. After a change: down, and up again.",
        seen=f"The container of migrate ended with exit code {code}.",
    )
    check.settle()
    check.require(
        "held",
        not becomes(client, api.id, lambda one: one.state.started_at, SETTLE_SECONDS),
        lambda: f"The api was started, and the migration ended with exit code {code}.",
        "What does the api wait for? New dependencies alone do not replace a container: take the project down, "
        "and start it again.",
    )
    check.settle()
    waits_for(
        check,
        "waits",
        plan,
        "api",
        "migrate",
        "service_completed_successfully",
        "Part 4 had three conditions; one of them is about jobs that end.",
    )
    db = need_running(check, "opens", found["db"])
    from_directory(check, "opens", "gate", migrate.image, "Its files stay as they are.")
    with check.disturbing():
        with table(client, db):
            repaired = start_again(client, migrate)
        check.require(
            "opens",
            repaired == 0,
            "The check made the table that was missing and started the migration again: it did not end with 0, "
            f"but with {repaired}. A gate that never opens is none.",
            "Does the service still run migrate.py, and with the database's variables? Its files stay as they are.",
        )
        again = start_again(client, migrate)
        check.require(
            "fails",
            again not in (None, 0),
            f"The check made the missing table, took it away again, and the migration ended with {again}.",
            "The exit code has to be the one of migrate.py.",
            seen="The check made the missing table and took it away again: the migration failed again.",
        )


@contextlib.contextmanager
def table(client: DockerClient, db: Container) -> Iterator[None]:
    """Have the table that the planted migration needs, and leave no trace of it afterwards."""
    name = setup.shelves()
    query(client, db, f"CREATE TABLE IF NOT EXISTS {name} (name text)")
    try:
        yield
    finally:
        query(client, db, f"DROP TABLE IF EXISTS {name}")
        query(client, db, "DELETE FROM migrations WHERE file LIKE '003%'")


def start_again(client: DockerClient, container: Container) -> int | None:
    """Start a container that has ended, and return its exit code; None if it cannot be started or does not end."""
    try:
        client.api.start(container.id)
        return int(client.api.wait(container.id, timeout=MIGRATION_TIMEOUT)["StatusCode"])
    except (APIError, ReadTimeout, LinkError):
        return None


def holds() -> bool:
    """Tell whether the api has still not been started, and the migration has failed."""
    found = services(connect(), "gate")
    api, migrate = found.get("api"), found.get("migrate")
    return bool(api and api.container.state.started_at is None and migrate and migrate.container.state.exit_code != 0)


def _untouched(files: Sequence[str]) -> bool:
    """Tell whether the project was started from nothing but the set-up's file."""
    base = folder("gate").resolve() / "compose.yaml"
    try:
        return [Path(name).resolve() for name in files] == [base] and base.read_text("utf-8") == setup.gate_file()
    except (OSError, ValueError):
        return False


def _has_ended(container: Container) -> bool:
    return container.state.status == "exited"


def _hidden(client: DockerClient, migrate: Container, code: int | None) -> str:
    if code is None:
        return f"The container of migrate has not ended: it is {migrate.state.status}."
    if any(_FAILURE in line for line in log_lines(client, migrate.id)):
        return (
            "By its log the migration failed, and yet its container ended with exit code 0: something hides the "
            "failure, so no other service can wait for it."
        )
    return "The migration did not fail. Leave it broken here: the exercise is about what happens then."
