"""Results of an execution: facts that go from the sandbox to the gradebook as JSON."""

from __future__ import annotations

import secrets
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Verdict(StrEnum):
    """How the execution of a submission ended."""

    GRADED = "graded"
    """Every grade cell was judged."""

    SUBMISSION_BROKE = "submission broke"
    """The student's kernel died or a limit ran out; marks up to there are kept, the rest is 0."""

    GRADER_BROKE = "grader broke"
    """The grader's own part failed: no mark is recorded, the submission is to be run again."""

    NOT_HANDED_IN = "not handed in"
    """There is no notebook, so there is no mark."""

    NOT_GRADED = "not graded"
    """The folder's name cannot be a student's: no mark is recorded, the folder is to be renamed."""

    @property
    def gives_mark(self) -> bool:
        """Whether there is a mark."""
        return self in (Verdict.GRADED, Verdict.SUBMISSION_BROKE)


class Facts(BaseModel):
    """Base of the records here: frozen, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Finding(Facts):
    """What a check found about a demand, as the student reads it."""

    demand: str = ""
    """The demand's ID; empty if it is about the whole exercise."""
    passed: bool
    known: bool = True
    """False if the check could tell neither that it passed nor that it failed; in grading it always can."""
    message: str
    hint: str = ""


class Demanded(Facts):
    """A demand of an exercise, and what became of it."""

    id: str
    text: str
    essential: bool
    outcome: Literal["passed", "not yet", "not known", "not looked at"]


class CellResult(Facts):
    """The result of one grade cell."""

    grade_id: str
    points: float = Field(ge=0, allow_inf_nan=False)
    max_points: float = Field(ge=0, allow_inf_nan=False)
    reached: bool = True
    """False if the submission broke before this cell ran."""
    demands: tuple[Demanded, ...] = ()
    findings: tuple[Finding, ...] = ()
    failure: str = ""
    """Why the check itself gave no result, as a sentence; empty if it gave one."""


class TimelineEntry(Facts):
    """A line of the time line: a request of the student's, or an event of the Engine's."""

    seconds: float = Field(ge=0, allow_inf_nan=False)
    """Since the first cell."""
    actor: Literal["student", "engine"]
    action: str = Field(max_length=200)
    outcome: str = Field(default="", max_length=200)
    """What came of a request: the HTTP status, and the gateway's reason if it refused."""
    refused: bool = False


class CellProgress(Facts):
    """A cell has started, or has ended."""

    index: int = Field(ge=0)
    """Its place in the notebook."""
    done: bool


class Timings(Facts):
    """Where a submission's time went, in seconds; 0 for a stage that it did not have."""

    prepare: float = 0.0
    """Reading the file and rebuilding the notebook."""
    wait: float = 0.0
    """Waiting for a sandbox."""
    cells: float = 0.0
    """The student's cells."""
    checks: float = 0.0
    """The grade cells, with the gateway shut."""
    around: float = 0.0
    """In the sandbox, before the first cell and after the last."""
    record: float = 0.0
    """The gradebook and the autograded notebook."""
    feedback: float = 0.0
    """The feedback page."""
    whole: float = 0.0
    """From reading to the record, with all tries and with the time in which it waited for its turn."""


class Execution(Facts):
    """A submission's run: the verdict, a sentence on it, each grade cell's result, the executed notebook."""

    verdict: Verdict
    reason: str = ""
    """A sentence for people when the verdict is not ``graded``."""
    cells: tuple[CellResult, ...] = ()
    notebook: dict[str, Any] = Field(default_factory=dict)
    """The executed notebook as nbformat 4 JSON; grade cells carry only outputs that the examiner made."""
    run: str = ""
    seed: str = ""
    """Those of the job: with them the run can be repeated."""
    timeline: tuple[TimelineEntry, ...] = ()
    seconds: float = Field(default=0.0, ge=0)
    """Wall-clock seconds from the first cell to the last."""
    timings: Timings = Timings()


class Limits(Facts):
    """Limits of one execution. Sizes in bytes, times in seconds."""

    memory: int = 3 << 30
    disk: int = 2 << 30
    """Size of the Engine's data root, a tmpfs: it counts against ``memory`` as it fills."""
    inodes: int = 400_000
    """Files and directories that fit in there."""
    cpus: float = 2.0
    pids: int = 2048
    seconds: float = 900.0
    """Wall clock of the whole sandbox."""
    cell_seconds: float = 120.0
    output_bytes: int = 1 << 20
    """Output kept of one cell; what goes beyond is cut, with a note."""


class Job(Facts):
    """What the grader sends into a sandbox: the notebook to run, hidden tests included."""

    notebook: dict[str, Any]
    run: str = Field(pattern=r"^[a-z0-9]{6,16}$")
    """The run's random value, given to both kernels."""
    seed: str = Field(default_factory=lambda: secrets.token_hex(16), pattern=r"^[a-z0-9]{6,64}$")
    """What set-ups hide is derived from it, so only the examiner's kernel has it."""
    limits: Limits = Limits()
