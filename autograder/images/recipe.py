"""Recipes: folders with a Dockerfile, for machines without a registry."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tarfile
from collections.abc import Iterable
from pathlib import Path

import docker

from autograder.errors import AutograderError, BadInput
from autograder.host import Progress
from autograder.images import labels

FROM = re.compile(r"^FROM\s+(\S+)", re.MULTILINE | re.IGNORECASE)

STEP = re.compile(r"^Step (\d+/\d+) : ")
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

PROXY_VARIABLES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
"""Build arguments that every Dockerfile has, and that leave no trace in the image."""


class BuildFailed(AutograderError):
    """A recipe did not build; the message ends with the build's last lines."""


def context(folder: Path) -> bytes:
    """Return the recipe as the tar archive that is sent to the Engine.

    The same files give the same bytes on every machine: in order, without owners and times, and with no
    more of the modes than whether a file is executable, so that a clone under another umask builds the same
    layers.
    """
    if not (folder / "Dockerfile").is_file():
        raise BadInput(f"The recipe {folder.name!r} has no Dockerfile; expected one at {folder / 'Dockerfile'}.")
    return pack(folder, (path for path in sorted(folder.rglob("*")) if "__pycache__" not in path.parts))


def pack(root: Path, paths: Iterable[Path]) -> bytes:
    """Return a tar archive of ``paths``, named from ``root``, that depends only on their names and content."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in paths:
            archive.add(path, str(path.relative_to(root)), recursive=False, filter=_plain)
    return buffer.getvalue()


def add(archive: bytes, name: str, content: bytes) -> bytes:
    """Return the archive with one more file in it."""
    buffer = io.BytesIO(archive)
    with tarfile.open(fileobj=buffer, mode="a") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def with_authorities(archive: bytes) -> bytes:
    """Return the build context with this machine's certificate authorities, if it names some, as ``ca-bundle.crt``.

    On a network that opens TLS traffic `pip` in a build trusts nobody without them. A Dockerfile takes the file with
    ``COPY ca-bundle.crt*``, in a stage that the image does not come from; no recipe's hash depends on it.
    """
    bundle = os.environ.get("SSL_CERT_FILE")
    if not bundle or not Path(bundle).is_file():
        return archive
    return add(archive, "ca-bundle.crt", Path(bundle).read_bytes())


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = 0
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member


def bases(folder: Path) -> list[str]:
    """Return the images that the recipe's Dockerfile starts from, in its order; build stages are not told apart."""
    return FROM.findall((folder / "Dockerfile").read_text(encoding="utf-8"))


def recipe_hash(folder: Path, base_hashes: list[str]) -> str:
    """Hash of the recipe's files and of the recipes of the images that it starts from."""
    digest = hashlib.sha256(context(folder))
    for base in base_hashes:
        digest.update(base.encode())
    return digest.hexdigest()


def build(client: docker.DockerClient, folder: Path, name: str, made_from: str, progress: Progress) -> str:
    """Build the recipe with the Engine's classic builder and return the image's id; it has no name yet.

    The classic builder, because every Engine has it and the API reaches it without the CLI's plugins.
    """
    archive = with_authorities(context(folder))
    image_id = send(client, archive, f"{name}, recipe images/{folder.name}", name, made_from, {}, progress)
    labels.remove_stages(client)
    return image_id


def send(
    client: docker.DockerClient,
    archive: bytes,
    what: str,
    name: str,
    made_from: str,
    arguments: dict[str, str],
    progress: Progress,
    target: str | None = None,
) -> str:
    """Send the build context ``archive`` to the Engine's classic builder; returns the id of the new image.

    ``what`` names the build in an error, ``name`` in ``progress``; ``target`` is the last stage to build. Raises
    ``BuildFailed``.
    """
    said: list[str] = []
    image_id = step = ""
    for message in client.api.build(
        fileobj=io.BytesIO(archive),
        custom_context=True,
        labels=labels.recipe_labels(made_from),
        target=target,
        buildargs={key: os.environ[key] for key in PROXY_VARIABLES if os.environ.get(key)} | arguments,
        rm=True,
        forcerm=True,
        decode=True,
    ):
        if "error" in message:
            tail = "".join(said).splitlines()[-20:]
            raise BuildFailed(
                f"{what}: the build failed: {message['error'].strip()}\n" + "\n".join(f"  {line}" for line in tail)
            )
        if text := ANSI.sub("", message.get("stream", "")):
            said.append(text)
            if at := STEP.match(text):
                step = f"step {at[1]}"
            if (line := text.strip()) and not line.startswith(("--->", "Removing intermediate")):
                progress(name, f"{step}: {STEP.sub('', line.splitlines()[-1])}")
        image_id = message.get("aux", {}).get("ID", image_id)
    if not image_id:
        raise BuildFailed(f"The Engine built {name} but did not report the ID of the image.")
    return image_id
