"""The check of Part 6 on a failed migration: the api is held back, and the exit status follows what happened."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from docker import DockerClient
from docker.errors import APIError
from requests.exceptions import ConnectionError as LinkError
from requests.exceptions import ReadTimeout

from course import facts
from course.checks.check import Check, exercise
from course.checks.compose_projects import described, need_file, need_running, need_services, waits_for
from course.checks.postgres_client import query
from course.checks.probing import SETTLE_SECONDS, becomes, log_lines
from course.facts import Container
from course.setups import part6 as setup

MIGRATION_TIMEOUT: Final = 20
_FAILURE: Final = "Migration failed"


@exercise
def gate(check: Check) -> None:
    """Require that the planted migration fails and says so, and that the api has not been started."""
    services = need_services(check, "gate", "migrate", "db")
    # The labels of the newest container name the files that were used last.
    newest = max(services.values(), key=lambda one: one.container.created)
    plan = need_file(check, described("gate", newest), "api")
    waits_for(
        check,
        plan,
        "api",
        "migrate",
        "service_completed_successfully",
        "Three conditions were in Part 4; one of them is about jobs that end.",
    )
    client, migrate = check.client, services["migrate"].container
    becomes(client, migrate.id, _has_ended, MIGRATION_TIMEOUT)
    now = facts.container(client, migrate.id)
    code = now.state.exit_code if now is not None and _has_ended(now) else None
    check.gate(
        code not in (None, 0),
        f"The migration failed, and its container ended with exit status {code}.",
        lambda: _hidden(client, migrate, code),
        "A shell's line has the exit status of what ran last in it. After a change: down, and up again.",
    )
    check.gate(
        "api" not in services
        or not becomes(client, services["api"].container.id, lambda one: one.state.started_at, SETTLE_SECONDS),
        "So api has not been started.",
        lambda: f"The api was started all the same: it is {services['api'].container.state.status}.",
        "Compose makes no new container because its order changed: take the project down, and start it again.",
    )
    check.settle()
    db = need_running(check, services["db"])
    with table(client, db):
        repaired = start_again(client, migrate)
    check.gate(
        repaired == 0,
        "The check made the table that was missing, started the migration again, and it ended with 0.",
        "The check made the table that was missing and started the migration again: it did not end with 0, "
        f"but with {repaired}. A gate that never opens is none.",
        "Does the service still run migrate.py, and with the database's variables? Its files stay as they are.",
    )
    again = start_again(client, migrate)
    check.gate(
        again not in (None, 0),
        "The check took the table away again, and the migration failed again.",
        f"The check took the table away again, and the migration ended with {again}.",
        "The exit status has to be the one of migrate.py.",
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


def _has_ended(container: Container) -> bool:
    return container.state.status == "exited"


def _hidden(client: DockerClient, migrate: Container, code: int | None) -> str:
    if code is None:
        return f"The container of migrate has not ended: it is {migrate.state.status}."
    if any(_FAILURE in line for line in log_lines(client, migrate.id)):
        return (
            "By its log the migration failed, and yet its container ended with exit status 0: something hides the "
            "failure, so no other service can wait for it."
        )
    return "The migration did not fail. It is to stay broken here: what is asked for is what happens then."
