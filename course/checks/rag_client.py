"""The question-answering program of Part 4 as checks meet it: its containers, and what its published port answers."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from docker import DockerClient

from course import run
from course.checks.check import Check
from course.checks.probing import eventually, loopback_port
from course.facts.compose import Member, members
from course.facts.exec import run_helper
from course.facts.http import Reply, fetch

READY_TIMEOUT: Final = 30.0
"""Seconds within which it must be ready, after a start too, and on a slow machine."""
_TIMEOUT: Final = 4.0
_POST_TIMEOUT: Final = 15.0
_WEB_PORT: Final = 80
"""Where nginx listens."""
API_PORT: Final = 8000
"""Where the program listens."""

Stack = Mapping[str, list[Member]]
"""The running containers of the project, by service."""


def stack(client: DockerClient) -> Stack:
    """Return the running containers of the student's project, by service."""
    found: dict[str, list[Member]] = {}
    for member in members(client, run.name("rag")):
        if member.container.running and not member.one_off:
            found.setdefault(member.service, []).append(member)
    return found


def door(stack: Stack) -> int | None:
    """Return the port of this machine at which the service web is published, or None."""
    return next((port for one in stack.get("web", ()) if (port := loopback_port(one.container, _WEB_PORT))), None)


@dataclass(frozen=True)
class Note:
    """A document of the check's own, with a word in it that nobody can know before."""

    word: str
    id: str

    @property
    def question(self) -> str:
        """A question that this document answers."""
        return f"Who keeps the {self.word}?"

    @property
    def rows(self) -> str:
        """SQL that counts the rows in which the engine's database has it."""
        return f"SELECT count(*) FROM documents WHERE position('{self.word}' in text) > 0"  # noqa: S608  our own word


@dataclass(frozen=True)
class RagClient:
    """The program behind a port of this machine."""

    port: int
    way = "through web"

    def fetch(self, path: str, seconds: float = _TIMEOUT, post: Mapping[str, Any] | None = None) -> Reply:
        """Send a request."""
        return fetch(self.port, path, seconds=seconds, post=post)

    def add(self) -> Note | str:
        """Send a new document and return it, or a sentence on what came back."""
        word = f"{secrets.choice(('lamp', 'bell', 'drum', 'kite'))}{secrets.token_hex(6)}"
        document = {
            "title": f"On the {word}",
            "text": f"The {word} is kept by the gardener. Nobody else has one.",
        }
        reply = self.fetch("/documents", _POST_TIMEOUT, document)
        try:
            return Note(word, str(reply.json["documents"][0]["id"]))
        except (KeyError, IndexError, TypeError):
            error = reply.json.get("error")
            return reply.problem or f"status {reply.status}{f' ({str(error)[:150]})' if error else ''}"

    def answer(self, question: str, seconds: float = _TIMEOUT) -> Mapping[str, Any]:
        """Return the answer to a question; empty if there is none."""
        return self.fetch(f"/answer?question={'%20'.join(question.rstrip('?').split())}", seconds).json

    def finds(self, note: Note, question: str) -> bool:
        """Tell whether the answer to the question comes from this document."""
        sources = self.answer(question).get("sources")
        return isinstance(sources, list) and any(
            isinstance(source, dict) and source.get("document") == note.id for source in sources
        )

    def ready(self) -> bool:
        """Tell whether it says that it and all whom it needs are there."""
        return self.fetch("/ready").ok

    def becomes_ready(self, seconds: float = READY_TIMEOUT) -> bool:
        """Wait until it is ready; False if it is not within so many seconds."""
        return eventually(self.ready, seconds)

    def condition(self) -> str:
        """Return what it says about itself, for people."""
        reply = self.fetch("/ready")
        troubles = {k: v for k, v in reply.json.items() if v != "ok" and k != "answered_by"}
        return "; ".join(f"{k}: {str(v)[:120]}" for k, v in troubles.items()) or reply.problem or str(reply.status)


@dataclass(frozen=True)
class Beside(RagClient):
    """The program in a container, asked from beside it: it publishes no port."""

    client: DockerClient
    container_id: str
    way = "to the api"

    def fetch(self, path: str, seconds: float = _TIMEOUT, post: Mapping[str, Any] | None = None) -> Reply:
        """Send a request from a helper container in the program's network."""
        body = json.dumps(post) if post is not None else ""
        head = f"{'POST' if body else 'GET'} {path} HTTP/1.0\r\nContent-Type: application/json\r\n"
        request = f"{head}Content-Length: {len(body)}\r\n\r\n{body}"
        command = ["sh", "-c", f'printf %s "$1" | timeout {seconds:.0f} nc 127.0.0.1 {self.port}', "sh", request]
        outcome = run_helper(self.client, command, network=f"container:{self.container_id}")
        answer, _, body = (outcome.output if outcome else "").replace("\r", "").partition("\n\n")
        words = answer.split(maxsplit=2)
        if len(words) < 2 or not words[1].isdecimal():
            return Reply(None, problem="nothing answered", connected=False)
        return Reply(int(words[1]), body)


def need_stack(check: Check, demand: str, *services: str) -> Stack:
    """Return the running containers; stop if one of these services has none."""
    found = stack(check.client)
    down = [service for service in services if service not in found]
    if down:
        check.stop(
            demand,
            _what_became_of(check.client, down),
            "Compose lists a project's containers, those that have ended too; their logs say why.",
        )
    return found


def need_ready(check: Check, demand: str, stack: Stack) -> RagClient:
    """Return a client of the program, at the port where the service web is published; stop if it is not ready."""
    port = check.need(
        demand, door(stack), "The service web publishes no port of this machine.", "nginx listens on port 80 inside."
    )
    rag = RagClient(port)
    check.require(
        demand,
        rag.becomes_ready,
        lambda: f"The engine is not ready. At 127.0.0.1:{port} it says: {rag.condition()}.",
        "The path /ready says what is missing, and the log of the api more about it.",
    )
    check.settle()
    return rag


def need_note(check: Check, demand: str, rag: RagClient) -> Note:
    """Send a document, and return it if an answer comes out of it; otherwise stop."""
    note = rag.add()
    if isinstance(note, str):
        check.stop(
            demand,
            f"The check sent a document {rag.way}, and it was not taken: {note}.",
            "The log of the api says more.",
        )
    check.require(
        demand,
        lambda: rag.finds(note, note.question),
        f"The check sent a document {rag.way}; the answer to a question about it does not come from it.",
        "The answer names its sources. Are documents and vectors kept where they are looked for?",
        seen=f"The check sent a document {rag.way}, and got an answer out of it.",
    )
    check.settle()
    return note


def _what_became_of(client: DockerClient, services: list[str]) -> str:
    """Return sentences on services of which nothing runs."""
    states: dict[str, str] = {}
    for one in members(client, run.name("rag")):
        if not one.one_off:
            state = one.container.state
            ended = f" with exit code {state.exit_code}" if state.status == "exited" else ""
            states.setdefault(one.service, f"{one.service} is {state.status}{ended}")
    halted = [states[service] for service in services if service in states]
    missing = [service for service in services if service not in states]
    sentences = [f"Not running: {'; '.join(halted)}."] if halted else []
    if missing:
        sentences.append(f"The project {run.name('rag')} has no container of: {', '.join(missing)}.")
    return " ".join(sentences)
