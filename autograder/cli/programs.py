"""Give this machine the command docker and its plug-ins: the distribution's, or else the sandboxes' own."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import docker

from autograder.errors import AutograderError
from autograder.host import Progress, packages
from autograder.sandbox import plugins
from course import distribution
from course.diagnosis import Mark, commands

if TYPE_CHECKING:
    from course.diagnosis import Diagnosis


class Program(NamedTuple):
    """A program that the course needs, and how the doctor looks at it."""

    name: distribution.Program
    look: Callable[[str], Diagnosis]
    oldest: tuple[int, ...] = ()

    @property
    def is_fine(self) -> bool:
        """Whether the doctor finds nothing to say of it."""
        return self.look(self.name).mark is Mark.OK


PLUGINS = (
    Program("compose", commands.compose, commands.OLDEST_COMPOSE),
    Program("buildx", commands.buildx, commands.GOOD_BUILDX),
)
PROGRAMS = (Program("client", commands.client), *PLUGINS)


def install(progress: Progress) -> None:
    """Install what is missing or too old from the distribution's archive, where this program may."""
    missing = [program for program in PROGRAMS if not program.is_fine]
    if not missing or not packages.can_install():
        return
    packages.update("Docker's programs", progress)
    for program in missing:
        words = distribution.apt_package(program.name, program.oldest)
        if words:
            try:
                packages.install(words.split(), f"docker {program.name}", progress)
            except packages.CannotInstall as error:
                progress(f"docker {program.name}", str(error).splitlines()[-1])


def copy(client: docker.DockerClient, image: str, progress: Progress) -> None:
    """Copy the plug-ins that are still missing or too old from the sandboxes' image, beside the user's or the system's.

    On Linux only, and only from an Engine of this machine's architecture: the programs are for it. One that does not
    work here is taken away again.
    """
    if platform.system() != "Linux" or client.info().get("Architecture") != platform.machine():
        return
    if shutil.which("docker") is None:
        return
    for program in PLUGINS:
        if program.is_fine or (program.name == "buildx" and _use_buildx(program)):
            continue
        progress(f"docker {program.name}", "copying it from the sandbox's image")
        try:
            target = plugins.copy(client, image, program.name, folder())
        except (AutograderError, OSError) as error:
            progress(f"docker {program.name}", f"could not be copied: {error}")
            continue
        if not (program.is_fine or (program.name == "buildx" and _use_buildx(program))):
            target.unlink()
            progress(f"docker {program.name}", "the sandbox's does not work on this system")
        else:
            progress(f"docker {program.name}", f"copied to {target}")


def _use_buildx(program: Program) -> bool:
    """Make ``docker build`` use a buildx that is there, which a docker before 23 must be told; whether it does now."""
    if not commands.builds_with_buildx():
        subprocess.run(["docker", "buildx", "install"], capture_output=True, check=False)
    return program.is_fine


def folder() -> Path:
    """Return where the command docker looks for plug-ins before it looks at the distribution's."""
    if os.geteuid() == 0:
        return Path("/usr/local/lib/docker/cli-plugins")
    return Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "cli-plugins"
