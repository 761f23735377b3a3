"""Faults of Part 7: what ends at once, a port that is taken, a file that may not be written, a name nobody knows.

Names, ports and which container has which fault come from the run's token: no two students get the same. What a student
has to find out comes from the run's seed (`course.setups.planting`).
"""

from __future__ import annotations

import contextlib
import random
import socket
from typing import Final

import docker
from docker.errors import APIError, NotFound

from course import run
from course.errors import CourseError
from course.setups.part2 import build, remove
from course.setups.planting import planted
from course.show import Shown

BASE: Final = "busybox"
SERVER: Final = "nginx"
STALL_PORT: Final = 8000
"""Port on which a stall of exercise ``at-once``, and the kiosk of exercise ``port-taken``, serve their page."""
SERVE: Final = ("httpd", "-f", "-p", str(STALL_PORT), "-h", "/www")
"""The server of BusyBox in the foreground; without ``-f`` it goes to the background, and its container ends."""
ARCHIVE: Final = "/archive"
WRITER: Final = "write-entries"
"""Name of the program that writes in exercise ``permission``."""

_TRADES: Final = ("baker", "barber", "florist", "grocer", "printer", "tailor", "tinker", "weaver")
_HOLDERS: Final = ("atlas", "basil", "cedar", "delta", "ember", "fjord", "grove", "heron")
_PLACES: Final = ("cellar", "cloister", "garden", "gallery", "harbour", "library", "orchard", "tower")
_VARIABLES: Final = ("COUNTER", "ROOM", "SHELF", "TABLE")
_SLIPS: Final = ("htpd", "httdp", "httpf", "hhtpd")

_OPEN_STALL: Final = """\
#!/bin/sh
case "$VARIABLE" in
    "" | *[!0-9]*)
        echo "open-stall: the variable VARIABLE is not set. It has to be a number." >&2
        exit 1
        ;;
esac
exec httpd -f -p 8000 -h /www
"""

_WRITE_ENTRIES: Final = """\
#!/bin/sh
while echo "$(date) $(hostname)" >> /archive/entries; do
    sleep 0.3
done
echo "write-entries: giving up, as user $(id -u)" >&2
exit 1
"""

# wget of BusyBox has no time limit for looking a name up, so `timeout` gives one to the whole.
_ASK: Final = """\
#!/bin/sh
while true; do
    if timeout 2 wget -q -O /dev/null "http://$BACKEND/"; then
        echo "answer from $BACKEND"
    else
        echo "no answer from $BACKEND"
    fi
    sleep 0.5
done
"""


def chance(what: str) -> random.Random:
    """Return this run's dice for one purpose: the same token gives the same throws."""
    return random.Random(f"{what}-{run.token()}")  # noqa: S311  not a secret


def hidden(what: str) -> random.Random:
    """Return the dice for something that the student has to find out."""
    return random.Random(f"{what}-{run.seed()}")  # noqa: S311  nobody guesses the seed from it


def page() -> str:
    """Return the page that stalls and kiosk serve."""
    return f"<p>Open, says run {run.token()}</p>"


def stalls() -> dict[int, str]:
    """Return the containers of exercise ``at-once`` by the exit code that each one has when it is planted."""
    trades = hidden("stalls").sample(_TRADES, 3)
    return {code: run.name(trade) for code, trade in zip((0, 1, 127), trades, strict=True)}


def stalls_by_name() -> dict[str, int]:
    """Return what exercise ``at-once`` asks for: the exit code of each container."""
    return {name: code for code, name in stalls().items()}


def variable() -> str:
    """Return the variable that one stall of exercise ``at-once`` is missing."""
    return hidden("variable").choice(_VARIABLES)


@planted
def open_market(client: docker.DockerClient) -> list[str]:
    """Plant ``at-once``: an image ``market`` and three containers of it that do not run; return their names."""
    recipe = f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
COPY index.html /www/index.html
COPY open-stall /bin/open-stall
RUN chmod 755 /bin/open-stall /www && chmod 644 /www/index.html
"""
    script = _OPEN_STALL.replace("VARIABLE", variable())
    build(
        client,
        {"Dockerfile": recipe, "index.html": page(), "open-stall": script},
        run.name("market"),
    )
    background = [word for word in SERVE if word != "-f"]
    commands = {0: background, 1: ["open-stall"], 127: [hidden("slip").choice(_SLIPS), *SERVE[1:]]}
    for code, name in stalls().items():
        remove(client, name)
        made = client.containers.create(run.name("market"), commands[code], name=name, labels=run.labels())
        with contextlib.suppress(APIError):  # one of them cannot be started at all
            made.start()
    return sorted(stalls().values())


def holder() -> str:
    """Return the name of the container that has the port in exercise ``port-taken``."""
    return run.name(hidden("holder").choice(_HOLDERS))


def wanted_ports() -> list[int]:
    """Return the ports that exercise ``port-taken`` may be about, the first choice first."""
    return chance("port").sample(range(20000, 30000), 20)


@planted
def take_port(client: docker.DockerClient) -> int:
    """Plant ``port-taken``: a container that has a port, and the kiosk that failed for want of it; return the port.

    Raises `CourseError` if this machine has none of the ports free.
    """
    kiosk = run.name("kiosk")
    remove(client, kiosk)
    remove(client, holder())
    recipe = f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
COPY index.html /www/index.html
RUN chmod 755 /www && chmod 644 /www/index.html
EXPOSE {STALL_PORT}
CMD ["httpd", "-f", "-p", "{STALL_PORT}", "-h", "/www"]
"""
    build(client, {"Dockerfile": recipe, "index.html": page()}, kiosk)
    port = next((port for port in wanted_ports() if _free(port)), None)
    if port is None:
        raise CourseError("All ports that this exercise would use are taken on this machine. Run reset().")
    client.containers.run(
        SERVER, name=holder(), labels=run.labels(), detach=True, ports={"80/tcp": ("127.0.0.1", port)}
    )
    late = client.containers.create(
        kiosk, name=kiosk, labels=run.labels(), init=True, ports={"8000/tcp": ("127.0.0.1", port)}
    )
    with contextlib.suppress(APIError):
        late.start()
    return port


def scribe_user() -> int:
    """Return the number of the user as which the scribe of exercise ``permission`` runs."""
    return chance("scribe").randint(1100, 1999)


def first_entry() -> str:
    """Return the line that is in the archive from the beginning."""
    return f"First entry of {run.token()}"


def hire_scribe(client: docker.DockerClient) -> Shown:
    """Plant ``permission``: a volume that belongs to root, and a container that may not write there as its user."""
    scribe, archive = run.name("scribe"), run.name("archive")
    remove(client, scribe)
    recipe = f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
COPY {WRITER} /bin/{WRITER}
RUN chmod 755 /bin/{WRITER}
USER {scribe_user()}
CMD ["{WRITER}"]
"""
    build(client, {"Dockerfile": recipe, WRITER: _WRITE_ENTRIES}, scribe)
    client.volumes.create(archive, labels=run.labels())
    mounts = {archive: {"bind": ARCHIVE, "mode": "rw"}}
    lines = f'cd {ARCHIVE} && echo "{first_entry()}" > entries && chown -R 0:0 . && chmod 755 . && chmod 644 entries'
    client.containers.run(BASE, ["sh", "-c", lines], remove=True, labels=run.labels(), volumes=mounts)
    client.containers.run(scribe, name=scribe, labels=run.labels(), init=True, detach=True, volumes=mounts).wait(
        timeout=20
    )
    return Shown(f"The container {scribe} has the volume {archive} at {ARCHIVE}.")


def networks() -> tuple[str, str]:
    """Return the two networks of exercise ``unresolved``: the stock's, and the one on which the asker was put."""
    first, second = chance("networks").sample(_PLACES, 2)
    return run.name(first), run.name(second)


def cut_wire(client: docker.DockerClient) -> Shown:
    """Plant ``unresolved``: a server on one network, and a container that asks for it by name on another one."""
    asker, stock = run.name("asker"), run.name("stock")
    for name in (asker, stock):
        remove(client, name)
    for name in networks():
        try:
            client.networks.get(name)  # kept: the student's own containers may be on it
        except NotFound:
            client.networks.create(name, labels=run.labels())
    recipe = f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
ENV BACKEND=nobody
COPY ask /bin/ask
RUN chmod 755 /bin/ask
CMD ["ask"]
"""
    build(client, {"Dockerfile": recipe, "ask": _ASK}, asker)
    client.containers.run(SERVER, name=stock, labels=run.labels(), detach=True, network=networks()[0])
    client.containers.run(
        asker,
        name=asker,
        labels=run.labels(),
        init=True,
        detach=True,
        network=networks()[1],
        environment={"BACKEND": stock},
    )
    return Shown(f"The container {asker} asks http://{stock}/ twice a second.")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
