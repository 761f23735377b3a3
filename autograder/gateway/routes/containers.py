"""Routes of containers: life cycle, output and content."""

from __future__ import annotations

from autograder.gateway.models.containers import ContainerSettings, Create, Update
from autograder.gateway.route import Content, Route
from autograder.gateway.values import (
    Many,
    Unread,
    filters,
    flag,
    free,
    image,
    integer,
    moment,
    name,
    one_of,
    path,
    platform,
    signal,
    tag,
)

_STREAMS = {"stdin": flag, "stdout": flag, "stderr": flag}
_CONDITION = one_of("", "not-running", "next-exit", "removed", sentence="{} is not a valid wait condition.")

ROUTES = (
    Route(
        "GET",
        "/containers/json",
        {
            "all": flag,
            "limit": integer,
            "size": flag,
            "trunc_cmd": flag,
            "since": name,
            "before": name,
            "filters": filters,
        },
    ),
    Route("POST", "/containers/create", {"name": name, "platform": platform}, Create),
    Route("POST", "/containers/prune", {"filters": filters}),
    Route("GET", "/containers/{container}/top", {"ps_args": free}),
    Route(
        "GET",
        "/containers/{container}/logs",
        {
            **{"follow": flag, "stdout": flag, "stderr": flag, "since": moment, "until": moment},
            **{"timestamps": flag, "details": flag, "tail": moment},
        },
    ),
    Route("GET", "/containers/{container}/changes"),
    Route("GET", "/containers/{container}/export"),
    Route("GET", "/containers/{container}/stats", {"stream": flag, "one-shot": flag}),
    Route("POST", "/containers/{container}/resize", {"h": integer, "w": integer}),
    Route("POST", "/containers/{container}/start", {"detachKeys": free}),
    Route("POST", "/containers/{container}/stop", {"signal": signal, "t": integer}),
    Route("POST", "/containers/{container}/restart", {"signal": signal, "t": integer}),
    Route("POST", "/containers/{container}/kill", {"signal": signal}),
    Route("POST", "/containers/{container}/update", body=Update),
    Route("POST", "/containers/{container}/rename", {"name": name}),
    Route("POST", "/containers/{container}/pause"),
    Route("POST", "/containers/{container}/unpause"),
    Route("POST", "/containers/{container}/wait", {"condition": _CONDITION}),
    Route(
        "POST",
        "/containers/{container}/attach",
        {**_STREAMS, "logs": flag, "stream": flag, "detachKeys": free, "hijack": Unread()},
        upgrade="tcp",
    ),
    Route("HEAD", "/containers/{container}/archive", {"path": path}),
    Route("GET", "/containers/{container}/archive", {"path": path}),
    Route(
        "PUT",
        "/containers/{container}/archive",
        {"path": path, "noOverwriteDirNonDir": flag, "copyUIDGID": flag},
        content=Content.ARCHIVE,
    ),
    Route("GET", "/containers/{any}/json", {"size": flag}),
    Route("DELETE", "/containers/{container}", {"v": flag, "force": flag, "link": flag}),
    Route(
        "POST",
        "/commit",
        {
            **{"container": name, "repo": image, "tag": tag, "comment": free, "author": free, "pause": flag},
            **{"changes": Many(free)},
        },
        ContainerSettings,
        optional=True,
    ),
)
