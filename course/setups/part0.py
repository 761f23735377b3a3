"""Set-ups of Part 0. What they hide is derived from the run's seed, so that a check can work it out again."""

from __future__ import annotations

import contextlib
import io
import random
from typing import Final

import docker
from docker.errors import NotFound

from course import run
from course.setups.planting import planted
from course.show import Shown

BASE: Final = "busybox"
HELLO: Final = "hello-world"
NOTE: Final = "/tmp/note"  # noqa: S108  a path in a container
"""Where exercise ``isolated`` wants its file."""


def job_exit_code() -> int:
    """Return the exit code of ``hello``'s job: from 3 to 99, none of those that a shell or the Engine gives."""
    return random.Random(f"job-{run.seed()}").randint(3, 99)  # noqa: S311  nobody guesses the seed from it


@planted
def leave_job(client: docker.DockerClient) -> Shown:
    """Plant ``hello``: the container ``job``, which has ended with `job_exit_code`. Run again, it is made anew."""
    job = run.name("job")
    with contextlib.suppress(NotFound):
        client.api.remove_container(job, force=True, v=True)
    command = ["sh", "-c", f"exit {job_exit_code()}"]
    client.containers.run(BASE, command, name=job, labels=run.labels(), detach=True).wait()
    return Shown(f"The container {job} has done its work and ended.")


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
