"""What ``depends_on`` waits for, tried where no database takes connections: it must not pass there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Final

from docker import DockerClient
from docker.errors import APIError

from course import facts
from course.checks.fresh_containers import started
from course.checks.probing import becomes, eventually, log_lines
from course.facts import Container
from course.facts.compose import Member
from course.facts.health import mounts, try_health_in, try_health_without_program
from course.facts.throwaway import throwaway
from course.facts.values import when
from course.setups import part4 as setup

FILLED_TIMEOUT: Final = 60.0
"""Seconds in which the image fills a new database, on a slow machine too."""
_DATA: Final = "/var/lib/postgresql/data"
_READY: Final = "ready to accept connections"


def passes_wrongly(client: DockerClient, services: Mapping[str, Member], service: str, condition: str) -> str:
    """Return a sentence on how a condition is fulfilled though no database takes connections; empty if it is not."""
    member = services.get(service)
    if member is None:
        return f"The project has no container of the service {service}, for which api waits."
    if condition == "service_completed_successfully":
        return (
            f"The check ran {service} where there is no database, and it ended with exit code 0 all the same."
            if _ends_well_alone(client, member.container)
            else ""
        )
    if (problem := passes_without_database(client, member)) or service != "db":
        return problem
    with on_the_socket_only(client, member.container) as server:
        outcome = try_health_in(client, member.container, server) if server else None
    if outcome is not None and outcome.ok:
        return (
            "The check ran the test beside a PostgreSQL that listens on its socket file only, as the image's first "
            "server does, and it passed. Over TCP that one takes no connections."
        )
    return ""


def passes_without_database(client: DockerClient, member: Member) -> str:
    """Return a sentence on how a service's test passes where no database runs; empty if it does not."""
    if member.container.config.healthcheck is None:
        return f"The service {member.service} has no health check."
    alone = try_health_without_program(client, member.container)
    if alone is not None and alone.ok:
        return (
            f"The check ran the test of {member.service} where no database runs at all, and it passed: it is always "
            "true."
        )
    return ""


@contextlib.contextmanager
def on_the_socket_only(client: DockerClient, db: Container) -> Iterator[str]:
    """Start PostgreSQL so that it listens on no port, filled like the student's, and yield its ID; empty if it fails.

    The image's first server is like that for a moment only, which a test may miss. What is mounted into the student's
    is mounted here, too: the test itself may be a file, and the scripts that fill the database may leave marks.
    """
    # Its password may be in a file that is not there for the trial.
    env = {name: value for name, value in db.config.env.items() if not name.endswith("_FILE")}
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(
                throwaway(
                    client,
                    setup.DATABASE_IMAGE,
                    ["postgres", "-c", "listen_addresses="],
                    environment={"POSTGRES_PASSWORD": "any", **env},
                    healthcheck={"test": ["NONE"]},
                    tmpfs={_DATA: ""},
                    mounts=[one for one in mounts(db) if not _covers_data(one["Target"])],
                )
            )
            client.api.start(server)
        except APIError:
            yield ""
            return
        yield server if eventually(lambda: _is_filled(client, server), FILLED_TIMEOUT) else ""


def _covers_data(target: str) -> bool:
    return f"{_DATA}/".startswith(f"{target.rstrip('/')}/")


def _is_filled(client: DockerClient, server: str) -> bool:
    """Tell whether the server that stays is ready: the one that fills the database says the same words before."""
    lines = log_lines(client, server)
    return any(_READY in line for line in lines[lines.index(setup.RESTORED) :]) if setup.RESTORED in lines else False


def _ends_well_alone(client: DockerClient, job: Container) -> bool:
    """Tell whether a job ends with exit code 0 where there is no network, in the time that it took, and some more.

    Its program ``sleep`` returns at once there, so a job that gives up after many tries does so in that time.
    """
    ended = when(client.api.inspect_container(job.id)["State"].get("FinishedAt")) or 0.0
    took = max(0.0, ended - (job.state.started_at or ended))
    with started(
        client,
        job.image,
        job.config.cmd,
        files={"bin/sleep": b"#!/bin/sh\nexit 0\n"},
        entrypoint=job.config.entrypoint or None,
        environment=job.config.env,
        user=job.config.user,
        working_dir=job.config.working_directory or None,
        mounts=mounts(job),
    ) as trial:
        if trial.refusal or not becomes(client, trial.id, lambda now: not now.running, 1.5 * took + 4):
            return False
        at_end = facts.container(client, trial.id)
        return at_end is not None and at_end.state.exit_code == 0
