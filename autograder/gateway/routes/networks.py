"""Routes of networks."""

from __future__ import annotations

from autograder.gateway.models.networks import Connect, Disconnect, Network
from autograder.gateway.route import Route
from autograder.gateway.values import filters, flag, one_of

_SCOPE = one_of("", "local", "global", "swarm", sentence="{} is not the scope of a network.")

ROUTES = (
    Route("GET", "/networks", {"filters": filters}),
    Route("POST", "/networks/create", body=Network),
    Route("POST", "/networks/prune", {"filters": filters}),
    Route("GET", "/networks/{any}", {"verbose": flag, "scope": _SCOPE}),
    Route("DELETE", "/networks/{network}"),
    Route("POST", "/networks/{network}/connect", body=Connect),
    Route("POST", "/networks/{network}/disconnect", body=Disconnect),
)
