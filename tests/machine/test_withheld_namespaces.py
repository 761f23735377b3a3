"""A kernel that withholds user namespaces, for real: settings of the machine are changed, and changed back.

So these run only where nobody else is: in a virtual machine of `make machine`, which sets a variable for them.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.host import connect, namespaces
from autograder.host.namespaces import PROFILE, KernelSettings, withheld
from autograder.sandbox import Provision, Sandbox
from autograder.sandbox.provision import current

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif("DOCKER_COURSE_MACHINE" not in os.environ, reason="changes the machine's settings"),
]


@pytest.fixture
def kernel() -> Iterator[KernelSettings]:
    """This machine's kernel, without the project's profile; its settings and profiles are put back."""
    found = KernelSettings.of(connect())
    assert found is not None
    names = ("user.max_user_namespaces", "kernel.unprivileged_userns_clone")
    before = {name: found.setting(name) for name in names}
    loaded = found.has_profile()
    unload()
    current.cache_clear()
    yield found
    for name, value in before.items():
        if value is not None:
            run(f"sysctl --quiet --write {name}={value}")
    unload()
    if loaded:
        namespaces.ensure_namespaces(found)
    current.cache_clear()


def run(command: str) -> None:
    """Run one of the commands that people are told."""
    subprocess.run(shlex.split(command.removeprefix("sudo "), comments=True), check=True, capture_output=True)


def unload() -> None:
    """Take the project's profile out of the kernel, and its file out of the system's folder."""
    if namespaces.INSTALLED.exists():
        run(f"apparmor_parser --remove {namespaces.INSTALLED}")
        namespaces.INSTALLED.unlink()


def starts(provision: Provision) -> bool:
    """Whether a sandbox starts, and its Engine runs a container."""
    with Sandbox(provision=provision) as box:
        return box.run(["docker", "run", "--rm", "busybox", "echo", "up"]).stdout == b"up\n"


@pytest.mark.parametrize("name", ["user.max_user_namespaces", "kernel.unprivileged_userns_clone"])
def test_a_setting_of_zero_stops_sandboxes_and_the_repair_helps(kernel: KernelSettings, name: str) -> None:
    """The error names the setting that does it, and after the command that it tells a sandbox starts."""
    if kernel.confines():
        namespaces.ensure_namespaces(kernel)
    if kernel.setting(name) is None:
        pytest.skip(f"this kernel has no {name}")
    ready = current()
    run(f"sysctl --quiet --write {name}=0")
    with pytest.raises(SandboxError, match=rf"{name} is 0[^$]*sudo sysctl --write {name}="):
        starts(ready)
    found = withheld(kernel)
    assert found is not None
    run(found.repair.splitlines()[0])
    assert starts(ready)


def test_under_the_profile_sandboxes_start(kernel: KernelSettings) -> None:
    """The profile that the project ships is accepted by this system's AppArmor, chosen, and held by all inside."""
    run(f"cp {namespaces.PROFILE_FILE} /etc/apparmor.d/")
    run(f"apparmor_parser -r {namespaces.INSTALLED}")
    ready = current()
    assert ready.apparmor == PROFILE
    assert starts(ready)
    with Sandbox(provision=ready) as box:
        top = subprocess.run(["docker", "top", box.name, "-eo", "pid,comm"], capture_output=True, check=True)
        engine = [line.split() for line in top.stdout.decode().splitlines() if "dockerd" in line]
        label = Path(f"/proc/{engine[0][0]}/attr/apparmor/current").read_text()
    assert label == f"{PROFILE} (unconfined)\n"


def test_unconfined_sandboxes_do_not_start_where_apparmor_confines(kernel: KernelSettings) -> None:
    """On Ubuntu, ``apparmor=unconfined`` is not exempt; the error has the repair, and after it a sandbox starts."""
    if not kernel.confines():
        pytest.skip("this kernel's AppArmor leaves user namespaces alone")
    store, image = current().store, current().image
    with pytest.raises(SandboxError, match="AppArmor restricts user namespaces"):
        starts(Provision(image, store))
    found = withheld(kernel)
    assert found is not None
    for command in found.repair.splitlines():
        run(command)
    current.cache_clear()
    assert starts(current())
