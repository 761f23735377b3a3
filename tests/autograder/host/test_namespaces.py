"""User namespaces that a kernel withholds: found out, explained, and, where the project may, given."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.errors import SandboxError
from autograder.host import namespaces
from autograder.host.namespaces import PROFILE, PROFILE_FILE, KernelSettings, apparmor_profile, withheld
from autograder.results import Limits
from autograder.sandbox import Provision, Sandbox
from autograder.sandbox.container import run_command
from autograder.sandbox.provision import current

UBUNTU = {"kernel.apparmor_restrict_unprivileged_userns": 1, "kernel.unprivileged_userns_clone": 1}
"""As Ubuntu 24.04 has them."""


@pytest.fixture
def kernel(tmp_path: Path) -> KernelSettings:
    """A kernel whose settings are files of the test; AppArmor has the profiles that it has without the project."""
    kernel = KernelSettings(tmp_path / "sys", tmp_path / "profiles")
    for name in ("docker-default.4", f"{PROFILE}-of-another.5"):
        (kernel.profiles / name).mkdir(parents=True)
    return kernel


def put(kernel: KernelSettings, settings: dict[str, int]) -> None:
    """Set the kernel's settings."""
    for name, value in settings.items():
        path = kernel.settings / name.replace(".", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{value}\n")


def load_profile(kernel: KernelSettings) -> None:
    """Have the kernel list the profile, as after apparmor_parser."""
    (kernel.profiles / f"{PROFILE}.17").mkdir()


def test_a_kernel_that_withholds_nothing_needs_nothing(kernel: KernelSettings) -> None:
    """With no such settings, or with those of an open system, sandboxes run unconfined as before."""
    assert withheld(kernel) is None
    put(kernel, {"kernel.apparmor_restrict_unprivileged_userns": 0, "user.max_user_namespaces": 63000})
    assert withheld(kernel) is None
    assert apparmor_profile(kernel) == "unconfined"


def test_apparmors_restriction_is_found_and_its_repair_is_exact(kernel: KernelSettings) -> None:
    """The setting is named, and the commands copy the project's own file and load it."""
    put(kernel, UBUNTU)
    found = withheld(kernel)
    assert found is not None
    assert "kernel.apparmor_restrict_unprivileged_userns is 1" in found.reason
    copy, load = found.repair.splitlines()
    assert copy == f"sudo cp {PROFILE_FILE} /etc/apparmor.d/"
    assert load == f"sudo apparmor_parser -r /etc/apparmor.d/{PROFILE_FILE.name}"
    assert PROFILE_FILE.is_file()


def test_with_the_profile_loaded_sandboxes_run_under_it(kernel: KernelSettings) -> None:
    """Then nothing is withheld, and the container's command line names the profile."""
    put(kernel, UBUNTU)
    load_profile(kernel)
    assert withheld(kernel) is None
    ready = Provision(image="i", store="s", apparmor=apparmor_profile(kernel))
    assert f"--security-opt=apparmor={PROFILE}" in run_command("x", ready, Limits())


def test_a_profile_that_cannot_be_seen_is_tried(kernel: KernelSettings, tmp_path: Path) -> None:
    """In a container securityfs is hidden: the profile is used, and called missing only when a sandbox failed."""
    blind = KernelSettings(kernel.settings, tmp_path / "hidden")
    put(blind, UBUNTU)
    assert withheld(blind) is None
    assert apparmor_profile(blind) == PROFILE
    assert withheld(blind, doubting=True) is not None


@pytest.mark.parametrize("name", ["user.max_user_namespaces", "kernel.unprivileged_userns_clone"])
def test_a_setting_of_zero_is_named_with_the_command_that_changes_it(kernel: KernelSettings, name: str) -> None:
    """RHEL's and Debian's ways to withhold user namespaces; no profile helps there."""
    put(kernel, {name: 0})
    load_profile(kernel)
    found = withheld(kernel)
    assert found is not None
    assert name in found.reason
    assert f"sudo sysctl --write {name}=" in found.repair


def test_the_kernel_of_an_engine_elsewhere_is_not_judged_by_this_one() -> None:
    """An Engine in a virtual machine or on another machine has another kernel, of which nothing is known here."""

    class Client:
        def info(self) -> dict[str, str]:
            return {"KernelVersion": "6.10.14-linuxkit"}

    assert KernelSettings.of(Client()) is None
    assert withheld(None) is None
    assert apparmor_profile(None) == "unconfined"


def parser(kernel: KernelSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, works: bool) -> Path:
    """Stand in for apparmor_parser and /etc/apparmor.d, and be root; returns where the profile is to be installed."""
    monkeypatch.setattr(namespaces, "INSTALLED", tmp_path / PROFILE)
    monkeypatch.setattr(namespaces.os, "geteuid", lambda: 0)
    monkeypatch.setattr(namespaces.shutil, "which", lambda name: f"/sbin/{name}")

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        assert command == ["apparmor_parser", "-r", str(tmp_path / PROFILE)]
        if works:
            load_profile(kernel)
        return subprocess.CompletedProcess(command, 0 if works else 1)

    monkeypatch.setattr(namespaces.subprocess, "run", run)
    return tmp_path / PROFILE


def test_root_gets_the_profile_installed(
    kernel: KernelSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As root the set-up does what it would tell others to do: the file is where the system loads profiles from."""
    put(kernel, UBUNTU)
    installed = parser(kernel, monkeypatch, tmp_path, works=True)
    namespaces.ensure_namespaces(kernel)
    assert installed.read_bytes() == PROFILE_FILE.read_bytes()


def test_a_profile_that_cannot_be_loaded_is_an_error_with_the_commands(
    kernel: KernelSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also for a user who is not root: no sandbox is tried, and the commands are told."""
    put(kernel, UBUNTU)
    parser(kernel, monkeypatch, tmp_path, works=False)
    with pytest.raises(SandboxError, match="sudo apparmor_parser -r"):
        namespaces.ensure_namespaces(kernel)
    monkeypatch.setattr(namespaces.os, "geteuid", lambda: 1000)
    with pytest.raises(SandboxError, match="sudo apparmor_parser -r"):
        namespaces.ensure_namespaces(kernel)


@pytest.mark.engine
def test_the_doctor_finds_it_and_gives_the_repair(kernel: KernelSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of its own, ✗ with both commands below it and status 1; with the profile loaded, ✓."""
    monkeypatch.setattr(KernelSettings, "of", lambda client: kernel)
    put(kernel, UBUNTU)
    done = CliRunner().invoke(app, ["doctor"])
    lines = done.stdout.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("✗ Sandboxes"))
    assert lines[place + 1] == f"    → sudo cp {PROFILE_FILE} /etc/apparmor.d/"
    assert lines[place + 2].startswith("    → sudo apparmor_parser -r ")
    assert done.exit_code == 1
    load_profile(kernel)
    assert f"✓ Sandboxes      Ordinary users can create user namespaces (AppArmor profile: {PROFILE})" in (
        CliRunner().invoke(app, ["doctor"]).stdout
    )


@pytest.mark.sandbox
def test_a_sandbox_that_could_not_start_says_so(kernel: KernelSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error of a sandbox that failed begins with the reason that the kernel's settings give, and the repair."""
    monkeypatch.setattr(KernelSettings, "of", lambda client: kernel)
    put(kernel, UBUNTU)
    with pytest.raises(SandboxError, match=r"AppArmor restricts[^$]*apparmor_parser -r[^$]*no-such-image"):
        Sandbox(provision=Provision(image="no-such-image:1", store=current().store)).__enter__()
