"""The question-answering engine of Part 4 as checks meet it: through its published port, and in its containers."""

from __future__ import annotations

import http.client
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from docker import DockerClient

from course import facts, run
from course.checks.probing import eventually, loopback_port
from course.facts.attached import attached
from course.facts.compose import Member, members
from course.facts.http import fetch

_SECONDS: Final = 8.0
_MOST_BYTES: Final = 64 * 1024
_UNNAMED: Final = re.compile(r"[0-9a-f]{64}")

Stack = Mapping[str, list[Member]]
"""The running containers of the project, by service."""


def stack(client: DockerClient) -> Stack:
    """Return the running containers of the student's project, by service."""
    found: dict[str, list[Member]] = {}
    for member in members(client, run.name("rag")):
        if member.container.state == "running" and not member.one_off:
            found.setdefault(member.service, []).append(member)
    return found


def door(found: Stack) -> int | None:
    """Return the port of this machine at which the service web is published, or None."""
    return next((port for one in found.get("web", ()) if (port := loopback_port(one.container))), None)


def what_became_of(client: DockerClient, services: Sequence[str]) -> str:
    """Return sentences on services of which nothing runs."""
    states: dict[str, str] = {}
    for one in members(client, run.name("rag")):
        if not one.one_off:
            ended = f" with exit code {one.container.exit_code}" if one.container.state == "exited" else ""
            states.setdefault(one.service, f"{one.service} is {one.container.state}{ended}")
    gone = [service for service in services if service not in states]
    halted = [states[service] for service in services if service in states]
    told = [f"Not running: {'; '.join(halted)}."] if halted else []
    if gone:
        told.append(f"The project {run.name('rag')} has no container of: {', '.join(gone)}.")
    return " ".join(told)


@dataclass(frozen=True)
class Note:
    """A document of the check's own, with a word in it that nobody can know before."""

    word: str
    id: str

    @property
    def question(self) -> str:
        """A question that this document answers."""
        return f"Who keeps the {self.word}?"


@dataclass(frozen=True)
class Engine:
    """The engine behind a port of this machine."""

    port: int

    def add(self) -> Note | str:
        """Send a new document and return it, or a sentence on what came back."""
        word = f"{secrets.choice(('lamp', 'bell', 'drum', 'kite'))}{secrets.token_hex(6)}"
        document = {
            "title": f"On the {word}",
            "text": f"The {word} is kept by the gardener. Nobody else has one.",
        }
        status, body = self._post("/documents", document)
        try:
            return Note(word, str(body["documents"][0]["id"]))
        except (KeyError, IndexError, TypeError):
            told = body.get("error") if isinstance(body, dict) else None
            return f"status {status}{f' ({str(told)[:150]})' if told else ''}" if status else str(body)

    def answer(self, question: str) -> Mapping[str, Any]:
        """Return the answer to a question; empty if there is none."""
        return _object(fetch(self.port, f"/answer?question={'%20'.join(question.rstrip('?').split())}").body)

    def finds(self, note: Note, question: str) -> bool:
        """Tell whether the answer to the question comes from this document."""
        sources = self.answer(question).get("sources")
        return isinstance(sources, list) and any(
            isinstance(source, dict) and source.get("document") == note.id for source in sources
        )

    def ready(self) -> bool:
        """Tell whether it says that it and all whom it needs are there."""
        return fetch(self.port, "/ready").ok

    def becomes_ready(self, seconds: float) -> bool:
        """Wait until it is ready; False if it is not within so many seconds."""
        return eventually(self.ready, seconds)

    def told(self) -> str:
        """Return what it says about itself, for people."""
        reply = fetch(self.port, "/ready")
        troubles = {k: v for k, v in _object(reply.body).items() if v != "ok" and k != "answered_by"}
        return (
            "; ".join(f"{k}: {str(v)[:120]}" for k, v in troubles.items())
            or reply.problem
            or str(reply.status)
        )

    def _post(self, path: str, body: Any) -> tuple[int | None, Any]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_SECONDS)
        try:
            link.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            reply = link.getresponse()
            return reply.status, _object(reply.read(_MOST_BYTES).decode("utf-8", "replace"))
        except (OSError, http.client.HTTPException):
            return None, "no answer"
        finally:
            link.close()


def in_database(client: DockerClient, db: Member, sql: str) -> str | None:
    """Return what PostgreSQL in a container answers, asked from beside it by the image's own ``psql``; None if nothing.

    The program comes from a fresh container: what stands in the student's one may have been exchanged.
    """
    user, database, password = _access(client, db.container.id)
    outcome = facts.run_once(
        client,
        db.container.image_id,
        ["--no-password", "--no-psqlrc", "--tuples-only", "--no-align", "--command", sql],
        entrypoint=["psql"],
        environment={
            **{"PGHOST": "127.0.0.1", "PGUSER": user, "PGDATABASE": database, "PGPASSWORD": password},
            "PGCONNECT_TIMEOUT": "3",
        },
        network=f"container:{db.container.id}",
    )
    return outcome.output.strip() if outcome is not None and outcome.exit_code == 0 else None


def named_volume(client: DockerClient, member: Member, target: str) -> str | None:
    """Return the name of the volume that is mounted there; None if none is, or one without a name of its own."""
    uses = attached(client, member.container.id)
    mount = uses.at(target) if uses is not None else None
    named = mount is not None and mount.kind == "volume" and not _UNNAMED.fullmatch(mount.source)
    return mount.source if mount is not None and named else None


def _access(client: DockerClient, container: str) -> tuple[str, str, str]:
    """Return user, database and password, from the environment variables of the image or the files they name."""
    data = client.api.inspect_container(container)
    env = dict(each.split("=", 1) for each in (data.get("Config") or {}).get("Env") or () if "=" in each)

    def setting(name: str, otherwise: str) -> str:
        if path := env.get(f"{name}_FILE"):
            return (facts.read_file(client, container, path) or b"").decode(
                "utf-8", "replace"
            ).strip() or otherwise
        return env.get(name) or otherwise

    user = setting("POSTGRES_USER", "postgres")
    return user, setting("POSTGRES_DB", user), setting("POSTGRES_PASSWORD", "")


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
