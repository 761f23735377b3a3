"""Checks of Part 4 on a start in the right order."""

from __future__ import annotations

from docker import DockerClient

from course import facts
from course.checks.check import Check, exercise
from course.checks.compose_projects import (
    awaited,
    described,
    need_file,
    need_services,
    stop_if_untouched,
    waits_for,
)
from course.checks.part4_start_tests import passes_without_database, passes_wrongly
from course.checks.postgres_client import query
from course.checks.probing import becomes, eventually, is_healthy, last_lines, log_lines
from course.facts import Container
from course.setups import part4 as setup

ANSWER_TIMEOUT = 20.0
"""Seconds in which a program that was just started gets its answer, on a slow machine too."""
FILLED_TIMEOUT = 15.0
"""Seconds in which the database is filled, on a slow machine too."""
GREEN_TIMEOUT = 30.0
"""Seconds in which a test is made, on a slow machine too."""


@exercise
def start_order(check: Check) -> None:
    """Require that api is started after a test that fails as long as the database takes no connections."""
    services = need_services(check, "waits", "race", "api", "db")
    api, db = services["api"].container, services["db"].container
    stop_if_untouched(check, "waits", "race", services["db"], setup.RACE)
    # Compose makes no new container because of depends_on alone, so the labels of api may be old ones: ask the file.
    plan = need_file(check, "waits", described("race", services["db"]), "api")
    gates = [
        (service, condition)
        for service, conditions in awaited(plan, "api").items()
        for condition in sorted(conditions - {"service_started"})
    ]
    check.require(
        "waits",
        gates,
        "In the file, api waits for nothing but the start of another container: that is when its process begins."
        if awaited(plan, "api")
        else "Nothing in the file makes api wait for another service.",
        "Which conditions does depends_on know? They need the longer form.",
    )
    check.settle()
    with check.disturbing():
        mistakes = [passes_wrongly(check.client, services, *gate) for gate in gates]
    check.require(
        "tested",
        "" in mistakes,
        " ".join(mistakes),
        "The test has to ask the database something, and by the way that api goes: over TCP.",
        seen="The check ran the test where no database takes connections over TCP, and it did not pass.",
    )
    check.settle()
    check.require(
        "answered",
        lambda: eventually(lambda: _got_an_answer(check.client, api), ANSWER_TIMEOUT),
        lambda: _without_an_answer(check.client, api, db),
        "Its log says what it found. Inspect shows what the last tests of db wrote, under State and Health.",
    )
    check.settle()
    _as_given(check, "as-given", api, db)


@exercise
def wait_healthy(check: Check) -> None:
    """Require that api is started when the health check of the database is green, and that this is no fixed green."""
    services = need_services(check, "waits", "gate", "api", "db")
    api, db = services["api"].container, services["db"].container
    stop_if_untouched(check, "waits", "gate", services["db"], setup.RACE)
    plan = need_file(check, "waits", described("gate", services["db"]), "api")
    waits_for(check, "waits", plan, "api", "db", "service_healthy", "Which conditions does depends_on know?")
    check.settle()
    with check.disturbing():
        mistake = passes_without_database(check.client, services["db"])
    check.require(
        "tested",
        not mistake,
        mistake,
        "A test has to ask the database something.",
        seen="The check ran the test where no database runs, and it did not pass.",
    )
    check.settle()
    check.require(
        "green",
        lambda: becomes(check.client, db.id, lambda now: now.running and is_healthy(now), GREEN_TIMEOUT),
        lambda: (
            f"Its health is {getattr(facts.container(check.client, db.id), 'state', db.state).health or 'not tested'}."
        ),
        "Inspect shows what the last tests wrote, under State and Health.",
    )
    check.settle()
    _as_given(check, "as-given", api, db)


def _as_given(check: Check, demand: str, api: Container, db: Container) -> None:
    """Require that the database is of the image and filled as given, and that the api is the program that was given."""

    def rows() -> str | None:
        return query(check.client, db, "SELECT count(*) FROM books")

    with check.disturbing():
        # Beside a test that is green too early, it is still being filled.
        filled = eventually(lambda: rows() == setup.BOOKS, FILLED_TIMEOUT)
    expected = facts.image(check.client, setup.DATABASE_IMAGE)
    program = facts.read_file(check.client, api.id, "/app.py")
    problems = [
        sentence
        for sentence, ok in (
            (f"db runs {db.config.image[:120]}.", expected is not None and db.image == expected.id),
            (f"db was not filled from init: its {setup.BOOKS} books are not there.", filled),
            ("api does not run the program that was given.", program == setup.RACER.encode()),
        )
        if not ok
    ]
    check.require(demand, not problems, " ".join(problems), "Only the order is to change.")


def _got_an_answer(client: DockerClient, api: Container) -> bool:
    now = facts.container(client, api.id)
    return (
        now is not None
        and now.running
        and now.restart_count == 0
        and log_lines(client, now.id)[-1:] == [setup.ANSWERED]
    )


def _without_an_answer(client: DockerClient, api: Container, db: Container) -> str:
    one, other = (facts.container(client, each.id) or each for each in (api, db))
    return (
        f"api is {one.state.status}, and the Engine has started it again {one.restart_count} times; its log ends with: "
        f"{last_lines(client, one.id, 1)}. db is {other.state.status}, its health {other.state.health or 'not tested'}."
    )
