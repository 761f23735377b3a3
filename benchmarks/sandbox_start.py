"""How fast a sandbox is there, beside the ordinary way to the same thing.

Both are timed from `docker run` to an Engine that answers and lists all images of the catalogue:

- the sandbox: unprivileged, images by reference to the golden store;
- Docker in Docker: a container of the same image with a host root's rights, whose Engine loads the same images.

The two take turns, so that a noisy machine is noisy to both. Usage: make benchmark
"""

from __future__ import annotations

import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder import images
from autograder.sandbox import Sandbox
from autograder.sandbox.provision import current

ROUNDS = 5
RIGHTS = (
    *(f"--cap-add={capability}" for capability in ("SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "NET_RAW", "MKNOD")),
    *(f"--security-opt={option}=unconfined" for option in ("seccomp", "apparmor", "systempaths")),
    *("--cgroupns=host", "--mount=type=bind,source=/sys/fs/cgroup,target=/sys/fs/cgroup"),
)
"""What `--privileged` would give that an Engine uses; the switch itself fails on hosts that lack a capability."""


def main() -> None:
    """Print each round's seconds, both medians, and their ratio."""
    names = {image.name for image in images.load().image}
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "images.tar"
        print(f"{len(names)} images, {images.save(archive) / 1e6:.0f} MB; {ROUNDS} rounds in turn")
        sandbox, nested = [], []
        for number in range(1, ROUNDS + 1):
            sandbox.append(time_sandbox(names))
            nested.append(time_nested(names, archive))
            print(f"  {number}: sandbox {sandbox[-1]:6.2f} s   Docker in Docker {nested[-1]:6.2f} s", flush=True)
    fast, slow = statistics.median(sandbox), statistics.median(nested)
    print(f"median: sandbox {fast:.2f} s, Docker in Docker {slow:.2f} s, ratio 1/{slow / fast:.1f}")


def time_sandbox(names: set[str]) -> float:
    """Seconds until a sandbox's Engine lists all images."""
    start = time.monotonic()
    with Sandbox() as box:
        listed = box.run(["docker", "images", "--format", "{{.Repository}}:{{.Tag}}"]).stdout
        end = time.monotonic()
    check(names, listed)
    return end - start


def time_nested(names: set[str], archive: Path) -> float:
    """Seconds until an Engine in a privileged container has loaded all images and lists them."""
    name = f"docker-course-benchmark-{secrets.token_hex(4)}"
    start = time.monotonic()
    command = ["docker", "run", "--rm", "-d", "--name", name, "-v", "/var/lib/docker", *RIGHTS]
    subprocess.run([*command, "--entrypoint=dockerd", current().image], check=True, stdout=subprocess.DEVNULL)
    try:
        inside = ["docker", "exec", "-i", name, "docker"]
        while subprocess.run([*inside, "version"], capture_output=True, check=False).returncode != 0:
            time.sleep(0.05)
        with archive.open("rb") as file:
            subprocess.run([*inside, "load", "--quiet"], stdin=file, check=True, stdout=subprocess.DEVNULL)
        list_images = [*inside, "images", "--format", "{{.Repository}}:{{.Tag}}"]
        listed = subprocess.run(list_images, capture_output=True, check=True).stdout
        end = time.monotonic()
    finally:
        subprocess.run(["docker", "rm", "-f", "-v", name], capture_output=True, check=False)
    check(names, listed)
    return end - start


def check(names: set[str], listed: bytes) -> None:
    """End the benchmark if an image is missing: then the two were not timed for the same thing."""
    if missing := names - set(listed.decode().split()):
        sys.exit(f"not there: {', '.join(sorted(missing))}")


if __name__ == "__main__":
    main()
