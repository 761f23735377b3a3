"""Set-up of Part 7 with three couriers that do not reach a server: a wrong name server, a proxy, an internal network.

The server has a name that Docker does not know. A name server knows it, as a company's own one knows the company's
machines; it asks for the server's address each time, so the name follows the server to another address.
"""

from __future__ import annotations

from typing import Final

import docker

from course import run
from course.setups.dice import hidden
from course.setups.part2 import PYTHON, SERVER, build, remove
from course.setups.part7_network import make_network
from course.setups.planting import planted

CAUSES: Final = ("dns", "proxy", "internal")
DEAD_SERVER: Final = "192.0.2.53"
"""Nobody has this address: it is reserved for documentation."""

_COURIERS: Final = ("amber", "birch", "cobalt", "damson", "ebony", "fern", "ginger", "hazel")

_DELIVER: Final = """\
import os, time, urllib.request

server = os.environ.get("SERVER", "nobody")
while True:
    try:
        with urllib.request.urlopen(f"http://{server}/", timeout=2) as reply:
            print(f"{server} answers: status {reply.status}", flush=True)
    except OSError as error:
        print(f"no answer from {server}: {error}", flush=True)
    time.sleep(0.5)
"""

_ANSWER_NAMES: Final = """\
import socket, sys

name, server = sys.argv[1:]
door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
door.bind(("", 53))
while True:
    query, sender = door.recvfrom(512)
    try:
        words, at = [], 12
        while query[at]:
            words.append(query[at + 1 : at + 1 + query[at]].decode().lower())
            at += 1 + query[at]
        kind, question = query[at + 2], query[12 : at + 5]
        known = ".".join(words) == name
        address = socket.inet_aton(socket.gethostbyname(server)) if known and kind == 1 else b""
    except (OSError, IndexError, UnicodeError):
        continue
    record = b"\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\0\\0\\4" + address if address else b""
    code, answers = (0x80 if known else 0x83), (1 if address else 0)
    door.sendto(query[:2] + bytes([0x85, code, 0, 1, 0, answers, 0, 0, 0, 0]) + question + record, sender)
"""

_CONFIGURATION: Final = """\
server { listen 80 default_server; access_log off; return 421; }
server { listen 80; server_name NAME; root /usr/share/nginx/html; }
"""


def address_name() -> str:
    """Return the name of the depot that only the name server knows."""
    return f"depot.{run.token()}.test"


def couriers() -> dict[str, str]:
    """Return the containers of exercise ``no-way-out`` by what is wrong with each."""
    names = hidden("couriers").sample(_COURIERS, 3)
    return {cause: run.name(name) for cause, name in zip(CAUSES, names, strict=True)}


def courier_files() -> dict[str, str]:
    """Return the files of exercise ``no-way-out``'s image, by name."""
    recipe = f"""\
FROM {PYTHON}
LABEL {run.LABEL}={run.token()}
COPY deliver.py /deliver.py
CMD ["python", "/deliver.py"]
"""
    return {"Dockerfile": recipe, "deliver.py": _DELIVER}


@planted
def send_couriers(client: docker.DockerClient) -> list[str]:
    """Plant ``no-way-out``: the depot, its name server, and three couriers that do not reach it; return their names."""
    depot, names, town, cellar = (run.name(what) for what in ("depot", "names", "town", "cellar"))
    for name in (depot, names, *couriers().values()):
        remove(client, name)
    make_network(client, town)
    make_network(client, cellar, internal=True)
    build(client, courier_files(), run.name("courier"))
    lines = _CONFIGURATION.replace("NAME", address_name())
    command = ["sh", "-c", f"echo '{lines}' > /etc/nginx/conf.d/default.conf; exec nginx -g 'daemon off;'"]
    client.containers.run(SERVER, command, name=depot, labels=run.labels(), detach=True, network=town)
    command = ["python", "-c", _ANSWER_NAMES, address_name(), depot]
    server = client.containers.run(
        PYTHON, command, name=names, labels=run.labels(), init=True, detach=True, network=town
    )
    server.reload()
    right = str(server.attrs["NetworkSettings"]["Networks"][town]["IPAddress"])
    proxy = f"http://proxy.{run.token()}.test:3128"
    for cause, name in couriers().items():
        environment = {"SERVER": address_name()}
        if cause == "proxy":
            environment |= {"http_proxy": proxy, "HTTP_PROXY": proxy}
        client.containers.run(
            run.name("courier"),
            name=name,
            labels=run.labels(),
            init=True,
            detach=True,
            network=cellar if cause == "internal" else town,
            dns=[DEAD_SERVER if cause == "dns" else right],
            dns_opt=["timeout:1", "attempts:1"],
            environment=environment,
        )
    return sorted(couriers().values())
