"""nbgrader's own commands, with nothing but the configuration."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps.api import NbGraderAPI
from small_course import SmallCourse

from autograder.gradebook.records import read_records
from autograder.results import Verdict

NBGRADER = Path(sys.executable).with_name("nbgrader")


def nbgrader(small: SmallCourse, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command with a PATH that does not have the virtual environment."""
    environment = {**os.environ, "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [NBGRADER, *arguments], cwd=small.root, env=environment, text=True, capture_output=True, timeout=300
    )


def table(small: SmallCourse) -> dict[str, dict[str, str]]:
    """The rows of grades.csv by student."""
    with (small.root / "grades.csv").open(newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def page(small: SmallCourse, student: str) -> str:
    """A student's feedback."""
    return (small.root / "feedback" / student / small.part / f"{small.part}.html").read_text()


@pytest.mark.slow
def test_the_three_commands_work_from_a_fresh_clone(small: SmallCourse) -> None:
    """No gradebook yet, alembic not on PATH: autograde, generate_feedback and export give marks, pages and a table."""
    (small.root / "gradebook.db").unlink()
    small.hand_in("ada")
    small.hand_in("bob", first="x = 1", second="### BEGIN HIDDEN TESTS\nprint('mine')")
    small.hand_in("cyd", second="raise Crash()")
    small.path("dan").write_text("not JSON")
    for command in (("autograde", small.part), ("generate_feedback", small.part), ("export",)):
        done = nbgrader(small, *command)
        assert done.returncode == 0, done.stderr
        assert "WARNING" not in done.stderr.replace("Removing existing", "")
    assert small.marks("ada") == {"first-check": 3, "second-check": 2}
    assert small.marks("bob") == {"first-check": 1, "second-check": 0}
    rows = table(small)
    assert [rows[name]["score"] for name in sorted(rows)] == ["5.0", "1.0", "3.0", "0.0"]
    assert rows["cyd"]["verdict"] == rows["dan"]["verdict"] == "submission broke"
    assert "not JSON" in rows["dan"]["reason"]
    assert "x is the answer" in page(small, "bob")
    assert "The submission broke" in page(small, "cyd")
    assert "answer(&#39;x&#39;) == 42" not in page(small, "bob")
    assert "HIDDEN TESTS" not in page(small, "ada")
    assert "BEGIN HIDDEN TESTS" in page(small, "bob")  # the student's own line, which stops nbgrader's own page


@pytest.mark.slow
def test_where_the_grader_broke_there_is_no_mark(small: SmallCourse) -> None:
    """The command fails and says so, the score is empty, an earlier mark stays, and formgrader offers it again."""
    small.hand_in("ada")
    small.hand_in("bob")
    api = NbGraderAPI(small.course.directory(), config=small.course.config)
    assert api.autograde(small.part, "ada")["success"]
    broken = "from autograder.errors import SandboxError\ndef execute(job):\n    raise SandboxError('no room left')\n"
    (small.root / "in_process.py").write_text(broken)
    done = nbgrader(small, "autograde", small.part, "--force")
    assert done.returncode == 1
    assert "No mark for ada: the grader broke. no room left" in done.stderr
    assert nbgrader(small, "export").returncode == 0
    rows = table(small)
    assert (rows["bob"]["verdict"], rows["bob"]["score"]) == ("grader broke", "")
    assert rows["ada"]["score"] == "5.0"
    assert rows["ada"]["reason"].startswith("The score is the one from before.")
    assert small.marks("bob") == {"first-check": None, "second-check": None}
    with small.course.gradebook() as gradebook:
        assert gradebook.find_submission(small.part, "ada").needs_manual_grade
    assert not (small.root / "autograded" / "bob" / small.part).exists()


def test_formgraders_button_takes_the_same_way(small: SmallCourse) -> None:
    """formgrader calls nbgrader's API with the same configuration."""
    small.hand_in("ada", first="x = 1")
    api = NbGraderAPI(small.course.directory(), config=small.course.config)
    result = api.autograde(small.part, "ada")
    assert result["success"], result
    assert small.marks("ada") == {"first-check": 1, "second-check": 2}
    assert api.generate_feedback(small.part, "ada")["success"]
    assert "Content-Security-Policy" in page(small, "ada")


def test_formgraders_page_runs_no_script_of_the_student(small: SmallCourse) -> None:
    """The page on which people grade by hand is made by nbgrader's template, from cleaned outputs and text."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers
    from traitlets.config import Config

    submission = small.answered(second="show(text_html='<script>evil()</script><img src=x onerror=evil()>')")
    submission.cells.append(nbformat.v4.new_markdown_cell("<script>evil()</script>[x](javascript:evil())"))
    submission.cells.append(nbformat.v4.new_raw_cell("<script>evil()</script>"))
    small.hand_in("ada", submission)
    NbGraderAPI(small.course.directory(), config=small.course.config).autograde(small.part, "ada")
    config = Config(small.course.config)
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    resources = {"base_url": "", "notebook_id": "tiny", "index": 0, "total": 1, "student": "ada"}
    path = small.root / "autograded" / "ada" / small.part / f"{small.part}.ipynb"
    html, _ = HTMLExporter(config=config).from_filename(str(path), resources=resources)
    assert "second-check" in html
    assert "<script>evil" not in html
    assert "onerror=evil()" not in html.replace("&#39;", "'").split("</code>")[-1]
    assert 'href="javascript' not in html


def test_marks_come_from_the_examiner_not_from_outputs(small: SmallCourse) -> None:
    """What nbgrader would read as full marks (text, nan, a number above the maximum) changes nothing."""
    config = small.course.config
    import in_process

    def lying(job):  # type: ignore[no-untyped-def]
        execution = in_process.execute(job)
        for cell in execution.notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = [
                    {"output_type": "execute_result", "data": {"text/plain": "nan"}, "metadata": {}},
                    {"output_type": "stream", "name": "stderr", "text": "warning"},
                ]
        return execution

    config.SandboxExecute.execute = lying
    small.hand_in("ada", first="x = 1")
    assert NbGraderAPI(small.course.directory(), config=config).autograde(small.part, "ada")["success"]
    assert small.marks("ada") == {"first-check": 1, "second-check": 2}


def test_a_mark_that_a_person_gave_stays(small: SmallCourse) -> None:
    """Grading again keeps it, counts it, and flags it for another look."""
    small.hand_in("ada", first="x = 1")
    api = NbGraderAPI(small.course.directory(), config=small.course.config)
    api.autograde(small.part, "ada")
    with small.course.gradebook() as gradebook:
        grade = gradebook.find_grade("first-check", small.part, small.part, "ada")
        grade.manual_score = 2.5
        gradebook.db.commit()
    api.autograde(small.part, "ada")
    assert small.score("ada") == 4.5
    with small.course.gradebook() as gradebook:
        assert gradebook.find_grade("first-check", small.part, small.part, "ada").needs_manual_grade


def test_the_record_of_a_run_by_nbgrader_is_kept_too(small: SmallCourse) -> None:
    """However it was started, verdict, findings and notes are in the records."""
    submission = small.answered()
    submission.cells.pop()
    small.hand_in("ada", submission)
    NbGraderAPI(small.course.directory(), config=small.course.config).autograde(small.part, "ada")
    record = read_records(small.root, small.part)["ada"]
    assert record.verdict is Verdict.GRADED
    assert list(record.notes) == ["second-check"]
    assert [finding.message for finding in record.cells[1].findings] == ["y says yes"]


def test_the_exchange_is_below_the_course(small: SmallCourse) -> None:
    """nbgrader's default exchange directory is for everybody on the machine, and not there on most."""
    assert Path(small.course.config.Exchange.root).is_relative_to(small.root / "build")
