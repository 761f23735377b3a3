"""Which changed answers go into one notebook: one of each exercise, none with what it builds on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from autograder.mutation.mutants import Changed


def pack(items: Iterable[Changed], conflict: Callable[[str, str], bool], most: int) -> list[list[Changed]]:
    """Return the items in as few notebooks as there need be; the same items give the same notebooks.

    Args:
        items: changed answers.
        conflict: whether two exercises cannot be in one notebook.
        most: how many fit into one.
    """
    queues: dict[str, list[Changed]] = {}
    for item in items:
        queues.setdefault(item.exercise, []).append(item)
    packs = []
    while any(queues.values()):
        chosen: list[Changed] = []
        # The longest first: it decides how many notebooks there are.
        for exercise in sorted(queues, key=lambda name: -len(queues[name])):
            fits = not any(conflict(exercise, each.exercise) for each in chosen)
            if queues[exercise] and fits and len(chosen) < most:
                chosen.append(queues[exercise].pop(0))
        packs.append(chosen)
    return packs
