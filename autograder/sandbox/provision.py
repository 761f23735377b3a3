"""What sandboxes start from: an image, a golden store of the course images, a seccomp profile. Made once, then found.

The image is the project's top-level Dockerfile. The *golden store* is a volume with the data root of an Engine that has
loaded all course images and stopped. A sandbox mounts it read-only and builds its own data root on top by reference
(``inside/store.py``), which takes a fraction of a second where loading the images would take many.
"""

from __future__ import annotations

import functools
import hashlib
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import docker
from docker.errors import APIError, ImageNotFound, NotFound
from docker.models.images import Image

from autograder import images
from autograder.errors import SandboxError
from autograder.host import Progress, connect, namespaces, silent
from autograder.host.lock import exclusive
from autograder.images import labels, recipe
from autograder.results import Limits

if TYPE_CHECKING:
    from autograder.sandbox.container import Sandbox

ROOT = Path(__file__).resolve().parents[2]
"""The project's folder: the build context of the image."""

REPOSITORY = "docker-fundamentals/sandbox"
"""Name of the image. Its tag is made of what it holds, so that a checkout never runs with another one's files."""
KEPT = 12
"""Images that are kept, the newest: two checkouts on one machine do not take each other's away."""
BASE = "docker-fundamentals/debian:forky"
LABEL = "org.docker-fundamentals.made"
"""Label of what this project made for sandboxes; its value says what it is: sandbox, store, sandbox-stage."""

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

SECCOMP = Path(__file__).with_name("seccomp.json")
STORE_SECONDS = 900.0
STORE_SCHEME = 1
"""Raise it when a store of the same images is made in another way."""

CONTEXT = (
    *("Dockerfile", "pyproject.toml", "uv.lock", "course", "autograder/__init__.py", "autograder/errors.py"),
    *(
        "autograder/results.py",
        "autograder/runner",
        "autograder/gateway",
        "autograder/namespaces",
        "autograder/sandbox/inside",
    ),
)
"""The files and folders of the project that are in the image: what runs inside, and no more."""


@dataclass(frozen=True, slots=True)
class Provision:
    """The three things a sandbox is started with."""

    image: str
    """Id of the image."""
    store: str
    """Name of the golden store's volume."""
    seccomp: Path = SECCOMP
    apparmor: str = "unconfined"
    """Name of the AppArmor profile."""


@functools.cache
def current() -> Provision:
    """Return the provision that ``ensure`` made of this checkout's files, looked up once per process.

    Raises:
        SandboxError: the store is missing, or there is no image of the files as they are now.
    """
    client = connect()
    try:
        base, packages = client.images.get(BASE), client.images.get(images.PACKAGES)
        client.volumes.get(_store_name(client))
    except (ImageNotFound, NotFound, images.CatalogueIncomplete) as error:
        raise SandboxError(
            f"Sandboxes cannot start yet: {error}. `docker-course setup` makes what is missing."
        ) from error
    image = labels.find(client, _name(REPOSITORY, _made_from(_context(), base, packages)))
    if image is None:
        raise SandboxError(
            f"No sandbox holds the files of this checkout ({ROOT}) as they are now. "
            "`docker-course setup` makes one; where only files of the project changed, that takes seconds."
        )
    return _provision(client, image)


def _provision(client: docker.DockerClient, image: Image) -> Provision:
    profile = namespaces.apparmor_profile(namespaces.KernelSettings.of(client))
    return Provision(image=str(image.id), store=_store_name(client), apparmor=profile)


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
        image = _ensure_image(client, progress)
        _ensure_store(client, image, namespaces.apparmor_profile(kernel), progress)
        current.cache_clear()
    return current()


def refresh(progress: Progress = silent) -> Provision:
    """Return the provision of the files as they are now; where only the project's own files changed, make it first.

    Takes a second or two then, and nothing to speak of where none changed. Older images stay: `ensure` removes them.

    Raises:
        SandboxError: more is missing, or more has changed, than the project's own files.
        BuildFailed: the image could not be built.
    """
    try:
        return current()
    except SandboxError:
        client = connect()
        base, packages = labels.find(client, BASE), labels.find(client, images.PACKAGES)
        if base is None or packages is None or not client.volumes.list(filters={"name": _store_name(client)}):
            raise
        system = labels.find(client, _name(SYSTEM, _made_from(_context(SYSTEM_CONTEXT), base, packages)))
        if system is None:
            raise
        context = _context()
        with exclusive("sandbox"):
            image = _add_files(client, system, context, _made_from(context, base, packages), progress)
        return _provision(client, image)


def image_names() -> tuple[str, ...]:
    """Names of the images that ``ensure`` needs or makes, beside the catalogue's.

    With all of them, and the catalogue's, a machine without a network can start sandboxes.

    Raises:
        SandboxError: they are not there yet.
    """
    image = connect().images.get(current().image)
    names = [name for name in image.tags if name.startswith(f"{REPOSITORY}:")]
    return (BASE, images.PACKAGES, *names)


# --- the image -------------------------------------------------------------------------------------------------------


def _context(names: Iterable[str] = CONTEXT) -> bytes:
    """Return the build context: these files and folders."""
    paths: list[Path] = []
    for name in names:
        top = ROOT / name
        inside = sorted(top.rglob("*")) if top.is_dir() else []
        paths += [path for path in (top, *inside) if "__pycache__" not in path.parts]
    return recipe.pack(ROOT, paths)


def _ensure_image(client: docker.DockerClient, progress: Progress) -> str:
    base = images.debian_base("forky", tag=BASE, client=client, progress=progress)
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


def _ensure_system(client: docker.DockerClient, base: Image, packages: Image, progress: Progress) -> Image:
    """Build what the image starts from, or find it."""
    context = _context(SYSTEM_CONTEXT)
    made_from = _made_from(context, base, packages)
    name = _name(SYSTEM, made_from)
    there = labels.find(client, name)
    if there is not None and labels.recipe_hash_of(there) == made_from:
        return there
    progress(name, "building it")
    arguments = {"BASE": BASE, "PACKAGES": str(packages.id)}
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


def _add_files(
    client: docker.DockerClient, system: Image, context: bytes, made_from: str, progress: Progress
) -> Image:
    """Build the image: the project's files on top of ``system``, as the last stage of the Dockerfile says."""
    name = _name(REPOSITORY, made_from)
    progress(name, "building it")
    last = (ROOT / "Dockerfile").read_text(encoding="utf-8").partition(f"\nFROM {SYSTEM_STAGE}\n")[2]
    context = recipe.add(context, "Dockerfile", f"FROM {system.id}\n{last}".encode())
    made = recipe.send(client, context, "the sandbox's image", name, made_from, {}, progress)
    return labels.give_name(client, made, name)


def _made_from(context: bytes, base: Image, packages: Image) -> str:
    """Return the hash of everything that the image is made from."""
    return hashlib.sha256(context + f"{base.id} {packages.id}".encode()).hexdigest()


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


# --- the golden store ------------------------------------------------------------------------------------------------


def _store_name(client: docker.DockerClient) -> str:
    parts = (STORE_SCHEME, images.fingerprint(client=client), images.offline_fingerprint())
    return "docker-course-store-" + "-".join(map(str, parts))


def _ensure_store(client: docker.DockerClient, image: str, profile: str, progress: Progress) -> None:
    name = _store_name(client)
    ready = Provision(image=image, store=name, apparmor=profile)
    if not _complete(client, ready):
        progress("golden store", "loading the course images into it")
        _remove(client, name)
        client.volumes.create(name, labels={LABEL: "store"})
        try:
            _fill(client, ready, progress)
        except BaseException:
            _remove(client, name)
            raise
    for volume in client.volumes.list(filters={"label": f"{LABEL}=store"}):
        if volume.name != name:
            _remove(client, volume.name)


def _complete(client: docker.DockerClient, ready: Provision) -> bool:
    """Whether the store is there and was finished: its last file is."""
    try:
        client.volumes.get(ready.store)
    except NotFound:
        return False
    done = subprocess.run(
        [
            *("docker", "run", "--rm", "--network=none", "--log-driver=none", "--entrypoint=test"),
            *(
                f"--mount=type=volume,source={ready.store},target=/golden,readonly",
                ready.image,
                "-e",
                "/golden/complete",
            ),
        ],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def _fill(client: docker.DockerClient, ready: Provision, progress: Progress) -> None:
    """Load the course images with a sandbox's own Engine, so that owners and file attributes are those it will see."""
    from autograder.sandbox.container import Sandbox

    with Sandbox(Limits(seconds=STORE_SECONDS), ready, making_store=True) as box:
        with subprocess.Popen(
            box.command(["docker", "load", "--quiet"], "examiner"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as load:
            assert load.stdin is not None
            assert load.stdout is not None
            sent = 0
            for piece in images.archive(client=client):
                load.stdin.write(piece)
                sent += len(piece)
                progress("golden store", f"{sent / 1e6:.0f} MB loaded")
            load.stdin.close()
            said = load.stdout.read()
        if load.returncode != 0:
            raise SandboxError(
                f"The course images could not be loaded: {said.decode(errors='replace').strip()}"
            )
        for name in images.installing():
            progress("golden store", f"{name} is told where packages are")
            _point_to_packages(box, name)
        box.run(["pkill", "-x", "dockerd"], user="root")
        box.wait(STORE_SECONDS)
    if not _complete(client, ready):
        raise SandboxError("The golden store was filled but its Engine did not stop in order. Try again.")


def _point_to_packages(box: Sandbox, name: str) -> None:
    """Put the layer ``images/offline`` over an image of the store, under the same name.

    With the classic builder, because it keeps the image below as a parent: BuildKit would leave it without a name.
    """
    built = box.run(
        ["docker", "build", "--quiet", "--build-arg", f"IMAGE={name}", "--tag", name, "-"],
        input=images.offline_context(),
        user="examiner",
        environment={"DOCKER_BUILDKIT": "0"},
    )
    if built.returncode != 0:
        raise SandboxError(
            f"{name} could not be told where packages are: {built.stderr.decode(errors='replace')}"
        )


def _remove(client: docker.DockerClient, name: str) -> None:
    """Remove a volume, unless a sandbox still uses it."""
    try:
        client.volumes.get(name).remove()
    except NotFound:
        pass
    except APIError as error:
        if error.status_code != 409:
            raise
