"""Set-ups of Part 7 on containers that do not start: stalls that end at once, and a kiosk whose port is taken.

Names, ports and which container has which fault differ from run to run.
"""

from __future__ import annotations

import contextlib
import socket
from typing import Final

import docker
from docker.errors import APIError

from course import run
from course.errors import CourseError
from course.setups.dice import chance, hidden
from course.setups.part2 import BASE, SERVER, build, remove
from course.setups.planting import planted

STALL_PORT: Final = 8000
"""Port on which a stall of exercise ``at-once``, and the kiosk of exercise ``port-taken``, serve their page."""
SERVE: Final = ("httpd", "-f", "-p", str(STALL_PORT), "-h", "/www")
"""The server of BusyBox in the foreground; without ``-f`` it goes to the background, and its container ends."""
NUMBERED: Final = "/srv/numbered"
"""Directory that the program ``open-stall`` serves."""

_TRADES: Final = ("baker", "barber", "florist", "grocer", "printer", "tailor", "tinker", "weaver")
_HOLDERS: Final = ("atlas", "basil", "cedar", "delta", "ember", "fjord", "grove", "heron")
_VARIABLES: Final = ("COUNTER", "ROOM", "SHELF", "TABLE")
_SLIPS: Final = ("htpd", "httdp", "httpf", "hhtpd")

_OPEN_STALL: Final = """\
#!/bin/sh
case "$VARIABLE" in
    "" | *[!0-9]*)
        echo "open-stall: the variable VARIABLE is not set. It must be a number." >&2
        exit 1
        ;;
esac
exec httpd -f -p 8000 -h NUMBERED
"""


def page() -> str:
    """Return the page that stalls and kiosk serve."""
    return f"<p>Open, says run {run.token()}</p>"


def numbered_page() -> str:
    """Return the page that the program ``open-stall`` serves once it has a number; it holds the other page's text."""
    return f"{page()}<p>This stall has its number.</p>"


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


def market_files() -> dict[str, str]:
    """Return the files of exercise ``at-once``'s image, by name."""
    recipe = f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
COPY index.html /www/index.html
COPY numbered.html {NUMBERED}/index.html
COPY open-stall /bin/open-stall
RUN chmod 755 /bin/open-stall /www {NUMBERED} && chmod 644 /www/index.html {NUMBERED}/index.html
"""
    script = _OPEN_STALL.replace("VARIABLE", variable()).replace("NUMBERED", NUMBERED)
    return {"Dockerfile": recipe, "index.html": page(), "numbered.html": numbered_page(), "open-stall": script}


@planted
def open_market(client: docker.DockerClient) -> list[str]:
    """Plant ``at-once``: an image ``market`` and three containers of it that do not run; return their names."""
    build(client, market_files(), run.name("market"))
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


def kiosk_files() -> dict[str, str]:
    """Return the files of exercise ``port-taken``'s image, by name."""
    recipe = f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
COPY index.html /www/index.html
RUN chmod 755 /www && chmod 644 /www/index.html
EXPOSE {STALL_PORT}
CMD ["httpd", "-f", "-p", "{STALL_PORT}", "-h", "/www"]
"""
    return {"Dockerfile": recipe, "index.html": page()}


@planted
def take_port(client: docker.DockerClient) -> int:
    """Plant ``port-taken``: a container that has a port, and the kiosk that failed for want of it; return the port.

    Raises `CourseError` if this machine has none of the ports free.
    """
    kiosk = run.name("kiosk")
    remove(client, kiosk)
    remove(client, holder())
    build(client, kiosk_files(), kiosk)
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


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
