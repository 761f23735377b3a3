"""The check of Part 6 on a migration as a command of its own: it is run again, with and without the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import docker
from docker import DockerClient

from course import facts, run
from course.checks.part4_common import missing, read_files, services
from course.checks.probing import eventually, loopback_port, running
from course.checks.rag_door import in_database
from course.checks.report import Report
from course.engine import connect
from course.facts import Event, History
from course.facts.attached import attached
from course.facts.compose import LABEL, Member, Project, members
from course.facts.container import Outcome
from course.facts.http import fetch
from course.setups import part4 as places
from course.setups import part6 as setup

_GONE: Final = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
_COUNT: Final = "SELECT count(*) FROM books"


def migration() -> Report:
    """Exercise 41: the migration is a service apart, run by ``run``, harmless when run again, and not the api's."""
    report = Report("A migration as a one-off")
    client, found = connect(), services(connect(), "books")
    if not {"api", "db"} <= set(found):
        return missing(report, "books", found, ("api", "db"))
    api, db = found["api"], found["db"]
    plan = plan_of(client, db)
    if plan is None:
        return report.give_up(
            failed="The file from which db was started is not there any more, or Compose cannot read it.",
            hint="Let Compose show what it reads in the file.",
        )
    if "migrate" not in plan.services:
        return report.give_up(
            failed="The api migrates by itself whenever it starts. Three of them would do it at the same time, and a "
            "migration that takes an hour looks like an api that does not start."
            if any("migrate" in word for word in api.container.command)
            else "The file has no service called migrate.",
            hint="The migration is to be a service of its own, beside api.",
        )
    report.require(
        bool(plan.services["migrate"].profiles),
        passed="migrate has a profile: a plain up leaves it out.",
        failed="migrate has no profile, so each up starts it.",
        hint="Part 4 had a service that stays out until somebody asks for it.",
        essential=True,
    )
    if running(client, db.container.id) is None:
        return report.give_up(failed="The database does not run.", hint="Look at its log.")
    _was_run(report, facts.history(client, "container"))
    report.require(
        not leftovers(client),
        passed="Nothing of it is left over.",
        failed=f"Of its runs this is left: {', '.join(leftovers(client))}. Such a container is not one of those that "
        "down removes, not even with the volumes; they pile up.",
        hint="A container can be told to remove itself when it has ended.",
        essential=True,
    )
    if report.share() == 0:
        return report
    report.require(
        in_database(client, db, _COUNT) == str(setup.BOOKS),
        passed=f"The {setup.BOOKS} books are in the database.",
        failed=f"The table books does not have its {setup.BOOKS} rows.",
        hint="Is it the database of this project that was migrated?",
        essential=True,
    )
    _again(report, client, plan, db)
    _without_tables(report, client, plan, api, db)
    return report


def plan_of(client: DockerClient, db: Member) -> Project | None:
    """Return what the files say of which the migration was run, or else the database, or that lie there by default.

    A container that was not made anew does not know of a file that came later.
    """
    named = [
        event.attributes.get(f"{LABEL}project.config_files", "")
        for event in _made(facts.history(client, "container"))
    ]
    choices = [tuple(filter(None, files.split(","))) for files in reversed(named)]
    plans = [read_files("books", files) for files in dict.fromkeys([*choices, db.files, ()])]
    readable = [plan for plan in plans if plan is not None]
    return next((plan for plan in readable if "migrate" in plan.services), next(iter(readable), None))


def _made(history: History) -> list[Event]:
    """Return the events in which one-off containers of migrate were made."""
    wanted = {"project": run.name("books"), "service": "migrate", "oneoff": "true"}
    return [
        event
        for event in history.events
        if event.action == "create"
        and all(event.attributes.get(LABEL + key, "").lower() == value for key, value in wanted.items())
    ]


def _was_run(report: Report, history: History) -> None:
    codes = one_offs(history)
    report.require(
        lambda: history.happened(codes[-1:] == ["0"], *(event.id for event in _made(history)[-1:])),
        passed="It was run as a one-off, and ended with exit status 0.",
        failed="It has not been run as a one-off."
        if not codes
        else f"It was run as a one-off, and has not ended with exit status 0 ({codes[-1] or 'not ended'}).",
        hint="Compose makes a one-off container of a service for one command.",
        essential=True,
    )


def _again(report: Report, client: DockerClient, plan: Project, db: Member) -> None:
    outcome = run_service(client, plan, "migrate", db)
    report.require(
        outcome is not None
        and outcome.exit_code == 0
        and in_database(client, db, _COUNT) == str(setup.BOOKS),
        passed="The check ran it once more, and nothing happened: twice is harmless.",
        failed="The check ran it once more, and that was not harmless: "
        + (
            "it cannot be started."
            if outcome is None
            else f"exit status {outcome.exit_code}, {outcome.output.strip()[-160:]}"
        ),
        hint="The program migrate.py remembers what was done. Is it that what runs, and with the database's variables?",
        essential=True,
    )


def _without_tables(report: Report, client: DockerClient, plan: Project, api: Member, db: Member) -> None:
    """Take the tables away: the api must not bring them back by itself, and the migration must."""
    if in_database(client, db, _GONE) is None:
        report.require(
            False,
            passed="",
            failed="The check cannot reach the database.",
            hint="Look at its log.",
            essential=True,
        )
        return
    client.api.restart(api.container.id, timeout=3)
    here = running(client, api.container.id)
    port = loopback_port(here) if here is not None else None
    answers = port is not None and eventually(lambda: fetch(port, "/").ok)
    report.require(
        answers and in_database(client, db, _COUNT) is None,
        passed="The check took the tables away and started the api anew: it left the database alone.",
        failed="The check took the tables away and started the api anew, and they were back: the api migrates whenever "
        "it starts."
        if answers
        else "The check started the api anew, and it does not answer.",
        hint="The api's container should begin with its server, and nothing before it.",
        essential=True,
    )
    outcome = run_service(client, plan, "migrate", db)
    report.require(
        in_database(client, db, _COUNT) == str(setup.BOOKS),
        passed="The check ran the migration, and the books were back.",
        failed="The check took the tables away and ran the migration, and there were no books: it does not migrate."
        + (f" It said: {outcome.output.strip()[-160:]}" if outcome is not None else ""),
        hint="What is the command of the service migrate?",
        essential=True,
    )


def one_offs(history: History) -> list[str]:
    """Return the exit codes of the one-off containers of migrate, the oldest first.

    ``""`` stands for one that has not ended, ``?`` for a code that a label hides.
    """
    codes = {event.id: "" for event in _made(history)}
    for event in history.events:
        if event.action == "die" and codes.get(event.id) == "":
            codes[event.id] = event.attributes.get("exitCode", "?")
    return list(codes.values())


def leftovers(client: DockerClient) -> list[str]:
    """Return the names of containers that ``run`` made and nobody removed."""
    return [one.container.name for one in members(client, run.name("books")) if one.one_off]


def run_service(client: DockerClient, plan: Project, service: str, beside: Member) -> Outcome | None:
    """Run a service once, on the network of another one, without Compose: only what is harmless is taken over.

    None if its image is not there, or it cannot be started.
    """
    one, networks = plan.services[service], attached(client, beside.container.id)
    place = places.folder("books").resolve()
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
        network=next(iter(networks.networks), "none") if networks is not None else "none",
        mounts=mounts,
        seconds=20,
    )
