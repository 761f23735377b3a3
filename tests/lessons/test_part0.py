"""What Part 0 states is so: each fact is tried on the Engine of one sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.sandbox import Sandbox

pytestmark = [pytest.mark.sandbox, pytest.mark.full]

PUBLISH = """
import os
os.environ["DOCKER_COURSE_RUN"] = "factsrun"
from course import connect
from course.setups import part0
print(part0.publish_shop(connect()))
"""


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox with the images of the course."""
    with Sandbox() as sandbox:
        yield sandbox


def said(box: Sandbox, script: str) -> str:
    """Return what a shell script prints, errors included."""
    done = box.run(["sh", "-c", f"exec 2>&1\n{script}"], user="student")
    return done.stdout.decode(errors="replace")


@pytest.fixture(scope="module")
def shop(box: Sandbox) -> str:
    """The full name of an image that a registry in the sandbox has, and the Engine not."""
    done = box.run(["/opt/docker-course/venv/bin/python", "-c", PUBLISH], user="student")
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


def test_a_pull_prints_the_lines_that_the_lesson_explains(box: Sandbox, shop: str) -> None:
    """In this order, and the second run prints only what the program prints; only a wish looks for a newer image."""
    first = said(box, f"docker run --rm {shop}").splitlines()
    repository, _, tag = shop.partition("/")[2].partition(":")
    expected = [
        f"Unable to find image '{shop}' locally",
        f"{tag}: Pulling from {repository}",
        ": Already exists",
        ": Pull complete",
        "Digest: sha256:",
        f"Status: Downloaded newer image for {shop}",
    ]
    places = [next(number for number, line in enumerate(first) if part in line) for part in expected]
    assert places == sorted(places)
    word = first[-1]
    assert said(box, f"docker run --rm {shop}").splitlines() == [word]
    again = said(box, f"docker run --pull always --rm {shop}").splitlines()
    assert again[-2:] == [f"Status: Image is up to date for {shop}", word]


@pytest.mark.parametrize(
    ("name", "registry"),
    [
        ("ada/shop:1.0", "registry-1.docker.io"),
        ("shop", "registry-1.docker.io"),
        ("ghcr.io/ada/shop", "ghcr.io"),
        ("localhost/shop", "localhost"),
        ("127.0.0.1:9/shop", "127.0.0.1:9"),
    ],
)
def test_the_first_part_of_a_name_is_a_registry_if_it_looks_like_one(box: Sandbox, name: str, registry: str) -> None:
    """A dot, a colon, or localhost; otherwise Docker Hub is asked."""
    lines = said(box, f"docker run --rm {name}").splitlines()
    assert lines[0].startswith("Unable to find image")
    assert registry in "".join(lines[1:])


def test_a_host_name_is_the_beginning_of_the_id_and_other_processes_are_not_visible(box: Sandbox) -> None:
    """Inside there are the sleep, as number 1, and the ps that asks."""
    container = said(box, "docker run --detach --name world busybox sleep 300").strip()
    assert said(box, "docker exec world hostname").strip() == container[:12]
    processes = said(box, "docker exec world ps").splitlines()[1:]
    assert [line.split()[-1] for line in processes] == ["300", "ps"]
    assert processes[0].split()[0] == "1"
    assert int(said(box, "docker inspect --format '{{.State.Pid}}' world")) > 1


def test_a_file_that_is_written_stands_in_diff(box: Sandbox) -> None:
    """With an A in front of it."""
    said(box, "docker run --name writes busybox touch /tmp/here")
    assert "A /tmp/here" in said(box, "docker diff writes").splitlines()


def test_a_shell_shows_the_exit_code_of_a_container(box: Sandbox) -> None:
    """Run hands the program's exit code on."""
    assert said(box, "docker run --rm busybox sh -c 'exit 5' || echo \"exit code: $?\"").strip() == "exit code: 5"


def test_a_dot_in_a_filter_stands_for_any_character(box: Sandbox) -> None:
    """So that the line that removes the crowd removes nothing else."""
    said(box, "for name in crowd-0-w crowd-9-w hello-w; do docker create --name $name busybox; done")
    listed = said(box, "docker ps --all --format '{{.Names}}' --filter 'name=crowd-.-w'").split()
    assert sorted(listed) == ["crowd-0-w", "crowd-9-w"]


def test_debian_is_well_below_100_mb(box: Sandbox) -> None:
    """The lesson compares it with the gigabytes of an installed Linux."""
    assert int(said(box, "docker image inspect --format '{{.Size}}' debian:trixie-slim")) < 95e6
