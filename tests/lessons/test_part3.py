"""What the text of Part 3 states about builds, tried on a sandbox's Engine."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import Sandbox
from tests.autograder.sandbox.conftest import Box

TEXT = (Path(__file__).parents[2] / "lessons" / "part3.md").read_text(encoding="utf-8")
EMPTY_SUM = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

pytestmark = [pytest.mark.sandbox, pytest.mark.full, pytest.mark.xdist_group("lesson part3")]


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """A sandbox, shared by all facts."""
    with Sandbox() as sandbox:
        yield Box(sandbox)


def build(box: Box, recipe: str, options: str = "", **files: str) -> subprocess.CompletedProcess[bytes]:
    """Build a Dockerfile as the image ``fact``, with these files beside it; what is printed goes to stdout."""
    box.sh("rm -rf context && mkdir context && cat >context/Dockerfile", input=recipe.encode())
    for name, text in files.items():
        box.sh(f"cat >context/{name}", input=text.encode())
    return box.try_(f"docker build --progress=plain --tag fact {options} context 2>&1")


def built(box: Box, recipe: str, options: str = "", **files: str) -> str:
    """Build a Dockerfile that has to build, and return what the builder printed."""
    done = build(box, recipe, options, **files)
    assert done.returncode == 0, done.stdout.decode()
    return done.stdout.decode()


@pytest.mark.parametrize("listing", re.findall(r"```dockerfile\n(.*?)```", TEXT, re.DOTALL))
def test_a_listing_is_a_whole_dockerfile(box: Box, listing: str) -> None:
    """The builder reads it without a warning."""
    assert "no warnings found" in build(box, listing, "--check").stdout.decode()


def test_a_comment_at_the_end_of_a_line_is_no_comment(box: Box) -> None:
    """It is taken for more words of the instruction."""
    done = build(box, "FROM busybox AS builder  # the first stage\n")
    assert done.returncode != 0
    assert b"FROM requires either one or three arguments" in done.stdout


def test_a_pipe_hides_an_error_unless_the_shell_knows_pipefail(box: Box) -> None:
    """The image holds the hash of nothing; with SHELL the build stops; Debian's sh has no pipefail, its bash has."""
    step = "RUN cat /no-such-file | sha256sum > /sum\n"
    built(box, f"FROM busybox\n{step}")
    assert box.sh("docker run --rm fact cat /sum").startswith(EMPTY_SUM)
    assert build(box, f'FROM busybox\nSHELL ["/bin/sh", "-o", "pipefail", "-c"]\n{step}').returncode != 0
    assert build(box, "FROM debian:trixie-slim\nRUN set -o pipefail && true | true\n").returncode != 0
    built(box, 'FROM debian:trixie-slim\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN true | true\n')


def test_a_script_in_a_step_goes_on_after_an_error(box: Box) -> None:
    """Unless it begins with ``set -e``."""
    script = "cat /no-such-file\necho built > /result\nEND\n"
    built(box, f"FROM busybox\nRUN <<END\n{script}")
    assert box.sh("docker run --rm fact cat /result") == "built"
    assert build(box, f"FROM busybox\nRUN <<END\nset -e\n{script}").returncode != 0


def test_who_is_process_1_in_shell_form_depends_on_the_shell(box: Box) -> None:
    """Debian's stays, and the program is its child; that of busybox becomes the program."""
    for base, first in (("debian:trixie-slim", "/bin/sh -c sleep 60"), ("busybox", "sleep 60")):
        built(box, f"FROM {base}\nCMD sleep 60\n")
        container = box.sh("docker run --detach --rm fact")
        assert box.sh(f"docker top {container} -o args").splitlines()[1] == first
        box.sh(f"docker kill {container}")


def test_stages_are_built_at_the_same_time_and_only_if_they_are_needed(box: Box) -> None:
    """Two that sleep 15 seconds take less than 30, and a third that nothing is copied from is not built."""
    stages = "".join(f"FROM busybox AS s{n}\nRUN sleep 15; date +%s > /{n}\n" for n in (1, 2))
    copies = "COPY --from=s1 /1 /\nCOPY --from=s2 /2 /\n"
    output = built(box, f"{stages}FROM busybox AS unused\nRUN sleep 300\nFROM busybox\n{copies}")
    one, two = map(int, box.sh("docker run --rm fact cat /1 /2").split())
    assert abs(one - two) < 15
    assert "sleep 300" not in output


def test_a_cache_mount_outlives_the_build_and_is_in_no_layer(box: Box) -> None:
    """The second build finds what the first has left; the image has nothing of it."""
    step = "RUN --mount=type=cache,target=/kept cat /kept/word > /found; echo first > /kept/word"
    built(box, f"FROM busybox\n{step}; true\n")
    assert box.sh("docker run --rm fact cat /found") == ""
    built(box, f"FROM busybox\n{step}; true again\n")
    assert box.sh("docker run --rm fact cat /found") == "first"
    assert box.sh("docker run --rm fact ls -A /kept") == ""


def test_pip_takes_from_a_cache_mount_what_it_has_downloaded(box: Box) -> None:
    """When the list grows, it downloads the new package only."""
    recipe = "FROM python:3.13-slim\nCOPY list .\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r list\n"
    assert "Downloading" in built(box, recipe, list="itsdangerous\n")
    output = built(box, recipe, list="itsdangerous\nblinker\n")
    assert (output.count("Using cached"), output.count("Downloading")) == (1, 1)


def test_copy_sets_permissions_and_owner_and_a_bind_mount_leaves_nothing(box: Box) -> None:
    """Not even its place."""
    recipe = (
        "FROM busybox\nCOPY --chmod=755 --chown=1000:1000 word /word\nCOPY --link word /linked/word\n"
        "RUN --mount=type=bind,source=word,target=/lent cat /lent > /copy\n"
    )
    built(box, recipe, word="hello\n")
    assert box.sh("docker run --rm fact stat -c '%a %u %g' /word") == "755 1000 1000"
    assert box.sh("docker run --rm fact cat /copy /linked/word") == "hello\nhello"
    assert box.try_("docker run --rm fact ls /lent").returncode != 0


def test_add_stops_where_an_address_serves_something_else(box: Box) -> None:
    """With a checksum, which is that of the expected file."""
    serve = "mkdir /www && echo good > /www/file && httpd -f -p 8000 -h /www"
    server = box.sh(f"docker run --detach --init busybox sh -c '{serve}'")
    where = box.sh(f"docker inspect --format '{{{{.NetworkSettings.Networks.bridge.IPAddress}}}}' {server}")
    box.sh(f"for i in 1 2 3 4 5 6 7 8 9; do docker exec {server} test -f /www/file && break; sleep 1; done")
    hash = box.sh("echo good | sha256sum").split()[0]
    recipe = f"FROM busybox\nADD --checksum=sha256:{hash} http://{where}:8000/file /file\n"
    built(box, recipe)
    assert box.sh("docker run --rm fact cat /file") == "good"
    box.sh(f"docker exec {server} sh -c 'echo bad > /www/other'")
    done = build(box, recipe.replace("/file /file", "/other /file"))
    assert done.returncode != 0
    assert b"digest mismatch" in done.stdout
    box.sh(f"docker rm --force {server}")


def test_a_build_for_another_processor_needs_no_emulation_without_run(box: Box) -> None:
    """The builder's stage runs here, and knows for which processor it works."""
    recipe = (
        "FROM --platform=$BUILDPLATFORM busybox AS builder\nARG TARGETARCH\nRUN echo $TARGETARCH $(uname -m) > /made\n"
        "FROM scratch\nCOPY --from=builder /made /\n"
    )
    for processor in ("arm64", "amd64"):
        built(box, recipe, f"--platform linux/{processor}")
        assert box.sh("docker image inspect --format '{{.Architecture}}' fact") == processor
        built(box, recipe, f"--platform linux/{processor} --output out")
        assert box.sh("cat out/made") == f"{processor} {box.sh('uname -m')}"


def test_bake_builds_what_a_file_describes(box: Box) -> None:
    """All targets of the group ``default``, with a variable of the shell."""
    file = 'variable "WORD" {}\ngroup "default" { targets = ["a", "b"] }\n' + "".join(
        f'target "{name}" {{\n  tags = ["baked-${{WORD}}:{name}"]\n}}\n' for name in "ab"
    )
    box.sh("rm -rf baked && mkdir baked && echo FROM busybox >baked/Dockerfile")
    box.sh("cat >baked/docker-bake.hcl", input=file.encode())
    box.sh("cd baked && WORD=bread docker buildx bake 2>&1")
    assert sorted(box.sh("docker image ls --format '{{.Tag}}' baked-bread").split()) == ["a", "b"]


def test_a_secret_that_nobody_provides_stops_the_build_only_if_it_is_required(box: Box) -> None:
    """Otherwise it is silently missing."""
    for required, expected in ((",required=true", False), ("", True)):
        done = build(box, f"FROM busybox\nRUN --mount=type=secret,id=token{required} true\n")
        assert (done.returncode == 0) is expected


def test_the_check_has_four_warnings_for_four_mistakes(box: Box) -> None:
    """And exit code 1."""
    done = build(box, "from busybox\nENV PASSWORD=swordfish\nWORKDIR work\nCMD echo done\n", "--check")
    rules = ("ConsistentInstructionCasing", "SecretsUsedInArgOrEnv", "WorkdirRelativePath", "JSONArgsRecommended")
    assert all(rule.encode() in done.stdout for rule in rules)
    assert b"4 warnings" in done.stdout
    assert done.returncode == 1


def test_the_classic_builder_is_deprecated_and_knows_no_mounts(box: Box) -> None:
    """The command says so where it is asked for it."""
    recipe = b"FROM busybox\nRUN --mount=type=cache,target=/x true\n"
    box.sh("rm -rf old && mkdir old && cat >old/Dockerfile", input=recipe)
    done = box.try_("DOCKER_BUILDKIT=0 docker build old 2>&1")
    assert done.returncode != 0
    assert b"DEPRECATED" in done.stdout
    assert b"BuildKit" in done.stdout


def test_what_a_build_notes_only_makes_no_layer(box: Box) -> None:
    """CMD is in the configuration."""
    base = json.loads(box.sh("docker image inspect --format '{{json .RootFS.Layers}}' busybox"))
    built(box, 'FROM busybox\nCOPY word /\nCMD ["cat", "/word"]\n', word="hello\n")
    layers = json.loads(box.sh("docker image inspect --format '{{json .RootFS.Layers}}' fact"))
    assert len(layers) == len(base) + 1
