"""Set-ups of Part 1. Everything is derived from the run's token, so that a check can work it out again."""

from __future__ import annotations

import hashlib
import io
import random
import time
from typing import Final

import docker
from docker.errors import NotFound

from course import facts, run
from course.errors import CourseError
from course.folders import plant as plant  # for notebooks, too
from course.show import Shown

BASE: Final = "busybox"
REGISTRY: Final = "registry"
HEAVY_BYTES: Final = 20 << 20
"""Size of the file that the planted image of exercise ``light`` leaves behind, in bytes."""
HEAVY_REPORT: Final = "/report.txt"
HEAVY_SETTING: Final = "PURPOSE=report"
HEAVY_DIRECTORY: Final = "/work"
HEAVY_USER: Final = "1000"
MEBIBYTE: Final = 1 << 20
HAND_MARK: Final = "  \t \t\t  \t"
"""The last line of the program in the image ``handmade``, spaces and tabs only: by it, a copy of the file is known."""


def memory_limit() -> int:
    """Return the limit that exercise ``namespaces`` asks for, in MiB; another one in each run."""
    return random.Random(f"namespaces-{run.token()}").randint(100, 200)  # noqa: S311  not a secret


def layers_recipe() -> str:
    """Return the Dockerfile of exercise ``layers``: its mix of instructions differs from run to run.

    Some instructions write something, some create files or directories of no size, some only note a setting. Both
    builders make the same layers of it: each ``RUN`` changes a file, and the directory of ``WORKDIR`` is new.
    """
    token = run.token()
    chance = random.Random(f"layers-{token}")  # noqa: S311  not a secret: the check derives it again
    writing = [f"RUN echo {token}-{number} > /note-{number}" for number in range(chance.randint(1, 3))]
    # At least two without a size: so the steps with a size are never as many as the layers, the base's included.
    empty = [f"WORKDIR /srv/{token}", "RUN touch /empty", "RUN mkdir /later"][: chance.randint(2, 3)]
    middle = [*writing, *empty, "ENV COLOUR=green", "EXPOSE 8080"]
    chance.shuffle(middle)
    lines = [f"FROM {BASE}", f"LABEL {run.LABEL}={token}", *middle, "USER 1000", 'CMD ["cat", "/note-0"]']
    return "\n".join(lines) + "\n"


def heavy_recipe() -> str:
    """Return the Dockerfile of ``light``: it makes a file of `HEAVY_BYTES`, uses it, and deletes it too late."""
    token = run.token()
    return f"""\
FROM {BASE}
LABEL {run.LABEL}={token}
ENV {HEAVY_SETTING}
WORKDIR {HEAVY_DIRECTORY}
RUN yes {token} | head -c {HEAVY_BYTES} > data
RUN sha256sum < data > {HEAVY_REPORT}
RUN rm data
USER {HEAVY_USER}
CMD ["cat", "{HEAVY_REPORT}"]
"""


def heavy_report() -> str:
    """Return the sum that the image of exercise ``light`` prints: SHA-256 of the file, in hexadecimal."""
    line = f"{run.token()}\n".encode()
    return hashlib.sha256((line * (HEAVY_BYTES // len(line) + 1))[:HEAVY_BYTES]).hexdigest()


def version_recipe(version: int) -> str:
    """Return the Dockerfile of version 1 or 2 of exercise ``moved-tag``'s image; `version_text` is what it holds."""
    return f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
RUN echo {version_text(version)} > /version
CMD ["sleep", "86400"]
"""


def version_text(version: int) -> str:
    """Return the text in the file ``/version`` of exercise ``moved-tag``'s images."""
    return f"{run.token()}-version-{version}"


def open_kitchen(client: docker.DockerClient) -> Shown:
    """Plant ``moved-tag``: the image ``menu`` with tags 1, 2 and stable (on 1), and the container ``kitchen``.

    Run again, it puts the tags back and makes the container again.
    """
    menu, kitchen = run.name("menu"), run.name("kitchen")
    _remove(client, kitchen)
    for version in (1, 2):
        build(client, version_recipe(version), f"{menu}:{version}")
    client.images.get(f"{menu}:1").tag(menu, "stable")
    client.containers.run(f"{menu}:stable", name=kitchen, labels=run.labels(), init=True, detach=True)
    return Shown(f"The container {kitchen} runs; it was started from {menu}:stable.")


def start_registry(client: docker.DockerClient, seconds: float = 15.0) -> int:
    """Plant ``by-digest``: run a registry on a free port of 127.0.0.1 and return the port. A running one is kept.

    Raises `CourseError` if it does not answer within ``seconds``.
    """
    name = run.name("registry")
    found = facts.container(client, name)
    if found is None or not found.running or registry_port(client) is None:
        _remove(client, name)
        client.containers.run(
            REGISTRY, name=name, labels=run.labels(), ports={"5000/tcp": ("127.0.0.1", None)}, detach=True
        )
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        port = registry_port(client)
        if port is not None and facts.registry_answers(port):
            return port
        time.sleep(0.1)
    logs = client.containers.get(name).logs(tail=5).decode("utf-8", "replace")
    raise CourseError(f"The registry {name} did not answer within {seconds:g} seconds. Its last lines:\n{logs}")


def registry_port(client: docker.DockerClient) -> int | None:
    """Return the port of this run's registry on 127.0.0.1, or None if it does not run.

    A container of that name that is made from another image is not it.
    """
    found, image = facts.container(client, run.name("registry")), facts.image(client, REGISTRY)
    if found is None or image is None or found.image != image.id:
        return None
    return next((port for inside, _, port in found.ports if inside == "5000/tcp"), None)


def cake_recipe() -> str:
    """Return the Dockerfile of exercise ``by-digest``'s image, which prints `cake_text` and ends."""
    return f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
RUN echo {cake_text()} > /cake
CMD ["cat", "/cake"]
"""


def cake_text() -> str:
    """Return what exercise ``by-digest``'s image prints."""
    return f"a cake from {run.token()}"


def handwork() -> str:
    """Return the shell commands of exercise ``written``: they make a program ``greet`` that prints `greeting`."""
    # No single quotes, so that it can be put between some on a command line.
    line = f"echo Hello \\${{WHO:-world}}, this is {run.token()}"
    return f'echo "#!/bin/sh" > /bin/greet && echo "{line}" >> /bin/greet && chmod 755 /bin/greet'


def make_by_hand(client: docker.DockerClient) -> None:
    """Plant ``written``: change the container ``workbench`` by hand and commit it as the image ``handmade``."""
    bench = run.name("workbench")
    _remove(client, bench)
    container = client.containers.run(BASE, ["sleep", "600"], name=bench, labels=run.labels(), init=True, detach=True)
    container.exec_run(["sh", "-c", f"{handwork()} && echo '{HAND_MARK}' >> /bin/greet"])
    container.commit(run.name("handmade"), conf={"Cmd": ["greet"]})
    container.remove(force=True)


def greeting(who: str) -> str:
    """Return what the images of exercise ``written`` print when the variable ``WHO`` is ``who``."""
    return f"Hello {who}, this is {run.token()}"


def build(client: docker.DockerClient, recipe: str, tag: str) -> None:
    """Build an image from the text of a Dockerfile that needs no other file."""
    client.images.build(fileobj=io.BytesIO(recipe.encode()), tag=tag, rm=True, forcerm=True)


def _remove(client: docker.DockerClient, name: str) -> None:
    try:
        client.api.remove_container(name, force=True, v=True)
    except NotFound:
        return
