"""Routes of commands in running containers."""

from __future__ import annotations

from autograder.gateway.models.containers import Exec, ExecStart
from autograder.gateway.route import Route
from autograder.gateway.values import integer

ROUTES = (
    Route("POST", "/containers/{container}/exec", body=Exec),
    Route("POST", "/exec/{exec}/start", body=ExecStart, upgrade="tcp"),
    Route("POST", "/exec/{exec}/resize", {"h": integer, "w": integer}),
    Route("GET", "/exec/{exec}/json"),
)
