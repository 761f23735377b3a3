"""What the Engine inside a sandbox can do: all that the course teaches."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from tests.autograder.sandbox.conftest import Box

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("engine inside")]


def test_run_exec_logs(box: Box) -> None:
    """A container runs, takes a second command, and its output is kept."""
    box.sh("docker run -d --name talk busybox sh -c 'echo hello; sleep 600'")
    assert box.sh("docker exec talk sh -c 'echo $((6*7))'") == "42"
    assert box.sh("docker logs talk") == "hello"


def test_pause_and_unpause(box: Box) -> None:
    """A paused container stands still and goes on."""
    box.sh("docker run -d --name pausing busybox sleep 600; docker pause pausing")
    assert box.sh("docker inspect -f '{{.State.Status}}' pausing") == "paused"
    box.sh("docker unpause pausing")
    assert box.sh("docker inspect -f '{{.State.Status}}' pausing") == "running"


def test_stats(box: Box) -> None:
    """The Engine measures a container's memory against the container's own limit."""
    box.sh("docker run -d --name measured --memory 64m busybox sleep 600")
    stats = json.loads(box.sh("docker stats --no-stream --format json measured"))
    assert stats["MemUsage"].endswith("/ 64MiB")
    assert not stats["MemUsage"].startswith("0B")


def test_restart(box: Box) -> None:
    """Restarting keeps the container and gives it another first process."""
    box.sh("docker run -d --name again busybox sleep 600")
    before = box.sh("docker inspect -f '{{.Id}} {{.State.Pid}}' again").split()
    box.sh("docker restart -t 0 again")
    after = box.sh("docker inspect -f '{{.Id}} {{.State.Pid}}' again").split()
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_restart_policy(box: Box) -> None:
    """A container that fails is started again when its policy says so."""
    box.sh("docker run -d --name stubborn --restart on-failure:2 busybox false")
    count = "docker inspect -f {{.RestartCount}} stubborn"
    box.sh(f"for i in $(seq 100); do [ $({count}) = 2 ] && exit; sleep .1; done; exit 1")


def test_published_port(box: Box) -> None:
    """A published port of nginx answers on the sandbox's loopback address."""
    box.sh("docker run -d --name web -p 127.0.0.1:8080:80 nginx")
    assert "html" in box.sh("curl -sf --retry 20 --retry-all-errors --retry-delay 0 http://127.0.0.1:8080/").lower()


def test_names_resolve_on_a_network_of_ones_own(box: Box) -> None:
    """On a user-defined bridge containers find each other by name, on the default one they do not."""
    box.sh("docker network create lane; docker run -d --name server --network lane busybox httpd -f -h /etc")
    assert "root:" in box.sh("docker run --rm --network lane busybox wget -qO- http://server/passwd")
    assert box.try_("docker run --rm busybox nslookup server").returncode != 0


def test_volume_outlives_containers(box: Box) -> None:
    """What one container writes to a volume, a later one reads."""
    box.sh("docker volume create keep; docker run --rm -v keep:/data busybox sh -c 'echo kept >/data/file'")
    assert box.sh("docker run --rm -v keep:/data:ro busybox cat /data/file") == "kept"


def test_bind_mount_of_the_work_directory(box: Box) -> None:
    """A file of the student's work directory is seen in a container, and one written there is seen outside."""
    box.sh("echo mine >note; docker run --rm -v $PWD:/work busybox sh -c 'cat /work/note >/work/copy'")
    assert box.sh("cat copy") == "mine"


def test_tmpfs(box: Box) -> None:
    """A tmpfs has the size that was asked for."""
    out = box.sh("docker run --rm --tmpfs /scratch:size=1m busybox df -k /scratch")
    assert out.splitlines()[-1].split()[1] == "1024"


def test_memory_limit_kills(box: Box) -> None:
    """A container that outgrows its memory limit is killed, and the Engine says why."""
    # containerd asks the kernel for news about memory only after the process has begun, and what came before is lost.
    eat = "sleep 1; dd if=/dev/zero of=/dev/null bs=100M"
    done = box.try_(f"docker run --name greedy --memory 32m busybox sh -c '{eat}'")
    assert done.returncode == 137
    # The Engine hears of the reason and of the end separately, in either order.
    killed = "docker inspect -f {{.State.OOMKilled}} greedy"
    box.sh(f"for i in $(seq 50); do [ $({killed}) = true ] && exit; sleep .1; done; exit 1")


@pytest.mark.parametrize("buildkit", [0, 1])
def test_builders(box: Box, buildkit: int) -> None:
    """BuildKit and the classic builder both build, and both use their cache the second time."""
    dockerfile = f"FROM busybox\\nRUN echo {buildkit} >/made\\nCMD cat /made\\n"
    folder = f"b{buildkit}"
    box.sh(f"mkdir -p {folder} && printf '{dockerfile}' >{folder}/Dockerfile")
    build = f"DOCKER_BUILDKIT={buildkit} docker build -t made:{buildkit} {folder} 2>&1"
    box.sh(build)
    assert box.sh(f"docker run --rm made:{buildkit}") == str(buildkit)
    assert "cache" in box.sh(build).lower()


COMPOSE = """
services:
  base:
    image: busybox
    command: sh -c "sleep 1; touch /tmp/up; sleep 600"
    healthcheck: {test: ["CMD", "test", "-e", "/tmp/up"], interval: 300ms, retries: 20}
    stop_grace_period: 0s
  top:
    image: busybox
    command: sh -c "ping -c 1 base"
    depends_on: {base: {condition: service_healthy}}
"""


def test_compose_waits_for_health(box: Box) -> None:
    """Compose starts a service only when the one it depends on is healthy, and names resolve between them."""
    box.sh("mkdir -p stack && cat >stack/compose.yaml", input=COMPOSE.encode())
    box.sh("cd stack && docker compose up -d --quiet-pull 2>&1")
    base, top = (
        json.loads(box.sh(f"cd stack && docker inspect $(docker compose ps -aq {name})"))[0] for name in ("base", "top")
    )
    assert base["State"]["Health"]["Status"] == "healthy"
    waited = datetime.fromisoformat(top["State"]["StartedAt"]) - datetime.fromisoformat(base["State"]["StartedAt"])
    assert waited.total_seconds() > 1  # what the health check looks for is not there earlier
    assert box.sh("cd stack && docker wait $(docker compose ps -aq top)") == "0"
    box.sh("cd stack && docker compose down -t 0 2>&1")


@pytest.mark.parametrize("image", ["nginx", "python:3.13-slim", "busybox"])
def test_save_and_load(box: Box, image: str) -> None:
    """An image of the course goes into an archive and comes back as the same image, however many layers it has."""
    before = box.sh(f"docker image inspect -f '{{{{.Id}}}}' {image}")
    box.sh(f"docker tag {image} copy && docker save copy -o copy.tar && docker rmi copy && docker load -i copy.tar")
    assert box.sh("docker image inspect -f '{{.Id}}' copy") == before


def test_push_to_and_run_from_a_registry(box: Box) -> None:
    """An image goes to a registry on localhost, is removed, and runs from there by its digest."""
    box.sh("docker run -d --name registry -p 127.0.0.1:5000:5000 registry")
    box.sh("curl -sf --retry 20 --retry-all-errors --retry-delay 0 http://127.0.0.1:5000/v2/")
    box.sh("docker tag busybox 127.0.0.1:5000/mine:1 && docker push -q 127.0.0.1:5000/mine:1")
    digest = box.sh("docker inspect -f '{{index .RepoDigests 0}}' 127.0.0.1:5000/mine:1")
    box.sh("docker rmi 127.0.0.1:5000/mine:1")
    assert box.sh(f"docker run --rm {digest} echo from there") == "from there"


def test_privileged_is_refused_by_the_kernel(box: Box) -> None:
    """A privileged container cannot be had: the Engine itself has no such rights to give."""
    assert box.try_("docker run --rm --privileged busybox true").returncode != 0


def test_course_images_are_all_there(box: Box) -> None:
    """Every image of the catalogue is in the sandbox's Engine, and what is in its layers can be read."""
    from autograder.images import load

    for image in load().image:
        assert box.sh(f"docker image inspect -f '{{{{len .RootFS.Layers}}}}' {image.name}") != "0"
    assert box.sh("docker run --rm python:3.13-slim python -c 'print(6*7)'") == "42"
    assert "Hello" in box.sh("docker run --rm hello-world")
