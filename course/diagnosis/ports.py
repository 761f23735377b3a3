"""Publishing a port at 127.0.0.1, and reaching it: done for once with a container of the course's own."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Iterator
from typing import Final
from urllib.request import getproxies, proxy_bypass

import docker
from docker.errors import APIError

from course import repairs
from course.diagnosis.engine import BASE, has_image, refused
from course.diagnosis.finding import Diagnosis, failed, ok, unknown
from course.endpoint import place
from course.facts.container import container
from course.facts.http import fetch
from course.facts.throwaway import throwaway

INSIDE: Final = 8080
TIMEOUT: Final = 8.0
"""How long the web server may take until it is reached."""
LIFETIME: Final = 60
"""Seconds after which the container ends and the Engine removes it, should nobody else be left to do so."""


def publishing(about: str, client: docker.DockerClient) -> Diagnosis:
    """Serve a random word from a container, and ask for it at the published port."""
    if not has_image(client, BASE):
        return unknown(about, f"the image {BASE} is missing")
    word = secrets.token_hex(8)
    try:
        with _server(client, word) as port:
            body, problem = _ask(port, word)
    except APIError as error:
        return failed(about, f"The Engine cannot publish a port: {refused(error)}", repairs.publish_again())
    if body != word:
        found = f"A container was published at 127.0.0.1:{port}, and cannot be reached there: {problem}."
        return failed(about, found, repairs.reach_ports(_elsewhere()))
    proxy = getproxies().get("http")
    if proxy and not proxy_bypass("127.0.0.1"):
        return failed(
            about,
            f"The variable http_proxy sends requests to 127.0.0.1 through {proxy}.",
            "Set  no_proxy=127.0.0.1,localhost  as well, where http_proxy is set; then start JupyterLab again.",
        )
    return ok(about, "A container was published at 127.0.0.1 and reached there.")


@contextlib.contextmanager
def _server(client: docker.DockerClient, word: str) -> Iterator[int]:
    """Run a web server that gives out the word, yield the port where it is published, and remove it."""
    script = f"mkdir /www && echo {word} >/www/index.html && exec timeout {LIFETIME} httpd -f -p {INSIDE} -h /www"
    with throwaway(client, BASE, ["sh", "-c", script], publish=f"{INSIDE}/tcp", init=True, auto_remove=True) as server:
        client.api.start(server)
        found = container(client, server)
        yield found.ports[0].host_port if found is not None and found.ports else 0


def _ask(port: int, word: str) -> tuple[str, str]:
    end = time.monotonic() + TIMEOUT
    while True:
        reply = fetch(port, seconds=2.0)
        body = reply.body.strip()
        if body == word or time.monotonic() > end:
            return body, reply.problem or "another program answers"
        time.sleep(0.1)


def _elsewhere() -> str:
    """Return the Engine's address if it is on another machine, else ""."""
    scheme, _, rest = place().partition("://")
    host = rest.partition("/")[0].rpartition("@")[2].partition(":")[0]
    local = scheme in ("unix", "npipe") or host in ("localhost", "127.0.0.1")
    return "" if local else place()
