"""The golden store: the unpacked course images, ready for every sandbox.

It is a volume with the data root of an Engine that has loaded all course images and stopped. A sandbox mounts it
read-only and builds its own data root on top by reference (``inside/store.py``), which takes a fraction of a second
where loading the images would take many.
"""

from __future__ import annotations

import subprocess

import docker
from docker.errors import APIError, NotFound

from autograder import images
from autograder.errors import SandboxError
from autograder.host import Progress
from autograder.results import Limits
from autograder.sandbox.container import Sandbox
from autograder.sandbox.image import LABEL
from autograder.sandbox.provision import Provision, store_name

FILL_TIMEOUT = 900.0


def ensure(client: docker.DockerClient, image: str, profile: str, progress: Progress) -> None:
    """Make the store with sandboxes of this image and AppArmor profile, or find it; remove older ones but one."""
    name = store_name(client)
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
    older = [volume for volume in client.volumes.list(filters={"label": f"{LABEL}=store"}) if volume.name != name]
    older.sort(key=lambda volume: str(volume.attrs["CreatedAt"]))
    # The newest stays: two checkouts on one machine do not take each other's away.
    for volume in older[:-1]:
        _remove(client, volume.name)


def _complete(client: docker.DockerClient, ready: Provision) -> bool:
    """Tell whether the volume exists and its completion marker was written."""
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
    with Sandbox(Limits(seconds=FILL_TIMEOUT), ready, making_store=True) as box:
        load_images(box, client, progress)
        box.run(["pkill", "-x", "dockerd"], user="root")
        box.wait(FILL_TIMEOUT)
    if not _complete(client, ready):
        raise SandboxError("The golden store was filled but its Engine did not stop in order. Try again.")


def load_images(box: Sandbox, client: docker.DockerClient, progress: Progress) -> None:
    """Give a sandbox's Engine the course images that this machine's has, each with the way to the packages.

    Raises:
        SandboxError: if it does not take them.
    """
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
        raise SandboxError(f"The course images could not be loaded: {said.decode(errors='replace').strip()}")
    for name, image in images.further_names().items():
        box.run(["docker", "tag", image, name], user="examiner")
    for name in images.installing():
        progress("golden store", f"{name} learns where packages are")
        _point_to_packages(box, name)


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
        raise SandboxError(f"{name} could not learn where packages are: {built.stderr.decode(errors='replace')}")


def _remove(client: docker.DockerClient, name: str) -> None:
    """Remove a volume, unless a sandbox still uses it."""
    try:
        client.volumes.get(name).remove()
    except NotFound:
        pass
    except APIError as error:
        if error.status_code != 409:
            raise
