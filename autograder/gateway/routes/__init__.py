"""The table of routes, one module for each topic. The gateway refuses every other request."""

from __future__ import annotations

from autograder.gateway.route import Table
from autograder.gateway.routes import build, containers, execs, images, networks, system, volumes

TABLE = Table(
    [
        *system.ROUTES,
        *containers.ROUTES,
        *execs.ROUTES,
        *images.ROUTES,
        *build.ROUTES,
        *networks.ROUTES,
        *volumes.ROUTES,
    ]
)
