"""The check of Part 6 on a migration as a command of its own: it is run again, with and without the tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import docker
from docker import DockerClient

from course import facts, run
from course.checks.check import Check, exercise
from course.checks.compose_projects import (
    from_directory,
    need_running,
    need_services,
    read_files,
    services,
    waits_for,
)
from course.checks.fresh_containers import PATIENCE
from course.checks.postgres_client import query
from course.checks.probing import eventually, loopback_port, still_running
from course.engine import connect
from course.errors import ComposeFailed
from course.facts import Completed, Container, Event, History
from course.facts.compose import LABEL, Member, Project, members, project
from course.facts.http import fetch
from course.setups import part4 as places
from course.setups import part6 as setup

_SECOND_LOOK: Final = 4.0
"""Seconds in which an api that migrates beside its server would have brought a table back."""
_DROP_TABLES: Final = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"


@exercise
def migration(check: Check) -> None:
    """Require a migration that is a service of its own, run by ``run``, harmless when run again, and not the api's."""
    found = need_services(check, "api-apart", "books", "api", "db")
    api, client = found["api"].container, check.client
    history = facts.history(client, "container")
    plan, files = check.need(
        "service",
        plan_of(history, found["db"]),
        "The file from which db was started is missing now, or Compose cannot read it.",
        "Let Compose show what it reads in the file.",
    )
    if "migrate" not in plan.services:
        check.stop(
            "service",
            "The api migrates by itself whenever it starts. Three of them would do it at the same time, and a "
            "migration that takes an hour looks like an api that does not start."
            if any("migrate" in word for word in api.config.command)
            else "The file has no service called migrate.",
            "Make the migration a service of its own, beside api.",
        )
    check.require(
        "profile",
        not _is_started(files),
        "A plain up starts migrate.",
        "Part 4 had a service that stays out until it is asked for.",
    )
    waits_for(check, "waits", plan, "migrate", "db", "service_healthy", "The api waits for the same.")
    db = need_running(check, "api-apart", found["db"])
    codes = one_offs(history)
    check.require(
        "ran",
        lambda: history.happened(codes[-1:] == ["0"], *(event.id for event in _made(history)[-1:])),
        f"It was run as a one-off, and has not ended with exit code 0 ({codes[-1] or 'not ended'})."
        if codes
        else "It has not been run as a one-off.",
        "Compose makes a one-off container of a service for one command.",
    )
    left = [one.container.name for one in members(client, run.name("books")) if one.one_off]
    check.require(
        "nothing-left",
        not left,
        f"Of its runs this is left: {', '.join(left)}. Such a container is not one of those that down removes, not "
        "even with the volumes; they pile up.",
        "A container can be told to remove itself when it has ended.",
    )
    check.settle()
    image = facts.image(client, plan.services["migrate"].image or f"{plan.name}-migrate")
    from_directory(check, "service", "books", image.id if image else "none", "Which directory is api built from?")
    with check.disturbing():
        check.require(
            "ran",
            has_books(client, db),
            f"The table books does not have its {setup.BOOKS} rows.",
            "Is it the database of this project that was migrated?",
        )
        other = _ran_in(client, db, history)
        check.require(
            "ran",
            not other,
            f"The program migrate.py noted in which containers it ran: in {other}, and in no one-off container of "
            "migrate. So the one-off ran something else.",
            "A one-off container runs the service's own command, unless another one is given.",
        )
        check.settle()
        outcome = run_service(client, plan, "migrate", db)
        check.require(
            "service",
            outcome is not None and outcome.ok and has_books(client, db),
            "The check ran it once more, and that was not harmless: "
            + (
                f"exit code {outcome.exit_code}, {outcome.output.strip()[-160:]}"
                if outcome is not None
                else "it cannot be started."
            ),
            "The program migrate.py remembers what was done. Is it that what runs, and with the database's variables?",
            seen="The check ran it once more, and nothing changed.",
        )
        check.settle()
        _without_tables(check, plan, api, db)


def _without_tables(check: Check, plan: Project, api: Container, db: Container) -> None:
    """Take the tables away: the api must not bring them back by itself, and the migration must."""
    client = check.client
    check.need("service", query(client, db, _DROP_TABLES), "The check cannot reach the database.", "Look at its log.")
    client.api.restart(api.id)
    restarted = still_running(client, api.id)
    port = loopback_port(restarted, setup.PORT) if restarted is not None else None
    answers = port is not None and eventually(lambda: fetch(port).ok, PATIENCE)
    back = answers and eventually(lambda: _count(client, db) is not None, _SECOND_LOOK)
    check.require(
        "api-apart",
        answers and not back,
        "The check took the tables away and restarted the api, and they were back: the api migrates whenever it starts."
        if back
        else "The check restarted the api, and it does not answer.",
        "The api's container should begin with its server, and nothing before it.",
        seen="The check took the tables away and restarted the api: it left the database alone.",
    )
    check.settle()
    outcome = run_service(client, plan, "migrate", db)
    check.require(
        "service",
        has_books(client, db),
        "The check took the tables away and ran the migration, and there were no books: it does not migrate."
        + (f" It said: {outcome.output.strip()[-160:]}" if outcome is not None else ""),
        "What is the command of the service migrate?",
        seen="The check took the tables away and ran it: the books were back.",
    )


def keeps_a_book(title: str) -> bool:
    """Tell whether a book that the check puts into the table is there, once, after another run of the migration."""
    client = connect()
    db = services(client, "books").get("db")
    found = plan_of(facts.history(client, "container"), db) if db is not None else None
    if db is None or found is None:
        return False
    query(client, db.container, f"INSERT INTO books (title) VALUES ('{title}')")  # noqa: S608  the check's own text
    run_service(client, found[0], "migrate", db.container)
    return query(client, db.container, f"DELETE FROM books WHERE title = '{title}'") == "DELETE 1"  # noqa: S608


def _is_started(files: tuple[str, ...]) -> bool:
    """Tell whether a plain ``up`` with these files starts migrate."""
    try:
        return "migrate" in project(places.folder("books").resolve(), files, profiles=()).services
    except ComposeFailed:
        return True


def has_books(client: DockerClient, db: Container) -> bool:
    """Tell whether the database holds as many books as the migration puts there."""
    return _count(client, db) == str(setup.BOOKS)


def _count(client: DockerClient, db: Container) -> str | None:
    return query(client, db, "SELECT count(*) FROM books")


def plan_of(history: History, db: Member) -> tuple[Project, tuple[str, ...]] | None:
    """Return what the files say of which the migration was run, or else the database, or that lie there by default.

    With the names of these files. A container that was made before does not know of a file that came later.
    """
    named = [event.attributes.get(f"{LABEL}project.config_files", "") for event in _made(history)]
    choices = [tuple(filter(None, files.split(","))) for files in reversed(named)]
    plans = [(read_files("books", files), files) for files in dict.fromkeys([*choices, db.files, ()])]
    readable = [(plan, files) for plan, files in plans if plan is not None]
    return next((one for one in readable if "migrate" in one[0].services), next(iter(readable), None))


def _made(history: History) -> list[Event]:
    """Return the events in which one-off containers of migrate were made."""
    wanted = {"project": run.name("books"), "service": "migrate", "oneoff": "true"}
    return [
        event
        for event in history.events
        if event.action == "create"
        and all(event.attributes.get(LABEL + key, "").lower() == value for key, value in wanted.items())
    ]


def one_offs(history: History) -> list[str]:
    """Return the exit codes of the one-off containers of migrate, the oldest first.

    ``""`` stands for one that has not ended, ``?`` for a code that a label hides.
    """
    codes = {event.id: "" for event in _made(history)}
    for event in history.events:
        if event.action == "die" and codes.get(event.id) == "":
            codes[event.id] = event.attributes.get("exitCode", "?")
    return list(codes.values())


def _ran_in(client: DockerClient, db: Container, history: History) -> str:
    """Return the container in which migrate.py ran if it did so in no one-off container of migrate, or empty text.

    The program notes its host name, which is the beginning of the container's ID unless the file gives another one.
    Containers of the check itself do not count.
    """
    noted = (query(client, db, "SELECT host FROM migration_runs") or "").split()
    hosts = tuple(host for host in noted if re.fullmatch("[0-9a-f]{12}", host))
    if any(event.id.startswith(hosts) for event in _made(history)):
        return ""
    made = (event for event in history.events if event.action == "create" and run.LABEL not in event.attributes)
    return next((event.attributes.get("name", "another one") for event in made if event.id.startswith(hosts)), "")


def run_service(client: DockerClient, plan: Project, service: str, beside: Container) -> Completed | None:
    """Run a service once, on the network of another one, without Compose: only what is harmless is taken over.

    None if its image is not there, or it cannot be started.
    """
    one, place = plan.services[service], places.folder("books").resolve()
    mounts = [
        docker.types.Mount(target, source, type="bind", read_only=True)
        for kind, source, target in one.mounts
        if kind == "bind" and Path(source).resolve().is_relative_to(place)
    ]
    return facts.run_once(
        client,
        one.image or f"{plan.name}-{service}",
        one.command,
        entrypoint=one.entrypoint,
        environment=one.environment,
        network=next(iter(beside.networks), "none"),
        mounts=mounts,
        seconds=int(PATIENCE),
    )
