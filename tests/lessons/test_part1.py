"""What Part 1 says of Docker and of the kernel is so: each fact is tried on an Engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autograder.sandbox import Sandbox

pytestmark = [pytest.mark.sandbox, pytest.mark.full, pytest.mark.xdist_group("facts-of-part1")]

Shell = Callable[[str], str]
LIMIT = "cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes"
SLOW_PAGE = """
docker rm --force slow >/dev/null 2>&1
docker run --detach --name slow nginx >/dev/null
docker exec slow sh -c '
    head -c 400000 /dev/zero > /usr/share/nginx/html/big
    echo "limit_rate 100k;" > /etc/nginx/conf.d/slow.conf
    nginx -s reload'
sleep 1
docker run --rm --network container:slow --entrypoint sh nginx -c '
    curl --silent --output /tmp/got http://127.0.0.1/big; wc -c < /tmp/got' > /tmp/got &
sleep 2
docker kill --signal %s slow >/dev/null
wait
cat /tmp/got
"""
"""Ends nginx with a signal while it sends a page of 400,000 bytes, and prints how many arrived."""


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox for all facts here."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def shell(box: Sandbox) -> Shell:
    """Return a function that runs a script as a student does, and returns what it prints."""

    def run(script: str) -> str:
        return box.run(["sh", "-c", script]).stdout.decode().strip()

    return run


def python(box: Sandbox, program: str) -> str:
    """Run a program as a student does, with docker-py; return what it prints."""
    return box.run(["/opt/docker-course/venv/bin/python", "-c", program]).stdout.decode().strip()


def layers(shell: Shell, dockerfile: str, builder: str = "1") -> int:
    """Build a Dockerfile with BuildKit, or with the classic builder ("0"); return how many layers the image has."""
    line = "{{len .RootFS.Layers}}"
    build = f"DOCKER_BUILDKIT={builder} docker build --quiet --tag counted - >/dev/null 2>&1"
    return int(shell(f"printf '{dockerfile}' | {build}; docker image inspect --format '{line}' counted"))


def sleepers(shell: Shell, *names: str) -> None:
    """Start containers that do nothing, with a process 1 that listens to signals."""
    for name in names:
        shell(f"docker run --detach --init --name {name} busybox sleep 300")


def test_four_programs_are_behind_a_container(shell: Shell) -> None:
    """The Engine names containerd and runc beside itself."""
    parts = shell("docker version --format '{{range .Server.Components}}{{.Name}} {{end}}'").split()
    assert {"Engine", "containerd", "runc"} <= set(parts)


@pytest.mark.parametrize(
    ("line", "with_buildkit", "with_classic"),
    [("WORKDIR /tmp", 2, 1), ("RUN true", 2, 1), ("WORKDIR /new", 2, 2), ("RUN touch /empty", 2, 2), ("ENV A=b", 1, 1)],
)
def test_which_instruction_makes_a_layer_depends_on_the_builder(
    shell: Shell, line: str, with_buildkit: int, with_classic: int
) -> None:
    """BuildKit makes one for each RUN and WORKDIR, the classic builder only if a file changes."""
    dockerfile = f"FROM busybox\\n{line}\\n"
    assert layers(shell, dockerfile) == with_buildkit
    assert layers(shell, dockerfile, "0") == with_classic


@pytest.mark.parametrize("token", ["k3f9x2mq", "aaaaaa", "zz9zz9zz", "t1t2t3t4"])
def test_the_recipe_of_the_exercise_has_as_many_layers_with_both_builders(
    shell: Shell, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the answer is the same one, whichever builder a student takes."""
    from course.setups import part1

    monkeypatch.setenv("DOCKER_COURSE_RUN", token)
    recipe = part1.layers_recipe().replace("\n", "\\n")
    assert layers(shell, recipe) == layers(shell, recipe, "0") > 3


def test_nginx_drops_a_request_at_a_15_and_answers_it_at_a_3(shell: Shell) -> None:
    """That is why its image names SIGQUIT as its stop signal."""
    assert int(shell(SLOW_PAGE % "TERM")) < 400_000
    assert int(shell(SLOW_PAGE % "QUIT")) == 400_000
    assert shell("docker image inspect --format '{{.Config.StopSignal}}' nginx") == "SIGQUIT"
    assert shell("docker image inspect --format '{{.Config.StopSignal}}' busybox") == ""


def test_process_1_ignores_a_15_that_it_has_not_prepared_for(shell: Shell) -> None:
    """With a small init process, the same program ends at once."""
    stop = "docker stop --time 1 %s >/dev/null; docker inspect --format '{{.State.ExitCode}}' %s"
    shell("docker run --detach --name deaf busybox sleep 300")
    sleepers(shell, "polite")
    assert shell(stop % ("deaf", "deaf")) == "137"
    assert shell(stop % ("polite", "polite")) == "143"


def test_a_changed_file_is_copied_and_the_image_keeps_its_own(shell: Shell) -> None:
    """The root directory is an overlay; what one container changes or deletes, another one still has."""
    for name in ("ann", "ben"):
        shell(f"docker run --detach --name {name} busybox sleep 300")
    shell("docker exec ann sh -c 'echo new >> /etc/group; rm /bin/wget; touch /tmp/added'")
    changes = sorted(shell("docker diff ann").split("\n"))
    assert changes == ["A /tmp/added", "C /bin", "C /etc", "C /etc/group", "C /tmp", "D /bin/wget"]
    assert shell("docker exec ben sh -c 'grep -c new /etc/group; ls /bin/wget'") == "0\n/bin/wget"
    first = shell("docker exec ann head -n 1 /proc/mounts")
    assert first.startswith("overlay / overlay ")
    assert "lowerdir=" in first
    assert "upperdir=" in first


def test_containers_differ_in_all_namespaces_but_that_of_users(shell: Shell) -> None:
    """The five that the text lists; the network of another one can be joined, and so can its processes."""
    look = "for kind in pid mnt uts ipc net user; do readlink /proc/self/ns/$kind; done"
    sleepers(shell, "one", "two")
    one, two = (shell(f"docker exec {name} sh -c '{look}'").split() for name in ("one", "two"))
    assert [a == b for a, b in zip(one, two, strict=True)] == [False] * 5 + [True]
    joined = shell(f"docker run --rm --network container:one busybox sh -c '{look}'").split()
    assert [a == b for a, b in zip(one, joined, strict=True)] == [False] * 4 + [True, True]
    assert "sleep 300" in shell("docker run --rm --pid container:one busybox ps")
    assert "sleep 300" not in shell("docker run --rm busybox ps")


def test_update_changes_the_limit_of_the_same_processes(shell: Shell) -> None:
    """The container keeps its ID and its start, and the kernel has the new number."""
    facts = "docker inspect --format '{{.Id}} {{.State.Pid}} {{.State.StartedAt}}' limited"
    shell("docker run --detach --init --memory 64m --name limited busybox sleep 300")
    before = shell(facts)
    assert shell(f"docker exec limited sh -c '{LIMIT}'") == str(64 << 20)
    shell("docker update --memory 96m limited")
    assert shell(f"docker exec limited sh -c '{LIMIT}'") == str(96 << 20)
    assert shell(facts) == before


def test_a_first_limit_needs_one_for_swap_as_well(shell: Shell) -> None:
    """Without it, ``docker update`` refuses a container that was started without a limit."""
    sleepers(shell, "free")
    assert "swap" in shell("docker update --memory 96m free 2>&1")
    assert shell("docker update --memory 96m --memory-swap 96m free") == "free"


def test_docker_py_raises_nothing_when_a_push_fails(box: Sandbox) -> None:
    """A line of what it returns has ``error``."""
    program = """
import docker
client = docker.from_env()
client.images.get("busybox").tag("localhost:9/nowhere", "1.0")
lines = list(client.images.push("localhost:9/nowhere", tag="1.0", stream=True, decode=True))
print(any("error" in line for line in lines))
"""
    assert python(box, program) == "True"


def test_events_tell_the_signal_of_a_kill(box: Sandbox, shell: Shell) -> None:
    """A stop is a kill with 15, then the end; the signal is one of the event's attributes."""
    sleepers(shell, "told")
    shell("docker stop told; docker start told; docker kill told; docker rm told")
    listed = "docker events --since 1h --until 0s --filter container=told --format '{{.Action}}'"
    said = shell(f"sleep 1; {listed}").split()
    assert said[:3] == ["create", "start", "kill"]
    assert said[-1] == "destroy"
    program = """
import docker, time
now, wanted = int(time.time()) + 1, {"container": "told", "event": "kill"}
events = docker.from_env().events(since=now - 3600, until=now, filters=wanted, decode=True)
print(*[event["Actor"]["Attributes"]["signal"] for event in events])
"""
    assert python(box, program) == "15 9"
