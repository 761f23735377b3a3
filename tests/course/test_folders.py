"""Files and directories of a run, below its notebook's."""

from __future__ import annotations

from pathlib import Path

import pytest

from course import folders


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The notebook's directory."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abc123")
    return tmp_path


def test_what_a_student_changed_stays_when_the_setup_runs_again(place: Path) -> None:
    """A file that was removed comes back, one that was changed keeps its text; other users may read them."""
    made = folders.plant("shop", {"Dockerfile": "FROM busybox\n", "app/main.py": "pass\n"})
    assert made == place / "shop-abc123"
    (made / "Dockerfile").write_text("FROM nginx\n")
    (made / "app/main.py").unlink()
    folders.plant("shop", {"Dockerfile": "FROM busybox\n", "app/main.py": "pass\n"})
    assert (made / "Dockerfile").read_text() == "FROM nginx\n"
    assert (made / "app/main.py").read_text() == "pass\n"
    folders.write("shop", {"Dockerfile": "FROM redis\n"})
    assert (made / "Dockerfile").read_text() == "FROM redis\n"
    assert oct((made / "app").stat().st_mode & 0o777) == "0o755"
    assert oct((made / "app/main.py").stat().st_mode & 0o777) == "0o644"


def test_removing_takes_what_has_the_runs_word_and_nothing_else(place: Path) -> None:
    """Files and directories; a link is removed and what it leads to stays."""
    folders.write("shop", {"a/b": "c"})
    for kept in ("part2.ipynb", "shop-zzz999", "notes"):
        (place / kept).mkdir()
    (place / "password-abc123").write_text("x")
    (place / "link-abc123").symlink_to(place / "notes")
    assert folders.remove(place, "abc123") == 3
    assert sorted(entry.name for entry in place.iterdir()) == ["notes", "part2.ipynb", "shop-zzz999"]
