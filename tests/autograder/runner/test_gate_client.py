"""What a run comes to when the gateway breaks."""

from __future__ import annotations

import pytest

from autograder.results import Verdict
from autograder.runner.gate_client import GateBroke, GateClient
from tests.autograder.runner.runner_notebooks import check, run


def test_a_check_during_which_the_gateway_broke_counts_once_and_as_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whether it was shut all the time is not known, so the submission broke there; marks from before stay."""
    opened = 0

    async def open_gate(gate: GateClient, *, planted: bool = False) -> None:
        nonlocal opened
        opened += 1
        if opened == 3:  # at the start, after the first check, after the second
            raise GateBroke("The gateway did not answer.")

    monkeypatch.setattr(GateClient, "open", open_gate)
    done = run(check("3", grade_id="first"), check("3", grade_id="second"), check("3", grade_id="third"))
    assert done.verdict is Verdict.SUBMISSION_BROKE
    assert "could not be checked" in done.reason
    assert [(cell.grade_id, cell.points, cell.reached) for cell in done.cells] == [
        ("first", 3, True),
        ("second", 0, False),
        ("third", 0, False),
    ]
