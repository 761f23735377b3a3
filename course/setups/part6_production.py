"""Set-ups of Part 6 on production: the library for several replicas, and a web server that has no TLS yet."""

from __future__ import annotations

import random
from typing import Final, NamedTuple

from course import run
from course.setups.part4 import plant
from course.setups.part6 import DEVELOPMENT, plant_library, title

MAX_MEMORY: Final = 256 << 20
"""Bytes that a replica may have."""
TLS_PORT: Final = 443
CERTIFICATE, KEY = "certs/site.crt", "certs/site.key"
"""Where the lesson writes the certificate and its key, in the directory of exercise ``tls``."""

_FLEET: Final = """\
services:
  api:
    build: .
    init: true
    environment:
      TITLE: {title}
    ports:
      - "127.0.0.1::8000"
"""

_FLEET_OVERRIDE: Final = f"""\
services:
  api:
    command: {DEVELOPMENT}
    environment:
      DEBUG: "true"
    volumes:
      - ./app:/srv/app
"""

_FRONT: Final = """\
services:
  web:
    image: nginx
    restart: unless-stopped
    ports:
      - "127.0.0.1::80"
    volumes:
      - ./site.conf:/etc/nginx/conf.d/default.conf:ro
      - ./pages:/usr/share/nginx/html:ro
"""

_SITE: Final = """\
server {
    listen 80;
    server_name localhost;
    root /usr/share/nginx/html;
}
"""


class Sizes(NamedTuple):
    """How large production is."""

    replicas: int
    workers: int


def fleet() -> str:
    """Plant ``production``: a base, an override for development, and the sizes of production in ``.env``."""
    settings = f"REPLICAS={sizes().replicas}\nWORKERS={sizes().workers}\n"
    text = _FLEET.format(title=title())
    return plant_library("fleet", text, {"compose.override.yaml": _FLEET_OVERRIDE, ".env": settings})


def front() -> str:
    """Plant ``tls``: nginx with a page, over plain HTTP."""
    return plant("front", {"compose.yaml": _FRONT, "site.conf": _SITE, "pages/index.html": f"{page()}\n"})


def sizes() -> Sizes:
    """Return how many replicas and workers exercise ``production`` asks for; never as many of both."""
    return Sizes(*random.Random(f"sizes-{run.token()}").choice([(2, 3), (3, 2), (2, 4)]))  # noqa: S311


def page() -> str:
    """Return what nginx serves in exercise ``tls``."""
    return f"Reading room {random.Random(f'page-{run.token()}').randint(10_000, 99_999)}"  # noqa: S311
