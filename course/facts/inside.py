"""Looking from inside: what volumes and directories hold, and what a command in a container does."""

from __future__ import annotations

import contextlib
import io
import tarfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

import docker
from docker.errors import APIError, NotFound
from requests.exceptions import ConnectionError as LinkError
from requests.exceptions import ReadTimeout

from course import run
from course.facts.container import Outcome, read_file
from course.facts.image import pinned

_HELPER: Final = "busybox"
_OUTPUT_BYTES: Final = 64 * 1024
_ARCHIVE_BYTES: Final = 1 << 20


def read_volume_file(client: docker.DockerClient, volume: str, path: str) -> bytes | None:
    """Return the first 64 KiB of a file in a volume; None if there is no such volume or file.

    The Engine reads it through a container that is made and never started.
    """
    if not volume_exists(client, volume):  # else the mount would make it
        return None
    with helper(client, mounts=[docker.types.Mount("/volume", volume, read_only=True, no_copy=True)]) as made:
        return read_file(client, made, f"/volume/{path}") if made else None


def write_into(client: docker.DockerClient, source: str, script: str) -> Outcome | None:
    """Run a shell script in a throw-away container whose working directory is a directory of the Engine's machine."""
    return _run(client, script, mounts=[docker.types.Mount("/folder", source, type="bind")])


def from_network(client: docker.DockerClient, network: str, command: Sequence[str]) -> Outcome | None:
    """Run one command in a throw-away container on a network (or ``container:ID``) and return what it did."""
    return _run(client, None, command=command, network_mode=network)


@contextlib.contextmanager
def helper(client: docker.DockerClient, **host: Any) -> Iterator[str | None]:
    """Make a throw-away container, yield its ID (None if the Engine refuses), and remove it afterwards."""
    try:
        settings = client.api.create_host_config(mem_limit="128m", **host)
        made = client.api.create_container(
            pinned(_HELPER), ["sleep", "60"], labels=run.labels(), host_config=settings
        )["Id"]
    except APIError:
        yield None
        return
    try:
        yield made
    finally:
        with contextlib.suppress(NotFound):
            client.api.remove_container(made, force=True, v=True)


def _run(
    client: docker.DockerClient, script: str | None, command: Sequence[str] = (), **host: Any
) -> Outcome | None:
    with helper(client, **host) as made:
        if made is None:
            return None
        line = ["sh", "-c", f"cd /folder && {script}"] if script is not None else list(command)
        try:
            client.api.start(made)
        except APIError:
            return None
        # The Engine may lose what a command writes that ends at once, on a busy machine.
        return exec_in(client, made, ["sh", "-c", '"$@"; code=$?; sleep 0.2; exit $code', "sh", *line])


def exec_in(client: docker.DockerClient, container: str, command: Sequence[str]) -> Outcome | None:
    """Run one command in a running container and return what it did; None if it cannot be run.

    What it writes is cut at 64 KiB; a command that writes more, or is silent for too long, has no exit code.
    """
    try:
        job = client.api.exec_create(container, list(command))["Id"]
        output = b""
        with contextlib.closing(client.api.exec_start(job, stream=True)) as chunks:
            for chunk in chunks:
                output += chunk
                if len(output) > _OUTPUT_BYTES:
                    break
        code = client.api.exec_inspect(job)["ExitCode"]
    except (APIError, ReadTimeout, LinkError):
        return None
    return Outcome(code, output[:_OUTPUT_BYTES].decode("utf-8", "replace"))


def count_files(client: docker.DockerClient, container: str, path: str) -> int | None:
    """Return the number of files below a directory of a container, running or not; None if it is not there.

    The Engine reads it, up to 1 MiB: nothing is run inside.
    """
    try:
        chunks, _ = client.api.get_archive(container, path)
    except APIError:
        return None
    head = b""
    with contextlib.closing(chunks):
        for chunk in chunks:
            head += chunk
            if len(head) > _ARCHIVE_BYTES:
                break
    try:
        with tarfile.open(fileobj=io.BytesIO(head), mode="r|") as archive:
            return sum(member.isfile() for member in archive)
    except tarfile.TarError:
        return None


def volume_exists(client: docker.DockerClient, volume: str) -> bool:
    """Tell whether there is a volume of this name."""
    try:
        client.api.inspect_volume(volume)
    except NotFound:
        return False
    return True
