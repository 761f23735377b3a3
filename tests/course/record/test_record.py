"""The record of events: what is kept, what is left out, and how it is known that nothing is missing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from course import connect, facts, record
from course.checks.check import Check
from course.errors import EngineSilent, NotKept, NotKnown, RecorderSilent
from course.facts import Event, History
from course.record import home, reader, recorder
from course.record.recorder import MAX_COMMANDS, MAX_OF_A_KIND, QUEUE, Journal

NOW = 1_700_000_000 * 10**9


def line(action: str, id: str = "a", kind: str = "container", at: int = NOW, **attributes: str) -> bytes:
    """An event as the Engine sends it."""
    event = {"status": action, "id": id, "from": "busybox", "Type": kind, "Action": action}
    event |= {"Actor": {"ID": id, "Attributes": attributes}, "scope": "local", "time": at // 10**9}
    return json.dumps({**event, "timeNano": at}, separators=(",", ":")).encode() + b"\n"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """A record as a sandbox has it."""
    made = Journal(str(tmp_path / "engine"), since=0, least_lag=0)
    yield made
    made.close()


def written(directory: Path) -> list[dict[str, Any]]:
    """The lines of a record, without the first mark."""
    return [json.loads(text) for text in (directory / "engine.jsonl").read_bytes().splitlines()][1:]


def test_events_are_kept_with_what_checks_read(journal: Journal, tmp_path: Path) -> None:
    """However they are cut into pieces on the way; other attributes are left out."""
    data = line("create", name="x", exitCode="3", other="y") + line("start", name="x")
    for place in range(0, len(data), 7):
        journal.take(data[place : place + 7], NOW)
    assert [event["Action"] for event in written(tmp_path)] == ["create", "start"]
    assert written(tmp_path)[0]["Actor"] == {"ID": "a", "Attributes": {"name": "x", "exitCode": "3"}}
    assert int((tmp_path / "engine.seen").read_bytes()) == NOW


def test_of_what_is_run_inside_only_the_first_commands_are_kept(journal: Journal, tmp_path: Path) -> None:
    """A health check's million push nothing out, leave no mark, and the record still knows how far it has read."""
    for number in range(5000):
        for action in ("exec_create: sh -c true", "exec_start: sh -c true", "exec_die"):
            journal.take(line(action, at=NOW + number), NOW + number)
    assert [event["Action"] for event in written(tmp_path)] == ["exec_create: sh -c true"] * MAX_COMMANDS
    assert int((tmp_path / "engine.seen").read_bytes()) == NOW + 4999


def test_a_label_is_no_action(journal: Journal, tmp_path: Path) -> None:
    """Text in an attribute cannot make an event look like another one."""
    journal.take(line("commit", **{"Action": "exec_x", '","Action":"exec_start': "z", "timeNano": "1}"}), NOW)
    assert [event["Action"] for event in written(tmp_path)] == ["commit"]


def test_the_beginning_of_a_flood_is_kept_and_the_rest_is_counted(journal: Journal, tmp_path: Path) -> None:
    """By object and action, so that no object's flood costs another one its place."""
    for number in range(MAX_OF_A_KIND + 500):
        journal.take(line("tag", "img", "image", at=NOW + number), NOW + number)
    journal.take(line("commit", "box", at=NOW + 2000), NOW + 2000)
    events = [event for event in written(tmp_path) if "mark" not in event]
    assert [event["Action"] for event in events] == ["tag"] * MAX_OF_A_KIND + ["commit"]
    marks = [event for event in written(tmp_path) if "mark" in event]
    assert [(mark["mark"], mark["ID"], mark["Action"]) for mark in marks] == [("more", "img", "tag")]


def test_a_record_has_a_size_that_it_does_not_exceed(tmp_path: Path) -> None:
    """Whatever is caused, of however many objects; that it is full is said once."""
    small = Journal(str(tmp_path / "engine"), since=0, max_bytes=20_000)
    for number in range(1000):
        small.take(line("create", f"id{number}", "volume", name="n" * 9999), NOW)
    assert (tmp_path / "engine.jsonl").stat().st_size < 21_000
    assert [event["mark"] for event in written(tmp_path) if "mark" in event] == ["full"]


def test_large_labels_cost_no_room(journal: Journal, tmp_path: Path) -> None:
    """The Engine copies a container's labels into each of its events."""
    journal.take(line("create", name="x", filler="f" * (recorder.MAX_LINE // 2), image="i" * 5000), NOW)
    journal.take(line("start", name="x", filler="f" * (9 * recorder.MAX_LINE)), NOW)
    create, start = written(tmp_path)
    assert len(create["Actor"]["Attributes"]["image"]) == recorder.MAX_VALUE + 1
    assert (start["Action"], start["Actor"]) == ("start", {"ID": "a", "Attributes": {}})


def test_a_queue_that_may_have_been_full_is_marked(journal: Journal, tmp_path: Path) -> None:
    """Where more than a thousand events were under way at once, the Engine may have left some out."""
    for number in range(QUEUE + 100):
        journal.take(line("exec_start: x", at=NOW + number * 10**6), NOW + number * 10**6 + 5)
    assert written(tmp_path) == []
    later = NOW + 3600 * 10**9
    for number in range(QUEUE + 100):  # all happened before the first of them was read
        journal.take(line("exec_start: x", at=later + number), later + 10**9)
    assert [mark["mark"] for mark in written(tmp_path)] == ["crowd"]


# --- reading ---------------------------------------------------------------------------------------------------------


class Network:
    """As much of an Engine as a reader asks: the event that it makes, and its time."""

    def __init__(self, then: Callable[[], object]) -> None:
        self.api = self
        self._then = then

    def prune_networks(self, filters: Any) -> None:
        """Nothing matches."""
        assert filters["label"][0].startswith("docker-course.none=")
        self._then()


def graded(monkeypatch: pytest.MonkeyPatch, directory: Path) -> None:
    """Read the record of a sandbox."""
    monkeypatch.setenv(reader.VARIABLE, str(directory))
    monkeypatch.setattr(reader, "_files", {})


def client(then: Callable[[], object] = bool) -> Any:
    """An Engine after whose answer something happens."""
    return Network(then)


def test_a_reader_waits_for_what_happened_before(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only when the record holds what was caused for this purpose, it holds all that came before."""
    graded(monkeypatch, tmp_path)

    def later() -> None:
        now = time.time_ns()
        journal.take(line("commit", at=now - 5) + line("prune", "", "network", at=now), now)

    history = facts.history(client(later), "container")
    assert [event.action for event in history.events] == ["commit"]
    history.vouch("a", since=5)


def test_a_recorder_that_writes_nothing_is_the_graders_fault(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said by an error of its own, and not by a record without events."""
    graded(monkeypatch, tmp_path)
    monkeypatch.setattr(reader, "STILL", 0.05)
    with pytest.raises(RecorderSilent):
        facts.history(client(), "container")


def test_an_engine_that_does_not_answer_is_another_error(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that whoever has to blame somebody can tell them apart."""
    import requests

    def silent() -> None:
        raise requests.exceptions.ReadTimeout("no answer")

    graded(monkeypatch, tmp_path)
    with pytest.raises(EngineSilent):
        facts.history(client(silent), "container")


@pytest.mark.parametrize("mark", ["full", "crowd", "late"])
def test_in_grading_what_was_too_much_fails_by_its_name(
    mark: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no "not known": it is the submission that caused so much."""
    graded(monkeypatch, tmp_path)
    monkeypatch.setattr(reader, "PATIENCE", 0.2)
    (tmp_path / "engine.jsonl").write_bytes(b'{"mark":"since","time":0}\n{"mark":"%b","time":5}\n' % mark.encode())

    def later() -> None:
        seen = NOW if mark == "late" else time.time_ns()
        (tmp_path / "engine.seen").write_text(f"{seen:020}\n")

    history = facts.history(client(later), "container")
    assert history.happened(True)
    monkeypatch.setattr("course.checks.check.connect", client)
    check = Check("X")
    assert not check.gate(lambda: history.happened(False, "a"), "p", "f")
    assert check.findings[0].outcome == "not yet"
    assert "So many events were caused" in check.findings[0].message


def test_without_a_record_there_is_what_the_engine_remembers(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the student's kernel while it is graded."""
    monkeypatch.setenv(reader.VARIABLE, "")
    monkeypatch.setattr(reader, "remembered", lambda _: reader.EventRecord(spans=((5.0, 9.0),)))
    assert record.read(client()).spans == ((5.0, 9.0),)


# --- history ---------------------------------------------------------------------------------------------------------


def event(action: str, id: str = "a", time: float = 100.0, **attributes: str) -> Event:
    """One event of a container."""
    return Event("container", action, id, attributes, time)


def test_an_event_that_is_there_needs_no_record_around_it() -> None:
    """Gaps matter only for what is not there."""
    history = History.of_events([event("start")], spans=(), complete=False)
    assert history.happened(True, "a")
    with pytest.raises(NotKnown, match="Nobody has written down"):
        history.happened(False, "a")


@pytest.mark.parametrize(
    ("spans", "known"),
    [
        (((50.0, 300.0),), True),
        (((150.0, 300.0),), False),  # begun too late
        (((50.0, 150.0), (250.0, 300.0)), True),  # the gap is after its removal
        (((50.0, 110.0), (115.0, 300.0)), False),  # the gap is in its life
        (((50.0, 60.0), (99.0, 300.0)), True),  # the gap is before its creation
    ],
)
def test_a_life_is_known_if_it_lies_in_the_record_as_a_whole(
    spans: tuple[tuple[float, float], ...], known: bool
) -> None:
    """From its creation to its removal, or to the present."""
    life = [event("create", time=100), event("destroy", time=120)]
    history = History.of_events(life, spans=spans, complete=False)
    if known:
        assert history.happened(False, "a") is False
    else:
        with pytest.raises(NotKnown, match="is not known"):
            history.happened(False, "a")


def test_too_many_events_of_one_object_are_no_matter_for_another() -> None:
    """It is named with its action, and fails only what asks for this object or this action."""
    history = History.of_events([event("create", "b")], more=frozenset({("a", "commit")}))
    assert history.happened(False, "b") is False
    history.vouch("a", actions=("pause",))
    history.vouch(actions=("pause",))
    for ids in (("a",), ()):
        with pytest.raises(NotKept, match="More than 1,000 “commit” events of a were caused"):
            history.vouch(*ids, actions=("commit",))


@pytest.mark.parametrize(
    ("action", "key"), [("kill", "signal"), ("die", "exitCode"), ("commit", "imageID"), ("rename", "oldName")]
)
def test_a_label_that_hides_an_attribute_takes_it_away(action: str, key: str) -> None:
    """The Engine copies a container's labels over the attributes of its events."""
    honest = History.of_events([event("create"), event(action, **{key: "1"})])
    forged = History.of_events([event("create", **{key: "1"}), event(action, **{key: "1"})])
    assert honest.of("a")[1].attributes == {key: "1"}
    assert forged.of("a")[1].attributes == {}


def test_what_is_not_known_is_neither_passed_nor_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has a mark and a word of its own, earns nothing yet, and the report says what to do."""
    history = History.of_events([], spans=(), complete=False)
    monkeypatch.setattr("course.checks.check.connect", client)
    check = Check("X")
    check.part(True, "one", "")
    check.part(lambda: history.happened(False, "a"), "It was removed.", "It was never removed.", "h")
    bundle = check.bundle(2)
    text, page = bundle["text/plain"], bundle["text/html"]
    assert text.startswith(
        "X: 1 of 2 points, 1 not known\n  ✓ one\n  ? It is not known whether this holds: It was removed."
    )
    assert 'aria-label="not known">?<' in page
    assert all("What is not known earns nothing yet: run your answer once more" in shown for shown in (text, page))
    assert not any("never removed" in shown for shown in (text, page))
    data = bundle["application/vnd.docker-course.report+json"]["findings"]
    assert [(each["passed"], each.get("known", True)) for each in data] == [(True, True), (False, False)]


# --- on a student's own Engine ---------------------------------------------------------------------------------------


def test_several_kernels_know_together_what_none_knows_alone(tmp_path: Path) -> None:
    """Each event counts once, and times that touch become one."""
    second = 10**9
    for begin, events in ((NOW, [1, 2, 3]), (NOW + 2 * second, [3, 5]), (NOW + 8 * second, [9])):
        home.listen([line("start", f"id{at}", at=NOW + at * second) for at in events], tmp_path, begin)
    found = reader.merged(reader._read(tmp_path))
    assert [event["Actor"]["ID"] for event in found.lines] == ["id1", "id2", "id3", "id5", "id9"]
    start = NOW / second
    assert found.spans == ((start, start + 5), (start + 8, start + 9))


def test_what_the_engine_still_remembers_closes_a_gap(tmp_path: Path) -> None:
    """A recorder that begins again gets the Engine's last 256 events first."""
    second = 10**9
    home.listen([line("create", at=NOW + second)], tmp_path, NOW)
    remembered = [line("create", at=NOW + second), line("die", at=NOW + 2 * second)]
    home.listen(remembered, tmp_path, NOW + 60 * second)
    assert len(reader.merged(reader._read(tmp_path)).spans) == 1


def test_old_files_go_and_a_long_one_is_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record on a student's disk has a size that it does not exceed, and keeps the newest."""
    monkeypatch.setattr(home, "MAX_BYTES", 100_000)
    monkeypatch.setattr(home, "MAX_TOTAL", 300_000)
    home.listen((line("create", f"{n:064}", at=NOW + n * 10**9) for n in range(9000)), tmp_path, NOW)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 320_000
    found = reader.merged(reader._read(tmp_path))
    assert len(found.spans) == 1
    assert found.spans[0][1] == (NOW + 8999 * 10**9) / 1e9


def test_nothing_is_recorded_where_somebody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a sandbox."""
    monkeypatch.setenv(reader.VARIABLE, "")
    monkeypatch.setattr(home, "_threads", {})
    home.begin("unix:///nowhere", docker.from_env)
    assert home._threads == {}


@pytest.fixture
def own_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recorder of this machine's Engine that has just begun, and a state directory of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(home, "_threads", {})
    monkeypatch.setattr(reader, "_files", {})


@pytest.mark.engine
def test_the_first_connection_begins_a_record_that_outlasts_the_engines_memory(own_record: None) -> None:
    """300 more events later, a container's creation is known, and that it was never started."""
    client = connect()
    box = client.containers.create("busybox")
    try:
        for number in range(150):
            box.rename(f"docker-course-test-{box.short_id}-{number % 2}")
            client.networks.prune(filters={"label": ["docker-course.none=x"]})
        history = facts.history(client, "container")
        assert history.of(str(box.id))[0].action == "create"
        assert history.happened(False, str(box.id)) is False
    finally:
        box.remove(force=True)
    assert facts.history(client, "container").of(str(box.id))[-1].action == "destroy"


@pytest.mark.engine
def test_importing_the_course_begins_no_record() -> None:
    """Nothing runs and nothing is written before the notebook asks for the Engine."""
    import subprocess
    import sys

    code = "import threading, course, course.checks.part1; print(threading.active_count())"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "1"
