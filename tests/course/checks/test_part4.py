"""What Part 4 reads, judges and draws, without an Engine."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from course import demands, run
from course.checks import compose_projects, part4_down, part4_rag_networks, part4_start_tests
from course.checks.addresses import given_aliases
from course.checks.check import Check, Stop
from course.checks.compose_projects import described, need_services, stop_if_untouched, waits_for
from course.errors import ComposeFailed
from course.facts import Container, Event, History
from course.facts.compose import Member, Project, project
from course.facts.container import Config
from course.setups import part4 as setup
from course.views.compose import draw

CONFIG: dict[str, Any] = {
    "name": "shop",
    "networks": {"front": None, "back": {"name": "shop_back", "internal": True}},
    "volumes": {"data": {"name": "shop_data"}},
    "services": {
        "web": {
            "image": "nginx",
            "depends_on": {"api": {"condition": "service_healthy", "required": True}},
            "networks": {"front": None},
            "ports": [{"target": 80, "published": "8080", "host_ip": "127.0.0.1", "protocol": "tcp"}],
        },
        "api": {
            "build": {"context": "/shop"},
            "depends_on": {"db": {"condition": "service_started"}},
            "networks": {"front": None, "back": None},
            "healthcheck": {"test": ["CMD", "true"]},
        },
        "db": {"image": "postgres:17", "networks": {"back": None}, "healthcheck": {"disable": True}},
        "job": {"image": "<script>alert(1)</script>", "profiles": ["tools"]},
    },
}
"""As `docker compose config --format json` of Compose 2.40 prints it, shortened."""


def member(service: str, number: int = 1, *, state: str = "running", health: str = "", **more: Any) -> Member:
    """A container of the project."""
    labels = {
        "service": service,
        "container-number": str(number),
        "oneoff": "False",
        **more.get("labels", {}),
    }
    return Member.of(
        Container.read(
            {
                "Id": f"{service}{number}",
                "RestartCount": more.get("restarts", 0),
                "Config": {"Labels": {f"com.docker.compose.{key}": value for key, value in labels.items()}},
                "State": {
                    "Status": state,
                    "ExitCode": more.get("exit_code", 0),
                    "Health": {"Status": health} if health else None,
                },
                "NetworkSettings": {"Ports": more.get("ports", {})},
            }
        )
    )


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Check:
    """A check without an Engine."""
    monkeypatch.setattr("course.checks.check.connect", lambda: SimpleNamespace(api=SimpleNamespace(send=None)))
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abcdef23")
    return Check(demands.of_part("part4")["two-services"])


def fake_docker(directory: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a docker command before all others on the search path."""
    program = directory / "docker"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{directory}{os.pathsep}{os.environ['PATH']}")


def test_a_projects_file_is_read_with_conditions_networks_and_ports() -> None:
    """A network without settings is not internal."""
    found = Project.read(CONFIG)
    assert found.services["web"].depends_on == {"api": "service_healthy"}
    assert found.services["web"].ports == (("80/tcp", "127.0.0.1", "8080"),)
    assert found.networks == {"front": False, "back": True}
    assert found.volumes == ("data",)
    assert (found.services["api"].build, found.services["web"].build) == ("/shop", "")


def test_a_containers_labels_tell_what_compose_was_told() -> None:
    """Several conditions in one label; a forged number that is none counts as 0."""
    labels = {"depends_on": "db:service_healthy:false,cache:service_started:true", "container-number": "²"}
    found = member("api", labels={**labels, "project.config_files": "/a/compose.yaml,/a/more.yaml"})
    assert found.depends_on == {"db": "service_healthy", "cache": "service_started"}
    assert found.files == ("/a/compose.yaml", "/a/more.yaml")
    assert (found.number, found.one_off, found.container.state.health) == (0, False, "")


def test_compose_is_asked_without_a_shell_and_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The directory is one argument whatever is in its name, and files from elsewhere in the net are switched off."""
    fake_docker(
        tmp_path,
        monkeypatch,
        f"""printf '%s\\n' "$@" "$COMPOSE_EXPERIMENTAL_GIT_REMOTE" > {tmp_path}/asked
        echo '{json.dumps({"name": "x", "services": {}})}'""",
    )
    assert project("/with; touch blanks", ["one.yaml"]).name == "x"
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[:6] == [
        "compose",
        "--project-directory",
        "/with; touch blanks",
        "--file",
        "one.yaml",
        "--profile",
    ]
    assert asked[-1] == "false"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo \"docker: 'compose' is not a docker command.\" >&2; exit 1", "has no Compose here"),
        ("echo 'unknown flag: --project-directory' >&2; exit 125", "has no Compose here"),
        ("echo 'level=warning msg=x' >&2; echo 'yaml: line 3: bad' >&2; exit 15", "yaml: line 3: bad"),
        ("echo nonsense", "longer than can be read"),
    ],
)
def test_what_is_wrong_with_compose_is_said(
    script: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing plug-in, with either client, a file that cannot be read, and no answer at all."""
    fake_docker(tmp_path, monkeypatch, script)
    with pytest.raises(ComposeFailed, match=words):
        project(tmp_path)


@pytest.mark.parametrize(
    ("config", "test"),
    [
        ({"Healthcheck": {"Test": ["CMD", "redis-cli", "ping"]}}, ("redis-cli", "ping")),
        ({"Healthcheck": {"Test": ["CMD-SHELL", "a | b"]}}, ("/bin/sh", "-c", "a | b")),
        (
            {"Healthcheck": {"Test": ["CMD-SHELL", "a"]}, "Shell": ["/bin/bash", "-c"]},
            ("/bin/bash", "-c", "a"),
        ),
        ({"Healthcheck": {"Test": ["NONE"]}}, None),
        ({}, None),
    ],
)
def test_a_health_test_is_read_as_the_engine_runs_it(config: dict[str, Any], test: tuple[str, ...] | None) -> None:
    """With its shell where it is a line for one."""
    found = Config.read(config).healthcheck
    assert (found.command if found else None) == test


def test_a_database_is_ready_after_its_slow_first_start_and_not_in_it() -> None:
    """The server that the image runs for itself says the same words; only the time after the last script counts."""
    log = f"""\
LOG:  database system is ready to accept connections
{setup.RESTORED}
LOG:  database system is ready to accept connections
"""
    client: Any = SimpleNamespace(api=SimpleNamespace(logs=lambda *_, **__: log.encode()))
    assert part4_start_tests._is_filled(client, "db")
    log = "\n".join(log.splitlines()[:2])
    assert not part4_start_tests._is_filled(client, "db")


def event(kind: str, action: str, id: str, **labels: str) -> Event:
    """One event; times are given out in order by the tests."""
    named = {f"com.docker.compose.{key}": value for key, value in labels.items()}
    return Event(kind, action, id, named, 0.0)


def lives(steps: str) -> list[part4_down.Life]:
    """What the check makes of: c (container made), d (the oldest destroyed), r (made by run), v (volume removed).

    w is a command that writes in the container, n the lesson's that counts, m a mount into another container.
    """
    mine = {"project": run.name("pages"), "service": "writer"}
    made_ids, removed_ids = count(1), count(1)
    kinds = {
        "c": lambda: event("container", "create", str(next(made_ids)), **mine, oneoff="False"),
        "d": lambda: event("container", "destroy", str(next(removed_ids)), **mine, oneoff="False"),
        "r": lambda: event("container", "create", "one-off", **mine, oneoff="True"),
        "v": lambda: event("volume", "destroy", "vol"),
        "w": lambda: replace(event("container", "exec_create", "1", **mine), detail="sh -c seq 9 > /pages/notes"),
        "n": lambda: replace(event("container", "exec_create", "1", **mine), detail=f"sh -c {part4_down._COUNTS}"),
        "m": lambda: Event("volume", "mount", "vol", {"container": "stranger"}, 0.0),
        "o": lambda: Event("volume", "mount", "vol", {"container": "1"}, 0.0),
    }
    made = [kinds[step]() for step in steps]
    timed = [replace(e, time=float(n)) for n, e in enumerate(made)]
    return part4_down.lives_of(History.of_events(timed), "vol")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("cdcdvc", [2, 1]),  # down, up, down with the volume, up
        ("cdvcdc", [1, 2]),  # the other order
        ("cdcdc", [3]),  # the volume was never removed
        ("ccddvc", [1, 1]),  # `up` made the container anew, which is no down
        ("crrdvc", [1, 1]),  # `run` is no up
        ("ccdcddvc", [1, 1]),  # made anew twice, as `up --force-recreate` does: a container is there all the time
    ],
)
def test_the_lives_of_a_volume_are_counted_by_the_containers_made_in_them(
    steps: str, expected: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a container that is made where there is none counts."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abcdef23")
    assert [life.starts for life in lives(steps)] == expected


@pytest.mark.parametrize(
    ("steps", "written", "read"),
    [
        ("cowdconvc", True, True),
        ("comdcovc", True, False),  # another container wrote, nobody looked afterwards
        ("codconvc", False, True),  # only looked at, and only after the down
        ("condcowvc", False, True),  # counting writes nothing
        ("cocowvc", False, False),  # it never came up again
    ],
)
def test_what_was_written_and_read_is_known_by_when_it_was_done(
    steps: str, written: bool, read: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written before the project came up again with the volume, and read after it."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abcdef23")
    first = lives(steps)[0]
    assert (first.written, first.read) == (written, read)


def test_the_alias_that_the_engine_gives_is_told_from_the_students() -> None:
    """By the container's ID, not by its length."""
    found = Container.read(
        {
            "Id": "0123456789abcdef",
            "NetworkSettings": {"Networks": {"back": {"Aliases": ["db", "0123456789ab", "primary-data"]}}},
        }
    )
    assert given_aliases(found, "back") == ["db", "primary-data"]


def test_a_file_outside_of_the_exercises_directory_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container's labels name it, and anybody can write labels."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abcdef23")
    fake_docker(tmp_path, monkeypatch, f"echo '{json.dumps({'name': 'x'})}'")
    inside = str(setup.folder("visits") / "compose.yaml")
    assert described("visits", member("app", labels={"project.config_files": inside})) is not None
    for outside in ("/etc/passwd", inside.replace("compose.yaml", "../x.yaml")):
        assert described("visits", member("app", labels={"project.config_files": outside})) is None


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("service_healthy", ""),
        ("service_started", "as soon as db was started"),
        ("service_completed_successfully", "in the condition service_completed_successfully"),
        (None, "Nothing in the file makes api wait for db."),
    ],
)
def test_what_a_service_waits_for_is_read_from_the_file(check: Check, condition: str | None, message: str) -> None:
    """Only the condition that is wanted passes; each other one, and none at all, has a sentence of its own."""
    order = {"depends_on": {"db": {"condition": condition}}} if condition else {}
    plan = Project.read({"services": {"api": order}})
    assert waits_for(check, "project", plan, "api", "db", "service_healthy", "") is (condition == "service_healthy")
    assert message in check.findings[-1].message


def test_what_an_awaited_service_waits_for_counts(check: Check) -> None:
    """It comes first, whatever the condition between; a circle ends."""
    services = {
        "web": {"depends_on": {"api": None}},
        "api": {"depends_on": {"db": {"condition": "service_healthy"}, "web": None}},
        "db": {},
    }
    plan = Project.read({"services": services})
    assert waits_for(check, "project", plan, "web", "db", "service_healthy", "")
    assert compose_projects.awaited(plan, "db") == {}


def test_an_untouched_exercise_is_told_first(check: Check) -> None:
    """The file as it was planted, and no other; a file beside it is work done."""
    place = Path(setup.honest())
    one, two = (
        member("cache", labels={"project.config_files": files}) for files in (f"{place}/a", f"{place}/a,{place}/b")
    )
    stop_if_untouched(check, "project", "honest", two, setup.HONEST)
    with pytest.raises(Stop):
        stop_if_untouched(check, "project", "honest", one, setup.HONEST)
    assert "nothing was done yet" in check.findings[-1].message


def on(service: str, *networks: str, mode: str = "default") -> Member:
    """A container of a service on some networks, or with another container's."""
    return Member.of(
        Container.read(
            {
                "Id": service,
                "Name": f"/{service}",
                "Config": {"Labels": {"com.docker.compose.service": service}},
                "HostConfig": {"NetworkMode": mode},
                "NetworkSettings": {"Networks": dict.fromkeys(networks)},
            }
        )
    )


@pytest.mark.parametrize(
    ("others", "way"),
    [
        ([on("look", "back")], ""),
        ([on("relay", "front", "back")], "web, over front relay, over back db"),
        ([on("one", "front", "side"), on("two", "side", "back")], "web, over front one, over side two, over back db"),
        ([on("inside", mode="container:api")], "inside has the network of api, and is on both sides"),
    ],
)
def test_a_second_way_to_a_store_is_found_however_long_it_is(
    others: list[Member], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only api may be on both sides."""
    stack = {
        "web": [on("web", "front")],
        "api": [on("api", "front", "back")],
        **{store: [on(store, "back")] for store in ("db", "cache", "vectors")},
    }
    running = [one.container for several in stack.values() for one in several] + [one.container for one in others]
    monkeypatch.setattr(part4_rag_networks, "all_running", lambda _: running)
    client: Any = None
    assert part4_rag_networks.second_door(client, stack) == way


def test_services_that_are_missing_are_named_with_those_that_are_there(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container that `run` made is none of the service; a better reason may come first."""
    listed = [member("app"), member("cache", labels={"oneoff": "True"})]
    monkeypatch.setattr(compose_projects, "members", lambda *_: listed)
    with pytest.raises(Stop):
        need_services(check, "project", "visits", "app", "cache", "db")
    message = check.findings[-1].message
    assert "no container of the service cache and none of db. There are: app." in message
    other = Check(check.rubric)
    assert set(need_services(other, "project", "visits", "app")) == {"app"}
    with pytest.raises(Stop):
        need_services(other, "project", "visits", "db", otherwise=lambda check: check.stop("project", "It was linked."))
    assert [finding.message for finding in other.findings] == ["It was linked."]


def test_the_planted_files_are_valid_and_broken_in_the_way_that_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list form, a bare ping, no storage; passwords differ from run to run."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abcdef23")
    race, honest, pages = (
        yaml.safe_load((Path(place) / "compose.yaml").read_text())["services"]
        for place in (setup.race(), setup.honest(), setup.pages())
    )
    assert race["api"]["depends_on"] == ["db"]
    assert honest["cache"]["healthcheck"]["test"] == ["CMD", "redis-cli", "ping"]
    assert "volumes" not in pages["writer"]
    before = setup.password("cache")
    monkeypatch.setenv("DOCKER_COURSE_RUN", "ghijkm45")
    assert setup.password("cache") != before


def test_the_graph_tells_conditions_networks_ports_and_health() -> None:
    """In words for those who do not see it, with states that differ in more than colour, and with names escaped."""
    ports = {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}]}
    running = [
        member("web", ports=ports),
        *(member("api", number, health="starting" if number == 2 else "healthy") for number in (1, 2)),
        member("db", state="exited", exit_code=1),
    ]
    picture = draw(Project.read(CONFIG), running)
    assert "Service web (nginx): running, no health check; published 127.0.0.1:8080 → 80/tcp" in picture.description
    assert "waits until api is healthy" in picture.description
    assert "Service api (built here): 2 × running, not yet healthy; waits until db is started" in picture.description
    assert "Service db (postgres:17): exited (1)" in picture.description
    assert "profile tools" in picture.description
    assert "network back, internal: no way out: api, db" in picture.description
    assert "<script>" not in picture.svg()
    boxes = list(ET.fromstring(picture.svg()).iter("{http://www.w3.org/2000/svg}rect"))
    states = {(box.get("fill"), box.get("stroke-dasharray")) for box in boxes if box.get("stroke-width") == "2"}
    assert len(states) == len({fill for fill, _ in states}) == len({dashes for _, dashes in states}) == 4


def test_a_large_or_circular_project_is_drawn_within_bounds() -> None:
    """Sixteen services, the rest counted; a circle, which Compose itself refuses, ends the drawing all the same."""
    services: dict[str, Any] = {f"s{n}": {"image": "busybox"} for n in range(40)}
    services |= {"s0": {"depends_on": {"s1": None}}, "s1": {"depends_on": {"s0": None}}}
    picture = draw(Project.read({"name": "many", "services": services}))
    assert "… and 24 more services" in picture.svg()
    assert int(str(ET.fromstring(picture.svg()).get("width"))) < 1100
    assert draw(Project.read({"name": "none"})).description == ""
