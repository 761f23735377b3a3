"""The table of routes, one module for each theme. What is not in it is refused."""

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
