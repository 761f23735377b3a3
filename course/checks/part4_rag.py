"""The check of Part 4 on the question-answering program: one way in, and stores that keep the data."""

from __future__ import annotations

from typing import Final

from course import facts
from course.checks import criteria
from course.checks.answers import whole_number
from course.checks.check import Check, exercise
from course.checks.postgres_client import query
from course.checks.probing import becomes, is_healthy, is_loopback, places
from course.checks.rag_client import RagClient, Stack, is_ready, need_client, need_stack
from course.facts import Container
from course.facts.filesystem import count_files
from course.setups import part4_rag as setup

HEALTHY_TIMEOUT: Final = 5.0


@exercise
def rag_stack(check: Check) -> None:
    """Require that documents go in and answers come out through nginx only, and that the stores keep the data."""
    wanted = check.answer("rag_port", "Run the cell that sets rag_port.", read=whole_number)
    stack = need_stack(check, *setup.SERVICES)
    _published(check, stack, wanted)
    rag = need_client(check, stack)
    if not _right_images(check, stack):
        return
    check.gate(
        lambda: criteria.logs_a_request(check, stack["web"][0].container, rag.port),
        f"At 127.0.0.1:{rag.port} answers the nginx of the service web.",
        f"What answers at 127.0.0.1:{rag.port} is not the nginx of the service web.",
        "A request to that port should turn up in its log.",
    )
    if not is_ready(check, rag):
        return
    _keeps(check, stack, rag)
    ill = [
        service
        for service in setup.SERVICES
        if not all(becomes(check.client, one.container.id, is_healthy, HEALTHY_TIMEOUT) for one in stack[service])
    ]
    check.part(
        not ill,
        "All five services are healthy.",
        f"Not healthy, or without a health check: {', '.join(ill)}.",
        "Compose shows the health beside the state. The api's check is in its Dockerfile, the others are yours.",
    )


def _published(check: Check, stack: Stack, wanted: int) -> None:
    """Add the criteria on what is published."""
    others = {
        service: places(one.container)
        for service, several in stack.items()
        for one in several
        if service != "web" and one.container.ports
    }
    check.gate(
        not others,
        "Only web publishes a port.",
        "Open besides web: "
        + "; ".join(f"{service} at {where}" for service, where in others.items())
        + ". Whoever reaches this machine's port reaches it without passing nginx.",
        "Containers on one network reach each other's ports anyway; publishing is for what comes from outside.",
    )
    published = [port for one in stack["web"] for port in one.container.ports]
    to_all = any(not is_loopback(port.host_ip) for port in published)
    check.part(
        [(port.host_ip, port.host_port) for port in published] == [("127.0.0.1", wanted)],
        f"web is published at 127.0.0.1:{wanted}, and nowhere else.",
        f"web is published at {places(stack['web'][0].container)}; it should be at 127.0.0.1:{wanted} only."
        + (" 0.0.0.0 means every address of this machine." if to_all else ""),
        "The file .env gives the port a name that can stand in compose.yaml.",
    )


def _right_images(check: Check, stack: Stack) -> bool:
    """Add the gate that stores and web are what their names say: their words count as evidence below."""
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
                wrong.append(f"{service} ({one.container.config.image[:60]}; it should be {name})")
    return check.gate(
        not wrong,
        "Database, cache, vectors and web run on the images that were asked for.",
        f"Another image than the one asked for: {', '.join(wrong)}.",
        "The table in the lesson names the images.",
    )


def _keeps(check: Check, stack: Stack, rag: RagClient) -> None:
    """Add the criteria on where a document ends up, and whether it is still there after the api was restarted."""
    note = rag.add()
    if isinstance(note, str):
        check.stop(
            f"The check sent a document through web, and it was not taken: {note}.",
            "The log of the api says more.",
        )
    check.gate(
        lambda: rag.finds(note, note.question),
        "The check sent a document through web, and got an answer out of it.",
        "The check sent a document through web; the answer to a question about it does not come from it.",
        "The answer names its sources. Are documents and vectors kept where they are looked for?",
    )
    db = stack["db"][0].container
    rows = f"SELECT count(*) FROM documents WHERE position('{note.word}' in text) > 0"  # noqa: S608  our own word
    check.gate(
        query(check.client, db, rows) == "1",
        "The document is a row in the PostgreSQL of the service db.",
        "The document is not in the PostgreSQL of the service db: the engine keeps it somewhere else.",
        "STORE says where the engine keeps things; the DATABASE variables say which database it asks.",
        weight=2,
    )
    rag.answer(note.question)
    for one in stack["api"]:
        check.client.api.restart(one.container.id, timeout=6)
    ready = rag.becomes_ready()
    check.gate(
        lambda: ready and rag.finds(note, f"Where is the {note.word} now?"),
        "The check restarted the api, and the document was found again.",
        lambda: (
            "The check restarted the api, and the document was gone: it was in the memory of that container."
            if ready
            else f"The check restarted the api, and it did not become ready. It says: {rag.condition()}."
        ),
        "What has to stay belongs into the services db and vectors.",
        weight=2,
    )
    check.part(
        lambda: rag.answer(note.question).get("cached") is True,
        "An answer from before that came out of the cache.",
        "An answer from before that did not come out of the cache.",
        "CACHE_HOST says where the api keeps answers.",
    )
    lost = [
        f"{service} ({target})"
        for service, target in setup.DATA.items()
        if not _in_named_volume(check, stack[service][0].container, service, target)
    ]
    check.gate(
        not lost,
        "Database and vectors keep their data in named volumes.",
        f"No volume with a name holds the data of {' and '.join(lost)}: they end with the containers, or cannot be "
        "found again.",
        "A volume without a name is a new one for each new container. The table says where the data are.",
        weight=2,
    )


def _in_named_volume(check: Check, container: Container, service: str, target: str) -> bool:
    """Tell whether a service's data are in a volume with a name: it is mounted there, and it is in use."""
    mount = container.mount(target)
    if mount is None or mount.type != "volume" or mount.unnamed:
        return False
    if service == "db":
        used = query(check.client, container, "SHOW data_directory") or ""
        return f"{used}/".startswith(f"{target}/")
    return count_files(check.client, container.id, target) != 0
