"""The check of Part 4 on the question-answering program: one way in, and stores that keep the data."""

from __future__ import annotations

from contextlib import suppress

from docker.errors import APIError

from course.checks import criteria, rag_criteria
from course.checks.answers import whole_number
from course.checks.check import Check, exercise
from course.checks.postgres_client import query
from course.checks.rag_client import Note, RagClient, Stack, need_note, need_ready, need_stack
from course.setups import part4_rag as setup

_PAUSED_TIMEOUT = 15.0
"""Seconds that an answer may take while the cache does not answer."""


@exercise
def rag_stack(check: Check) -> None:
    """Require that documents go in and answers come out through nginx only, and that the stores keep the data."""
    wanted = check.answer("rag_port", "Run the cell that sets rag_port.", read=whole_number)
    stack = need_stack(check, "works", *setup.SERVICES)
    rag_criteria.published(check, "on-loopback", stack, wanted)
    rag_criteria.images(check, "images", stack, setup.SERVICES)
    rag_criteria.waits(check, "waits", stack, [*(("api", store) for store in setup.STORES), ("web", "api")])
    rag, web = need_ready(check, "works", stack), stack["web"][0].container
    check.require(
        "works",
        lambda: criteria.logs_a_request(check, web, rag.port, 10),
        f"What answers at 127.0.0.1:{rag.port} is not the nginx of the service web: its log does not show the request.",
        "Which container has the port?",
    )
    note = need_note(check, "works", rag)
    _keeps(check, stack, rag, note)
    rag_criteria.healthy(check, "healthy", stack, setup.SERVICES)


def _keeps(check: Check, stack: Stack, rag: RagClient, note: Note) -> None:
    """Require that a document is in the stores, and is still found when the api was restarted."""
    client, db = check.client, stack["db"][0].container
    check.require(
        "kept",
        lambda: query(client, db, note.rows) == "1",
        "The document is not in the PostgreSQL of the service db: the engine keeps it somewhere else.",
        "STORE says where the engine keeps things; the DATABASE variables say which database it asks.",
        seen="The document is a row in the PostgreSQL of the service db.",
        disturbs=True,
    )
    check.settle()
    rag.answer(note.question)
    with check.disturbing():
        for one in stack["api"]:
            client.api.restart(one.container.id, timeout=6)
    ready = rag.becomes_ready()
    check.require(
        "kept",
        lambda: ready and rag.finds(note, f"Where is the {note.word} now?"),
        lambda: (
            "The check restarted the api, and the document was not found any more."
            if ready
            else f"The check restarted the api, and it did not become ready. It says: {rag.condition()}."
        ),
        "What has to stay belongs into the services db and vectors.",
        seen="The check restarted the api, and the document was found again.",
    )
    check.settle()
    with check.disturbing():
        before = rag.answer(note.question).get("cached")
        after = _answer_without_cache(check, stack, rag, note.question)
    check.require(
        "cached",
        before is True and after is False,
        "The check paused the Redis of the service cache, and the answer still came out of a cache."
        if before is True
        else "An answer from before the restart did not come out of the cache.",
        "CACHE_HOST says where the api keeps answers.",
        seen="An answer came out of the cache, until the check paused the Redis of the service cache.",
    )
    rag_criteria.kept(check, "kept", stack)


def _answer_without_cache(check: Check, stack: Stack, rag: RagClient, question: str) -> object:
    """Return whether an answer came out of a cache while the service ``cache`` was paused; None if none came."""
    caches = [one.container.id for one in stack["cache"]]
    try:
        for id in caches:
            check.client.api.pause(id)
        return rag.answer(question, _PAUSED_TIMEOUT).get("cached")
    except APIError:
        return None
    finally:
        for id in caches:
            with suppress(APIError):
                check.client.api.unpause(id)
