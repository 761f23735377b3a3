"""Create what sandboxes need to start, unless it exists."""

from __future__ import annotations

import time

from docker.errors import ImageNotFound

from autograder.errors import SandboxError
from autograder.host import Progress, connect, namespaces, silent
from autograder.host.lock import exclusive
from autograder.results import Limits
from autograder.sandbox import image, store
from autograder.sandbox.container import Sandbox
from autograder.sandbox.provision import Provision, current, of_image, store_name


def ensure(progress: Progress = silent) -> Provision:
    """Make the image and the golden store, or find that they are as the project's files and images want them.

    Takes minutes the first time and about a second later. An image or store of an older state is removed, unless
    something still uses it.

    Raises:
        SandboxError, BuildFailed, CannotBootstrap: one of them could not be made.
    """
    client = connect()
    kernel = namespaces.KernelSettings.of(client)
    with exclusive("sandbox"):
        namespaces.ensure_namespaces(kernel, progress)
        image_id = image.ensure(client, progress)
        store.ensure(client, image_id, namespaces.apparmor_profile(kernel), progress)
        current.cache_clear()
    return current()


def refresh(progress: Progress = silent) -> Provision:
    """Return the provision of the files as they are now; where only the project's own files changed, make it first.

    Takes a second or two then, and nothing to speak of where none changed.

    Raises:
        SandboxError: more is missing, or more has changed, than the project's own files.
        BuildFailed: the image could not be built.
    """
    try:
        return current()
    except SandboxError:
        client = connect()
        if not client.volumes.list(filters={"name": store_name(client)}):
            raise
        with exclusive("sandbox"):
            found = image.refresh(client, progress)
        if found is None:
            raise
        return of_image(client, found)


def try_out(provision: Provision) -> float:
    """Start a sandbox and a container in it; return the seconds until the sandbox was ready.

    Raises:
        SandboxError: it does not work here; says why, as far as that is known.
    """
    started = time.monotonic()
    with Sandbox(Limits(seconds=120), provision) as box:
        seconds = time.monotonic() - started
        done = box.run(["docker", "run", "--rm", "busybox", "true"])
    if done.returncode != 0:
        raise SandboxError(f"A sandbox starts, but no container in it: {done.stderr.decode(errors='replace').strip()}")
    return seconds


def image_names() -> tuple[str, ...]:
    """Return the names of the images that ``ensure`` needs or makes, beside the catalogue's.

    With all of them, and the catalogue's, a machine without a network can start sandboxes.

    Raises:
        SandboxError: they are not there yet.
    """
    try:
        return image.names(connect())
    except ImageNotFound as error:
        raise SandboxError(f"{error}. `docker-course setup` makes what is missing.") from error
