"""Set-ups of Part 5. What they plant is bound to the run's token, what they hide to its seed."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Final

import docker
from docker.errors import APIError

from course import run
from course.facts.container import container
from course.facts.exec import exec_in
from course.folders import folder, plant
from course.setups.part1 import registry_port, start_registry
from course.setups.part2 import build, remove
from course.setups.part5_leak import run_courier, write_messenger
from course.setups.part5_programs import PORT, PYTHON, program, program_files
from course.setups.part5_vendor import VENDOR, vendor_advisories, vendor_recipe
from course.setups.planting import planted
from course.show import Shown

NIGHT: Final = ("baker", "miller", "brewer")
"""The containers of exercise ``memory``."""
_TRIES: Final = 6
LOG_FILE: Final = "/var/log/teller.log"
"""Where the program of exercise ``logs`` writes by default."""

__all__ = [
    "LOG_FILE",
    "NIGHT",
    "PORT",
    "PYTHON",
    "VENDOR",
    "build_clinic",
    "build_kiosk",
    "build_teller",
    "fall_ill",
    "last_night",
    "limit_megabytes",
    "log_wishes",
    "open_vendor",
    "registry_port",
    "roles",
    "run_courier",
    "send",
    "vendor_advisories",
    "vendor_pushes_again",
    "write_counter",
    "write_messenger",
    "write_secret",
]


def write_counter() -> Path:
    """Plant ``not-root``: a directory with a program and a Dockerfile whose program runs as root. Return its path."""
    return plant("counter", {"app.py": program("counter"), "Dockerfile": counter_recipe()})


def counter_recipe() -> str:
    """Return the Dockerfile as it stands before the exercise."""
    return f"""\
FROM {PYTHON}
COPY app.py /app/app.py
RUN mkdir /data
EXPOSE {PORT}
CMD ["python", "/app/app.py"]
"""


def build_kiosk(client: docker.DockerClient) -> Shown:
    """Plant ``hardened``: the image ``kiosk``, whose program is not root and writes to ``/tmp``."""
    return _program(client, "kiosk")


def build_clinic(client: docker.DockerClient) -> Shown:
    """Plant ``unhealthy``: the image ``clinic``, whose program can be made ill and well by signals."""
    return _program(client, "clinic")


def fall_ill(client: docker.DockerClient, seconds: float = 8.0) -> dict[str, str | int]:
    """Wait until ``clinic`` is healthy, make its program ill, wait on, and tell what became of it.

    Nobody is made ill before being healthy; at most ``seconds`` are waited for each.
    """
    name = run.name("clinic")
    if not _wait_for_health(client, name, "healthy", seconds):
        return _condition(client, name)
    send(client, name, "USR1")
    _wait_for_health(client, name, "unhealthy", seconds)
    time.sleep(1.5)  # for whoever would want to restart it
    return _condition(client, name)


def send(client: docker.DockerClient, name: str, signal: str) -> bool:
    """Send a signal to a container's main process, from inside, and tell whether that worked.

    A signal that the Engine sends (``docker kill``, whatever the signal) switches the restart policy off until the next
    start, and so would decide the very question of exercise ``unhealthy``.
    """
    outcome = exec_in(client, name, ["sh", "-c", f"kill -{signal} 1"])
    return outcome is not None and outcome.exit_code == 0


def build_teller(client: docker.DockerClient) -> Shown:
    """Plant ``logs``: the image ``teller``, whose program writes its log into a file."""
    return _program(client, "teller")


def limit_megabytes() -> int:
    """Return the memory limit of exercise ``memory``, in MiB."""
    return random.Random(f"limit-{run.token()}").randint(48, 80)  # noqa: S311  not a secret


def roles() -> dict[str, str]:
    """Return what happens to each container of exercise ``memory``: ``memory``, ``killed`` or ``setting``."""
    fates = ["memory", "killed", "setting"]
    random.Random(f"night-{run.seed()}").shuffle(fates)  # noqa: S311
    return dict(zip(NIGHT, fates, strict=True))


@planted
def last_night(client: docker.DockerClient, seconds: float = 15.0) -> Shown:
    """Plant ``memory``: three containers of one image that have ended, each for another reason."""
    _program(client, "cache")
    silent = [
        run.name(name)
        for name, fate in roles().items()
        if not any(_play(client, run.name(name), fate, seconds) for _ in range(_TRIES))
    ]
    return Shown(
        f"Last night, three containers ended: {', '.join(run.name(name) for name in NIGHT)}."
        + "".join(f"\n(This Engine did not note how {name} ended. The events say more.)" for name in silent)
    )


def _play(client: docker.DockerClient, name: str, fate: str, seconds: float) -> bool:
    """Make a container that ends as its fate is, and tell whether the Engine says so.

    Once in a while an Engine does not note that memory was the reason (moby#41929), and then there is nothing to find.
    """
    remove(client, name)
    limit = f"{limit_megabytes()}m"
    megabytes = {"memory": str(3 * limit_megabytes()), "killed": "8", "setting": "eight"}[fate]
    client.containers.run(
        run.name("cache"),
        name=name,
        labels=run.labels(),
        environment={"CACHE_MB": megabytes},
        mem_limit=limit,
        memswap_limit=limit,
        detach=True,
    )
    if fate == "killed":
        client.api.kill(name, "KILL")
    deadline = time.monotonic() + seconds
    while (found := container(client, name)) is not None and found.running and time.monotonic() < deadline:
        time.sleep(0.1)
    return found is not None and found.state.oom_killed == (fate == "memory")


def log_wishes() -> tuple[int, int]:
    """Return the size of one log file in KiB and the number of files that exercise ``logs`` asks for."""
    chance = random.Random(f"log-{run.token()}")  # noqa: S311
    return chance.randint(64, 512), chance.randint(2, 5)


@planted
def open_vendor(client: docker.DockerClient) -> str:
    """Plant ``pinned``: a registry, and in it the vendor's image. Return the image's name, with its tag.

    The image is not on the Engine afterwards: it has to be pulled.
    """
    place = f"localhost:{start_registry(client)}/{run.name(VENDOR)}"
    _publish(client, place, 1)
    return f"{place}:1.0"


@planted
def vendor_pushes_again(client: docker.DockerClient) -> Shown:
    """Go on with exercise ``pinned``: the vendor pushes another image under the same tag."""
    place = f"localhost:{start_registry(client)}/{run.name(VENDOR)}"
    _publish(client, place, 2)
    return Shown(f"The vendor has pushed {place}:1.0 again.")


def write_secret() -> Path:
    """Write a password into a file of its own, and return its path."""
    place = folder("password")
    place.write_text(f"open-{run.token()}\n", encoding="utf-8")
    place.chmod(0o644)
    return place


def _condition(client: docker.DockerClient, name: str) -> dict[str, str | int]:
    found = container(client, name)
    if found is None:
        return {"health": f"there is no container {name}", "restarts": 0}
    return {"health": found.state.health or "no health check", "restarts": found.restart_count}


def _wait_for_health(client: docker.DockerClient, name: str, status: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        now = _condition(client, name)["health"]
        if now == status:
            return True
        if now not in ("starting", "healthy", "unhealthy"):
            return False
        time.sleep(0.2)
    return False


def _program(client: docker.DockerClient, name: str) -> Shown:
    build(client, program_files(name), run.name(name))
    return Shown(f"Built {run.name(name)}.")


def _publish(client: docker.DockerClient, place: str, edition: int) -> None:
    """Build an edition of the vendor's image, push it, and take its name away again."""
    build(client, {"Dockerfile": vendor_recipe(edition)}, f"{place}:1.0")
    for line in client.api.push(place, tag="1.0", stream=True, decode=True):
        if "error" in line:
            raise APIError(str(line["error"]))
    client.api.remove_image(f"{place}:1.0")
