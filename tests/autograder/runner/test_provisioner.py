"""Each kernel gets a clean environment, its own user and its own namespaces."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import AsyncKernelManager

from autograder.runner.provisioner import SandboxProvisioner, clean_environment, confined_command
from autograder.runner.roles import EXAMINER, SANDBOX_MARKER, STUDENT


def launch(directory: Path, **kwargs: Any) -> tuple[list[str], dict[str, Any], Any]:
    """The command and options with which our kernelspec would start a kernel."""

    async def prepare() -> tuple[list[str], dict[str, Any], Any]:
        manager = AsyncKernelManager(
            kernel_name="docker-course", transport="ipc", connection_file=str(directory / "kernel.json")
        )
        command, options = await manager._async_pre_start_kernel(**kwargs)
        return command, options, manager.provisioner

    return asyncio.run(prepare())


@pytest.mark.parametrize(("marker", "kwargs"), [("", {}), ("", {"role": "student"}), ("1", {})])
def test_a_kernel_of_jupyterlab_is_an_ordinary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marker: str, kwargs: dict[str, Any]
) -> None:
    """Outside a sandbox, or for nobody in particular, the kernel starts as any local kernel does."""
    monkeypatch.setenv(SANDBOX_MARKER, marker)
    monkeypatch.setenv("OF_THE_USER", "kept")
    command, options, provisioner = launch(tmp_path, **kwargs)
    assert isinstance(provisioner, SandboxProvisioner)
    assert command[1:3] == ["-m", "ipykernel_launcher"]
    assert options["env"]["OF_THE_USER"] == "kept"
    assert not {"role", "variables"} & options.keys()


def test_a_kernel_of_jupyterlab_knows_its_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jupyter's server says it in the environment that it gives."""
    monkeypatch.setenv(SANDBOX_MARKER, "")
    _, options, _ = launch(tmp_path, env={"JPY_SESSION_NAME": "/home/ada/part2.ipynb"})
    assert options["env"]["JPY_SESSION_NAME"] == "/home/ada/part2.ipynb"


def test_nothing_of_the_runners_environment_reaches_a_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A confined kernel's environment is made from nothing, and only the examiner's names its socket."""
    monkeypatch.setenv("SECRET", "x")
    assert "SECRET" not in clean_environment(STUDENT)
    assert "DOCKER_HOST" not in clean_environment(STUDENT)
    assert clean_environment(EXAMINER)["DOCKER_HOST"] == "unix:///run/engine/docker.sock"


def test_only_the_student_gets_a_root_of_its_own() -> None:
    """The student's command goes through the one script for all that is the student's; both run without privilege."""
    student = confined_command(STUDENT, Path("/run/dc-x/student"), ["python"])
    examiner = confined_command(EXAMINER, Path("/run/dc-x/examiner"), ["python"])
    assert student[0].endswith("/autograder/namespaces/student.sh")
    places = ["--writable=/run/dc-x/student", "--readable=/run/dc-x/readable"]
    assert student[1:] == ["--mute", *places, "--", "python"]
    assert examiner[0] == "unshare"
    assert "--own-root" not in examiner
    for command in (Path(student[0]).read_text().split(), examiner):
        assert {"--no-new-privs", "--bounding-set=-all", "--kill-child"} <= set(command)


def test_connection_files_are_private(tmp_path: Path) -> None:
    """Nobody but its owner reads a connection file, which holds the key of a kernel."""
    launch(tmp_path)
    assert ((tmp_path / "kernel.json").stat().st_mode & 0o777) == 0o600
