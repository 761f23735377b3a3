"""What Part 5 reads, compares, judges and draws, without an Engine."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from course import scanning
from course.checks import part5_rights
from course.checks.building import arguments
from course.checks.part5_running import KILLED, container_name, how_it_ended, wrong_rotation
from course.checks.part5_secret import named_place, wrong_place
from course.checks.part5_supply import (
    misjudged,
    package_names,
    package_versions,
    vendor_affected,
    wrong_inventory,
)
from course.errors import NoAnswer
from course.facts import Container, Event, History, HistoryEntry
from course.facts.container import is_root
from course.facts.ending import Ending, read
from course.facts.filesystem import Entry, entries
from course.facts.packages import Inventory, Package, code_name, debian, python
from course.facts.processes import capability_names, parse
from course.facts.values import size
from course.facts.versions import older
from course.scanning import Advisory, match, shipped, table
from course.setups import part5, part5_leak
from course.setups.part5_leak import PLACES, leaking_place
from course.setups.part5_vendor import PACKAGES, vendor_advisories, vendor_versions
from course.views.stopping import draw

RISING = "1.0~~ 1.0~rc1-1 1.0-1 1.0-1+b1 1.0-1+deb13u1 1.0-2 1.0a 1.0+a 1.9 1.10 1:0.1".split()  # noqa: SIM905
APART = [("9.9", "1:0.1"), ("2.41-12+deb13u5", "2.41-12+deb13u10"), ("1.2~rc10", "1.2")]


@pytest.mark.parametrize(("one", "other"), [*pairwise(RISING), *APART])
def test_debians_versions_are_compared_as_debian_does_it(one: str, other: str) -> None:
    """By turns text and numbers; a tilde comes before the end; the epoch goes first."""
    assert older("deb", one, other)
    assert not older("deb", other, one)


def test_equal_versions_are_not_older_and_unreadable_ones_claim_nothing() -> None:
    """Leading zeros and a revision of 0 make no difference."""
    assert not older("deb", "1.0", "1.0-0")
    assert not older("deb", "1.02", "1.2")
    assert older("pypi", "1.0rc1", "1.0")
    assert not older("pypi", "what is this", "1.0")


DPKG = """\
Package: libssl3t64
Status: install ok installed
Source: openssl (3.5.0-1)
Version: 3.5.0-1+b2
Description: text
 Version: not a field

Package: gone
Status: deinstall ok config-files
Version: 1.0
"""


def test_packages_are_read_with_their_source_and_removed_ones_are_left_out() -> None:
    """Advisories name the source; a rebuild has a version of its own."""
    assert list(debian(DPKG)) == [Package("deb", "libssl3t64", "3.5.0-1+b2", "openssl", "3.5.0-1")]
    assert list(python("Metadata-Version: 2.1\nName: Ruamel.YAML_x\nVersion: 1.2\n\nName: no\n")) == [
        Package("pypi", "ruamel-yaml-x", "1.2", "ruamel-yaml-x", "1.2")
    ]
    assert code_name("ID=debian\nVERSION_CODENAME=trixie\n") == "trixie"
    assert code_name("ID=alpine\nVERSION_ID=3.22\n") == ""


def test_an_advisory_concerns_its_source_its_versions_and_its_release_only() -> None:
    """With several ranges, one hole between them is not affected."""
    advisory = Advisory("X-1", "pypi", "flask", (("0", "2.2.5"), ("2.3.0", "2.3.2")))
    versions = {"2.2.4": "2.2.5", "2.2.5": None, "2.3.1": "2.3.2", "2.3.2": None, "2.10": None}
    for version, fixed in versions.items():
        assert advisory.concerns(Package("pypi", "flask", version, "flask", version), "") == fixed
    old = Package("deb", "libssl3t64", "3.5.0-1+b2", "openssl", "3.5.0-1")
    ours = Advisory("X-2", "deb", "openssl", (("", "3.5.1-1"),), "trixie")
    assert ours.concerns(old, "trixie") == "3.5.1-1"
    assert ours.concerns(old, "bookworm") is None


def test_the_shipped_advisories_can_be_read_and_say_what_they_are() -> None:
    """Each has a range that is not empty, and a day is named."""
    day, advisories = shipped()
    assert day.startswith("20")
    assert len({a.id for a in advisories}) == len(advisories) > 10
    assert all(older(a.kind, first or "0", fixed) for a in advisories for first, fixed in a.ranges)


def test_a_scan_tells_its_findings_and_its_limits_in_text_and_html() -> None:
    """Names are escaped."""
    package = Package("pypi", "<b>", "1.0", "<b>", "1.0")
    holds = Inventory("", (package,))
    found = match(holds, [Advisory("X-3", "pypi", "<b>", (("0", "1.1"),), about="why")])
    shown = table("image", holds, found, "1 advisory")
    assert "<b> 1.0, repaired in 1.1: X-3" in repr(shown)
    assert scanning.LIMITS in repr(shown)
    assert "<b>" not in shown.html
    assert "&lt;b&gt;" in shown.html


@pytest.mark.parametrize("token", ["abcdef1", "zzzzzz9", "q2w3e4r5"])
def test_the_vendors_versions_mislead_whoever_reads_them_as_text(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For every package the order of the alphabet gives the wrong verdict, and edition 2 has everything repaired."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", token)
    first, second, fixed = vendor_versions(1), vendor_versions(2), vendor_advisories()
    assert sorted(first) == sorted(PACKAGES)
    assert len(vendor_affected()) == 2
    assert all((first[name] < fixed[name]) != older("deb", first[name], fixed[name]) for name in first)
    assert not [name for name in second if older("deb", second[name], fixed[name])]


STATUS = "Name:\tpython\nUid:\t0\t{uid}\t1\t1\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000400\nNoNewPrivs:\t1\n"


def test_processes_are_read_as_the_kernel_tells_of_them() -> None:
    """Root in any of the four places counts; one that ended meanwhile is left out."""
    text = f"Pid-of: 7\n{STATUS.format(uid=1)}Pid-of: 1\n{STATUS.format(uid=0)}Pid-of: 9\n"
    first, second = parse(text)
    assert (first.pid, second.pid) == (1, 7)
    assert first.is_root
    assert second.is_root
    assert first.no_new_privileges
    assert (capability_names(first.effective), capability_names(first.bounding)) == ([], ["NET_BIND_SERVICE"])


@pytest.mark.parametrize(
    ("user", "root"), [("", True), ("0", True), ("root:users", True), ("1000:0", False), ("app", False)]
)
def test_who_is_root(user: str, root: bool) -> None:
    """Nothing said means root; the group does not matter."""
    assert is_root(user) is root


@pytest.mark.parametrize(
    ("text", "bytes"),
    [("100k", 102400), ("100KiB", 102400), ("10m", 10 << 20), ("77", 77), ("", None), ("-1", None)],
)
def test_sizes_are_read_as_the_engine_does(text: str, bytes: int | None) -> None:
    """Units are 1024-fold."""
    assert size(text) == bytes


def container(**data: Any) -> Container:
    """A container as ``inspect`` describes it."""
    return Container.read({"Id": "1" * 64, "Name": "/web", **data})


def test_settings_that_are_missing_count_as_the_engines_own() -> None:
    """No test, no limit, no policy; NONE switches an image's test off."""
    found = container(Config={"Healthcheck": {"Test": ["NONE"]}}, HostConfig={"LogConfig": None})
    assert (found.config.healthcheck, found.config.user) == (None, "")
    host = found.host_config
    assert (host.memory, host.restart_policy, host.log_driver) == (0, "no", "")
    test = container(Config={"Healthcheck": {"Test": ["CMD", "true"], "Interval": 500_000_000}}).config.healthcheck
    assert test is not None
    assert (test.interval, test.timeout, test.retries) == (0.5, 30.0, 3)


class _Api:
    def __init__(self, archive: bytes) -> None:
        self.archive = archive

    def get_archive(self, *_: str) -> tuple[Iterator[bytes], dict[str, Any]]:
        return (self.archive[i : i + 700] for i in range(0, len(self.archive), 700)), {}


class _Client:
    def __init__(self, archive: bytes) -> None:
        self.api = _Api(archive)


def test_files_are_listed_with_their_mode_and_an_open_one_is_told() -> None:
    """A directory with the sticky bit is no open one, a link has no mode of its own."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, kind, mode in (
            ("data", tarfile.DIRTYPE, 0o1777),
            ("data/visits", tarfile.REGTYPE, 0o666),
            ("data/link", tarfile.SYMTYPE, 0o777),
        ):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = kind, mode
            archive.addfile(entry)
    found = entries(_Client(packed.getvalue()), "web", "/data")
    assert found == (Entry("/data", 0o1777, True), Entry("/data/visits", 0o666, False))
    assert [entry.path for entry in found if entry.open_to_all] == ["/data/visits"]


def test_a_privileged_container_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a sandbox it cannot even be made; on an Engine of one's own it can."""
    client = SimpleNamespace(api=SimpleNamespace(send=None))
    monkeypatch.setattr("course.checks.check.connect", lambda: client)
    monkeypatch.setattr("course.facts.container", lambda *_: container(HostConfig={"Privileged": True}))
    report = part5_rights.hardened()
    assert report.share() == 0
    assert "is privileged" in report.findings[0].message


def event(action: str, time: float, **attributes: str) -> Event:
    """One event of a container."""
    return Event("container", action, "1" * 64, attributes, time)


START = event("start", 100.0)
TERM, KILL = event("kill", 105.0, signal="15"), event("kill", 106.0, signal="9")


@pytest.mark.parametrize("turned", [False, True])
def test_an_ending_is_read_whichever_of_stop_and_die_comes_first(turned: bool) -> None:
    """Engine 20.10 reports die first, Engine 28 stop."""
    last = [event("die", 106.5, exitCode="137"), event("stop", 106.6)]
    end = read([START, TERM, KILL, *(reversed(last) if turned else last)])
    assert end == Ending((("15", 0.0), ("9", 1.0)), 1.5, 137, False, True)


def test_of_a_restarted_container_the_run_that_ended_is_told() -> None:
    """And only its own signals."""
    life = [
        event("kill", 90.0, signal="9"),
        START,
        TERM,
        event("die", 105.25, exitCode="0"),
        event("start", 107.0),
    ]
    end = read(life)
    assert end is not None
    assert (end.signals, end.died, end.exit_code) == ((("15", 0.0),), 0.25, 0)


def test_a_running_a_killed_and_a_forgotten_container_are_told_apart() -> None:
    """A label that hides the signal makes it unknown."""
    assert read([]) is None
    running = read([START])
    assert running is not None
    assert (running.died, running.signals) == (None, ())
    hidden = read([event("start", 100.0, signal="15"), TERM, event("die", 105.1, exitCode="0", signal="15")])
    assert hidden is not None
    assert hidden.signals == (("?", 0.0),)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (Ending((("15", 0.0),), 0.1, 0, False, True), "no SIGKILL was needed"),
        (Ending((("15", 0.0), ("9", 10.0)), 10.1, 137, False, True), "so after 10.0 s it was killed"),
        (Ending((("9", 0.0),), 0.1, 137, False, False), "killed at once"),
        (Ending((), 0.5, 137, True, False), "its memory limit was reached"),
        (Ending((), None, None, False, False), "Nobody has asked it to end"),
        (None, "remembers no start"),
    ],
)
def test_the_picture_says_in_words_what_it_shows(end: Ending | None, words: str) -> None:
    """Whoever does not see it reads the same; names are escaped."""
    picture = draw("<app>", end)
    assert words in picture.description
    assert "<app>" not in picture.svg()
    drawn = picture.svg().partition("</desc>")[2]
    assert (">SIGKILL<" in drawn) is (end is not None and "9" in dict(end.signals))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "says nothing about rotation"),
        ({"max-size": "10m"}, "max-size 10m and max-file not set"),
        ({"max-size": "9k", "max-file": "2"}, "max-size 9k and max-file 2"),
    ],
)
def test_a_rotation_that_is_missing_and_one_that_is_wrong_are_told_apart(options: dict[str, str], words: str) -> None:
    """The message says what was found and what was asked for."""
    found = container(HostConfig={"LogConfig": {"Type": "json-file", "Config": options}})
    message = wrong_rotation(found, 100, 3)
    assert words in message
    assert "3 files of 100 KiB" in message


@pytest.mark.parametrize(
    ("state", "asked", "memory"),
    [
        ({"ExitCode": KILLED, "OOMKilled": True}, False, True),
        ({"ExitCode": KILLED}, False, True),  # some Engines miss it once in a while
        ({"ExitCode": KILLED}, True, False),
        ({"ExitCode": 1}, False, False),
    ],
)
def test_an_end_for_lack_of_memory_is_known_without_the_engines_flag(
    state: dict[str, Any], asked: bool, memory: bool
) -> None:
    """By the exit code, if the record shows no request for a signal."""
    history = History.of_events([event("kill", 1.0, signal="9")] if asked else [])
    assert ("its memory did not suffice" in how_it_ended(container(State=state), history)) is memory


def test_without_a_whole_record_no_cause_is_claimed() -> None:
    """A request for signal 9 may have been missed."""
    history = History.of_events([], complete=False, spans=())
    assert "did not suffice" not in how_it_ended(container(State={"ExitCode": KILLED}), history)


def test_last_night_is_played_again_until_the_engine_notes_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the flag there is nothing to find; if it never comes, that is said."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abcdef1")
    victim = next(name for name, fate in part5.roles().items() if fate == "memory")
    noted = {name: [fate == "memory"] for name, fate in part5.roles().items()}
    noted[victim] = [False, False, True]
    runs: list[str] = []
    monkeypatch.setattr(part5, "_program", lambda *_: None)
    monkeypatch.setattr(part5, "remove", lambda _, name: runs.append(name))
    monkeypatch.setattr(
        part5,
        "container",
        lambda _, name: container(
            State={"OOMKilled": [*noted[name.partition("-")[0]], *[False] * 9][runs.count(name) - 1]}
        ),
    )
    client: Any = SimpleNamespace(
        containers=SimpleNamespace(run=lambda *_, **__: None), api=SimpleNamespace(kill=lambda *_: None)
    )
    assert "did not note" not in repr(part5.last_night(client))
    assert [sum(run.startswith(name) for run in runs) for name in noted] == [len(tries) for tries in noted.values()]
    noted[victim] = []
    assert "did not note" in repr(part5.last_night(client))


@pytest.mark.parametrize("value", ["/baker-x", "baker-x ", b"/baker-x\n"])
def test_a_name_is_read_as_docker_writes_it(value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the slash of ``inspect``, and as bytes that a command wrote."""
    monkeypatch.setattr("course.answers.namespace", lambda: {"victim": value})
    assert container_name("victim") == "baker-x"


def test_each_way_of_a_wrong_inventory_has_its_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another machine's, the second edition's, and one with a gap."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abcdef1")
    holds = {"bash": "5.2", **vendor_versions(1)}
    told = {
        "another system": {"bash": "5.2"},
        "second edition": vendor_versions(2),
        "missing: bash": vendor_versions(1),
        "other version: bash": holds | {"bash": "5.1"},
    }
    for words, given in told.items():
        assert words in wrong_inventory(given, holds)


def test_lists_of_packages_are_read_as_dpkg_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without architectures; what is no dictionary, or no list, is no answer."""
    values: dict[str, Any] = {"inventory": {b"libc6:amd64": b"2.41 "}, "affected": ["b", b"a"]}
    monkeypatch.setattr("course.answers.namespace", lambda: values)
    assert package_versions("inventory") == {"libc6": "2.41"}
    assert package_names("affected") == ["a", "b"]
    with pytest.raises(NoAnswer, match="a dictionary was expected"):
        package_versions("affected")
    with pytest.raises(NoAnswer, match="a list of package names was expected"):
        package_names("inventory")


def test_versions_that_were_compared_as_text_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other wrong list has another message."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abcdef1")
    installed, fixed = vendor_versions(1), vendor_advisories()
    as_text = [name for name in installed if installed[name] < fixed[name]]
    assert "as text" in misjudged(as_text, installed)
    assert "names nothing" in misjudged([], installed)


@pytest.mark.parametrize(
    ("word", "place"),
    [("Env", "environment"), (" Layers ", "layer"), ("mounted file", "mount"), ("history", "history"), ("air", "air")],
)
def test_a_place_is_read_as_people_write_it(word: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In capitals, in the plural, or cut; other words stay."""
    monkeypatch.setattr("course.answers.namespace", lambda: {"leak": word})
    assert named_place("leak") == place


def test_a_wrong_place_and_no_place_are_told_apart() -> None:
    """Each of the five holds some key."""
    assert "another one than the key that leaked" in wrong_place("label")
    assert "none of the five places" in wrong_place("air")


@pytest.mark.parametrize("token", ["abcdef1", "zzzzzz9", "q2w3e4r5"])
def test_each_of_the_five_places_has_a_key_of_its_own(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of one form, so only the text of the leaked one tells; and the new key is another one."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", token)
    found = part5_leak.keys()
    assert leaking_place() in found
    assert len({*found.values(), part5_leak.new_key()}) == len(PLACES) + 1
    assert {(key[:4], len(key)) for key in (*found.values(), part5_leak.new_key())} == {("key-", 36)}
    recipe = part5_leak.courier_recipe(found)
    assert [place for place in PLACES if found[place] in recipe] == ["history"]


def test_build_arguments_are_read_from_the_history_of_either_builder() -> None:
    """The classic builder notes the default beside ``ARG``, and the value that was given beside a later ``RUN``."""
    buildkit = ("ARG UID=77 GID=5", "RUN |2 UID=77 GID=5 /bin/sh -c true # buildkit", "USER 77")
    classic = ("/bin/sh -c #(nop)  ARG UID=3", "|1 UID=77 /bin/sh -c true", "/bin/sh -c #(nop)  USER 77")
    for rows, wanted in ((buildkit, {"UID": "77", "GID": "5"}), (classic, {"UID": "77"}), (("ARG UID",), {})):
        image: Any = SimpleNamespace(history=tuple(HistoryEntry(row, 0) for row in rows))
        assert arguments(image) == wanted
