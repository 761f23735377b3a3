"""Each part as a student runs it who has other things on the same Engine: twice in a row, in one ordinary kernel."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import nbformat
import notebooks as nb
import pytest

from autograder.results import Limits
from autograder.sandbox import Sandbox

PARTS = sorted(path.stem for path in (nb.ROOT / "lessons").glob("part*.md"))
PYTHON = "/opt/docker-course/venv/bin/python"

CROWD = """
set -e
sleeper() { docker run --detach --init "$@" busybox sleep 100000; }
docker network create net; docker network create backend; docker network create app_default
docker volume create data; docker volume create db-data; docker volume create diary
docker run --detach --name web --publish 8080:80 --network net nginx
docker run --detach --name db --publish 127.0.0.1:5432:80 --network backend --volume db-data:/data nginx
docker run --detach --name registry --publish 127.0.0.1:5000:5000 registry
sleeper --name app --publish 8000:8000 --publish 80:80 --network app_default --volume data:/data --restart always
sleeper --name api --publish 127.0.0.1:6379:6379 --publish 127.0.0.1:3000:3000 --volume /anonymous
sleeper --name app-web-1 --label com.docker.compose.project=app --label com.docker.compose.service=web
sleeper --name nginx --publish 127.0.0.1::80
docker exec app sh -c 'echo mine >/data/mine'
docker create --name job busybox true
docker run --name hello hello-world; docker run --name first busybox sh -c 'echo mine >/mine; exit 3' || true
docker run --detach --name paused busybox sleep 100000; docker pause paused
for tag in web app:1 myapp flask-app localhost:5000/hello:1 nginx:mine; do docker tag busybox $tag; done
printf 'FROM busybox\\nRUN echo mine >/mine\\n' | docker build --quiet --tag app:latest -
printf 'FROM busybox\\nRUN echo nameless >/mine\\n' | docker build --quiet -
"""
"""Running, stopped and paused containers, names and ports that everybody takes, images with and without a name."""

# What the command docker, the kernel and the list of runs write in a user's home does not count.
SNAPSHOT = """
import json, os, docker
client = docker.from_env()
api = client.api
containers = {}
for item in api.containers(all=True):
    facts = api.inspect_container(item["Id"])
    containers[facts["Name"]] = {
        **{key: facts[key] for key in ("Id", "RestartCount", "HostConfig", "Mounts", "Config")},
        **{key: facts["State"][key] for key in ("Status", "StartedAt", "FinishedAt", "ExitCode")},
        "Ports": facts["NetworkSettings"]["Ports"],
        "Networks": sorted(facts["NetworkSettings"]["Networks"]),
        "Changes": {change["Path"]: change["Kind"] for change in api.diff(item["Id"]) or []},
    }
network = lambda item: {key: item[key] for key in ("Id", "Name", "Labels", "Options", "IPAM")}
print(json.dumps({
    "containers": containers,
    "images": {item["Id"]: sorted(item["RepoTags"] or []) for item in api.images()},
    "volumes": sorted(api.volumes()["Volumes"], key=lambda item: item["Name"]),
    "networks": sorted((network(item) for item in api.networks()), key=lambda item: item["Name"]),
    "written": client.containers.get("app").exec_run("cat /data/mine").output.decode(),
    "files": sorted(name for name in os.listdir(".") if name not in (".docker", ".ipython", ".local")),
}))
"""

# The kernel removes what it made when it ends. Here it has the time: the helper that goes on after it on a student's
# machine ends with this command, as all of the student's programs do in a sandbox.
RUN = """
import sys, nbformat
from nbclient import NotebookClient
from traitlets.config import Config
notebook = nbformat.reads(sys.stdin.read(), as_version=4)
patient = Config({"KernelManager": {"shutdown_wait_time": 120}})
NotebookClient(notebook, kernel_name="docker-course", timeout=180, allow_errors=True, config=patient).execute()
nbformat.write(notebook, sys.stdout)
"""


@pytest.mark.sandbox
@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_a_part_runs_twice_among_other_peoples_things_and_leaves_nothing(part: str) -> None:
    """Full marks both times; then the last cell, and the Engine and the directory are exactly as they were before."""
    notebook = nb.source(part)
    wanted = nb.full_marks(notebook)
    with Sandbox(Limits(seconds=1200)) as box:
        _said(box, ["sh", "-c", CROWD])
        before = json.loads(_said(box, [PYTHON, "-c", SNAPSHOT]))
        for turn in (1, 2):
            if turn == 2:
                _end(notebook)
            given = nbformat.writes(notebook).encode()
            done = nbformat.reads(_said(box, [PYTHON, "-c", RUN], given), as_version=4)
            marks = nb.marks(done)
            assert marks.errors == {}
            assert marks.points == wanted, "\n".join(marks.texts.values())
        after = json.loads(_said(box, [PYTHON, "-c", SNAPSHOT]))
    # A build that is done again leaves the former image without a name, and nothing in it says whose it was.
    unnamed = {key for key, tags in after["images"].items() if not tags} - before["images"].keys()
    after["images"] = {key: tags for key, tags in after["images"].items() if key not in unnamed}
    for state in (before, after):
        state["volumes"] = {volume["Name"]: volume for volume in state["volumes"]}
    assert list(_differences(before, after)) == []


def _end(notebook: Any) -> None:
    """Let the last cell remove what the part made, as its text says."""
    last = next(cell for cell in reversed(notebook.cells) if cell.cell_type == "code")
    last.source, count = re.subn(r"^# (?=.*reset\(\))", "", last.source)
    assert count == 1, "the last cell is not the one that cleans up"


def _differences(before: Any, after: Any, place: str = "") -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from _differences(before.get(key), after.get(key), f"{place} {key}")
    elif before != after:
        yield f"{place}: {before} became {after}"


def _said(box: Sandbox, command: list[str], given: bytes = b"") -> str:
    done = box.run(command, given)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return done.stdout.decode()
