"""A class of good and hostile submissions in one batch, beside the good ones alone: marks, times, memory, leftovers.

Usage: python -m benchmarks.hostile_batch [ATTACK...]      (all attacks, if none is named)
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from autograder.results import Limits
from tests.security.hostile import ATTACKS, GOOD, differences, make_class
from tests.security.own_process import Batch, grade_apart

LIMITS = Limits(seconds=90, cell_seconds=20)


def main(*names: str) -> None:
    """Grade both, and print a table."""
    attacks = {name: attack for name, attack in ATTACKS.items() if name in names or not names}
    with tempfile.TemporaryDirectory(prefix="hostile-batch-") as folder:
        alone, root = Path(folder) / "alone", Path(folder) / "batch"
        first = grade_apart(alone, make_class(alone, {}), LIMITS)
        show("the good ones alone", first)
        batch = grade_apart(root, make_class(root, attacks), LIMITS)
        show(f"beside {len(attacks)} hostile ones", batch)
        print("\nwhat is not as it must be:")
        for record in batch.records:
            for line in differences(root, record, attacks.get(record.student)):
                print(" ", line)
    print("\ngood ones, seconds in the sandbox:")
    quiet = {record.student: record.seconds for record in first.records}
    ratios = []
    for record in batch.records:
        if record.student in GOOD:
            ratios.append(record.seconds / quiet[record.student])
            times = f"alone {quiet[record.student]:5.1f}  beside {record.seconds:5.1f}"
            print(f"  {record.student:12} {times}  ratio {ratios[-1]:.2f}")
    total = sum(record.seconds for record in batch.records if record.student in GOOD) / sum(quiet.values())
    print(f"  ratios: median {statistics.median(ratios):.2f}, worst {max(ratios):.2f}, of the sums {total:.2f}")


def show(title: str, batch: Batch) -> None:
    """Print what came of a batch."""
    print(f"\n{title}: {batch.wall:.0f} s in all, {batch.processor:.0f} s of the grader's own processor time")
    print(f"  memory {batch.memory / 1e6:.0f} MB together, the largest process {batch.largest / 1e6:.0f} MB")
    for record in batch.records:
        score = "none" if record.score is None else f"{record.score:g}"
        took = batch.took.get(record.student, 0.0)
        times = f"{record.seconds:6.1f} s of {took:6.1f} s"
        print(f"  {record.student:12} {record.verdict:17} {score:>5} {times}  {record.reason[:110]}")
    print("  left behind:", ", ".join(batch.left) or "nothing", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
