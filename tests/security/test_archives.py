"""Hostile archives for `docker load`, `docker import` and `docker cp`: what they write, read, start and stand for."""

from __future__ import annotations

import json
import secrets
import textwrap
from pathlib import Path

import pytest

from autograder.results import Limits, Verdict
from autograder.sandbox import Sandbox
from tests.security.conftest import Attacker
from tests.security.notebooks import check, grade, marks, student

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("archives")]

PROGRAMS = Path(__file__).with_name("programs")
PROGRAM = (PROGRAMS / "hostile_archives.py").read_text()


@pytest.fixture(scope="module")
def secret(attacker: Attacker) -> str:
    """A word in a file of root's, where the archives look for it."""
    word = secrets.token_hex(12)
    attacker.sh(f"echo {word} >/run/secret")
    return word


@pytest.fixture(scope="module")
def said(attacker: Attacker, secret: str) -> dict[str, str]:
    """What the Engine said to each archive."""
    done = attacker.box.run(["python3", "-"], PROGRAM.encode(), "student", timeout=400)
    line = next((line for line in done.stdout.decode().splitlines() if line.startswith("RESULT ")), "")
    assert line, done.stderr.decode()[-3000:]
    found: dict[str, str] = json.loads(line.removeprefix("RESULT "))
    return found


def test_no_archive_is_unpacked_elsewhere(attacker: Attacker, said: dict[str, str]) -> None:
    """By no name, link, hard link or whiteout does an entry leave the image or the container it is for."""
    assert len(said) > 150
    assert attacker.sh("grep -rl 'planted by' /var/lib/docker/overlay2") != ""
    own = "-path '*/overlay2/*' -prune -o -path '*/volumes/*' -prune"
    assert attacker.sh(f"find / /run /mnt -xdev {own} -o -name 'planted*' -print") == ""
    assert "planted" not in attacker.sh("cat /run/engine.log").replace("run/planted", "")


def test_no_manifest_reads_a_file_of_the_engines(said: dict[str, str], secret: str) -> None:
    """A config or layer that is a path or link out of the archive is refused; so is what a container's links name."""
    assert secret not in json.dumps(said)
    kinds = ("config", "layer at", "config link", "layer link")
    reading = [f"load {kind} {path}" for kind in kinds for path in ("absolute", "dots")]
    assert [name for name in reading if "Loaded image" in said[name]] == []


def test_a_layer_is_what_its_content_is(said: dict[str, str]) -> None:
    """Under the digest of a course image's layer there is that layer, whatever came with it; no other digest passes."""
    assert "invalid diffID" in said["load another layer"]
    assert "/bin/busybox" in said["known"].splitlines()
    assert "/f: No such file" in said["known"]


def test_overlay_marks_in_a_layer_lead_nowhere(said: dict[str, str]) -> None:
    """What overlayfs's attributes redirect to another place of the layers is not there, for the kernel follows none."""
    assert all("Loaded image" in said[f"load {what}"] for what in ("redirected", "copied"))
    assert said["redirected"].split() == ["f:8", "opaque:0"]
    assert said["copied"] == "f:8"


def test_an_image_named_like_an_id_is_not_that_image(attacker: Attacker, said: dict[str, str]) -> None:
    """The examiner asks by whole ids, which no name can take; names of course images it puts back."""
    assert "Loaded image" in said["load name of 64 digits"]
    python = "from course import connect; c = connect(); i = c.images.get('nginx').id; print(c.images.get(i).tags)"
    text = f"import sys; sys.path.insert(0, '/opt/docker-course'); {python}"
    command = ["/opt/docker-course/venv/bin/python", "-c", text]
    assert attacker.box.run(command, user="examiner").stdout == b"['nginx:latest']\n"
    assert "Loaded image" in said["load name of an id"]
    for name in ("../../x:y", "A B", "-rf"):
        assert "invalid" in said[f"load name {name}"], said[f"load name {name}"]


def test_no_program_is_started_to_unpack(said: dict[str, str]) -> None:
    """What the Engine cannot unpack by itself it refuses: there is no xz, and gzip and bzip2 are its own."""
    assert "executable file not found" in said["load packed xz"]
    assert "executable file not found" in said["load packed layer"]
    assert all("Loaded image" in said[f"load packed {kind}"] for kind in ("gzip", "bzip2"))
    assert all("Loaded image" not in said[f"load packed {kind}"] for kind in ("zstd", "cut off", "nothing", "zip"))


HANGING = {
    "load": """
        pipe = tarfile.TarInfo("manifest.json"); pipe.type = tarfile.FIFOTYPE
        archive.addfile(pipe)
    """,
    "import -": """
        large = tarfile.TarInfo("large"); large.size = 512
        large.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "large",
                             "GNU.sparse.realsize": str(1 << 50)}
        archive.addfile(large, io.BytesIO(b"0" + chr(10).encode() + bytes(510)))
    """,
}
"""What makes the Engine wait for ever: a pipe in place of the manifest; a file of 1 PiB, none of which is there."""


@pytest.mark.full
@pytest.mark.parametrize("command", HANGING)
def test_an_archive_that_hangs_costs_the_checks_after_it(command: str) -> None:
    """The run goes on, and the checks give nothing."""
    cell = f"""
import io, subprocess, tarfile, time
packed = io.BytesIO()
with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
{textwrap.indent(textwrap.dedent(HANGING[command]), "    ")}
sending = subprocess.Popen(["docker", *{command.split()!r}], stdin=subprocess.PIPE)
sending.stdin.write(packed.getvalue()); sending.stdin.close()
time.sleep(2)
"""
    execution = grade(student(cell), check("first", "3"), student("print(1)"), check("second", "3"), seconds=150)
    assert (execution.verdict, marks(execution)) == (Verdict.GRADED, {"first": 0, "second": 0})


@pytest.mark.full
def test_archives_without_measure_fill_the_disk_for_a_moment_only() -> None:
    """More entries or content than the disk holds: each is refused, and the disk is free again."""
    with Sandbox(limits=Limits(disk=256 << 20, inodes=30_000, seconds=400)) as box:
        attacker = Attacker(box)
        used = "docker run --rm busybox echo works; df --output=iused,used /mnt | tail -1"
        before = attacker.sh(f"DOCKER_HOST=unix:///run/engine/docker.sock; export DOCKER_HOST; {used}")
        program = (PROGRAMS / "archives_without_measure.py").read_bytes()
        done = box.run(["python3", "-"], program, "student", timeout=300)
        after = attacker.sh(f"DOCKER_HOST=unix:///run/engine/docker.sock; export DOCKER_HOST; {used}")
    assert done.stdout.startswith(b"RESULT "), done.stderr.decode()[-3000:]
    said = json.loads(done.stdout.removeprefix(b"RESULT "))
    assert len(said) == 18
    assert [name for name, text in said.items() if "no space left on device" not in text] == []
    (works, *was), (still_works, *now) = before.split(), after.split()
    assert works == still_works == "works"
    assert all(int(more) < int(less) + 2000 for less, more in zip(was, now, strict=True)), (before, after)
