"""Criteria that several exercises share say the same everywhere, without an Engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from course import facts
from course.answers import namespace
from course.checks import check as module
from course.checks import criteria
from course.checks.addresses import shared_networks
from course.checks.answers import read_now, whole_number
from course.checks.check import Check, Stop
from course.checks.probing import becomes, is_healthy
from course.errors import NoAnswer
from course.facts import Container, Image
from course.facts.http import Reply
from tests.course.checks.demanding import check_of


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give checks no Engine: each test says what is asked."""
    monkeypatch.setattr(module, "connect", lambda: None)
    monkeypatch.setattr(module.disturbing, "guard", lambda client: client)


@pytest.fixture
def variables() -> Iterator[dict[str, Any]]:
    """Give the student's variables, and put them back afterwards."""
    before = dict(namespace())
    yield namespace()
    namespace().clear()
    namespace().update(before)


def container(image: str = "nginx", **data: Any) -> Container:
    """Return a container that was made from ``image``, of which inspect says this."""
    fixed = {"Id": "1" * 64, "Name": "/web", "Image": "sha256:abc", "Config": {"Image": image}}
    return Container.read(fixed | data)


def published(*places: tuple[str, str]) -> Container:
    """Return a container whose port 80 is published at these addresses and ports."""
    bindings = [{"HostIp": address, "HostPort": port} for address, port in places]
    return container(NetworkSettings={"Ports": {"80/tcp": bindings}})


def messages(check: Check) -> list[str]:
    """Return what the report says."""
    return [finding.message for finding in check.findings]


def test_a_prediction_counts_whatever_it_says(variables: dict[str, Any]) -> None:
    """A missing one costs its share, and no more."""
    variables["predictions"] = {"one": "wrong"}
    check = check_of("predicted", "second")
    criteria.predicted(check, "one")
    criteria.predicted(check, "two", demand="second")
    assert messages(check) == ["", "No prediction was written down."]
    assert check.points(2) == 1


def test_before_the_first_prediction_the_sentence_is_the_same(variables: dict[str, Any]) -> None:
    """The variable that holds them need not be there, and may have been put to another use."""
    check = check_of("predicted")
    criteria.predicted(check, "one")
    variables["predictions"] = 3
    criteria.predicted(check, "one")
    assert messages(check) == ["No prediction was written down."] * 2


def test_where_there_are_two_questions_the_sentence_names_the_missing_one(variables: dict[str, Any]) -> None:
    """They are one demand."""
    variables["predictions"] = {"one": 1}
    check = check_of("predicted")
    criteria.predicted(check, "one", "two")
    assert messages(check) == ["No prediction was written down for two."]


@pytest.mark.parametrize(("address", "passes"), [("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("", False)])
def test_loopback_is_this_machine_only(address: str, passes: bool) -> None:
    """The sentence says where it is published."""
    check = check_of("it")
    criteria.on_loopback(check, "it", published(("127.0.0.1", "8080"), (address, "8080")))
    assert check.findings[0].passed is passes
    assert passes or f"{address}:8080 → 80/tcp: others in this machine's network" in messages(check)[0]


def test_the_port_that_was_asked_for_is_among_those_published() -> None:
    """Otherwise both numbers are named."""
    check = check_of("it")
    for port in (8081, 8082):
        criteria.at_port(check, "it", published(("127.0.0.1", "8080"), ("::1", "8081")), port)
    assert [finding.passed for finding in check.findings] == [True, False]
    assert "Port 8082 of this machine was asked for; published is 127.0.0.1:8080" in messages(check)[1]


def test_a_container_that_publishes_nothing_ends_the_check() -> None:
    """At another address of this machine, the port may be another container's."""
    check = check_of("it")
    assert criteria.published_port(check, "it", published(("", "8080")), 8080, "None.", "") == 8080
    with pytest.raises(Stop):
        criteria.published_port(check, "it", published(("127.0.0.2", "8080")), 8080, "None.", "")


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("localhost:5000/cake@sha256:9", "a digest that the registry does not serve"),
        ("sha256:abc", "by the image's ID"),
        ("ab", "by the image's ID"),
        ("localhost:5000/cake:1.0", "by tag, as localhost:5000/cake:1.0; tags move."),
    ],
)
def test_each_other_way_to_name_an_image_has_its_sentence(
    monkeypatch: pytest.MonkeyPatch, reference: str, words: str
) -> None:
    """A digest that is not served, an ID, a tag."""
    monkeypatch.setattr(facts, "manifest_digest", lambda *_: None)
    check = check_of("it")
    criteria.by_digest(check, "it", container(reference), 5000, "cake", "tags move.")
    assert words in messages(check)[0]


def test_the_registry_is_asked_for_the_digest_that_was_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tag is never asked for."""
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr(facts, "manifest_digest", lambda *what: asked.append(what) or what[-1])
    check = check_of("it")
    criteria.by_digest(check, "it", container("localhost:5000/cake@sha256:9"), 5000, "cake", "")
    criteria.by_digest(check, "it", container("localhost:5000/cake:1.0"), 5000, "cake", "")
    assert [finding.passed for finding in check.findings] == [True, False]
    assert asked == [(5000, "cake", "sha256:9")]


def test_the_heaviest_step_is_named() -> None:
    """An image that was loaded may have no history."""
    rows = [{"CreatedBy": step, "Size": size} for step, size in (("small", 1), ("large", 9), ("last", 0))]
    assert criteria.heaviest_step(Image.read({"Id": "sha256:1"}, rows)) == "large"
    assert criteria.heaviest_step(Image.read({"Id": "sha256:1"})) == ""


def test_networks_that_two_share_do_not_include_the_default_ones() -> None:
    """There, containers have no names for each other."""
    one, other = (
        container(NetworkSettings={"Networks": {name: {} for name in names}})
        for names in (("bridge", "net", "one"), ("bridge", "net", "other"))
    )
    assert shared_networks(one, other) == ["net"]


@pytest.mark.parametrize(
    ("moved", "calls", "passed"),
    [
        (True, [True, True], [True, True]),
        (True, [True, False], [True, False]),
        (False, [True, True], [True, False]),
    ],
)
def test_who_finds_another_by_name_finds_it_at_another_address(
    monkeypatch: pytest.MonkeyPatch, moved: bool, calls: list[bool], passed: list[bool]
) -> None:
    """It is called before and after its move, and the move has to succeed."""
    heard = iter(calls)
    monkeypatch.setattr(criteria, "calls", lambda *_: next(heard))
    monkeypatch.setattr(criteria, "move", lambda *_: moved)
    check = check_of("it")
    criteria.finds_by_name(check, "it", container(), container(), "net")
    assert [finding.passed for finding in check.findings] == passed
    assert [finding.disturbs for finding in check.findings] == [False, True]


def test_who_does_not_call_is_not_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check stops: the rest would only follow from it."""
    monkeypatch.setattr(criteria, "calls", lambda *_: False)
    check = check_of("it", needed="it")
    with pytest.raises(Stop):
        criteria.finds_by_name(check, "it", container(), container(), "net")
    assert messages(check) == ["web gets no requests from web."]


def test_a_container_of_an_older_image_does_not_run_on_this_one() -> None:
    """A build gives the name to another image, and leaves containers as they are."""
    check = check_of("it")
    for id in ("sha256:abc", "sha256:def"):
        criteria.runs_on(check, "it", container(), Image.read({"Id": id}), "app")
    assert [finding.passed for finding in check.findings] == [True, False]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(200, "Hello.\n"), "status 200 (Hello.)"),
        (Reply(502, "<html>Bad gateway</html>"), "status 502"),
        (Reply(404), "status 404"),
        (Reply(None, problem="no connection (refused)"), "no connection (refused)"),
    ],
)
def test_what_came_back_is_told_in_one_line(reply: Reply, words: str) -> None:
    """A text is quoted, a page is not."""
    assert criteria.described(reply) == words


def test_a_condition_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container that is removed meanwhile never gets there."""
    states = iter(["starting", "healthy"])

    def inspected(*_: object) -> Container:
        return container(State={"Status": "running", "Health": {"Status": next(states)}})

    client: Any = None
    monkeypatch.setattr(facts, "container", inspected)
    assert becomes(client, "1", is_healthy)
    monkeypatch.setattr(facts, "container", lambda *_: None)
    assert not becomes(client, "1", is_healthy, 0)


def test_an_answer_can_be_read_before_it_is_needed(variables: dict[str, Any]) -> None:
    """What is changed afterwards does not count; a missing one is told when it is needed."""
    variables["number"] = 3
    number, missing = read_now("number", whole_number), read_now("nothing")
    variables["number"], variables["nothing"] = 4, 5
    assert number() == 3
    with pytest.raises(NoAnswer, match="no variable called nothing"):
        missing()
