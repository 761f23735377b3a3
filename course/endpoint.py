"""Where the Docker Engine is, as the ``docker`` command decides it, and a client of it.

`DOCKER_HOST` comes first, then the context that `DOCKER_CONTEXT` names, then the one that ``docker context use`` chose
(Docker Desktop does that), then the usual socket: https://docs.docker.com/engine/manage-resources/contexts/
"""

from __future__ import annotations

import os
import shutil
from typing import Any

import docker
from docker.auth import AuthConfig, load_config
from docker.context import ContextAPI
from docker.context.config import get_current_context_name
from docker.errors import DockerException
from docker.utils import kwargs_from_env

USUAL = "npipe:////./pipe/docker_engine" if os.name == "nt" else "unix:///var/run/docker.sock"
"""Where an Engine listens that nothing was said about."""


class Unusable(DockerException):
    """The environment names no Engine that can be used; ``repair`` holds the steps to take."""

    def __init__(self, found: str, repair: str) -> None:
        super().__init__(found)
        self.repair = repair


def context() -> str:
    """Return the name of the context in use, ``default`` if none was chosen."""
    if os.environ.get("DOCKER_HOST"):
        return "default"
    return os.environ.get("DOCKER_CONTEXT") or str(get_current_context_name() or "default")


def undo() -> str:
    """Return how to leave the Engine that the environment names for the usual one; "" if it names none."""
    if chosen := os.environ.get("DOCKER_HOST"):
        return f"The variable DOCKER_HOST says {chosen}. If you did not mean that:  unset DOCKER_HOST"
    if chosen := os.environ.get("DOCKER_CONTEXT"):
        return f"The variable DOCKER_CONTEXT says {chosen}. If you did not mean that:  unset DOCKER_CONTEXT"
    if (chosen := context()) != "default":
        return f"The Docker context {chosen} is in use. If you did not mean that:  docker context use default"
    return ""


def address() -> dict[str, Any]:
    """Return where the Engine is, as docker-py's arguments; empty for the usual socket.

    Raises `Unusable` if the context does not exist or the Engine is behind SSH, `DockerException` for other settings
    that docker-py refuses.
    """
    if os.environ.get("DOCKER_HOST"):
        found = dict(kwargs_from_env())
    elif (name := context()) == "default":
        found = {}
    else:
        chosen = ContextAPI.get_context(name)
        if chosen is None:
            raise Unusable(f"There is no Docker context {name!r}", f"{undo()}\n`docker context ls` lists them.")
        found = {"base_url": chosen.Host, "tls": chosen.TLSConfig or False} if chosen.Host else {}
    if str(found.get("base_url", "")).startswith("ssh://"):
        # docker-py would need paramiko for it; but ports are published, and directories mounted, on that machine.
        raise Unusable(
            f"The Engine at {found['base_url']} is behind SSH, which the course does not support: an exercise reaches "
            "published ports at 127.0.0.1 and mounts directories of this machine",
            "Work on the Engine's machine: put the project there, start JupyterLab there, and reach it with  "
            f"ssh -L 8888:localhost:8888 {str(found['base_url']).removeprefix('ssh://')}\n{undo()}",
        )
    return found


def place() -> str:
    """Return the Engine's address for people and for taking apart, such as ``unix:///var/run/docker.sock``."""
    try:
        return str(address().get("base_url", USUAL))
    except DockerException:
        return os.environ.get("DOCKER_HOST") or f"the context {context()}"


def new_client(**settings: Any) -> docker.DockerClient:
    """Return a client with docker-py's ``settings`` that a credential helper which is gone does not stop."""
    client = docker.DockerClient(**settings)
    client.api._auth_configs = _LivingHelpers(dict(client.api._auth_configs or {}), client.api.credstore_env)
    return client


def dead_helpers() -> list[str]:
    """Return the credential helpers that Docker's configuration names and PATH does not have."""
    found = load_config()
    names = {found.creds_store, *found.cred_helpers.values()} - {None}
    return sorted(f"docker-credential-{name}" for name in names if not _is_there(name))


def _is_there(helper: str) -> bool:
    return shutil.which(f"docker-credential-{helper}") is not None


class _LivingHelpers(AuthConfig):
    """Docker's credentials without the helpers that are not installed.

    A `credsStore` in ``config.json`` outlives Docker Desktop. The command docker goes on without credentials then,
    and docker-py raises `StoreError` from each build.
    """

    @property
    def creds_store(self) -> str | None:
        name = self.get("credsStore")
        return name if name and _is_there(name) else None

    @property
    def cred_helpers(self) -> dict[str, str]:
        return {registry: name for registry, name in self.get("credHelpers", {}).items() if _is_there(name)}

    @property
    def is_empty(self) -> bool:
        """False where a helper is left out, or docker-py would load the file again, with all helpers."""
        return super().is_empty and not self.get("credsStore") and not self.get("credHelpers")
