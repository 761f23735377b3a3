"""Routes of builds: one request for the classic builder, two upgraded connections for BuildKit."""

from __future__ import annotations

from autograder.gateway.errors import Malformed
from autograder.gateway.route import Content, Route
from autograder.gateway.values import (
    First,
    Many,
    filters,
    flag,
    free,
    image,
    integer,
    json_list,
    json_object,
    name,
    one_of,
    platform,
)

_REMOTE = one_of(
    "",
    "client-session",
    sentence="A build from the URL {} is refused: send the build context itself, as `docker build .` does.",
)
_NETWORK = one_of(
    *("", "default", "bridge", "none"),
    sentence="A build with the network {} is refused: a build step may have the default network or none.",
)
_CGROUP = one_of("", sentence="The control group {} is refused: all builds share this sandbox's limits.")
_SECURITY = one_of("", "null", "[]", sentence="Security options such as {} are refused in a build.")
_SQUASH = one_of(*("", "0", "false", "False"), sentence="Squashing layers is an experimental feature that is off here.")
_ISOLATION = one_of("", "default", sentence="The isolation {} exists on Windows only.")
_VERSION = one_of("", "1", "2", sentence="The builder version {} does not exist.")


def _context(names: dict[str, str], query: dict[str, str]) -> None:
    if query.get("remote") == "client-session" and query.get("version") != "2":
        raise Malformed("Only BuildKit (version=2) takes the build context from a session.")


ROUTES = (
    Route(
        "POST",
        "/build",
        {
            **{
                "t": Many(image),
                "dockerfile": First(free),
                "extrahosts": Many(free),
                "remote": _REMOTE,
                "q": flag,
                "nocache": flag,
            },
            **{
                "cachefrom": json_list,
                "pull": flag,
                "rm": flag,
                "forcerm": flag,
                "memory": integer,
                "memswap": integer,
            },
            **{
                "cpushares": integer,
                "cpusetcpus": free,
                "cpusetmems": free,
                "cpuperiod": integer,
                "cpuquota": integer,
            },
            **{"buildargs": json_object, "shmsize": integer, "squash": _SQUASH, "labels": json_object},
            **{
                "networkmode": _NETWORK,
                "platform": platform,
                "target": free,
                "outputs": json_list,
                "version": _VERSION,
            },
            **{"buildid": name, "session": name, "ulimits": json_list, "isolation": _ISOLATION},
            **{"cgroupparent": _CGROUP, "securityopt": _SECURITY},
        },
        content=Content.STREAM,
        check=_context,
    ),
    Route("POST", "/build/cancel", {"id": name}),
    Route(
        "POST",
        "/build/prune",
        {
            **{"all": flag, "filters": filters, "keep-storage": integer},
            **{"reserved-space": integer, "max-used-space": integer, "min-free-space": integer},
        },
    ),
    # HTTP/2 inside: what goes on there is between BuildKit and its client. The Engine runs with BuildKit's entitlements
    # for the host's network and for insecure steps off, which is the boundary of these two.
    Route("POST", "/session", upgrade="h2c"),
    Route("POST", "/grpc", upgrade="h2c"),
)
