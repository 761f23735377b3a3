"""Routes of the Engine as a whole: reading, and logging in to a registry."""

from __future__ import annotations

from autograder.gateway.models.containers import Login
from autograder.gateway.route import Route
from autograder.gateway.values import Many, Unread, filters, flag, moment, one_of

ROUTES = (
    Route("GET", "/_ping"),
    Route("HEAD", "/_ping"),
    Route("GET", "/version"),
    Route("GET", "/info"),
    Route(
        "GET",
        "/system/df",
        {"type": Many(one_of("container", "image", "volume", "build-cache", sentence="{} is not a type of object."))},
    ),
    Route("GET", "/events", {"since": moment, "until": moment, "filters": filters, "stream": Unread()}),
    Route("POST", "/auth", body=Login),
    # Reading is harmless, and `docker inspect NAME` asks here last.
    Route("GET", "/plugins", {"filters": filters, "enabled": flag}),
    Route("GET", "/plugins/{any}/json"),
)
