"""What Part 1's checks decide, without an Engine: from events, and from what inspect and history say."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from course import answers, facts
from course.checks import check as module
from course.checks import part1, part1_images, part1_life, part1_names, part1_namespaces
from course.checks.report import Report
from course.errors import NotKnown
from course.facts import Completed, Container, Event, History, Image
from course.facts.namespaces import Namespaces
from course.setups import part1 as setup

WHOLE = ("create", "start", "pause", "unpause", "kill 15", "die", "stop", "destroy")
BUSYBOX = Image.read({"Id": "sha256:b0", "RepoTags": ["busybox:latest"], "RootFS": {"Layers": ["sha256:0"]}})


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin a run of our own, without an Engine."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "k3f9x2mq")
    client: Any = SimpleNamespace(api=SimpleNamespace(send=None))
    monkeypatch.setattr(module, "connect", lambda: client)


def events(*steps: str, id: str = "a", name: str = "life-k3f9x2mq", image: str = "busybox") -> list[Event]:
    """Return the events of one container."""
    pairs = [step.partition(" ") for step in steps]
    return [
        Event("container", action, id, {"name": name, "image": image} | ({"signal": signal} if signal else {}), time)
        for time, (action, _, signal) in enumerate(pairs)
    ]


def image(sizes: tuple[int, ...] = (), layers: int = 0, **config: Any) -> Image:
    """Return an image with layers, steps of these sizes (the oldest first), and settings."""
    rows = [{"CreatedBy": f"step {place}", "Size": size} for place, size in enumerate(sizes)]
    digests = [f"sha256:{place}" for place in range(layers)]
    return Image.read({"Id": "sha256:1", "RootFS": {"Layers": digests}, "Config": config}, reversed(rows))


@pytest.fixture
def life_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Report]:
    """Return a function that runs the check of the life cycle on events."""

    def judge(*lives: list[Event], left: Container | None = None, **more: Any) -> Report:
        history = History.of_events([event for life in lives for event in life], **more)
        monkeypatch.setattr(facts, "history", lambda *_: history)
        monkeypatch.setattr(facts, "container", lambda *_: left)
        monkeypatch.setattr(facts, "image", lambda *_: BUSYBOX)
        monkeypatch.setattr(part1_life, "REMOVAL_TIMEOUT", 0)
        return part1.life_cycle()

    return judge


def missed(report: Report) -> list[str]:
    """Return the demands that are not met."""
    return [finding.demand for finding in report.findings if not finding.passed]


def test_a_whole_life_earns_all_points(life_of: Callable[..., Report]) -> None:
    """Every step, in the order of the goal; a first try that failed does no harm, nor what others do."""
    others = events("create", "start", id="c", name="other")
    assert life_of(events("create", "destroy"), events(*WHOLE, id="b"), others).points(9) == 9


@pytest.mark.parametrize(
    ("steps", "demand", "message"),
    [
        (WHOLE[:-1], "removed", "It was not removed."),
        (("create", "start", "kill 15", "die", "stop", "destroy"), "before", "the Engine saw: create, start."),
        ((*WHOLE[:5], "kill 9", "die", "stop", "destroy"), "at-once", "it got signal 9 as well"),
        ((*WHOLE[:4], "kill 9", "die", "destroy"), "stopped", "signal 9 ended it at once"),
        ((*WHOLE[:4], "kill 2", "die", "stop", "destroy"), "stopped", "expected: signal 15 (SIGTERM)"),
    ],
)
def test_a_step_that_is_missing_misses_its_demand(
    life_of: Callable[..., Report], steps: tuple[str, ...], demand: str, message: str
) -> None:
    """The sentence says what was seen in its place."""
    report = life_of(events(*steps))
    assert missed(report) == [demand]
    assert any(message in finding.message for finding in report.findings)


def test_a_life_needs_its_own_image_and_a_free_name(life_of: Callable[..., Report]) -> None:
    """Another image is not busybox, and another container of the name is still one."""
    assert missed(life_of(events(*WHOLE, image="debian"))) == ["busybox"]
    assert missed(life_of(events(*WHOLE), left=Container.read({"Id": "b"}))) == ["removed"]


def test_one_life_put_together_from_two_containers_does_not_count(life_of: Callable[..., Report]) -> None:
    """A name can be used again; the ID tells them apart."""
    report = life_of(events(*WHOLE[:4]), events("create", *WHOLE[4:], id="b"))
    assert report.points(9) == 0
    assert "2 were called life-k3f9x2mq" in report.findings[0].message


def test_without_events_there_is_no_life_and_with_a_gap_it_is_not_known(
    life_of: Callable[..., Report],
) -> None:
    """On a student's own Engine something may have happened that was not written down."""
    assert life_of().findings[0].outcome == "not yet"
    assert life_of(spans=(), complete=False).findings[0].outcome == "not known"


LIMITED = ("create", "start", "update")
JOINED = Namespaces("net:[1]", "pid:[2]")


@pytest.fixture
def judge_pair(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Report]:
    """Return a function that runs the check of the namespaces on two containers."""

    def judge(
        *,
        server: dict[str, Any] | None = None,
        visitor: dict[str, Any] | None = None,
        seen: Namespaces | None = JOINED,
        life: tuple[str, ...] = LIMITED,
        limit: object = None,
        **more: Any,
    ) -> Report:
        wanted = setup.memory_limit() * setup.MEBIBYTE
        images = {"nginx": Image.read({"Id": "sha256:e0"}), "busybox": BUSYBOX}
        containers = {
            "server-k3f9x2mq": container("s", "server", "sha256:e0", {"Memory": wanted, **(server or {})}),
            "visitor-k3f9x2mq": container("v", "visitor", "sha256:b0", visitor or {}),
        }
        spaces = {"s": Namespaces("net:[1]", "pid:[1]"), "v": seen}
        history = History.of_events(events(*life, id="s", name="server-k3f9x2mq"), **more)
        monkeypatch.setattr(facts, "history", lambda *_: history)
        monkeypatch.setattr(facts, "image", lambda _, name: images[name])
        monkeypatch.setattr(module, "still_running", lambda _, name: containers[name])
        monkeypatch.setattr(part1_namespaces, "namespaces_of", lambda _, id: spaces[id])
        monkeypatch.setitem(answers._outside, "kernel_limit", wanted if limit is None else limit)
        return part1.namespaces()

    return judge


def container(id: str, what: str, image: str, host: dict[str, Any]) -> Container:
    """Return a running container with settings of its own."""
    state = {"Status": "running", "Pid": 1}
    return Container.read({"Id": id, "Name": f"/{what}-k3f9x2mq", "Image": image, "State": state, "HostConfig": host})


def test_two_containers_with_one_network_and_a_changed_limit_earn_all_points(
    judge_pair: Callable[..., Report],
) -> None:
    """The number may be text, as a command prints it, and the limit may have been changed more than once."""
    assert judge_pair().points(8) == 8
    assert judge_pair(limit=f"{setup.memory_limit() << 20}\n", life=(*LIMITED, "update")).points(8) == 8


@pytest.mark.parametrize(
    ("given", "missing", "message"),
    [
        ({"seen": Namespaces("net:[9]", "pid:[2]")}, ["network"], "two network namespaces"),
        ({"seen": None}, ["network"], "visitor-k3f9x2mq has None"),
        ({"visitor": {"NetworkMode": "host"}}, ["network"], "network namespace of the host"),
        (
            {"seen": Namespaces("net:[1]", "pid:[1]"), "visitor": {"PidMode": "container:s"}},
            ["processes"],
            "mode container",
        ),
        ({"visitor": {"PidMode": "host"}}, ["processes"], "mode host"),
        ({"server": {"Memory": 0}}, ["limit", "kernel-limit"], "has no memory limit"),
        ({"server": {"Memory": 90 << 20}, "limit": 90 << 20}, ["limit"], "is 90 MiB"),
        ({"life": ("create", "start")}, ["limit"], "nothing was changed while it ran"),
        ({"life": ("create", "update", "start")}, ["limit"], "nothing was changed while it ran"),
        ({"limit": 64}, ["kernel-limit"], "kernel_limit is 64"),
        ({"limit": "max"}, ["kernel-limit"], "a whole number was expected"),
    ],
)
def test_what_a_pair_of_containers_lacks_is_named(
    judge_pair: Callable[..., Report], given: dict[str, Any], missing: list[str], message: str
) -> None:
    """One demand for each, and a sentence on what was seen."""
    report = judge_pair(**given)
    assert missed(report) == missing
    assert any(message in finding.message for finding in report.findings)


def test_a_change_that_nobody_wrote_down_is_not_known(judge_pair: Callable[..., Report]) -> None:
    """The container has the limit; the record of a student's own Engine may have a gap."""
    report = judge_pair(life=("create", "start"), spans=(), complete=False)
    assert [finding.outcome for finding in report.findings if finding.demand == "limit"] == ["passed", "not known"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (5, "together with those of the base"),
        (8, "not every instruction makes a layer"),
        (2, "a layer may weigh nothing"),
        (3, "a layer may weigh nothing"),
        (40, "says something else"),
    ],
)
def test_a_wrong_number_of_layers_is_explained(given: int, words: str) -> None:
    """By what else has as many."""
    counted = image(sizes=(4, 7, 7, 0, 0, 0, 0, 0), layers=5)
    assert words in part1_images.miscount(given, counted, lines=9)


def test_a_lost_setting_is_named_with_what_is_there() -> None:
    """As a container shows it, whatever the image's configuration is."""
    report = Completed(0, f"{setup.heavy_report()}  -\n")
    assert part1_images.lost_settings(report, Completed(0, "1000\n/work\nreport\n")) == []
    assert part1_images.lost_settings(None, Completed(0, "0\n/work\n\n")) == [
        "the command prints nothing: it cannot be started",
        "the user has ID '0'",
        "the variable PURPOSE is ''",
    ]


def test_a_digest_that_is_the_images_id_is_known() -> None:
    """It names the image on this Engine only."""
    assert "is the image's ID" in part1_names.wrong_digest("1", image())
    assert "no digest by which the registry has" in part1_names.wrong_digest("2", image())
    assert "no digest by which the registry has" in part1_names.wrong_digest("2", None)


def tag(id: str, time: float, name: str = "menu:stable") -> Event:
    """Return the event of a tag that is put on an image."""
    return Event("image", "tag", id, {"name": name}, time)


def test_what_a_tag_named_at_a_time_is_known_from_its_moves() -> None:
    """The last move before it counts, and no other name's."""
    history = History.of_events([tag("one", 1), tag("two", 2), tag("three", 5), tag("four", 3, "menu:1")])
    assert part1_names.tagged_before(history, "menu:stable", 4) == "two"
    assert part1_names.tagged_before(history, "menu:stable", 1) == ""


@pytest.mark.parametrize(
    ("moves", "before", "found"),
    [
        ([tag("one", 2)], [], True),
        ([tag("one", 2), tag("two", 9)], [], True),
        ([tag("two", 2)], [], False),
        ([tag("one", 6)], [], False),
        ([tag("one", 1)], [3.0], False),
        ([tag("one", 1), tag("two", 2)], [3.0], False),
        ([tag("one", 1), tag("one", 4)], [3.0], True),
    ],
    ids=["planted", "moved later", "of the other", "tagged later", "made again", "made again later", "planted again"],
)
def test_a_container_of_the_set_up_is_made_after_the_tag_is_put_on_its_image(
    moves: list[Event], before: list[float], found: bool
) -> None:
    """One that takes its place has another one before it, and no such move since."""
    kitchen = Container.read({"Id": "a", "Name": "/kitchen", "Image": "one", "Created": "1970-01-01T00:00:05Z"})
    older = [Event("container", "destroy", "b", {"name": "kitchen"}, time) for time in before]
    assert part1_names.made_by_set_up(History.of_events([*moves, *older]), kitchen, "menu:stable") is found
    if not found:
        gap = History.of_events([*moves, *older], spans=(), complete=False)
        with pytest.raises(NotKnown):
            part1_names.made_by_set_up(gap, kitchen, "menu:stable")


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (("FROM", "RUN echo this is k3f9x2mq > /bin/greet"), True),
        (("FROM", "COPY greet /bin/greet # buildkit"), True),
        (("FROM", "/bin/sh -c #(nop) ADD file:12 in /"), True),
        (("COPY base", "RUN cat /hand/greet > /bin/greet"), False),
        (("FROM", ""), False),
    ],
)
def test_a_program_comes_from_a_step_that_says_so(steps: tuple[str, ...], found: bool) -> None:
    """A mount of another image leaves no trace of it in the history."""
    rows = [{"CreatedBy": step} for step in steps]
    made = Image.read({"Id": "1", "RootFS": {"Layers": ["sha256:0", "sha256:1"]}}, reversed(rows))
    base = Image.read({"Id": "0", "RootFS": {"Layers": ["sha256:0"]}}, rows[:1])
    assert part1_images._says_how(made, base) is found
