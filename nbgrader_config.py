"""Settings of nbgrader and its formgrader for this course, which they read in the course's root."""

import sys
import warnings
from pathlib import Path

from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    GetGrades,
    LimitOutput,
    OverwriteCells,
)
from sqlalchemy.exc import SAWarning

from autograder.gradebook.export import CsvExport
from autograder.gradebook.exporters import FeedbackExporter, HideTests, SubmissionExporter
from autograder.gradebook.pages import FILTERS, RenderCells
from autograder.gradebook.preprocessors import (
    KeepRecord,
    RebuildFromSource,
    RecordMarks,
    SandboxExecute,
    tools_on_path,
)
from autograder.gradebook.register import before_autograde
from autograder.lessons.stubs import configure

c = get_config()  # noqa: F821 - nbgrader defines it

# nbgrader's gradebook makes SQLAlchemy warn about the order in which it fills new rows; nothing is wrong with
# them.
warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")

# nbgrader starts "alembic" for a new gradebook, and looks for it on PATH only.
tools_on_path(sys.executable)

c.CourseDirectory.course_id = "docker-fundamentals"
c.Exchange.root = str(Path(__file__).resolve().parent / "build" / "exchange")

# The files in a learning platform's archive: Moodle's NAME_NUMBER_assignsubmission_file/part1.ipynb (or …_part1.ipynb),
# Canvas's NAME_NUMBER_NUMBER_part1-1.ipynb. The student is what stands before the first underscore.
c.FileNameCollectorPlugin.named_regexp = (
    r".*/(?P<student_id>[^/_]+)_[^/]*[/_](?P<file_id>[^/_]+?)(-\d+| ?\(\d+\))?\.ipynb$"
)

# What stands in the student's version in place of a solution: the same, whoever makes that version.
configure(c)

# Grading: rebuilt from the source notebook, executed in a sandbox, marked by the examiner.
c.Autograde.pre_convert_hook = before_autograde
c.Autograde.exporter_class = SubmissionExporter
c.Autograde.sanitize_preprocessors = [RebuildFromSource, OverwriteCells, CheckCellMetadata]
c.Autograde.autograde_preprocessors = [
    SandboxExecute,
    LimitOutput,
    RecordMarks,
    AssignLatePenalties,
    CheckCellMetadata,
    KeepRecord,
]

# What a student's code displayed runs no script in a grader's browser, here and in formgrader, and no text takes
# long to be shown. nbconvert's own steps are left out: this one does what they would.
c.HTMLExporter.preprocessors = [RenderCells]
c.HTMLExporter.default_preprocessors = []
c.HTMLExporter.filters = FILTERS

# Feedback: our page, without the hidden tests.
c.GenerateFeedback.exporter_class = FeedbackExporter
c.GenerateFeedback.preprocessors = [GetGrades, HideTests, RenderCells]

# Marks as a table; empty where there is none.
c.ExportApp.plugin_class = CsvExport
