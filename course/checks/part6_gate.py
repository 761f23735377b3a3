"""The check of Part 6 on a failed migration: the api is held back, and the exit status follows what happened."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from docker import DockerClient
from docker.errors import APIError
from requests.exceptions import ConnectionError as LinkError
from requests.exceptions import ReadTimeout

from course.checks.part4_common import described, missing, services
from course.checks.probing import GAP, eventually, log_lines, running
from course.checks.rag_door import in_database
from course.checks.report import Report
from course.engine import connect
from course.facts import container
from course.facts.compose import Member
from course.setups import part6 as setup

CONDITION: Final = "service_completed_successfully"
_SECONDS: Final = 20
_TOLD: Final = "Migration failed"


def gate() -> Report:
    """Exercise 42: the planted migration fails and says so, and the api has not been started."""
    report = Report("No api on half a database")
    client, found = connect(), services(connect(), "gate")
    if not {"migrate", "db"} <= set(found):
        return missing(report, "gate", found, ("migrate", "db"))
    migrate, db, api = found["migrate"], found["db"], found.get("api")
    newest = max(found.values(), key=lambda one: one.container.created)  # its labels name the files used last
    plan = described("gate", newest)
    if plan is None or "api" not in plan.services:
        return report.give_up(
            failed="The file from which the project was started is not there any more, or Compose cannot read it, "
            "or it has no service api.",
            hint="Let Compose show what it reads in the file.",
        )
    condition = plan.services["api"].depends_on.get("migrate", "")
    report.require(
        condition == CONDITION,
        passed="Compose is told to start api when migrate has ended well.",
        failed=_no_condition(condition),
        hint="Three conditions were in Part 4; one of them is about jobs that end.",
        essential=True,
    )
    eventually(lambda: _ended(client, migrate), _SECONDS)
    code = _code(client, migrate)
    report.require(
        code not in (None, 0),
        passed=f"The migration failed, and its container ended with exit status {code}.",
        failed=_hidden(client, migrate, code),
        hint="A shell's line has the exit status of what ran last in it. After a change: down, and up again.",
        essential=True,
    )
    report.require(
        api is None or (api.container.started is None and not _started(client, api)),
        passed="So api has not been started.",
        failed=f"The api was started all the same: it is {api.container.state}."
        if api is not None
        else "The api was started.",
        hint="Compose makes no container anew because its order changed: take the project down, and start it again.",
        essential=True,
    )
    if report.share() == 0:
        return report
    if running(client, db.container.id) is None:
        return report.give_up(failed="The database does not run.", hint="Look at its log.")
    with table(client, db):
        repaired = start_again(client, migrate)
    report.require(
        repaired == 0,
        passed="The check made the table that was missing, started the migration again, and it ended with 0.",
        failed="The check made the table that was missing and started the migration again: it did not end with 0, "
        f"but with {repaired}. A gate that never opens is none.",
        hint="Does the service still run migrate.py, and with the database's variables? Its files stay as they are.",
        essential=True,
    )
    again = start_again(client, migrate)
    report.require(
        again not in (None, 0),
        passed="The check took the table away again, and the migration failed again.",
        failed=f"The check took the table away again, and the migration ended with {again}.",
        hint="The exit status has to be the one of migrate.py.",
        essential=True,
    )
    return report


@contextlib.contextmanager
def table(client: DockerClient, db: Member) -> Iterator[None]:
    """Have the table that the planted migration needs, and leave no trace of it afterwards."""
    name = setup.shelves()
    in_database(client, db, f"CREATE TABLE IF NOT EXISTS {name} (name text)")
    try:
        yield
    finally:
        in_database(client, db, f"DROP TABLE IF EXISTS {name}")
        in_database(client, db, "DELETE FROM migrations WHERE file LIKE '003%'")


def start_again(client: DockerClient, member: Member) -> int | None:
    """Start a container that has ended, and return its exit code; None if it cannot be started or does not end."""
    try:
        client.api.start(member.container.id)
        return int(client.api.wait(member.container.id, timeout=_SECONDS)["StatusCode"])
    except (APIError, ReadTimeout, LinkError):
        return None


def _ended(client: DockerClient, member: Member) -> bool:
    found = container(client, member.container.id)
    return found is not None and found.state == "exited"


def _code(client: DockerClient, member: Member) -> int | None:
    found = container(client, member.container.id)
    return found.exit_code if found is not None and found.state == "exited" else None


def _started(client: DockerClient, api: Member) -> bool:
    """Tell whether it is started after all, a little later."""
    return eventually(lambda: getattr(container(client, api.container.id), "started", None) is not None, GAP)


def _no_condition(condition: str) -> str:
    if condition == "service_started":
        return "Compose is told to start api as soon as migrate was started, however that ends."
    if condition:
        return f"Compose is told to wait until migrate is {condition}; a job that ends is never healthy for long."
    return "Compose is not told that api waits for migrate."


def _hidden(client: DockerClient, migrate: Member, code: int | None) -> str:
    if code is None:
        return f"The container of migrate has not ended: it is {migrate.container.state}."
    if any(_TOLD in line for line in log_lines(client, migrate.container.id)):
        return (
            "By its log the migration failed, and yet its container ended with exit status 0: something hides the "
            "failure, so nobody can wait for it."
        )
    return "The migration did not fail. It is to stay broken here: what is asked for is what happens then."
