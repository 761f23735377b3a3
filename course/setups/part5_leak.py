"""Exercise ``five-places``: a container with a key in each of five places, one of which leaked, and its successor."""

from __future__ import annotations

import hashlib
import io
import random
import tarfile
from pathlib import Path
from typing import Final

import docker

from course import run
from course.folders import plant
from course.setups.part2 import build, remove
from course.setups.part5_programs import PORT, program
from course.setups.planting import planted

PLACES: Final = ("history", "environment", "layer", "label", "mount")
COURIER: Final = "courier"
"""The container that leaked, and its image."""
MESSENGER: Final = "messenger"
"""The directory of its successor, and the successor."""
KEY_FILE: Final = "key.txt"
BOARD: Final = "/srv/board"
"""Where the courier's volume is mounted."""


def leaking_place() -> str:
    """Return the place of the key that leaked."""
    return random.Random(f"leak-{run.seed()}").choice(PLACES)  # noqa: S311  nobody guesses the seed from it


def keys() -> dict[str, str]:
    """Return the courier's five keys by their place."""
    chance = random.Random(f"keys-{run.seed()}")  # noqa: S311
    return {place: f"key-{chance.getrandbits(128):032x}" for place in PLACES}


@planted
def run_courier(client: docker.DockerClient) -> str:
    """Plant the container that leaked, with a key in each of five places. Return the one that leaked."""
    name, labels, planted_keys = run.name(COURIER), run.labels(), keys()
    remove(client, name)
    build(client, {"Dockerfile": courier_recipe(planted_keys), "old.txt": planted_keys["layer"]}, name)
    client.volumes.create(name, labels=labels)
    container = client.containers.create(
        name,
        name=name,
        init=True,
        labels={**labels, "org.example.contact": planted_keys["label"]},
        environment={"UPSTREAM": planted_keys["environment"]},
        volumes={name: {"bind": BOARD, "mode": "rw"}},
    )
    container.put_archive(BOARD, _packed("notice.txt", planted_keys["mount"]))
    container.start()
    return planted_keys[leaking_place()]


def courier_recipe(planted_keys: dict[str, str]) -> str:
    """Return the Dockerfile of the container that leaked."""
    return f"""\
FROM busybox
LABEL {run.LABEL}={run.token()}
ARG BUILD_KEY={planted_keys["history"]}
COPY old.txt /work/old.txt
RUN sha256sum /work/old.txt > /work/sum && rm /work/old.txt
CMD ["sleep", "86400"]
"""


def write_messenger() -> Path:
    """Plant the successor: a program, a Dockerfile that copies too much, and the new key. Return the directory."""
    recipe = f"""\
FROM python:3.13-slim
COPY . /app/
EXPOSE {PORT}
USER 10001
CMD ["python", "/app/app.py"]
"""
    return plant(MESSENGER, {"app.py": program(MESSENGER), "Dockerfile": recipe, KEY_FILE: f"{new_key()}\n"})


def new_key() -> str:
    """Return the key that replaces the one that leaked."""
    return "key-" + hashlib.sha256(f"messenger of {run.token()}".encode()).hexdigest()[:32]


def signature(path: str) -> str:
    """Return how the successor signs a path with the new key."""
    return hashlib.sha256((new_key() + path).encode()).hexdigest()


def _packed(name: str, text: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(text), 0o644
        archive.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()
