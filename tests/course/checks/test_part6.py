"""What Part 6 plants, reads and judges, without an Engine."""

from __future__ import annotations

import contextlib
import io
import json
import os
import ssl
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from course import run
from course.checks import part6_backup, part6_editions, part6_migration, part6_tls
from course.checks.compose_projects import awaited
from course.checks.postgres_client import query
from course.facts import Container, Event, History
from course.facts.compose import Member, Project
from course.setups import part4
from course.setups import part6 as setup
from course.setups import part6_production as production

LABELS = {"project": "books-abcdef23", "service": "migrate", "oneoff": "True"}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of the student's, and a run's token."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abcdef23")
    return tmp_path


def planted(directory: str) -> dict[str, Any]:
    """The planted Compose file."""
    found: dict[str, Any] = yaml.safe_load((Path(directory) / "compose.yaml").read_text())
    return found


def test_what_is_planted_is_broken_in_the_way_that_is_asked_about() -> None:
    """One file for development, no service that migrates, a failure that is hidden."""
    api = planted(setup.editions())["services"]["api"]
    assert (api["environment"]["DEBUG"], api["volumes"]) == ("true", ["./app:/srv/app"])
    assert set(planted(setup.books())["services"]) == {"api", "db"}
    gate = planted(setup.gate())["services"]
    assert gate["api"]["depends_on"]["migrate"]["condition"] == "service_started"
    assert "|| true" in gate["migrate"]["command"]


def test_programs_in_containers_can_read_what_is_planted() -> None:
    """Whatever the student's umask is; and the files of one exercise are not those of another."""
    before = os.umask(0o077)
    try:
        gate = Path(setup.gate())
    finally:
        os.umask(before)
    assert all(path.stat().st_mode & stat.S_IROTH for path in [gate, *gate.rglob("*")])
    assert (gate / "migrations" / "003-floors.sql").read_text().startswith(f"ALTER TABLE {setup.shelves()} ")
    assert not (Path(setup.books()) / "migrations" / "003-floors.sql").exists()


def test_values_differ_from_run_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """So an answer of somebody else's is of no use."""

    def values() -> tuple[object, ...]:
        return setup.title(), setup.shelves(), setup.loans_count(), part4.password("books"), production.page()

    first = values()
    assert first == values()
    monkeypatch.setenv("DOCKER_COURSE_RUN", "ghijkm45")
    assert not set(first) & set(values())


def test_a_service_is_read_with_its_variables_storage_and_command() -> None:
    """Compose writes each dollar twice; a command that is not there is the image's own."""
    api = {
        "command": ["sh", "-c", "echo $$HOME"],
        "environment": {"PRICE": "5$$", "UNSET": None},
        "volumes": [
            {"type": "bind", "source": "/a", "target": "/b"},
            {"type": "tmpfs", "target": "/c"},
        ],
    }
    found = Project.read({"name": "x", "services": {"api": api, "other": {}}}).services
    assert found["api"].command == ("sh", "-c", "echo $HOME")
    assert found["api"].environment == {"PRICE": "5$"}
    assert found["api"].mounts == (("bind", "/a", "/b"), ("tmpfs", "", "/c"))
    assert (found["other"].command, found["other"].entrypoint) == (None, None)


def compose_that_reads(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Stand in for Compose: the title is what the last of these files says."""

    def project(directory: Path, files: list[str]) -> Project:
        said = ""
        for name in files or [str(Path(directory) / name) for name in names]:
            said = json.loads(Path(name).read_text()).get("title", said)
        return Project.read({"services": {"api": {"environment": {"TITLE": said}}}})

    monkeypatch.setattr(part6_editions, "project", project)


def test_who_says_the_title_again_does_not_follow_the_base(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check changes a copy of the base; the student's own file is as it was."""
    place = Path(setup.editions())
    base, production, copy = (place / name for name in ("compose.yaml", "production.yaml", "copy.yaml"))
    base.write_text(json.dumps({"title": setup.title()}))
    copy.write_text(base.read_text())
    production.write_text("{}")
    compose_that_reads(monkeypatch, "compose.yaml")
    assert part6_editions.follows(())
    assert part6_editions.follows([str(base), str(production)])
    assert not part6_editions.follows([str(base), str(copy)])
    assert not part6_editions.follows([str(copy)])
    assert setup.title() in base.read_text()


def test_a_file_outside_of_the_directory_is_neither_read_nor_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nor is a base that is a link to one."""
    place = Path(setup.editions())
    outside = tmp_path / "outside.yaml"
    outside.write_text(json.dumps({"title": setup.title()}))
    compose_that_reads(monkeypatch, "compose.yaml")
    assert not part6_editions.follows([str(outside)])
    (place / "compose.yaml").unlink()
    (place / "compose.yaml").symlink_to(outside)
    assert not part6_editions.follows(())
    assert setup.title() in outside.read_text()


def happened(*steps: tuple[str, str, dict[str, str]]) -> list[str]:
    """What the check makes of events: action, ID, attributes."""
    events = [
        Event("container", action, id, {f"com.docker.compose.{k}": v for k, v in LABELS.items()} | more, 0.0)
        for action, id, more in steps
    ]
    return part6_migration.one_offs(History.of_events(events))


def test_runs_of_the_migration_are_counted_with_their_exit_codes() -> None:
    """Only of what `run` made of this service in this project; one that runs still has no code."""
    assert run.name("books") == LABELS["project"]
    other = {"com.docker.compose.service": "api"}
    whole = {"com.docker.compose.oneoff": "False"}
    assert happened(
        ("create", "a", {}),
        ("die", "a", {"exitCode": "1"}),
        ("create", "b", other),
        ("create", "c", whole),
        ("create", "d", {}),
        ("die", "c", {"exitCode": "0"}),
    ) == ["1", ""]


def test_a_label_does_not_pass_for_an_exit_code() -> None:
    """The Engine copies a container's labels over its events."""
    forged = {"exitCode": "0"}
    assert happened(("create", "a", forged), ("die", "a", forged)) == ["?"]


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        ("b" * 12, ""),
        ("a" * 12, "books-abcdef23-api-1"),
        ("a" * 12 + "\n" + "b" * 12, ""),
        ("c" * 12, ""),
        ("migrator", ""),
        (None, ""),
    ],
)
def test_a_migration_that_ran_in_another_container_is_told_from_the_one_offs(
    hosts: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tries before do not count, nor do the check's own containers, nor a host name that the file gives."""
    ours = {f"com.docker.compose.{key}": value for key, value in LABELS.items()}
    history = History.of_events(
        [
            Event("container", "create", "a" * 64, {"name": "books-abcdef23-api-1"}, 1.0),
            Event("container", "create", "b" * 64, {"name": "books-run", **ours}, 2.0),
            Event("container", "create", "c" * 64, {"name": "check", run.LABEL: "abcdef23"}, 3.0),
        ]
    )
    monkeypatch.setattr(part6_migration, "query", lambda *_: hosts)
    client: Any = None
    assert part6_migration._ran_in(client, Container.read({"Id": "1"}), history) == expected


@pytest.mark.parametrize(
    ("service", "expected"), [({}, 1), ({"scale": 3}, 3), ({"deploy": {"replicas": 2}}, 2), ({"scale": 0}, 0)]
)
def test_replicas_are_read_from_either_key(service: dict[str, Any], expected: int) -> None:
    """Compose takes `scale`, or `deploy.replicas`; without both there is one."""
    assert Project.read({"services": {"api": service}}).services["api"].replicas == expected


def test_the_first_certificate_of_several_is_the_servers() -> None:
    """A file may go on with those that vouch for it; text that is no certificate is none."""
    chain = "".join(map(ssl.DER_cert_to_PEM_cert, (b"one", b"two")))
    assert part6_tls.Pair(chain, "key").der == b"one"
    assert part6_tls.Pair("nothing", "key").der == b""


def test_the_check_runs_a_service_with_nothing_but_what_is_harmless(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Directories of the exercise, for reading, and no others; the database's network."""
    inside = str(Path(setup.books()) / "migrations")
    service = {
        "command": ["python", "migrate.py"],
        "volumes": [
            {"type": "bind", "source": inside, "target": "/in"},
            {"type": "bind", "source": "/etc", "target": "/out"},
            {"type": "bind", "source": f"{inside}/../../..", "target": "/up"},
        ],
        "privileged": True,
    }
    plan = Project.read({"name": "books-x", "services": {"migrate": service}})
    asked: dict[str, Any] = {}
    monkeypatch.setattr(
        part6_migration.facts,
        "run_once",
        lambda _, image, command, **more: asked.update(image=image, command=command, **more),
    )
    db = Container.read({"Id": "1", "NetworkSettings": {"Networks": {"books-x_default": {}}}})
    client: Any = None
    part6_migration.run_service(client, plan, "migrate", db)
    assert (asked["image"], asked["command"]) == ("books-x-migrate", ("python", "migrate.py"))
    assert asked["network"] == "books-x_default"
    assert [(mount["Target"], mount["ReadOnly"]) for mount in asked["mounts"]] == [("/in", True)]
    assert set(asked) == {
        "image",
        "command",
        "entrypoint",
        "environment",
        "network",
        "mounts",
        "seconds",
    }


@pytest.mark.parametrize(
    ("depends_on", "expected"),
    [
        ({}, set()),
        ({"db": "service_started"}, {"service_started"}),
        ({"ready": "service_completed_successfully"}, {"service_healthy"}),
        ({"ready": "service_started", "db": "service_started"}, {"service_healthy", "service_started"}),
    ],
)
def test_a_service_waits_for_what_those_wait_for_that_it_waits_for(
    depends_on: dict[str, str], expected: set[str]
) -> None:
    """Compose starts none of them before; a circle is no reason to search for ever."""
    services = {"migrate": depends_on, "ready": {"db": "service_healthy", "ready": "service_started"}, "db": {}}
    data = {
        name: {"depends_on": {other: {"condition": condition} for other, condition in waits.items()}}
        for name, waits in services.items()
    }
    assert awaited(Project.read({"services": data}), "migrate").get("db", set()) == expected


def test_a_dump_is_read_from_an_ordinary_file_only(tmp_path: Path) -> None:
    """A link, a pipe, a directory, an archive and a file that is too large have a sentence each; none blocks."""
    place = Path(setup.archive()) / part6_backup.FILE
    assert part6_backup.read() == "There is no file backup.sql."
    place.write_bytes(b"SELECT 1;")
    assert part6_backup.read() == b"SELECT 1;"
    place.unlink()
    place.symlink_to("/etc/hostname")
    assert "is a link" in str(part6_backup.read())
    place.unlink()
    os.mkfifo(place)
    assert "no ordinary file" in str(part6_backup.read())
    place.unlink()
    place.mkdir()
    assert "is a directory" in str(part6_backup.read())
    place.rmdir()
    with tarfile.open(place, "w") as archive:
        archive.addfile(tarfile.TarInfo("PG_VERSION"), io.BytesIO())
    assert "archive of files" in str(part6_backup.read())
    with tarfile.open(place, "w") as archive:
        archive.addfile(tarfile.TarInfo("toc.dat"), io.BytesIO())
    assert isinstance(part6_backup.read(), bytes), "a dump that pg_dump packs as a tar file is a dump"
    place.write_bytes(b"-" * (4 << 20) + b"-")
    assert "larger than 4 MiB" in str(part6_backup.read())


@pytest.mark.parametrize(
    ("content", "here", "there", "words"),
    [
        (b" \n", "", "", "is empty"),
        (b"-- PostgreSQL database dump", "3 aa", None, "the dump of another database"),
        (b"PGDMP...", "3 aa", None, "the dump of another database"),
        (b"good morning", "3 aa", None, "it is no dump"),
        (b"-- PostgreSQL database dump", "3 aa", "2 bb", "2 rows against 3"),
        (b"-- PostgreSQL database dump", None, "2 bb", "2 rows against none"),
        (b"-- PostgreSQL database dump", "3 aa", "3 aa", "Both have 3 rows"),
    ],
)
def test_each_way_a_backup_fails_has_a_sentence_of_its_own(
    content: bytes, here: str | None, there: str | None, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And only the same table in both counts."""
    db = Member.of(Container.read({"Id": "1", "State": {"Status": "running"}}))

    @contextlib.contextmanager
    def restored(*_: object) -> Iterator[Any]:
        yield SimpleNamespace(query=lambda _: there)

    for name, stand_in in (
        ("need_services", lambda *_: {"db": db}),
        ("need_running", lambda *_: db.container),
        ("read", lambda: content),
        ("restored", restored),
        ("query", lambda *_: here),
    ):
        monkeypatch.setattr("course.checks.check.connect", lambda: None)
        monkeypatch.setattr("course.checks.check.disturbing.guard", lambda client: client)
        monkeypatch.setattr(part6_backup, name, stand_in)
    monkeypatch.setattr(part6_backup.setup, "loans_count", lambda: 3)
    monkeypatch.setattr(part6_backup.criteria, "course_image", lambda *_: SimpleNamespace(id=db.container.image))
    report = part6_backup.backup()
    assert words in report.findings[-1].message
    assert (report.share() == 1) == words.startswith("Both have")


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ([], ("postgres", "postgres", "")),
        (["POSTGRES_USER=ada", "POSTGRES_PASSWORD=x=y"], ("ada", "ada", "x=y")),
        (["POSTGRES_DB=books", "POSTGRES_PASSWORD_FILE=/run/secrets/word"], ("postgres", "books", "secret")),
    ],
)
def test_a_database_is_asked_as_whom_its_variables_name(
    monkeypatch: pytest.MonkeyPatch, env: list[str], expected: tuple[str, str, str]
) -> None:
    """As the image does it: a variable, or a file that one names; nothing said means its own defaults."""
    asked: dict[str, Any] = {}
    monkeypatch.setattr("course.facts.run_once", lambda *_, **more: asked.update(more))
    monkeypatch.setattr("course.facts.read_file", lambda *_: b"secret\n")
    db = Container.read({"Id": "1", "Image": "sha256:2", "Config": {"Env": env}})
    client: Any = None
    assert query(client, db, "SELECT 1") is None
    wanted = asked["environment"]
    assert (wanted["PGUSER"], wanted["PGDATABASE"], wanted["PGPASSWORD"]) == expected
    assert asked["network"] == "container:1"
