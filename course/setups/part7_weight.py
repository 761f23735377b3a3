"""What weighs in Part 7: a project that takes too long to build, and things that nobody needs any more."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

import docker
from docker.errors import ImageNotFound, NotFound

from course import run
from course.errors import CourseError
from course.folders import folder, plant
from course.setups.dice import chance
from course.setups.part2 import BASE, PYTHON, build, remove

HEAVY: Final = 12
"""Files of one MiB in the project of exercise ``slow-build`` that no image needs."""
MEBIBYTE: Final = 1 << 20
ATTIC_LABEL: Final = "docker-course.attic"
"""Label on all that exercise ``reclaim`` plants; its value is the run's token."""

NOTE: Final = "/version"
"""File in each image of exercise ``reclaim`` that says which one it is."""
OLD_NOTE: Final = b"old\n"
"""What it says in the image that no container uses."""

_PILES: Final = ("backups", "exports", "footage", "recordings")

_APP: Final = '''\
"""The bakery's page, for any server that speaks WSGI, Python's own interface for the web."""


def app(request, start):
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"Fresh bread, says run TOKEN"]
'''


def project() -> Path:
    """Return the directory of exercise ``slow-build``."""
    return folder("bakery")


def pile() -> Path:
    """Return the directory in it that is large."""
    return project() / chance("pile").choice(_PILES)


def slow_recipe() -> str:
    """Return the Dockerfile that exercise ``slow-build`` begins with."""
    return f"""\
FROM {PYTHON}
LABEL {run.LABEL}={run.token()}
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir --root-user-action=ignore -r requirements.txt
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""


def open_bakery() -> Path:
    """Plant ``slow-build``: a project with an app, its requirements, a slow Dockerfile and a large directory."""
    texts = {
        "Dockerfile": slow_recipe(),
        "app.py": _APP.replace("TOKEN", run.token()),
        "requirements.txt": "gunicorn\n",
    }
    root = plant("bakery", texts)
    if pile().exists():  # planted before
        return root
    pile().mkdir(parents=True)
    for number in range(HEAVY):
        (pile() / f"{number:02}.bin").write_bytes(os.urandom(MEBIBYTE))
    for place in (root, pile(), *root.rglob("*")):  # the check reads it as another user
        place.chmod(0o755 if place.is_dir() else 0o644)
    return root


def edit_app() -> None:
    """Change the app of exercise ``slow-build`` a little, as its author does all day."""
    with (project() / "app.py").open("a", encoding="utf-8") as file:
        file.write(f"\n# note {secrets.token_hex(4)}\n")


def attic_labels() -> dict[str, str]:
    """Return the labels of all that exercise ``reclaim`` plants."""
    return {ATTIC_LABEL: run.token(), **run.labels()}


def old_image() -> str:
    """Return the name of the image that no container of exercise ``reclaim`` uses."""
    return run.name("attic-old")


def volume_text() -> str:
    """Return what is written in each volume of exercise ``reclaim``."""
    return f"Keep me, says run {run.token()}"


def volumes(client: docker.DockerClient) -> list[str]:
    """Return the names of exercise ``reclaim``'s volumes that are there."""
    found = client.api.volumes(filters={"label": f"{ATTIC_LABEL}={run.token()}"}).get("Volumes") or []
    return sorted(str(volume["Name"]) for volume in found)


def fill_attic(client: docker.DockerClient) -> str:
    """Plant ``reclaim`` and return the filter that finds all of it, as ``label=KEY=VALUE``.

    Stopped containers, images that have lost their name, one that nobody uses, a container that runs, and three
    volumes: one in use, one that is not, and one without a name.
    """
    clear_attic(client)
    throw, labels = chance("attic"), attic_labels()
    for number in range(throw.randint(2, 4) + 1):  # each one takes the name from the one before
        build(client, {"Dockerfile": _recipe(f"version {number}")}, run.name("attic"))
    build(client, {"Dockerfile": _recipe("old")}, old_image())
    for name in (run.name("ledger"), run.name("letters"), None):
        volume = client.volumes.create(name, labels=labels)
        mounts = {volume.name: {"bind": "/data", "mode": "rw"}}
        line = ["sh", "-c", f'echo "{volume_text()}" > /data/text']
        client.containers.run(BASE, line, remove=True, labels=labels, volumes=mounts)
    for _ in range(throw.randint(3, 5)):
        client.containers.run(
            BASE, ["dd", "if=/dev/zero", "of=/scrap", "bs=1M", "count=1"], labels=labels, detach=True
        ).wait(timeout=20)
    client.containers.run(
        run.name("attic"),
        ["sleep", "86400"],
        name=run.name("clock"),
        labels=labels,
        init=True,
        detach=True,
        volumes={run.name("ledger"): {"bind": "/ledger", "mode": "rw"}},
    )
    return f"label={ATTIC_LABEL}={run.token()}"


def clear_attic(client: docker.DockerClient) -> None:
    """Remove what an earlier `fill_attic` of this run left.

    Raises `CourseError`, before anything is removed, if a container of the student's uses one of the volumes.
    """
    chosen = {"label": f"{ATTIC_LABEL}={run.token()}"}
    planted = {container.id for container in client.containers.list(all=True, filters=chosen)}
    for name in volumes(client):
        for user in client.containers.list(all=True, filters={"volume": name}):
            if user.id not in planted:
                raise CourseError(
                    f"Your container {user.name} uses the volume {name}, which this cell makes again. "
                    "Remove the container, and run the cell again."
                )
    for container in planted:
        remove(client, container)
    for image in client.images.list(filters=chosen):
        try:
            client.images.remove(image.id, force=True)
        except (ImageNotFound, NotFound):
            continue
    for name in volumes(client):
        client.api.remove_volume(name)


def _recipe(text: str) -> str:
    return f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()} {ATTIC_LABEL}={run.token()}
RUN echo "{text}" > {NOTE} && dd if=/dev/zero of=/ballast bs=1M count=2
"""
