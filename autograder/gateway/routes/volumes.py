"""Routes of volumes."""

from __future__ import annotations

from autograder.gateway.models.mounts import Volume
from autograder.gateway.route import Route
from autograder.gateway.values import filters, flag

ROUTES = (
    Route("GET", "/volumes", {"filters": filters}),
    Route("POST", "/volumes/create", body=Volume),
    Route("POST", "/volumes/prune", {"filters": filters}),
    Route("GET", "/volumes/{any}"),
    Route("DELETE", "/volumes/{volume}", {"force": flag}),
)
