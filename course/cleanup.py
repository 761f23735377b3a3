"""Removing what the course made, and nothing else.

An object is the course's if it carries the run's label, or the run's token in a name (a container's, network's,
volume's, or the repository part of an image's tag). The token is random, so nobody else's object has it.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import RequestException

from course import folders, notebook, passing, predictions, run
from course.engine import connect
from course.errors import EngineUnreachable
from course.show import Shown

_DANGLING_TO_READ = 200


def reset(client: docker.DockerClient | None = None) -> Shown:
    """Remove this run's containers, images, networks, volumes and directories, and begin a new run.

    What others made stays. It may be run at any time and as often as you like.
    """
    ended = run.current()
    counts = remove(client or connect(), ended.token)
    counts["file or directory"] = folders.remove(notebook.directory(), ended.token)
    run.forget()
    predictions.forget()
    removed = in_words(counts)
    said = f"Removed {removed} of this course." if removed else "A clean start: nothing to remove."
    if "RUN" in os.environ and (word := run.token()) != ended.token:
        os.environ["RUN"] = word  # as `begin` did: $RUN and name() stay the same
        said += f" The word of the new run is {word}. For a terminal: export RUN={word}"
    return Shown(said)


def remove(client: docker.DockerClient, token: str) -> dict[str, int]:
    """Remove what a run has on the Engine; return how many there were of each kind."""
    inherited = _inherited(client, token)
    return {
        "container": sum(
            _try(lambda: client.api.remove_container(one, force=True, v=True))  # noqa: B023
            for one in _containers(client, token)
        ),
        "image": _remove_images(client, token),
        "network": sum(_try(lambda: client.api.remove_network(one)) for one in _networks(client, token)),  # noqa: B023
        "volume": sum(
            _try(lambda: client.api.remove_volume(one))  # noqa: B023
            for one in _volumes(client, token, inherited)
        ),
    }


def remove_passed(token: str, directory: str) -> None:
    """Remove what a run that ends with its kernel has made; an Engine that is gone has nothing of it."""
    os.environ["DOCKER_COURSE_RECORD"] = ""  # a process that ends begins no record
    folders.remove(Path(directory), token)
    with contextlib.suppress(EngineUnreachable, DockerException, RequestException, OSError):
        remove(connect(), token)


passing.at_end(remove_passed)


def count(client: docker.DockerClient, token: str) -> dict[str, int]:
    """Return how many containers, networks and volumes a run has on the Engine."""
    return {
        "container": len(_containers(client, token)),
        "network": len(_networks(client, token)),
        "volume": len(_volumes(client, token, _inherited(client, token))),
    }


def in_words(counts: dict[str, int]) -> str:
    """Return counts as text, such as ``3 containers, 1 network``; empty if all are 0."""
    plural = {"file or directory": "files or directories"}
    return ", ".join(
        f"{number} {kind if number == 1 else plural.get(kind, kind + 's')}" for kind, number in counts.items() if number
    )


def _containers(client: docker.DockerClient, token: str) -> list[str]:
    return [
        item["Id"]
        for item in client.api.containers(all=True)
        # Image is the reference that the container was made from: one that holds the token is ours as well.
        if _owns(token, [*(item.get("Names") or []), item.get("Image") or ""], item.get("Labels"))
    ]


def _remove_images(client: docker.DockerClient, token: str) -> int:
    removed = set()
    for item in client.api.images():
        for reference in [*(item.get("RepoTags") or []), *(item.get("RepoDigests") or [])]:
            # By reference: an image that has another name as well only loses ours.
            if token in reference and _try(lambda: client.api.remove_image(reference)):  # noqa: B023
                removed.add(item["Id"])
    for item in client.api.images(filters={"dangling": True})[:_DANGLING_TO_READ]:
        ours = _owns(token, [], item.get("Labels")) or _mentions(client, item["Id"], token)
        if ours and _try(lambda: client.api.remove_image(item["Id"])):  # noqa: B023
            removed.add(item["Id"])
    return len(removed)


def _networks(client: docker.DockerClient, token: str) -> list[str]:
    return [item["Id"] for item in client.api.networks() if _owns(token, [item["Name"]], item.get("Labels"))]


def _inherited(client: docker.DockerClient, token: str) -> set[str]:
    """Return the volumes of the run's Compose containers.

    Compose hands an unnamed volume on to the container that follows, by its name: to the Engine it is a named one then,
    and stays when that container is removed.
    """
    ours = [
        item
        for item in client.api.containers(all=True)
        if token in (item.get("Labels") or {}).get("com.docker.compose.project", "")
    ]
    return {mount["Name"] for item in ours for mount in item.get("Mounts") or [] if mount.get("Name")}


def _volumes(client: docker.DockerClient, token: str, inherited: set[str]) -> list[str]:
    return [
        item["Name"]
        for item in client.api.volumes().get("Volumes") or []
        if _owns(token, [item["Name"]], item.get("Labels"))
        or (item["Name"] in inherited and "com.docker.volume.anonymous" in (item.get("Labels") or {}))
    ]


def _owns(token: str, names: list[str], labels: dict[str, str] | None) -> bool:
    return any(token in name for name in names) or (labels or {}).get(run.LABEL) == token


def _mentions(client: docker.DockerClient, image_id: str, token: str) -> bool:
    """Tell whether an untagged image was built from lines that hold the token."""
    try:
        return token in json.dumps(client.api.history(image_id))
    except NotFound:
        return False


def _try(remove: Callable[[], Any]) -> int:
    """Run one removal; what is already gone, or still used by somebody else, is left in peace."""
    try:
        remove()
    except NotFound:
        return 0
    except APIError as error:
        if error.status_code == 409:
            return 0
        raise
    return 1
