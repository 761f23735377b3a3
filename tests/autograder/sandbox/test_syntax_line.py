"""Dockerfiles in a sandbox, which has no network, whose first line names the frontend that is to build them."""

from __future__ import annotations

import pytest

from autograder.images import further_names
from tests.autograder.sandbox.conftest import Box

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("syntax line")]

EVERYTHING = """\
# syntax=docker/dockerfile:1
FROM busybox AS base
COPY --link <<END /greeting
hello
END
RUN --mount=type=secret,id=key --mount=type=cache,target=/cache <<END
cat /greeting /run/secrets/key >/both
touch /cache/used
END
FROM base
LABEL kind=probe
CMD ["cat", "/both"]
"""

COMPOSE = """\
services:
  app:
    build: {context: ., secrets: [key]}
secrets:
  key: {file: key}
"""


@pytest.fixture(scope="module")
def context(box: Box) -> str:
    """A build context with that Dockerfile, a secret and a Compose file."""
    for name, content in {"Dockerfile": EVERYTHING, "key": "opensesame\n", "compose.yaml": COMPOSE}.items():
        box.sh(f"mkdir -p context && cat >context/{name}", input=content.encode())
    return "context"


def test_heredocs_mounts_secrets_and_links_work_below_the_line(box: Box, context: str) -> None:
    """What people write the line for works, and the image's settings are the last stage's."""
    box.sh(f"docker build --quiet --secret id=key,src={context}/key --tag all {context}")
    assert box.sh("docker run --rm all").split() == ["hello", "opensesame"]
    assert box.sh("docker inspect --format '{{.Config.Labels.kind}}' all") == "probe"


def test_compose_builds_below_the_line(box: Box, context: str) -> None:
    """Compose builds and runs the same Dockerfile, with its secret."""
    box.sh(f"cd {context} && docker compose build --quiet")
    assert box.sh(f"cd {context} && docker compose run --rm app").split() == ["hello", "opensesame"]


def test_a_dockerfile_from_standard_input_may_have_the_line(box: Box) -> None:
    """``docker build -`` reads the Dockerfile alone, and the spelling with the registry's name is the same image."""
    dockerfile = b"# syntax=docker.io/docker/dockerfile:1\nFROM busybox\nRUN echo made >/made\n"
    box.sh("docker build --quiet --tag stdin -", input=dockerfile)
    assert box.sh("docker run --rm stdin cat /made") == "made"


def test_every_name_of_the_frontend_builds(box: Box) -> None:
    """Each version that the catalogue names is in the sandbox."""
    names = ["docker/dockerfile:1", *further_names()]
    script = (
        "for name; do printf '# syntax=%s\\nFROM busybox\\n' $name | docker build --quiet - >/dev/null || exit; done"
    )
    box.sh(f"sh -c {script!r} sh {' '.join(names)}".replace("\\\\n", "\\n"))


def test_errors_name_the_line_as_without_it(box: Box) -> None:
    """A step that fails and an unknown instruction are shown with their line of the Dockerfile."""
    for wrong, says in {
        "RUN nosuch": "exit code: 127",
        "RUNS true": "unknown instruction: RUNS",
        "FROM busybox AS": "FROM requires either one or three arguments",
    }.items():
        done = box.try_("docker build -", input=f"# syntax=docker/dockerfile:1\nFROM busybox\n{wrong}\n".encode())
        assert done.returncode == 1
        assert f"3 | >>> {wrong}" in done.stderr.decode()
        assert says in done.stderr.decode()


def test_named_contexts_checks_and_outlines_reach_the_frontend(box: Box, context: str) -> None:
    """``--build-context``, ``--check`` and ``--call`` need what a frontend declares that it can do."""
    box.sh(
        "docker build --quiet --build-context busybox=docker-image://debian:trixie-slim "
        f"--secret id=key,src={context}/key --tag other {context}"
    )
    assert "debian" in box.sh("docker run --rm other cat /etc/os-release")
    assert "no warnings found" in box.sh(f"docker build --check {context} 2>&1")
    assert "key" in box.sh(f"docker build --call=outline {context} 2>/dev/null")
