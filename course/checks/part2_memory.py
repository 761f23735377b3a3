"""The check of Part 2 on a file system in memory: the kernel says what it is, and the check fills it."""

from __future__ import annotations

import secrets

from docker import DockerClient

from course.checks.check import Check, exercise
from course.checks.part2_storage import in_words
from course.facts import Container
from course.facts.container import Mount
from course.facts.exec import exec_in
from course.setups import part2 as setup


@exercise
def tmpfs(check: Check) -> None:
    """Require a file system in memory, of the size that was asked for."""
    client, wanted = check.client, setup.scratch_megabytes()
    container = check.running("fast", "Give it a command that goes on running.")
    mount = container.mount("/scratch")
    with check.disturbing():
        options = _tmpfs_options(client, container)
    check.require(
        "memory",
        lambda: options is not None and mount is not None and _in_memory(client, mount),
        f"At /scratch it has {in_words(mount)}, so what is written there does not stay in memory.",
        "Besides mounts, docker-py and the command line have an option just for this.",
    )
    check.settle()
    if not any(option.startswith("size=") for option in options or ()):
        check.stop(
            "limited",
            "It has no size of its own: it may grow to half of this machine's memory.",
            "The size is an option of the tmpfs.",
        )
    check.require("limited", True, "")
    with check.disturbing():
        size, free = _room(client, container)
    check.require(
        "size",
        size == wanted * setup.MEBIBYTE,
        f"The size is {size / setup.MEBIBYTE:g} MiB; {wanted} MiB were asked for.",
        "1 MiB is 1024 × 1024 bytes. A number without a unit means bytes.",
    ) and check.require(
        "size",
        lambda: holds(client, container, free // setup.MEBIBYTE) and not holds(client, container, wanted + 1),
        f"{free // setup.MEBIBYTE} MiB are free, and the check could not write just so many.",
        "Write something into it yourself: when is it full?",
        seen=f"{free // setup.MEBIBYTE} MiB were free, and that is what the check could write.",
        disturbs=True,
    )


def holds(client: DockerClient, container: Container, megabytes: int) -> bool:
    """Tell whether so many MiB can be written to ``/scratch`` of a running container; they are removed again."""
    file = f"/scratch/check-{secrets.token_hex(4)}"
    outcome = exec_in(client, container.id, ["dd", "if=/dev/zero", f"of={file}", "bs=1048576", f"count={megabytes}"])
    exec_in(client, container.id, ["rm", "-f", file])
    return outcome is not None and outcome.ok


def _in_memory(client: DockerClient, mount: Mount) -> bool:
    """Tell whether a tmpfs was asked for, or a volume that is one."""
    # What the kernel says would not do: an Engine whose own directory lies in memory keeps every volume there.
    if mount.type != "volume":
        return mount.type == "tmpfs"
    return (client.api.inspect_volume(mount.source).get("Options") or {}).get("type") == "tmpfs"


def _tmpfs_options(client: DockerClient, container: Container) -> list[str] | None:
    """Return with which options a tmpfs is mounted at ``/scratch``, as the kernel says; None if none is."""
    outcome = exec_in(client, container.id, ["cat", "/proc/mounts"])
    rows = [line.split() for line in outcome.output.splitlines()] if outcome is not None else []
    here = [row for row in rows if len(row) > 3 and row[1] == "/scratch"]
    return here[-1][3].split(",") if here and here[-1][2] == "tmpfs" else None


def _room(client: DockerClient, container: Container) -> tuple[int, int]:
    """Return the size of ``/scratch`` and what is free of it, in bytes; twice 0 if that cannot be seen."""
    outcome = exec_in(client, container.id, ["stat", "-f", "-c", "%S %b %a", "/scratch"])
    numbers = outcome.output.split() if outcome is not None and outcome.ok else []
    if len(numbers) != 3:
        return 0, 0
    block, blocks, free = map(int, numbers)
    return block * blocks, block * free
