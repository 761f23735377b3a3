"""What exercise ``cache-mount`` plants and reads, without an Engine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from archives import packed

from course.checks.part3_models import _twice, downloads
from course.facts import Image
from course.setups import part3_models as setup

BASE = Image.read({"Id": "sha256:0", "RootFS": {"Layers": ["sha256:aa"]}})


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin a run of our own."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "k3f9x2mq")


def saving(*layers: dict[str, bytes]) -> Any:
    """Return a client whose Engine saves an image of these layers; the first one is the base's."""
    blobs = {f"blobs/sha256/{digit * 2}": packed(layer) for digit, layer in zip("abc", layers, strict=False)}
    data = packed({**blobs, "manifest.json": json.dumps([{"Layers": list(blobs)}]).encode()})
    return SimpleNamespace(api=SimpleNamespace(get_image=lambda _: iter([data])))


def test_the_number_of_each_download_is_read_from_the_top_layer() -> None:
    """Neither what is removed again nor a directory of the same name elsewhere counts."""
    image = Image.read({"Id": "sha256:1"})
    base, first = {"models/old": b"0\n"}, {"models/tiny": b"1\n", "srv/models/chat": b"2\n"}
    second = {"models/tiny": b"3\n", "models/.wh.chat": b""}
    assert downloads(saving(base, first, second), image, BASE) == {"tiny": "3"}


def test_a_download_that_is_in_the_image_twice_is_found() -> None:
    """The same model in a higher layer, with other permissions, is not twice."""
    image, kept = Image.read({"Id": "sha256:1"}), {"tiny": "4f2a-1"}
    installed = {"models/tiny": b"4f2a-1\n"}
    assert _twice(saving({}, installed, installed), image, BASE, kept) == []
    assert _twice(saving({}, installed, {"backup/x": b"4f2a-1\n"}), image, BASE, kept) == ["backup/x"]


def test_the_program_downloads_only_what_it_has_not_kept(tmp_path: Path) -> None:
    """And installs all that the list names."""
    program = setup.fetch_program().replace(setup.STORE, str(tmp_path / "store")).replace("sleep 1", "true")
    (tmp_path / "fetch.sh").write_text(
        program.replace(f'"/{setup.PLACE}/', '"to/').replace(f" /{setup.PLACE}\n", " to\n")
    )
    numbers = []
    for names in (("tiny", "chat"), ("chat", "vision", "tiny")):
        (tmp_path / "models.txt").write_text(setup.listed(*names))
        subprocess.run(["sh", "fetch.sh"], cwd=tmp_path, check=True, capture_output=True)
        numbers.append({name: (tmp_path / "to" / name).read_text() for name in names})
    assert {name: numbers[1][name] for name in numbers[0]} == numbers[0]
    assert len({*numbers[1].values()}) == 3


def test_another_run_has_other_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """The builder keeps what another run has downloaded."""
    before = {*setup.models()}
    monkeypatch.setenv("DOCKER_COURSE_RUN", "k3f9x2mr")
    assert not before & {*setup.models()}
