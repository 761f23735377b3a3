"""What Part 2 takes for a proof, without an Engine."""

from __future__ import annotations

from typing import Any

import pytest

from course.checks import part2_memory, part2_ports, part2_shell, part2_survivor
from course.facts import Completed, Container, Event, History
from course.facts.sockets import Sockets

NOBODY: Any = None
SHOP = Container.read({"Id": "1" * 64, "Name": "/shop"})
MOUNTS = "overlay / overlay rw,relatime 0 0\ntmpfs /scratch tmpfs rw,nosuid,size=16384k 0 0\n"


@pytest.mark.parametrize(
    ("before", "after", "relayed"),
    [
        (Sockets((), 0, 5), Sockets((), 0, 5), False),
        (Sockets((), 0, 5), Sockets((), 1, 9), False),
        (Sockets((), 0, 5), Sockets((), 0, 17), True),
        (Sockets((), 1, 5), Sockets((), 1, 5), True),
    ],
    ids=["none", "a health check's", "one for each request", "one that stays open"],
)
def test_a_program_that_passes_requests_on_is_known_by_its_connections(
    monkeypatch: pytest.MonkeyPatch, before: Sockets, after: Sockets, relayed: bool
) -> None:
    """It opens one for each request, or keeps one open; a health check opens fewer, and closes them."""
    seen = iter((before, after))
    monkeypatch.setattr(part2_ports, "sockets", lambda *_: next(seen))
    monkeypatch.setattr(part2_ports, "fetch", lambda *_: None)
    assert part2_ports._passes_on(NOBODY, SHOP, 8000) is relayed


@pytest.mark.parametrize(
    ("mounts", "expected"),
    [
        (MOUNTS, ["rw", "nosuid", "size=16384k"]),
        (MOUNTS.replace("tmpfs rw", "ext4 rw"), None),
        (MOUNTS.replace("/scratch", "/scratch/fast"), None),
        (MOUNTS + "/dev/sda1 /scratch ext4 rw 0 0\n", None),
    ],
    ids=["a tmpfs", "a disk", "below", "a disk over it"],
)
def test_a_file_system_in_memory_is_what_the_kernel_calls_one(
    monkeypatch: pytest.MonkeyPatch, mounts: str, expected: list[str] | None
) -> None:
    """At exactly this place, and the last that was mounted there."""
    monkeypatch.setattr(part2_memory, "exec_in", lambda *_: Completed(0, mounts))
    assert part2_memory._tmpfs_options(NOBODY, SHOP) == expected


@pytest.mark.parametrize(
    ("steps", "written", "holder", "said"),
    [
        (["create", "destroy"], 5.0, "", "was written after writer-student00 was removed"),
        (["create", "destroy"], 0.5, "", "was not written while writer-student00 had the volume"),
        (["create", "destroy"], 1.5, "b", "another container had the volume and had got it last: b"),
        (["create"], 1.5, "", "not removed, but renamed"),
        ([], 1.0, "", "There was no container"),
    ],
)
def test_who_did_not_write_the_diary_is_told(
    monkeypatch: pytest.MonkeyPatch, steps: list[str], written: float, holder: str, said: str
) -> None:
    """By when the file changed, who had the volume then, and what became of the writer."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "student00")
    events = [
        Event("container", action, "a", {"name": "writer-student00"}, float(time))
        for time, action in enumerate(steps, start=1)
    ]
    assert said in part2_survivor._not_by_writer(None, History.of_events(events), written, holder)


@pytest.mark.parametrize(
    ("at", "holder"),
    [(0.5, ""), (1.5, "writer"), (2.5, "helper"), (3.5, "writer"), (4.5, "writer"), (9.5, "")],
)
def test_who_writes_is_who_got_the_volume_last(at: float, holder: str) -> None:
    """A helper beside a writer that sleeps is found; one that may only read has not written."""
    steps = [
        ("mount", "writer", "true"),
        ("mount", "helper", "true"),
        ("unmount", "helper", ""),
        ("mount", "onlooker", "false"),
        ("unmount", "writer", ""),
    ]
    events = [
        Event("volume", action, "diary", {"container": who, "read/write": writes}, float(time))
        for time, (action, who, writes) in enumerate(steps, start=1)
    ]
    assert part2_survivor._holder(History.of_events(events), "diary", at) == holder


def life(*steps: tuple[str, float]) -> History:
    """Return a history in which this happened to the container ``a``."""
    return History.of_events([Event("container", action, "a", {}, time) for action, time in steps])


def test_a_file_is_ascribed_to_the_run_in_which_it_was_written() -> None:
    """The Engine reports a start late; what was written after an end and long before a start is in no run."""
    runs = part2_shell._runs(life(("start", 10), ("die", 20), ("start", 100), ("die", 110), ("start", 200)), "a")
    assert [(run.begin, run.end) for run in runs] == [(10, 20), (100, 110), (200, float("inf"))]
    assert [part2_shell._run_at(runs, time) for time in (9.5, 15, 105, 250)] == [runs[0], runs[0], runs[1], runs[2]]
    assert [part2_shell._run_at(runs, time) for time in (None, 5, 50)] == [None, None, None]


@pytest.mark.parametrize(
    ("target", "expected"), [("/root", True), ("/root/", True), ("/root/word.txt", True), ("/ro", False), ("/x", False)]
)
def test_a_file_on_a_mount_is_not_in_the_container_itself(target: str, expected: bool) -> None:
    """The mount is at the file, or at a directory above it."""
    mounted = Container.read({"Id": "1" * 64, "Mounts": [{"Type": "volume", "Name": "v", "Destination": target}]})
    assert (part2_shell._mount_over(mounted, part2_shell.FILE) is not None) is expected


def test_a_terminals_log_is_read_as_a_person_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours, titles and the returns at the ends of lines are left out."""
    written = ["\x1b[?2004h\x1b]0;root@a: /\x07root@a:/# whoami\r", "\x1b[?2004l\rroot\r", "\x1b[31m/\x1b[0m"]
    monkeypatch.setattr(part2_shell, "log_lines", lambda *_: written)
    assert part2_shell._lines(NOBODY, "a") == ["root@a:/# whoami", "root", "/"]
