# ruff: noqa: E501
"""The clients of the course work through the gateway as they do without it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import Sandbox

pytestmark = pytest.mark.sandbox

FOLDER = Path(__file__).parent
PYTHON = "/opt/docker-course/venv/bin/python"


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """One sandbox: each thing is done through the gateway and then directly."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.mark.full
def test_docker_py_gives_the_same_results(box: Sandbox) -> None:
    """Its documented calls: runs, streams, sockets, archives, builds, events. Only what is refused differs."""
    script = (FOLDER / "docker_py_surface.py").read_text()
    given = []
    for socket in ("/run/docker.sock", "/run/engine/docker.sock"):
        done = box.run([PYTHON, "-c", script, socket], user="root", timeout=200)
        assert done.returncode == 0, done.stderr.decode()
        given.append(json.loads(re.sub(rb"[0-9a-f]{64}", b"ID", done.stdout)))
    through, direct = given
    assert through.pop("exec privileged").startswith("APIError: A privileged command is refused")
    assert through.pop("swarm").startswith("APIError: Swarm mode is off")
    for result in (through, direct):
        result["host config"].pop("PortBindings")
    direct = {key: value for key, value in direct.items() if key in through}
    assert through.pop("host config") == direct.pop("host config")
    assert through == direct
    errors = {
        key for key, value in through.items() if isinstance(value, str) and re.match(r"\w*(Error|NotFound): ", value)
    }
    assert errors == {
        "run fails",
        "get archive nosuch",
        "build fails",
        "image nosuch",
        "image digest",
        "container nosuch",
    }


SCENES = {
    "run": "docker run --rm busybox echo hi; docker run --rm busybox sh -c 'exit 3'; echo $?",
    "terminal": "script -qec 'docker run --rm -it busybox sh -c \"tty; stty size; echo x\"' /dev/null </dev/null | tail -c 20",
    "half close": "seq 200000 | docker run --rm -i busybox md5sum",
    "exec": "docker run -d --name e busybox sleep 99 >&-; seq 9 | docker exec -i e wc -l; docker exec -u 5 -w /tmp -e A=b e "
    "sh -c 'id -u; pwd; echo $A'; docker rm -f e",
    "kept waiting": "docker run -d --name k busybox sh -c 'sleep 2; exit 7' >&-; docker wait k; docker rm k",
    "logs": "docker run --name l busybox sh -c 'for i in 1 2 3; do echo $i; done' >&-; docker logs -f --tail 2 l; docker rm l",
    "copies": "docker create --name c busybox >&-; echo x >f; docker cp f c:/f; docker cp c:/f -| tar tv | cut -c1-20; "
    "docker cp c:/etc/group g; wc -l <g; tar c f | docker cp - c:/tmp; docker diff c; docker rm c",
    "BuildKit": "printf 'FROM busybox\\nRUN echo hi >/x\\nCMD cat /x' >Dockerfile; docker build -q -t b . >&-; docker run --rm b;"
    "docker build -q -o out . >&-; cat out/x; docker rmi b >&-",
    "classic builder": "printf 'FROM busybox\\nRUN echo hi >/x\\nCMD cat /x' >Dockerfile; export DOCKER_BUILDKIT=0;"
    "docker build -q -t b . 2>&- >&-; docker run --rm b; docker rmi b >&-",
    "directories in other scripts": "mkdir Übung; printf 'FROM busybox\\nRUN echo hi >/x\\nCMD cat /x' >Übung/Dockerfile;"
    "docker build -q -t u Übung >&-; docker run --rm u; cd Übung; docker build -q . >&- && echo built; docker rmi u >&-",
    "spellings of mounts": "mkdir a; echo yes >a/f; for way in $PWD/a/../a:/d $PWD/./a:/d $PWD//a:/d $PWD/a://d $PWD/a:/d:z $PWD/a:/d:ro,Z;"
    "do docker run --rm -v $way busybox cat /d/f; done",
    "what is not pruned": "docker create --name keep --label keep=1 busybox >&-; docker create --name go busybox >&-;"
    "docker container prune -f --filter label!=keep | tail -1; docker ps -aq --filter name=keep | wc -l; docker rm keep",
    "limits of logs": "docker create --name l --log-opt max-size=10m --log-opt max-file=3 busybox >&-;"
    "docker inspect -f '{{json .HostConfig.LogConfig}}' l; docker rm l",
    "registry": "docker run -d --name r -p 5000:5000 registry >&-; docker tag busybox localhost:5000/a:1; sleep 1;"
    "docker push -q localhost:5000/a:1; docker rmi localhost:5000/a:1 >&-; docker pull -q localhost:5000/a:1;"
    "docker run --rm localhost:5000/a:1 echo pulled; docker rm -fv r; docker rmi localhost:5000/a:1 >&-",
    "save and load": "docker tag busybox s:1; docker save s:1 | gzip >s.tar.gz; docker rmi s:1 >&-; docker load -qi s.tar.gz; docker rmi s:1",
    "compose": "printf 'services:\\n  a:\\n    image: busybox\\n    command: sh -c \"echo up; touch /ok; sleep 99\"\\n"
    "    init: true\\n    volumes: [\"./w:/w\", \"d:/d\"]\\n    healthcheck: {test: test -f /ok, interval: 1s}\\n"
    "  b:\\n    image: busybox\\n    command: echo after\\n    depends_on: {a: {condition: service_healthy}}\\n"
    "volumes: {d: {}}\\n' >compose.yaml; docker compose -p p up -d --quiet-pull --scale a=2 2>&-; docker compose -p p exec -T a ls /ok;"
    "docker compose -p p logs --no-log-prefix b; docker compose -p p ps --format '{{.Name}} {{.Health}}'; docker compose -p p down -v 2>&-",
    "inspect": "docker inspect nosuch; docker inspect busybox -f '{{.Os}}'; docker inspect a/b:c",
    "system": "docker system df --format '{{.Type}}'; docker info -f '{{.Driver}}'; docker version -f '{{.Server.Version}}';"
    "docker plugin ls; docker buildx ls --format '{{.Name}}'; docker volume prune -f; docker network ls --format '{{.Name}}'",
    "events": "n=ev$RANDOM; docker create --name $n busybox >&-; docker rm $n >&-; sleep 1.1; docker events --since 1m --until 0s --filter container=$n "
    "--format '{{.Action}}'",
}  # fmt: skip


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_the_command_line_gives_the_same_output(box: Sandbox, scene: str) -> None:
    """Docker CLI, buildx and Compose: what they print through the gateway and directly, ids and times left out."""
    said = []
    for host in ("/run/docker.sock", "/run/engine/docker.sock"):
        script = (
            f"export DOCKER_HOST=unix://{host} HOME=/tmp; cd $(mktemp -d -p /home/student/work); {{ {scene}; }} 2>&1"
        )
        done = box.run(["bash", "-c", script], user="root", timeout=100)
        text = re.sub(r"[0-9a-f]{12,64}|tmp\.\w+|[0-9]+(\.[0-9]+)?m?s", "#", done.stdout.decode())
        said.append((done.returncode, sorted(text.splitlines())))
    assert said[0] == said[1]
    assert said[0][1]


GOES = r"""
import io, os, subprocess, sys, tarfile, time
way, tag = sys.argv[1:]
file = f"FROM busybox\nRUN echo {tag}; sleep 4\n".encode()
if way == "docker-py":
    import docker
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as tar:
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(file)
        tar.addfile(entry, io.BytesIO(file))
    context.seek(0)
    client = docker.APIClient("unix:///run/docker.sock", version="auto")
    for message in client.build(fileobj=context, custom_context=True, tag=tag, decode=True):
        print(message, flush=True)
else:
    os.makedirs(f"/tmp/{tag}", exist_ok=True)
    open(f"/tmp/{tag}/Dockerfile", "wb").write(file)
    env = {"DOCKER_HOST": "unix:///run/docker.sock", "DOCKER_BUILDKIT": way, "BUILDKIT_PROGRESS": "plain", "HOME": "/tmp"}
    os.execvpe("docker", ["docker", "build", "-t", tag, f"/tmp/{tag}"], {**os.environ, **env})
"""


def test_a_build_whose_client_has_gone_tags_nothing_later(box: Sandbox) -> None:
    """The client is killed in the middle of a step, by either builder or docker-py: its image never comes."""
    scene = f"""
import subprocess, sys, time
builds = {{way: subprocess.Popen([sys.executable, "-c", {GOES!r}, way, "gone-" + way], text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for way in ("0", "1", "docker-py")}}
for way, build in builds.items():
    for line in build.stdout:
        if "gone-" + way in line and "sleep" not in line:
            break
    else:
        sys.exit(way + " ended before its step")
    build.kill()
time.sleep(6)
"""
    done = box.run([PYTHON, "-c", scene], user="root", timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    images = box.run(["docker", "images", "-q", "gone-*"], user="examiner", timeout=20)
    assert images.stdout == b""
