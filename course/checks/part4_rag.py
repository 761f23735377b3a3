"""Checks of Part 4 on the question-answering engine: the stack here, then `part4_rag_networks`, `part4_rag_scale`."""

from __future__ import annotations

from typing import Final

from docker import DockerClient

from course import facts
from course.checks.common import whole_number
from course.checks.part2_ports import seen_by
from course.checks.part4_rag_networks import segments
from course.checks.part4_rag_scale import scaled
from course.checks.probing import eventually, is_loopback, places
from course.checks.rag_door import Engine, Note, Stack, door, in_database, named_volume, stack, what_became_of
from course.checks.report import Report
from course.engine import connect
from course.errors import NoAnswer
from course.facts.inside import count_files
from course.setups import part4_rag as setup

__all__ = ["rag_stack", "scaled", "segments"]

_PATIENCE: Final = 15.0
"""Seconds until the engine must be ready, after a start too."""


def rag_stack() -> Report:
    """Exercise 30: documents go in and answers come out through nginx only, and PostgreSQL and Qdrant keep the data."""
    report = Report("The engine behind one door")
    client = connect()
    try:
        wanted = whole_number("rag_port")
    except NoAnswer as reason:
        return report.give_up(failed=str(reason), hint="Run the cell that sets rag_port.")
    found = stack(client)
    gone = [service for service in setup.SERVICES if service not in found]
    if gone:
        return report.give_up(
            failed=what_became_of(client, gone),
            hint="Compose lists a project's containers, those that have ended too; their logs say why.",
        )
    _one_door(report, found, wanted)
    port = door(found)
    if port is None:
        return report.give_up(
            failed="The service web publishes no port of this machine.",
            hint="nginx listens on port 80 inside.",
        )
    if not _right_images(report, client, found):
        return report
    engine = Engine(port)
    report.require(
        lambda: seen_by(client, found["web"][0].container, port),
        passed=f"At 127.0.0.1:{port} answers the nginx of the service web.",
        failed=f"What answers at 127.0.0.1:{port} is not the nginx of the service web.",
        hint="A request to that port should turn up in its log.",
        essential=True,
    )
    if not report.require(
        lambda: engine.becomes_ready(_PATIENCE),
        passed="It is ready: the api reaches database, vectors and cache.",
        failed=f"The engine is not ready. It says: {engine.told()}.",
        hint="The path /ready says what is missing, and the log of the api more about it.",
        essential=True,
    ):
        return report
    _keeps(report, client, found, engine)
    ill = [service for service in setup.SERVICES if not eventually(lambda: _healthy(client, service), 5)]  # noqa: B023
    report.require(
        not ill,
        passed="All five services are healthy.",
        failed=f"Not healthy, or without a health check: {', '.join(ill)}.",
        hint="Compose shows the health beside the state. The api's check is in its Dockerfile, the others are yours.",
    )
    return report


def _one_door(report: Report, found: Stack, wanted: int) -> None:
    """Add the criteria on what is published."""
    open_ = {
        service: places(one.container)
        for service, several in found.items()
        for one in several
        if service != "web" and one.container.ports
    }
    report.require(
        not open_,
        passed="Only web publishes a port.",
        failed="Open besides web: "
        + "; ".join(f"{service} at {where}" for service, where in open_.items())
        + ". Whoever reaches this machine's port reaches it without passing nginx.",
        hint="Containers on one network reach each other's ports anyway; publishing is for what comes from outside.",
        essential=True,
    )
    published = [place for one in found["web"] for place in one.container.ports]
    report.require(
        [(address, port) for _, address, port in published] == [("127.0.0.1", wanted)],
        passed=f"web is published at 127.0.0.1:{wanted}, and nowhere else.",
        failed=f"web is published at {places(found['web'][0].container)}; asked for was 127.0.0.1:{wanted} only."
        + (" 0.0.0.0 means every address of this machine." if _to_all(published) else ""),
        hint="The file .env gives the port a name that can stand in compose.yaml.",
    )


def _right_images(report: Report, client: DockerClient, found: Stack) -> bool:
    """Add the criterion that stores and web are what their names say: their words count as evidence below."""
    wrong = []
    for service, name in setup.IMAGES.items():
        expected = facts.image(client, name)
        for one in found[service]:
            own = facts.image(client, one.container.image_id)
            # A student's own image over nginx, with the settings copied into it, is as good.
            same = own is not None and expected is not None and own.id == expected.id
            over = own is not None and expected is not None and service == "web" and own.builds_on(expected)
            if not (same or over):
                wrong.append(f"{service} ({one.container.image_reference[:60]}; expected was {name})")
    return report.require(
        not wrong,
        passed="Database, cache, vectors and web run on the images that were asked for.",
        failed=f"Another image than the one asked for: {', '.join(wrong)}.",
        hint="The table in the lesson names the images.",
        essential=True,
    )


def _keeps(report: Report, client: DockerClient, found: Stack, engine: Engine) -> None:
    """Add the criteria on where a document ends up, and whether it is still there when the api was started anew."""
    note = engine.add()
    if isinstance(note, str):
        report.give_up(
            failed=f"The check sent a document through web, and it was not taken: {note}.",
            hint="The log of the api says more.",
        )
        return
    report.require(
        lambda: engine.finds(note, note.question),
        passed="The check sent a document through web, and got an answer out of it.",
        failed="The check sent a document through web; the answer to a question about it does not come from it.",
        hint="The answer names its sources. Are documents and vectors kept where they are looked for?",
        essential=True,
    )
    report.require(
        _row(client, found, note) == "1",
        passed="The document is a row in the PostgreSQL of the service db.",
        failed="The document is not in the PostgreSQL of the service db: the engine keeps it somewhere else.",
        hint="STORE says where the engine keeps things; the DATABASE variables say which database it asks.",
        essential=True,
        weight=2,
    )
    engine.answer(note.question)
    for one in found["api"]:
        client.api.restart(one.container.id, timeout=6)
    back = engine.becomes_ready(_PATIENCE)
    again = f"Where is the {note.word} now?"
    report.require(
        lambda: back and engine.finds(note, again),
        passed="The check started the api anew, and the document was found again.",
        failed="The check started the api anew, and the document was gone: it was in the memory of that container."
        if back
        else f"The check started the api anew, and it did not become ready. It says: {engine.told()}.",
        hint="What has to stay belongs into the services db and vectors.",
        essential=True,
        weight=2,
    )
    report.require(
        lambda: engine.answer(note.question).get("cached") is True,
        passed="An answer from before that came out of the cache.",
        failed="An answer from before that did not come out of the cache.",
        hint="CACHE_HOST says where the api keeps answers.",
    )
    lost = {service: target for service, target in setup.DATA.items() if not _safe(client, found, service)}
    report.require(
        not lost,
        passed="Database and vectors keep their data in named volumes.",
        failed="No volume with a name holds the data of "
        + " and ".join(f"{service} ({target})" for service, target in lost.items())
        + ": they end with the containers, or nobody finds them again.",
        hint="A volume without a name is a new one for each new container. The table says where the data are.",
        essential=True,
        weight=2,
    )


def _row(client: DockerClient, found: Stack, note: Note) -> str | None:
    """Return the number of rows with the note's word, as the database in the service db counts them."""
    sql = f"SELECT count(*) FROM documents WHERE position('{note.word}' in text) > 0"  # noqa: S608  our own word
    return in_database(client, found["db"][0], sql)


def _safe(client: DockerClient, found: Stack, service: str) -> bool:
    """Tell whether a service's data are in a volume with a name: it is mounted there, and it is in use."""
    target = setup.DATA[service]
    one = found[service][0]
    if named_volume(client, one, target) is None:
        return False
    if service == "db":
        used = in_database(client, one, "SHOW data_directory") or ""
        return f"{used}/".startswith(f"{target}/")
    return count_files(client, one.container.id, target) != 0  # None: more than can be counted


def _healthy(client: DockerClient, service: str) -> bool:
    there = stack(client).get(service, [])
    return bool(there) and all(one.health == "healthy" for one in there)


def _to_all(published: list[tuple[str, str, int]]) -> bool:
    return any(not is_loopback(address) for _, address, _ in published)
