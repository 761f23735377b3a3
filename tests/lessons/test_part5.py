"""What Part 5 states, tried on an Engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.results import Limits
from autograder.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
LESSON = (ROOT / "lessons" / "part5.md").read_text(encoding="utf-8")

pytestmark = [pytest.mark.sandbox, pytest.mark.full, pytest.mark.xdist_group("lesson-part5")]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox for all commands here."""
    with Sandbox(Limits(seconds=600)) as sandbox:
        yield sandbox


def said(box: Sandbox, script: str) -> str:
    """What a student's shell script prints, on both streams."""
    return box.run(["sh", "-c", f"exec 2>&1\n{script}"]).stdout.decode()


def listings(language: str) -> list[str]:
    """The text's blocks in a language."""
    return [block.split("```")[0] for block in LESSON.split(f"```{language}\n")[1:]]


def test_each_listing_is_a_whole_file(box: Sandbox) -> None:
    """A Dockerfile that the builder's check accepts, or a Compose file that Compose reads."""
    for language, command in {"dockerfile": "docker build --check -", "yaml": "docker compose --file - config"}.items():
        assert listings(language)
        for listing in listings(language):
            done = box.run(["sh", "-c", command], listing.encode())
            assert done.returncode == 0, f"{listing}\n{done.stdout.decode()}{done.stderr.decode()}"


def test_a_user_with_a_large_number_is_added_without_a_warning(box: Sandbox) -> None:
    """As an ordinary user; for a system user, ``useradd`` warns about such a number."""
    add = "docker run --rm python:3.13-slim useradd --uid 10001 app"
    assert said(box, add) == ""
    assert "SYS_UID_MAX" in said(box, f"{add} --system")


def test_no_image_of_the_list_names_a_user(box: Sandbox) -> None:
    """All four start as root."""
    users = said(box, "docker inspect --format '{{.Config.User}}' python:3.13-slim nginx postgres:17 busybox")
    assert users.split() == []


def test_a_filter_refuses_a_new_namespace_to_any_user(box: Sandbox) -> None:
    """And the kernel says that a filter is on."""
    assert said(box, "docker run --rm busybox grep ^Seccomp: /proc/1/status").split() == ["Seccomp:", "2"]
    for user in ("0", "1000"):
        tried = said(box, f"docker run --rm --user {user} busybox unshare --user id")
        assert "Operation not permitted" in tried


def test_root_in_the_sandbox_is_no_root_outside(box: Sandbox) -> None:
    """The line that the lesson reads has three numbers, and the second is not 0 here."""
    inside, outside, _ = said(box, "docker run --rm busybox head -1 /proc/self/uid_map").split()
    assert inside == "0"
    assert int(outside) > 0


def test_the_socket_and_a_privileged_container_are_refused_with_a_reason(box: Sandbox) -> None:
    """As the lesson says of the Engine where it is graded."""
    assert "A privileged container is refused" in said(box, "docker run --rm --privileged busybox true")
    socket = "/var/run/docker.sock"
    assert f"'{socket}' cannot be mounted" in said(box, f"docker run --rm --volume {socket}:{socket} busybox true")


def test_a_tmpfs_is_noexec_and_may_be_written_in_a_read_only_container(box: Sandbox) -> None:
    """A program that is stored there cannot be started."""
    stored = "cp /bin/busybox /tmp/tool && echo stored; /tmp/tool id"
    output = said(box, f"docker run --rm --read-only --tmpfs /tmp busybox sh -c '{stored}'")
    assert output.startswith("stored\n")
    assert "Permission denied" in output


def test_notes_make_no_layer_and_workdir_makes_one(box: Sandbox) -> None:
    """With BuildKit; also where the directory is there already, and where a command changes nothing."""
    count = "docker inspect --format '{{len .RootFS.Layers}}' busybox layered"
    for step, layers in {"ENV A=1": 0, "USER 5": 0, 'CMD ["true"]': 0, "WORKDIR /tmp": 1, "RUN true": 1}.items():
        before, after = said(
            box, f"printf 'FROM busybox\\n{step}\\n' | docker build --quiet --tag layered - > /dev/null; {count}"
        ).split()
        assert int(after) - int(before) == layers, step


def test_a_tmpfs_counts_against_the_memory_limit(box: Sandbox) -> None:
    """A small one is full, a large one gets its program killed."""
    fill = "busybox dd if=/dev/zero of=/scratch/file bs=1M count=128"
    small = said(box, f"docker run --rm --memory 32m --tmpfs /scratch:size=16m {fill}; echo code $?")
    assert "No space left on device" in small
    assert "code 1\n" in small
    large = said(box, f"docker run --rm --memory 32m --tmpfs /scratch:size=200m {fill}; echo code $?")
    assert large.endswith("code 137\n")


def test_a_running_container_can_be_noted_as_killed_for_memory(box: Sandbox) -> None:
    """If any of its processes was, and not the main one."""
    greedy = 'python -c "x = bytearray(200 << 20)"; sleep 100'
    state = "docker inspect --format '{{.State.Status}} {{.State.OOMKilled}}' greedy"
    script = f"docker run --detach --name greedy --memory 32m python:3.13-slim sh -c '{greedy}' > /dev/null"
    wait = f"for _ in $(seq 50); do {state} | grep true && break; sleep 0.2; done; docker rm --force greedy > /dev/null"
    assert said(box, f"{script}; {wait}") == "running true\n"


def test_a_kill_switches_the_policy_off_unless_the_image_has_another_stop_signal(box: Sandbox) -> None:
    """With a ``STOPSIGNAL``, only that signal and SIGKILL count as a wish to stop the container."""
    program = 'CMD trap "exit 3" USR1; while :; do sleep 0.1; done'
    for name, line in {"plain": "", "asks": "STOPSIGNAL SIGQUIT\\n"}.items():
        said(box, f"printf 'FROM busybox\\n{line}{program}\\n' | docker build --quiet --tag {name} -")
        said(box, f"docker run --detach --name {name} --restart always {name}; sleep 1")
    said(box, "docker kill --signal USR1 plain asks; sleep 3")
    state = "docker inspect --format '{{.State.Status}} {{.RestartCount}}'"
    states = said(box, f"{state} plain asks").split("\n")
    killed = said(box, f"docker kill asks > /dev/null; sleep 3; {state} asks").split("\n")
    said(box, "docker rm --force plain asks")
    assert states[:2] == ["exited 0", "running 1"]
    assert killed[0].startswith("exited")


def test_the_driver_none_keeps_nothing(box: Sandbox) -> None:
    """The terminal shows the words, and the log has none."""
    output = said(
        box, "docker run --name silent --log-driver none busybox echo heard; docker logs silent; docker rm silent"
    )
    assert output.startswith("heard\n")
    assert "does not support reading" in output


def test_an_sbom_of_a_build_needs_another_image_store(box: Sandbox) -> None:
    """The sandbox's Engine has overlay2, and says what the lesson quotes."""
    quoted = "Attestation is not supported for the docker driver"
    assert quoted in " ".join(LESSON.split())
    assert quoted in said(box, "echo FROM busybox | docker buildx build --sbom=true -")


def test_the_service_with_everything_is_what_compose_reads_and_runs(box: Sandbox) -> None:
    """Started as it stands in the lesson, it answers within its limits."""
    whole = next(block for block in listings("yaml") if "cap_drop" in block)
    box.run(["sh", "-c", "mkdir -p whole && cat > whole/compose.yaml"], whole.encode())
    healthy = "docker compose --project-directory whole exec -T web python -c"
    ask = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8000/').status)"
    output = said(
        box,
        "docker compose --project-directory whole up --detach --quiet-pull; sleep 2; "
        f'{healthy} "{ask}"; docker compose --project-directory whole down --timeout 1',
    )
    assert "\n200\n" in output
