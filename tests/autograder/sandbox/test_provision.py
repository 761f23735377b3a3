"""Sandboxes hold the files of the checkout that starts them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.host import connect
from autograder.sandbox import image, provision, setup

pytestmark = pytest.mark.engine


@pytest.fixture
def looked_up_anew() -> Iterator[None]:
    """The provision is looked up once per process; here, each time."""
    provision.current.cache_clear()
    yield
    provision.current.cache_clear()


@pytest.mark.usefixtures("looked_up_anew")
def test_a_sandbox_of_other_files_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the checkout changed since the image was made: the error names the checkout and the repair."""
    assert provision.current().image
    provision.current.cache_clear()
    packed = image._context()
    monkeypatch.setattr(image, "_context", lambda *_: packed + b"one more line")
    with pytest.raises(SandboxError, match=r"holds the files of this checkout \(/.*`docker-course setup`"):
        provision.current()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked_up_anew: None) -> Path:
    """A copy of the files that a sandbox holds, to be changed."""
    for name in image.CONTEXT:
        place, source = tmp_path / name, image.ROOT / name
        place.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, place)
    monkeypatch.setattr(image, "ROOT", tmp_path)
    return tmp_path


def test_a_changed_check_is_in_the_next_sandbox_within_seconds(checkout: Path) -> None:
    """No other command is needed; the layers with programs and packages are the same."""
    before = setup.refresh()
    (checkout / "course" / "checks" / "new.py").write_text("# written a moment ago\n")
    provision.current.cache_clear()
    done: list[str] = []
    after = setup.refresh(lambda what, now: done.append(now))
    assert "building it" in done
    client = connect()
    command = ["cat", "/opt/docker-course/course/checks/new.py"]
    try:
        told = client.containers.run(after.image, command, entrypoint="", network_mode="none", remove=True)
        assert told == b"# written a moment ago\n"
        layers = [client.images.get(one.image).attrs["RootFS"]["Layers"] for one in (before, after)]
        assert layers[0][:-2] == layers[1][:-2]  # all but the two of course/
    finally:
        client.images.remove(after.image, force=True)


def test_changed_dependencies_are_left_to_the_set_up(checkout: Path) -> None:
    """That takes minutes and may need a network: nobody wants it by surprise."""
    with (checkout / "pyproject.toml").open("a") as file:
        file.write("# another dependency\n")
    with pytest.raises(SandboxError, match="docker-course setup"):
        setup.refresh()
