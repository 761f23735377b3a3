"""The check of Part 4 on the question-answering program: one way in, and stores that keep the data."""

from __future__ import annotations

from course import facts
from course.checks import criteria, redis_client
from course.checks.answers import whole_number
from course.checks.check import Check, exercise
from course.checks.compose_projects import all_running, awaited, described
from course.checks.postgres_client import query
from course.checks.probing import becomes, is_healthy, is_loopback, places
from course.checks.rag_client import Note, RagClient, Stack, need_note, need_ready, need_stack
from course.facts import Container
from course.facts.container import DEFAULT_NETWORKS, Mount
from course.facts.filesystem import entries
from course.facts.health import MAX_TEST_SECONDS, try_health_without_program
from course.setups import part4_rag as setup

PROGRAM = "rag/library.py"
"""A file of the api's, by which its image is known."""


@exercise
def rag_stack(check: Check) -> None:
    """Require that documents go in and answers come out through nginx only, and that the stores keep the data."""
    wanted = check.answer("rag_port", "Run the cell that sets rag_port.", read=whole_number)
    stack = need_stack(check, "works", *setup.SERVICES)
    _published(check, stack, wanted)
    _images(check, stack)
    _waits(check, stack)
    rag, web = need_ready(check, "works", stack), stack["web"][0].container
    check.require(
        "works",
        lambda: criteria.logs_a_request(check, web, rag.port, 10),
        f"What answers at 127.0.0.1:{rag.port} is not the nginx of the service web: its log does not show the request.",
        "Which container has the port?",
    )
    note = need_note(check, "works", rag)
    _keeps(check, stack, rag, note)
    _healthy(check, stack)


def _published(check: Check, stack: Stack, wanted: int) -> None:
    """Require that the project's only door is web's, at 127.0.0.1; what hangs on its networks counts as well."""
    ours = {one.container.id for several in stack.values() for one in several}
    networks = {network for several in stack.values() for one in several for network in one.container.networks}
    networks -= DEFAULT_NETWORKS
    near = [one for one in all_running(check.client) if one.id in ours or networks & one.networks.keys()]
    web = {one.container.id for one in stack["web"]}
    doors = [one for one in near if one.ports and one.id not in web]
    published = [port for one in stack["web"] for port in one.container.ports]
    check.require(
        "on-loopback",
        not doors
        and all(is_loopback(port.host_ip) for port in published)
        and any(port.host_port == wanted for port in published),
        lambda: (
            f"web is published at {places(stack['web'][0].container)}; asked for was 127.0.0.1:{wanted}."
            + "".join(f" Published, too, is {one.name} at {places(one)}." for one in doors)
        ),
        "Containers on one network reach each other's ports anyway; publishing is for what comes from outside.",
    )


def _images(check: Check, stack: Stack) -> None:
    """Require that the services are what their names say."""
    wrong = []
    for service, name in setup.IMAGES.items():
        expected = facts.image(check.client, name)
        for one in stack[service]:
            own = facts.image(check.client, one.container.image)
            # A student's own image over nginx, with the settings copied into it, is as good.
            right = (
                own is not None
                and expected is not None
                and (own.id == expected.id or (service == "web" and own.builds_on(expected)))
            )
            if not right:
                wrong.append(f"{service} runs {one.container.config.image[:60]}, and not {name}")
    given = (setup.FILES / "api" / PROGRAM).read_bytes()
    for one in stack["api"]:
        if facts.read_file(check.client, one.container.id, f"/app/{PROGRAM}") != given:
            wrong.append("api does not run the program of the directory api")
    check.require("images", not wrong, f"{'; '.join(wrong)}.", "The table in the lesson says what each service runs.")


def _waits(check: Check, stack: Stack) -> None:
    """Require that the file lets api wait for healthy stores, and web for a healthy api."""
    plan = described("rag", stack["api"][0])
    edges = [("api", store) for store in setup.STORES] + [("web", "api")]
    missing = [
        f"{service} does not wait until {other} is healthy"
        for service, other in edges
        if plan is not None and "service_healthy" not in awaited(plan, service).get(other, set())
    ]
    check.require(
        "waits",
        plan is not None and not missing,
        f"By the file, {'; '.join(missing)}." if plan is not None else "Compose cannot read the project's file.",
        "depends_on knows three conditions.",
    )


def _keeps(check: Check, stack: Stack, rag: RagClient, note: Note) -> None:
    """Require that a document is in the stores, and is still found when the api was restarted."""
    client, db, cache = check.client, stack["db"][0].container, stack["cache"][0].container
    rows = f"SELECT count(*) FROM documents WHERE position('{note.word}' in text) > 0"  # noqa: S608  our own word
    check.require(
        "kept",
        lambda: query(client, db, rows) == "1",
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
        redis_client.ask(client, cache.id, "FLUSHALL")
        after = rag.answer(note.question).get("cached")
    check.require(
        "cached",
        before is True and after is False,
        "The check emptied the Redis of the service cache, and the answer still came out of a cache."
        if before is True
        else "An answer from before the restart did not come out of the cache.",
        "CACHE_HOST says where the api keeps answers.",
        seen="An answer came out of the cache, until the check emptied the Redis of the service cache.",
    )
    used = query_directory(check, db)
    homes = {"db": used, "vectors": f"{setup.DATA['vectors']}/collections"}
    lost = [
        service for service, home in homes.items() if not _in_named_volume(check, stack[service][0].container, home)
    ]
    check.require(
        "kept",
        not lost,
        f"No volume with a name holds the data of {' and '.join(lost)}: they end with the containers, or cannot be "
        "found again.",
        "A volume without a name is a new one for each new container. The table says where the data are.",
    )


def query_directory(check: Check, db: Container) -> str:
    """Return where PostgreSQL keeps its files."""
    with check.disturbing():
        return query(check.client, db, "SHOW data_directory") or setup.DATA["db"]


def _in_named_volume(check: Check, container: Container, home: str) -> bool:
    """Tell whether a directory with files in it is in a volume that has a name."""
    mount = _covering(container, home)
    return (
        mount is not None
        and mount.type == "volume"
        and not mount.unnamed
        and bool(entries(check.client, container.id, home))
    )


def _covering(container: Container, path: str) -> Mount | None:
    """Return the mount that a path of a container lies in."""
    over = [one for one in container.mounts if f"{path}/".startswith(f"{one.target.rstrip('/')}/")]
    return max(over, key=lambda one: len(one.target.rstrip("/")), default=None)


def _healthy(check: Check, stack: Stack) -> None:
    """Require that every service is healthy, by a test that fails where its program does not run."""
    ill = []
    for service in setup.SERVICES:
        for one in stack[service]:
            test = one.container.config.healthcheck
            patience = min(test.interval + test.timeout, MAX_TEST_SECONDS) + 10 if test is not None else 0
            if test is None:
                ill.append(f"{service} has no health check")
            elif not becomes(check.client, one.container.id, is_healthy, patience):
                ill.append(f"{service} is not healthy")
            else:
                with check.disturbing():
                    alone = try_health_without_program(check.client, one.container)
                if alone is not None and alone.ok:
                    ill.append(f"the test of {service} passes where its program does not run")
    check.require(
        "healthy",
        not ill,
        f"{'; '.join(ill)}.",
        "Compose shows the health beside the state. The api's check is in its Dockerfile, the others are yours.",
    )
