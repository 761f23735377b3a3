"""Builds in a sandbox, which has no network, with Dockerfiles that know nothing of that."""

from __future__ import annotations

import json

import pytest

from autograder.images import catalogue, installing
from tests.autograder.sandbox.conftest import Box
from tests.patience import PATIENCE

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("offline builds")]

SETTINGS = ("Cmd", "Entrypoint", "Env", "ExposedPorts", "User", "Volumes", "WorkingDir")

PIP = """\
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
CMD ["gunicorn", "--version"]
"""

APT = """\
FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
"""


def build(box: Box, name: str, dockerfile: str, builder: str = "1") -> None:
    """Build an image as a student does, in a directory of its own."""
    box.sh(f"mkdir -p {name} && printf 'flask\\ngunicorn\\n' >{name}/requirements.txt")
    box.sh(f"cat >{name}/Dockerfile", input=dockerfile.encode())
    box.sh(f"DOCKER_BUILDKIT={builder} docker build --quiet --tag {name} {name}")


@pytest.mark.parametrize("builder", ["1", "0"], ids=["BuildKit", "classic"])
def test_pip_installs_a_requirements_file(box: Box, builder: str) -> None:
    """An ordinary ``pip install -r requirements.txt`` gives a gunicorn that runs, with either builder."""
    build(box, f"pip{builder}", PIP, builder)
    assert box.sh(f"docker run --rm pip{builder}").startswith("gunicorn (version ")
    assert box.sh(f"docker run --rm pip{builder} python -c 'import flask; print(flask.Flask)'")


def test_apt_get_installs_a_compiler_that_compiles(box: Box) -> None:
    """An ordinary ``apt-get install gcc`` gives a compiler whose program runs."""
    build(box, "apt", APT)
    source = b'int puts(const char *s); int main(void) { return puts("made here") < 0; }'
    compiled = "docker run --rm --interactive apt sh -c 'gcc -x c - -o /tmp/made && /tmp/made'"
    assert box.sh(compiled, input=source) == "made here"


def test_every_listed_package_can_be_installed(box: Box) -> None:
    """What images/packages lists can be installed together with what it needs, by apt and by pip, on any network."""
    lists = [
        (catalogue.FOLDER / "packages" / name).read_text(encoding="utf-8").splitlines()
        for name in ("apt.txt", "pip.txt")
    ]
    apt, pip = (" ".join(line for line in lines if not line.startswith("#")) for lines in lists)
    box.sh("docker network create elsewhere")
    run = "docker run --rm --network elsewhere"
    box.sh(f"{run} debian:trixie-slim sh -c 'apt-get update && apt-get install --simulate -y {apt}'")
    box.sh(f"{run} python:3.13-slim pip install --dry-run --upgrade {pip}")


def test_a_package_that_is_not_there_is_missed_soon(box: Box) -> None:
    """pip does not wait for a network that does not exist, and says where it looked."""
    done = box.try_(f"timeout {20 * PATIENCE} docker run --rm python:3.13-slim pip install no-such-package")
    assert done.returncode == 1
    assert b"Looking in links" in done.stdout
    assert b"No matching distribution found for no-such-package" in done.stderr


def test_the_images_are_otherwise_as_they_came(box: Box) -> None:
    """The layer that points to the packages is the only one more, is small, and leaves the settings alone."""
    names = installing()
    assert names
    for name in names:
        below = box.sh(f"docker inspect -f '{{{{.Parent}}}}' {name}")
        configs = [box.sh(f"docker inspect -f '{{{{json .Config}}}}' {image}") for image in (name, below)]
        here, there = (json.loads(text) for text in configs)
        assert {key: here.get(key) for key in SETTINGS} == {key: there.get(key) for key in SETTINGS}
        layers = [
            json.loads(box.sh(f"docker inspect -f '{{{{json .RootFS.Layers}}}}' {image}")) for image in (name, below)
        ]
        assert layers[0][:-1] == layers[1]
        sizes = [int(box.sh(f"docker inspect -f '{{{{.Size}}}}' {image}")) for image in (name, below)]
        assert 0 < sizes[0] - sizes[1] < 1000


def test_the_student_can_change_nothing_of_what_is_served(box: Box) -> None:
    """The packages are read-only, and their server is not the student's to stop."""
    assert box.try_("touch /srv/packages/pip/x").returncode != 0
    assert box.try_("pkill busybox").returncode != 0
    assert box.sh("curl -s -o /dev/null -w '%{http_code}' http://198.51.100.1:988/pip/") == "200"
