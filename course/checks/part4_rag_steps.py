"""The checks of Part 4 on the first steps of the question-answering program: its stores, and the api without a door."""

from __future__ import annotations

from course.checks import rag_criteria, redis_client
from course.checks.check import Check, exercise
from course.checks.postgres_client import query
from course.checks.rag_client import API_PORT, Beside, need_note, need_stack
from course.setups import part4_rag as setup


@exercise
def rag_stores(check: Check) -> None:
    """Require that the three stores are healthy, that two of them keep their data, and that one has its password."""
    stack = need_stack(check, "images", *setup.STORES)
    rag_criteria.images(check, "images", stack, setup.STORES)
    check.settle()
    rag_criteria.healthy(check, "healthy", stack, setup.STORES)
    check.settle()
    rag_criteria.kept(check, "kept", stack)
    cache = stack["cache"][0].container
    with check.disturbing():
        alone = redis_client.ask(check.client, cache.id, "PING")
        opened = redis_client.ask(check.client, cache.id, f"AUTH {setup.cache_password()}", "PING")
    check.require(
        "password",
        redis_client.refused(alone) and "+PONG" in opened,
        "Redis does not take the password that is in the file cache-password.txt."
        if redis_client.refused(alone)
        else "Redis obeys a client that gave no password.",
        "Which secret does the service see, and what does redis-server do with it?",
    )
    rag_criteria.published(check, "on-loopback", stack)


@exercise
def rag_api(check: Check) -> None:
    """Require that the api takes documents in and gives answers, keeps them in the stores, and waits for these."""
    stack = need_stack(check, "works", *setup.STORES, "api")
    rag_criteria.images(check, "images", stack, ["api"])
    rag_criteria.waits(check, "waits", stack, [("api", store) for store in setup.STORES])
    rag_criteria.published(check, "on-loopback", stack)
    api, db = stack["api"][0].container, stack["db"][0].container
    check.require(
        "again",
        api.host_config.restart_policy in ("always", "unless-stopped", "on-failure"),
        "The Engine has no restart policy for the api: if its program ends, it stays down.",
        "A service has a key for it, and db shows how it is used.",
    )
    rag = Beside(API_PORT, check.client, api.id)
    with check.disturbing():
        check.require(
            "works",
            rag.becomes_ready,
            lambda: f"The api is not ready. At /ready it says: {rag.condition()}.",
            "Its log says more. Which variables does it need, and which secrets?",
        )
        check.settle()
        note = need_note(check, "works", rag)
        check.require(
            "works",
            lambda: query(check.client, db, note.rows) == "1",
            "The document is not in the PostgreSQL of the service db: the api keeps it somewhere else.",
            "STORE says where the api keeps things; the DATABASE variables say which database it asks.",
            seen="The document is a row in the PostgreSQL of the service db.",
        )
