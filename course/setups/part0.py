"""Set-ups of Part 0. What they hide is derived from the run's seed, so that a check can work it out again."""

from __future__ import annotations

import contextlib
import io
import random
from typing import Final

import docker
from docker.errors import NotFound

from course import facts, run
from course.errors import CourseError
from course.setups.part1 import registry_port, start_registry
from course.setups.planting import planted
from course.show import Shown

BASE: Final = "busybox"
HELLO: Final = "hello-world"
NOTE: Final = "/tmp/note"  # noqa: S108  a path in a container
"""Where exercise ``isolated`` wants its file."""
SHOP_FILE: Final = "/shop/word"
"""Where the image of exercise ``first-pull`` keeps `shop_word`."""
SHOP_TAG: Final = "1.0"

__all__ = [
    "job_exit_code",
    "leave_job",
    "make_distribution",
    "note_text",
    "publish_shop",
    "registry_port",
    "shop_repository",
    "shop_word",
    "system_name",
]


def job_exit_code() -> int:
    """Return the exit code of ``hello``'s job: from 3 to 99, none of those that a shell or the Engine gives."""
    return random.Random(f"job-{run.seed()}").randint(3, 99)  # noqa: S311  nobody guesses the seed from it


@planted
def leave_job(client: docker.DockerClient) -> Shown:
    """Plant ``hello``: the container ``job``, which has ended with `job_exit_code`. Run again, it makes a new one."""
    job = run.name("job")
    with contextlib.suppress(NotFound):
        client.api.remove_container(job, force=True, v=True)
    command = ["sh", "-c", f"exit {job_exit_code()}"]
    client.containers.run(BASE, command, name=job, labels=run.labels(), detach=True).wait()
    return Shown(f"The container {job} has done its work and ended.")


def shop_word() -> str:
    """Return the word that the image of exercise ``first-pull`` prints."""
    chance = random.Random(f"shop-{run.seed()}")  # noqa: S311  nobody guesses the seed from it
    return f"{chance.choice(('apricot', 'cherry', 'lemon', 'plum'))}-{chance.getrandbits(40):010x}"


def shop_repository() -> str:
    """Return the repository of exercise ``first-pull``'s image, as the registry calls it."""
    return f"ada/{run.name('shop')}"


@planted
def publish_shop(client: docker.DockerClient) -> str:
    """Plant ``first-pull``: a registry, and in it an image that prints `shop_word`. Return the image's full name.

    The Engine does not have the image afterwards. Run again, it leaves alone what the registry has and what was pulled.
    """
    port = start_registry(client)
    place = f"127.0.0.1:{port}/{shop_repository()}"
    if facts.manifest_digest(port, shop_repository(), SHOP_TAG) is None:
        _push_shop(client, place)
    return f"{place}:{SHOP_TAG}"


def _push_shop(client: docker.DockerClient, place: str) -> None:
    command = ["sh", "-c", f"mkdir -p /shop && echo {shop_word()} > {SHOP_FILE}"]
    ada = client.containers.create(BASE, command, name=run.name("ada"), labels=run.labels())
    try:
        ada.start()
        ada.wait()
        # A busy Engine may lose what a program writes that ends at once.
        settings = {"Cmd": ["sh", "-c", f"cat {SHOP_FILE}; sleep 0.2"], "Labels": run.labels()}
        ada.commit(place, SHOP_TAG, conf=settings)
    finally:
        ada.remove(force=True)
    try:
        for line in client.api.push(place, tag=SHOP_TAG, stream=True, decode=True):
            if "error" in line:
                raise CourseError(f"The registry of this exercise did not take the image: {line['error']}")
    finally:
        client.api.remove_image(f"{place}:{SHOP_TAG}")


def system_name() -> str:
    """Return the name that the small distribution of exercise ``kernel`` gives itself."""
    chance = random.Random(f"tiny-{run.seed()}")  # noqa: S311  nobody guesses the seed from it
    return f"Tiny Linux {chance.randint(2, 9)}.{chance.randint(0, 99)} ({chance.getrandbits(48):012x})"


@planted
def make_distribution(client: docker.DockerClient) -> Shown:
    """Plant ``kernel``: the image ``tiny``, whose ``/etc/os-release`` holds `system_name`."""
    recipe = f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
RUN mkdir -p /etc && echo 'PRETTY_NAME="{system_name()}"' > /etc/os-release
"""
    client.images.build(fileobj=io.BytesIO(recipe.encode()), tag=run.name("tiny"), rm=True, forcerm=True)
    return Shown(f"The image {run.name('tiny')} is ready.")


def note_text() -> str:
    """Return the line that the file of exercise ``isolated`` is to hold."""
    return f"only here: {run.token()}"
