"""What Part 7 plants, reads and draws, without an Engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from course.checks import lifecycle
from course.checks.origin import is_given
from course.checks.part7_ports import at_its_port, names_holder
from course.checks.part7_start import wrong_codes
from course.checks.part7_way_out import wrong_causes
from course.checks.part7_weight import transferred, untouched
from course.errors import NotKnown
from course.facts import Container, Event, History, Image
from course.setups import part7_files as files
from course.setups import part7_network as network
from course.setups import part7_start as start
from course.setups import part7_way_out as way_out
from course.setups import part7_weight as weight
from course.views.diagnosis import draw as draw_diagnosis
from course.views.diagnosis import meaning_of, steps
from course.views.networks import draw as draw_networks

CREATED = {
    "State": {
        "Status": "created",
        "ExitCode": 128,
        "Error": "failed to set up container networking: Bind for 127.0.0.1:8080 failed: port is already allocated",
    },
    "Path": "httpd",
    "Args": ["-f"],
}
"""An attempt that found its port taken, as Engine 28.5 describes it."""


def container(**data: Any) -> Container:
    """A container as ``inspect`` describes it."""
    return Container.read({"Id": "1" * 64, "Name": "/some", **data})


def planted(monkeypatch: pytest.MonkeyPatch, token: str) -> tuple[Any, ...]:
    """What the set-ups choose for a run."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", token)
    words = [name.rpartition("-")[0] for name in (*start.stalls().values(), start.holder(), *network.networks())]
    return (*words, start.variable(), files.scribe_user(), tuple(start.wanted_ports()), weight.pile().name)


def test_two_students_get_different_faults_names_and_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty runs have forty sets of ports, and many ways to deal the names out; one run always has the same."""
    runs = [planted(monkeypatch, f"student{number:02}") for number in range(40)]
    assert len({run[-2] for run in runs}) == 40
    assert len({run[:3] for run in runs}) > 30
    assert planted(monkeypatch, "student07") == runs[7]


def test_the_name_of_a_stall_does_not_tell_its_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order in which the notebook shows the three, each fault comes at each place."""
    orders = set()
    for number in range(60):
        monkeypatch.setenv("DOCKER_COURSE_RUN", f"student{number:02}")
        orders.add(tuple(code for _, code in sorted(start.stalls_by_name().items())))
    assert len(orders) == 6


def test_a_port_is_none_that_the_engine_or_the_kernel_gives_away_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Linux and the Engine choose from 32768 on."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "student00")
    assert all(1024 < port < 32768 for port in start.wanted_ports())


def test_what_was_sent_is_the_context_and_counted_once() -> None:
    """BuildKit reports a transfer several times, each time with the sum; the Dockerfile's is not counted."""

    def line(what: str, vertex: str, current: int) -> str:
        return json.dumps({"statuses": [{"id": what, "vertex": vertex, "current": current}]})

    account = [
        line("transferring dockerfile:", "a", 700),
        line("transferring context:", "b", 2),
        line("transferring context:", "c", 0),
        line("transferring context:", "c", 5000),
        line("transferring context:", "c", 12000),
        json.dumps({"vertexes": [{"digest": "c"}], "statuses": None}),
        "WARNING: current commit information was not captured",
        "[1, 2]",
    ]
    assert transferred("\n".join(account)) == 12002


@pytest.mark.parametrize(
    ("given", "expected"), [("", False), ("atlas", False), (None, False), ("{name}", True), ("/{name}", True)]
)
def test_the_holder_is_known_by_its_name(monkeypatch: pytest.MonkeyPatch, given: str | None, expected: bool) -> None:
    """With the slash that inspect shows, too; not by its first word."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "student00")
    value = given.format(name=start.holder()) if given is not None else None
    assert names_holder(value, None) is expected


@pytest.mark.parametrize(
    ("state", "published", "expected"),
    [
        ("running", [0], True),
        ("running", [0, 1], True),
        ("running", [], False),
        ("running", [0, None], False),
        ("exited", [0], False),
    ],
)
def test_the_holder_has_to_be_where_the_set_up_put_it(
    monkeypatch: pytest.MonkeyPatch, state: str, published: list[int | None], expected: bool
) -> None:
    """It runs, and publishes its own ports and no other."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "student00")
    wanted = start.wanted_ports()
    ports = [str(80 if place is None else wanted[place]) for place in published]
    holder = container(
        State={"Status": state},
        NetworkSettings={"Ports": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": port} for port in ports]}},
    )
    assert at_its_port(holder) is expected


@pytest.mark.parametrize(
    ("started", "actions", "expected"),
    [
        ("10:00:01", ["create", "start", "exec_create"], True),
        ("10:00:01", ["create", "start", "pause", "unpause"], False),
        ("10:00:01", ["create", "start", "kill", "die", "start"], False),
        ("10:05:00", ["create", "start"], False),
        (None, ["create"], False),
    ],
)
def test_a_container_is_undisturbed_if_it_ran_without_a_break(
    monkeypatch: pytest.MonkeyPatch, started: str | None, actions: list[str], expected: bool
) -> None:
    """Stopped, killed, paused, or started long after it was made: all of that is a disturbance."""
    day = "2026-11-24T"
    found = container(
        Created=f"{day}10:00:00Z",
        State={"StartedAt": f"{day}{started}Z" if started else "0001-01-01T00:00:00Z"},
    )
    events = [Event("container", action, found.id, {}, float(n)) for n, action in enumerate(actions)]
    monkeypatch.setattr("course.facts.history", lambda *_: History.of_events(events))
    client: Any = None
    assert lifecycle.undisturbed(client, found) is expected


def test_a_record_with_a_gap_does_not_vouch_for_a_container(monkeypatch: pytest.MonkeyPatch) -> None:
    """That no disturbance is known proves nothing then."""
    found = container(Created="2026-11-24T10:00:00Z", State={"StartedAt": "2026-11-24T10:00:01Z"})
    history = History.of_events([], spans=(), complete=False)
    monkeypatch.setattr("course.facts.history", lambda *_: history)
    client: Any = None
    with pytest.raises(NotKnown):
        lifecycle.undisturbed(client, found)


def test_an_exit_code_that_is_wrong_is_named_by_its_container(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what was given; text of digits, the slash of inspect and other containers do no harm."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "student00")
    right = start.stalls_by_name()
    first = min(right)
    assert wrong_codes(right | {first: 99}) == f"exit_codes is not right for {first} (99)."
    assert f"{first} (missing)" in wrong_codes({name: code for name, code in right.items() if name != first})
    assert wrong_codes({f"/{name}": str(code) for name, code in right.items()} | {"another": 0}) == ""
    assert "no dictionary" in wrong_codes([1, 2, 3])


def test_an_untouched_project_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By its first Dockerfile, and by nothing that filters what is sent."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "student00")
    (tmp_path / "Dockerfile").write_text(weight.slow_recipe())
    assert untouched(tmp_path)
    (tmp_path / ".dockerignore").write_text("backups\n")
    assert not untouched(tmp_path)


def test_a_container_is_planted_if_it_has_the_label_and_runs_the_course_image(monkeypatch: pytest.MonkeyPatch) -> None:
    """An image that is built on one of the set-up's hands its label on to its containers; it is another image."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "student00")
    monkeypatch.setattr("course.facts.image", lambda *_: Image.read({"Id": "nginx"}))
    labels = {"docker-course.run": "student00", "more": "1"}
    client: Any = None

    def planted(image: str, labels: dict[str, str]) -> bool:
        return lifecycle.planted(client, container(Image=image, Config={"Labels": labels}), "nginx")

    assert planted("nginx", labels)
    assert not planted("nginx", {"docker-course.run": "student01"})
    assert not planted("kiosk", labels)


RECIPE = {
    "Dockerfile": 'FROM busybox\nCOPY page /www/page\nRUN chmod 755 /www \\\n && true\nCMD ["httpd"]\n',
    "page": "open",
}


@pytest.mark.parametrize(
    ("rows", "content", "exactly", "extended"),
    [
        (5, b"open", True, True),
        (6, b"open", False, True),
        (5, b"shut", False, False),
        (5, None, False, False),
    ],
)
def test_a_given_image_is_known_by_its_content(
    monkeypatch: pytest.MonkeyPatch, rows: int, content: bytes | None, exactly: bool, extended: bool
) -> None:
    """As many steps over the same base, and the set-up's files as they were; labels and names do not count."""

    def image(id: str, count: int, layers: list[str]) -> Image:
        return Image.read({"Id": id, "RootFS": {"Layers": layers}}, [{"CreatedBy": "step"}] * count)

    monkeypatch.setattr("course.facts.image", lambda *_: image("base", 2, ["a"]))
    monkeypatch.setattr("course.facts.read_image_file", lambda *_: content)
    client: Any = None
    assert is_given(client, image("own", rows, ["a", "b"]), RECIPE) is exactly
    assert is_given(client, image("own", rows, ["a", "b"]), RECIPE, extended=True) is extended
    assert not is_given(client, image("other", rows, ["x", "b"]), RECIPE, extended=True)


def test_a_cause_that_is_wrong_is_named_by_its_courier(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what was given; upper case and the slash of inspect do no harm."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "student00")
    right = {name: cause for cause, name in way_out.couriers().items()}
    first = min(right)
    assert wrong_causes(right | {first: "firewall"}) == f"causes is not right for {first} (firewall)."
    assert f"{first} (missing)" in wrong_causes({name: cause for name, cause in right.items() if name != first})
    assert wrong_causes({f"/{name}": cause.upper() for name, cause in right.items()} | {"another": ""}) == ""
    assert "no dictionary" in wrong_causes(["dns"])


def test_a_container_that_never_ran_is_asked_for_the_engines_words() -> None:
    """It has no log, so the picture shows the error in its place, and how the attempt ended."""
    found = {step.question: step for step in steps(CREATED, "")}
    assert found["What did the Engine say?"].answer == "Bind for 127.0.0.1:8080 failed: port is already allocated"
    assert found["How did it end?"].answer.startswith("exit code 128")
    assert "What did it say last?" not in found


def test_a_container_that_ran_is_asked_for_its_log() -> None:
    """With the last line; memory is mentioned only where it ran out."""
    data = {"State": {"Status": "exited", "ExitCode": 137, "OOMKilled": True}, "Path": "python", "Args": []}
    found = {step.question: step.answer for step in steps(data, "Loading…")}
    assert found["What did it say last?"] == "Loading…"
    assert "Was there enough memory?" in found
    data["State"] = {"Status": "exited", "ExitCode": 1}
    assert "Was there enough memory?" not in {step.question for step in steps(data, "")}


def test_a_container_that_is_started_again_and_again_is_no_running_one() -> None:
    """A restart policy shows it as running most of the time."""
    data = {"State": {"Status": "running", "ExitCode": 0}, "RestartCount": 7, "Path": "sh", "Args": []}
    assert ("How often was it started again?", "7 times") in [(s.question, s.answer) for s in steps(data, "")]


@pytest.mark.parametrize(
    ("code", "part"), [(0, "ended"), (127, "not found"), (137, "signal 9"), (134, "signal 6"), (3, "manual")]
)
def test_exit_codes_have_a_meaning(code: int, part: str) -> None:
    """The known ones, signals, and a program's own."""
    assert part in meaning_of(code)


def test_the_odd_answer_is_marked_without_colour_and_text_is_escaped() -> None:
    """A dashed border says where to look more closely."""
    picture = draw_diagnosis("<web>", steps(CREATED, ""))
    assert picture.svg().count("stroke-dasharray") == 3
    assert "<web>" not in picture.svg()


def test_who_shares_a_network_finds_the_other() -> None:
    """On a network that somebody made, but not on the default one, which has no names."""
    rows = [("a", "running", ["one"]), ("b", "running", ["bridge", "one"]), ("c", "exited", ["bridge"])]
    told = draw_networks(rows).description
    assert "a and b find each other by name on one." in told
    assert "b and c do not find each other by name." in told
    assert draw_networks([("gone", "does not exist", [])]).description == "gone: does not exist, on no network."
