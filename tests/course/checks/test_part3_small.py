"""What Part 3's checks of small images and secrets can tell without an Engine."""

from __future__ import annotations

import base64
import bz2
import ctypes
import gzip
import hashlib
import io
import json
import lzma
import shutil
import subprocess
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from course.checks.compilers import _COMPILER
from course.checks.part3_secret import _lent, wrong_seal
from course.checks.searching import Secret, find_secret
from course.setups import part3_small as setup


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Begin a run of our own, in a directory of our own."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abcdef23")
    monkeypatch.delenv("DOCKER_COURSE_SANDBOX", raising=False)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs a C compiler")
def test_the_check_and_the_c_programs_give_the_same_checksum(tmp_path: Path) -> None:
    """The library of exercise ``small`` and the program of exercise ``tiny``, also for letters beyond ASCII."""
    library, program = tmp_path / "libchecksum.so", tmp_path / "checksum"
    source, tool = Path(setup.write_calculator()) / "checksum.c", Path(setup.write_tool()) / "checksum.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
    subprocess.run(["gcc", "-Wall", "-Werror", "-o", program, tool], check=True)
    function = ctypes.CDLL(str(library)).checksum
    function.restype = ctypes.c_uint64
    for word in ("a", "hello", "Grüße", "x" * 1000):
        assert f"{function(word.encode()):016x}" == setup.checksum(word)
        told = subprocess.run([program, word], check=True, capture_output=True, text=True)
        assert told.stdout == f"{setup.checksum(word)}\n"


def test_another_run_has_other_checksums_and_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nothing can be copied from a neighbour."""
    before = setup.checksum("hello"), setup.key(), setup.release()
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abcdef24")
    assert not set(before) & {setup.checksum("hello"), setup.key(), setup.release()}


def test_the_planted_directory_gives_the_seal_that_is_expected() -> None:
    """SHA-256 of the key's file, then the release's; the key's file ends without a line break."""
    place = Path(setup.write_release())
    content = (place / setup.KEY_FILE).read_bytes() + (place / "release.txt").read_bytes()
    assert hashlib.sha256(content).hexdigest() == setup.seal(setup.key())
    assert not (place / setup.KEY_FILE).read_bytes().endswith(b"\n")


def test_exercises_with_a_compiler_begin_with_the_same_lines() -> None:
    """So that it is installed once."""
    recipes = (setup.workshop_recipe(), setup.naive_recipe(), setup.tool_recipe())
    (first,) = {recipe.split("WORKDIR")[0] for recipe in recipes}
    assert "gcc" in first


@pytest.mark.parametrize("program", ["gcc", "cc", "x86_64-linux-gnu-gcc-14", "cc1", "clang-19", "tcc", "c++", "g++-14"])
def test_compilers_are_known_by_their_names(program: str) -> None:
    """With the machine's name before it, and the version after it."""
    assert _COMPILER.fullmatch(program)


@pytest.mark.parametrize("program", ["gunicorn", "gcc.md", "mcc.py", "libgcc_s.so.1", "ccache-swig", "wcc2"])
def test_other_programs_are_no_compilers(program: str) -> None:
    """A name that only resembles one does not count."""
    assert not _COMPILER.fullmatch(program)


KEY = "key-9f86d081884c7d659a2feaa0c55ad015"


@pytest.mark.parametrize("before", ["", "a", "ab", "robot:"])
@pytest.mark.parametrize("after", ["", "\n", "xyz"])
def test_a_secret_is_found_in_base64_wherever_it_begins(before: str, after: str) -> None:
    """Also where lines are broken, and packed."""
    text = (before + KEY + after).encode()
    for encoded in (base64.b64encode(text), base64.urlsafe_b64encode(text), base64.encodebytes(b"x" * 51 + text)):
        assert Secret(KEY).within(b"login=" + encoded)
        assert Secret(KEY).within(gzip.compress(encoded))
    assert Secret(KEY).within(base64.b64encode(gzip.compress(text)))


@pytest.mark.parametrize(
    "spelled",
    [
        KEY.encode(),
        KEY[:20].encode(),
        KEY[20:].encode(),
        KEY[::-1].encode(),
        KEY.encode().hex().encode(),
        bytes.fromhex(KEY[4:]),
        KEY.encode("utf-16-le"),
        bz2.compress(KEY.encode()),
        lzma.compress(KEY.encode()),
        zlib.compress(KEY.encode()),
        base64.b64encode(KEY.encode()).hex().encode(),
        base64.b64encode(KEY[::-1].encode()),
        base64.b64encode(KEY.encode())[::-1],
        KEY[:8].encode() + b" and " + KEY[8:16].encode(),
    ],
)
def test_a_secret_is_searched_for_in_its_usual_spellings(spelled: bytes) -> None:
    """Plain and packed, whole and in halves."""
    assert Secret(KEY).within(spelled)


def test_a_secret_is_found_that_is_split_over_the_names_of_files() -> None:
    """Eight characters in each name; one such name alone may be a coincidence."""
    pieces = [KEY[place : place + 8] for place in range(0, 32, 8)]
    back = [KEY[::-1][:8], KEY[::-1][8:16]]
    for names, found in ((pieces, pieces[1:]), (pieces[:1], []), (back, back[1:])):
        layer = io.BytesIO()
        with tarfile.open(fileobj=layer, mode="w") as archive:
            for name in names:
                archive.addfile(tarfile.TarInfo(f"srv/{name}"))
        hits = find_secret(saving({"blobs/sha256/aa": layer.getvalue()}), "x", Secret(KEY))
        assert [hit.path for hit in hits] == [f"srv/{name}" for name in found]


def saving(files: dict[str, bytes]) -> Any:
    """Return a client whose Engine saves an image as an archive of these files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in {**files, "manifest.json": json.dumps([{"Layers": list(files)}]).encode()}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return SimpleNamespace(api=SimpleNamespace(get_image=lambda _: iter([buffer.getvalue()])))


def test_other_content_is_no_secret() -> None:
    """Nor is another key, or an archive that is broken."""
    for content in (b"", b"key-" + b"0" * 32, hashlib.sha256(KEY.encode()).hexdigest().encode(), b"\x1f\x8bbroken"):
        assert not Secret(KEY).within(content)


@pytest.mark.parametrize(
    ("ids", "keys"),
    [
        (["key"], ["key"]),
        (["release"], ["release"]),
        (["release", "token"], ["token"]),
        (["release-key"], ["release-key"]),
    ],
)
def test_the_key_is_lent_by_whatever_id(ids: list[str], keys: list[str]) -> None:
    """Only where there is another secret, one that is called like the release is the release."""
    assert [id for id, file in _lent(ids).items() if file == setup.KEY_FILE] == keys


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (lambda _: "", "There is no /seal.txt"),
        (setup.seal, "without a key"),
        (lambda nothing: hashlib.sha256(setup.key().encode()).hexdigest(), "the key alone"),
        (lambda nothing: setup.seal(setup.key() + "\n"), "a line break"),
        (lambda nothing: "0" * 64, "is not the seal"),
    ],
)
def test_each_wrong_seal_has_a_message_of_its_own(given: Callable[[str], str], words: str) -> None:
    """The most likely mistakes are recognised."""
    assert words in wrong_seal(given(""))
