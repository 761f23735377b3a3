"""Reading processes and their parents, without an Engine."""

from __future__ import annotations

from course.facts.processes import parse, workers


def listed(*parents: tuple[int, int]) -> str:
    """The helper's output for processes with these numbers and parents."""
    return "".join(f"Pid-of: {pid}\nName:\tx\nPPid:\t{parent}\nUid:\t0\t0\t0\t0\n" for pid, parent in parents)


def test_the_workers_are_the_children_of_who_has_most() -> None:
    """Below docker-init stands the server, and below it the workers; what came in by exec has no parent inside."""
    found = parse(listed((1, 0), (7, 1), (8, 7), (9, 7), (10, 7), (30, 0), (31, 0), (32, 0), (33, 0)))
    assert [process.pid for process in workers(found)] == [8, 9, 10]


def test_a_server_with_one_worker_is_not_taken_for_one() -> None:
    """Of two that have one child each, the lower in the tree counts."""
    assert [process.pid for process in workers(parse(listed((1, 0), (7, 1), (8, 7))))] == [8]
    assert workers(parse(listed((1, 0)))) == ()
