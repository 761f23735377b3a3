"""Build the sandbox image: the project's files on top of a base system that rarely changes.

The recipe is the project's top-level Dockerfile. A tag is made of what the image holds, so that a checkout never runs
with another one's files: `find` refuses where no image holds the files as they are now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import docker
from docker.errors import APIError
from docker.models.images import Image

from autograder import images
from autograder.errors import SandboxError
from autograder.host import Progress
from autograder.images import labels, recipe

LABEL = "org.docker-fundamentals.made"
"""Label of what this project made for sandboxes; its value says what it is: sandbox, store, sandbox-stage."""

ROOT = Path(__file__).resolve().parents[2]
"""The project's folder: the build context of the image."""

REPOSITORY = "docker-fundamentals/sandbox"
"""Name of the image."""
KEPT = 12
"""Images that are kept, the newest: two checkouts on one machine do not take each other's away."""
SYSTEM = "docker-fundamentals/sandbox-system"
"""Name of what the image starts from: all but the project's own files. Its tag, too, is made of what it holds."""
SYSTEM_CONTEXT = (
    "Dockerfile",
    "pyproject.toml",
    "uv.lock",
    "autograder/runner/kernelspec",
    "course/jupyterlab",
)
"""The files and folders that this is made from: where one changed, making it takes minutes and may need a network."""
SYSTEM_STAGE = "system"
"""Its stage in the Dockerfile."""

CONTEXT = (
    *("Dockerfile", "pyproject.toml", "uv.lock", "course", "autograder/__init__.py", "autograder/errors.py"),
    *(
        "autograder/fast_imports.py",
        "autograder/results.py",
        "autograder/runner",
        "autograder/gateway",
        "autograder/namespaces",
        "autograder/sandbox/inside",
    ),
)
"""The files and folders of the project that are in the image: what runs inside, and no more."""


def find(client: docker.DockerClient) -> Image:
    """Return the image of this checkout's files as they are now.

    Raises:
        SandboxError: there is none.
        ImageNotFound: what it starts from is missing.
    """
    base, packages = client.images.get(_base()), client.images.get(images.PACKAGES)
    image = labels.find(client, _name(REPOSITORY, _made_from(_context(), base, packages)))
    if image is None:
        raise SandboxError(
            f"No sandbox holds the files of this checkout ({ROOT}) as they are now. "
            "`docker-course setup` makes one; where only files of the project changed, that takes seconds."
        )
    return image


def refresh(client: docker.DockerClient, progress: Progress) -> Image | None:
    """Build the image where only the project's own files changed; None if more is missing or has changed.

    Takes a second or two. Older images stay: `ensure` removes them.

    Raises:
        BuildFailed: the image could not be built.
    """
    base, packages = labels.find(client, _base()), labels.find(client, images.PACKAGES)
    if base is None or packages is None:
        return None
    system = labels.find(client, _name(SYSTEM, _made_from(_context(SYSTEM_CONTEXT), base, packages)))
    if system is None:
        return None
    context = _context()
    return _add_files(client, system, context, _made_from(context, base, packages), progress)


def ensure(client: docker.DockerClient, progress: Progress) -> str:
    """Build the image, or find it; remove those of older states that nothing uses. Return its ID."""
    base = images.ensure_base(client, progress)
    packages = images.ensure_packages(client, progress)
    context = _context()
    made_from = _made_from(context, base, packages)
    there = labels.find(client, _name(REPOSITORY, made_from))
    if there is not None and labels.recipe_hash_of(there) == made_from:
        return str(there.id)
    image = _add_files(client, _ensure_system(client, base, packages, progress), context, made_from, progress)
    for repository in (REPOSITORY, SYSTEM):
        _remove_older(client, repository)
    return str(image.id)


def names(client: docker.DockerClient) -> tuple[str, ...]:
    """Return the names of the images that a sandbox of this checkout is made from, and of its own.

    Raises:
        SandboxError, ImageNotFound: one of them is not there.
    """
    base, packages = client.images.get(_base()), client.images.get(images.PACKAGES)
    own = [tag for tag in find(client).tags if tag.startswith(f"{REPOSITORY}:")]
    system = labels.find(client, _name(SYSTEM, _made_from(_context(SYSTEM_CONTEXT), base, packages)))
    return (_base(), images.PACKAGES, *own, *(system.tags if system else ()))


def _base() -> str:
    """Return the name of the image that the system starts from."""
    return images.load().sandbox.name


def _context(names: Iterable[str] = CONTEXT) -> bytes:
    """Return the build context: these files and folders."""
    paths: list[Path] = []
    for name in names:
        top = ROOT / name
        inside = sorted(top.rglob("*")) if top.is_dir() else []
        paths += [path for path in (top, *inside) if "__pycache__" not in path.parts]
    return recipe.pack(ROOT, paths)


def _ensure_system(client: docker.DockerClient, base: Image, packages: Image, progress: Progress) -> Image:
    """Build what the image starts from, or find it."""
    context = _context(SYSTEM_CONTEXT)
    made_from = _made_from(context, base, packages)
    name = _name(SYSTEM, made_from)
    there = labels.find(client, name)
    if there is not None and labels.recipe_hash_of(there) == made_from:
        return there
    progress(name, "building it")
    arguments = {"BASE": _base(), "PACKAGES": str(packages.id)}
    made = recipe.send(
        *(
            client,
            recipe.with_authorities(context),
            "the sandbox's system",
            name,
            made_from,
            arguments,
            progress,
        ),
        target=SYSTEM_STAGE,
    )
    stages = client.images.list(filters={"dangling": True, "label": f"{LABEL}=sandbox-stage"})
    stages.sort(key=lambda image: str(image.attrs["Created"]))
    labels.remove_unused(client, [str(stage.id) for stage in stages[:-1]])
    return labels.give_name(client, made, name)


def _add_files(client: docker.DockerClient, system: Image, context: bytes, made_from: str, progress: Progress) -> Image:
    """Build the image: the project's files on top of ``system``, as the last stage of the Dockerfile says."""
    name = _name(REPOSITORY, made_from)
    progress(name, "building it")
    last = (ROOT / "Dockerfile").read_text(encoding="utf-8").partition(f"\nFROM {SYSTEM_STAGE}\n")[2]
    context = recipe.add(context, "Dockerfile", f"FROM {system.id}\n{last}".encode())
    made = recipe.send(client, context, "the sandbox's image", name, made_from, {}, progress)
    return labels.give_name(client, made, name)


def _made_from(context: bytes, base: Image, packages: Image) -> str:
    """Return the hash of everything that the image is made from."""
    return hashlib.sha256(context + f"{labels.content(base)} {labels.content(packages)}".encode()).hexdigest()


def _name(repository: str, made_from: str) -> str:
    return f"{repository}:{made_from[:12]}"


def _remove_older(client: docker.DockerClient, repository: str) -> None:
    """Remove all but the newest images of a repository; what a sandbox still uses stays."""
    made = client.images.list(repository)
    made.sort(key=lambda image: str(image.attrs["Created"]))
    for image in made[:-KEPT]:
        try:
            client.images.remove(str(image.id), force=False)
        except APIError as error:
            if error.status_code != 409:
                raise
