"""Steps that repair this machine's Docker, in the words of the machine: Linux, Linux in Windows, macOS or Windows."""

from __future__ import annotations

import os
import platform
from enum import Enum
from pathlib import Path

from course import distribution
from course.endpoint import undo


class Place(Enum):
    """Where this Python runs, as far as the steps differ."""

    LINUX = "Linux"
    WSL = "Linux in Windows (WSL)"
    MACOS = "macOS"
    WINDOWS = "Windows"


def place() -> Place:
    """Return where this Python runs."""
    system = platform.system()
    if system == "Darwin":
        return Place.MACOS
    if system == "Windows":
        return Place.WINDOWS
    return Place.WSL if "microsoft" in platform.release().lower() else Place.LINUX


def start_engine() -> str:
    """Return how to start the Engine, or how to get one."""
    steps = {
        Place.LINUX: "Start it:  sudo systemctl start docker\n"
        "If that says that docker is unknown, install it:  https://docs.docker.com/engine/install/",
        Place.WSL: "Start Docker Desktop in Windows; in its settings, under Resources, WSL integration, switch on "
        "this distribution.\n"
        "If the Engine is installed in this distribution itself:  sudo systemctl start docker",
        Place.MACOS: "Start Docker Desktop (or what you use in its place: Colima, OrbStack, Rancher Desktop) and "
        "wait until it says that it is running.",
        Place.WINDOWS: "Start Docker Desktop and wait until it says that it is running.",
    }[place()]
    return f"{undo()}\nOtherwise:\n{steps}" if undo() else steps


def forget_helpers() -> str:
    """Return what to do about a credential helper that is gone."""
    file = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "config.json"
    return f"Remove the lines with credsStore and credHelpers from {file}, or install the helper that they name."


def restart_engine() -> str:
    """Return what to do if the Engine hangs."""
    if place() is Place.LINUX:
        return "It may still be starting: wait a minute. Then:  sudo systemctl restart docker   (stops containers)."
    return "It may still be starting: wait a minute. Then restart Docker Desktop (or what you use in its place)."


def join_group() -> str:
    """Return how a user gets the permission to use the Engine's socket."""
    if place() in (Place.MACOS, Place.WINDOWS):
        return "Start Docker Desktop as this user, and wait until it says that it is running."
    return "In a terminal:  sudo usermod -aG docker $USER   then log out and in again" + (
        " (in Windows:  wsl --shutdown )." if place() is Place.WSL else "."
    )


def install(program: distribution.Program, oldest: tuple[int, ...] = ()) -> str:
    """Return how to get the command docker or one of its plug-ins, in the version ``oldest`` or a newer one."""
    here = place()
    if here not in (Place.LINUX, Place.WSL):
        return "It comes with Docker Desktop: start it, and let it update itself. Part 2, Installing Docker, has more."
    desktop = "Docker Desktop brings it along. Without that:\n" if here is Place.WSL else ""
    if command := distribution.install(program, oldest):
        return desktop + command
    system, title = distribution.this(), distribution.TITLES[program]
    if system.family == "debian" and not distribution.has_lists():
        return f"{desktop}sudo apt-get update   (apt has no lists of packages yet; then ask the doctor again)"
    version = f" {'.'.join(map(str, oldest))} or newer" if oldest else ""
    steps = [f"{system.title} has no package of {title}{version} to install."]
    if program != "client":
        steps.append(f"In the project's folder:  make setup   puts the sandboxes' {title} beside the command docker.")
    if commands := distribution.dockers_archive(program):
        steps += ["Or from Docker's own archive:", *(f"  {line}" for line in commands.splitlines())]
    else:
        steps.append("Docker's own packages:  https://docs.docker.com/engine/install/")
    return desktop + "\n".join(steps)


def update_engine() -> str:
    """Return how to get a newer Engine."""
    if place() is Place.LINUX:
        return "Update it from Docker's archive (Part 2, Installing Docker):  https://docs.docker.com/engine/install/"
    return "Update Docker Desktop (or what you use in its place)."


def more_disk(desktop: bool) -> str:
    """Return how to get room on the Engine's disk."""
    limit = "Docker Desktop, Settings, Resources, raises the limit. " if desktop else ""
    return (
        f"{limit}What takes the room:  docker system df\n"
        "docker image prune  removes images without a name that no container uses; docker builder prune  what builds "
        "left. Both ask first, and both are for everybody who uses this Engine."
    )


def more_memory(desktop: bool) -> str:
    """Return how to give the Engine more memory."""
    if place() in (Place.WSL, Place.WINDOWS):
        return (
            "In Windows, write  [wsl2]  and below it  memory=4GB  into the file .wslconfig of your user's folder, "
            "then:  wsl --shutdown"
        )
    if desktop:
        return "Docker Desktop, Settings, Resources: raise the memory limit."
    if place() is Place.MACOS:
        return "Give the virtual machine more, for example:  colima stop && colima start --memory 4"
    return "End other programs while you work, or use a machine with more memory."


def limit_memory() -> str:
    """Return how to make the kernel able to limit a container's memory."""
    return (
        "Start Linux with the kernel parameters  cgroup_enable=memory swapaccount=1  (Debian and Ubuntu: "
        "/etc/default/grub, then sudo update-grub; Raspberry Pi: cmdline.txt), and restart. An Engine without root "
        "needs the controllers handed down: https://docs.docker.com/engine/security/rootless/troubleshoot/"
    )


def linux_containers() -> str:
    """Return how to change from Windows containers to Linux ones."""
    return "Docker's menu in the Windows task bar: “Switch to Linux containers”."


def get_images(missing: list[str]) -> str:
    """Return how to get the course's images."""
    pull = " && ".join(f"docker pull {name}" for name in missing)
    return f"In the project's folder:  .venv/bin/docker-course images ensure\nOr from Docker Hub:  {pull}"


def publish_again() -> str:
    """Return what to do if the Engine cannot publish a port."""
    if place() is Place.LINUX:
        return (
            "A firewall that was reloaded may have dropped Docker's rules; this writes them again:  "
            "sudo systemctl restart docker   (stops containers)."
        )
    return "Restart Docker Desktop (or what you use in its place)."


def reach_ports(elsewhere: str) -> str:
    """Return what to do if a published port is not reached; ``elsewhere`` is the address of an Engine far away."""
    if elsewhere:
        return (
            f"Your Engine is on another machine ({elsewhere}), and so are the ports that it publishes. Work on that "
            "machine, or use an Engine on this one."
        )
    return (
        "A VPN, firewall or security program may be in the way: allow connections to 127.0.0.1, or try without it.\n"
        + (publish_again())
    )


def install_course() -> str:
    """Return how to install the course with its kernel."""
    return (
        "In the project's folder:  make environment   (with conda:  conda env update --file environment.yml ). "
        "Start JupyterLab from there:  .venv/bin/jupyter lab"
    )
