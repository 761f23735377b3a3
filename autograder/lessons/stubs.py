"""What stands in the student's version in place of a solution, in the language of its cell."""

from __future__ import annotations

from typing import Any, Final

from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    IncludeHeaderFooter,
    InstantiateTests,
    LockCells,
    SaveCells,
)

from autograder.lessons.notebooks import STUBS, language


class ClearCellSolutions(ClearSolutions):
    """nbgrader's step, which knows one language for a whole notebook, for shell cells and files as well."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """Replace the solution; the line that makes it a shell cell or a file stays."""
        head, newline, script = cell.source.partition("\n")
        if cell.cell_type != "code" or language(cell.source) == "python":
            return super().preprocess_cell(cell, resources, index)
        cell.source = script
        cell, _ = super().preprocess_cell(cell, {**resources, "language": "bash"}, index)
        cell.source = f"{head}{newline}{cell.source}"
        return cell, resources


def configure(config: Any) -> None:
    """Set nbgrader's steps from an instructor's notebook to a student's, with our stubs."""
    config.ClearSolutions.code_stub = STUBS
    config.GenerateAssignment.preprocessors = STEPS


STEPS: Final = [
    IncludeHeaderFooter,
    InstantiateTests,
    LockCells,
    ClearCellSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    SaveCells,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
]
"""nbgrader's own, in their order, but for the solutions."""
