"""The command ``docker`` and its two plug-ins."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from typing import Final

from course import repairs
from course.diagnosis.finding import Diagnosis, advice, failed, ok

TIMEOUT: Final = 10.0
"""How long a command may take."""

OLDEST_COMPOSE: Final = (2, 24)
"""The first with all that the parts on Compose use (``!reset``, ``watch``, ``!override``)."""
GOOD_BUILDX: Final = (0, 15)
"""The first with ``docker build --check``."""


@dataclass(frozen=True)
class Said:
    """What a command said, and whether it succeeded."""

    succeeded: bool
    output: str
    errors: str = ""
    missing: bool = False
    """There is no such program."""

    @property
    def lines(self) -> list[str]:
        """What it said when it failed, line by line; at least one."""
        lines = [line.strip() for line in (self.errors or self.output).splitlines() if line.strip()]
        return lines or ["it says nothing"]


def say(*command: str, seconds: float = TIMEOUT) -> Said:
    """Run a command with a time limit; never raises for what it does."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        return Said(False, "", "no such program", missing=True)
    except subprocess.TimeoutExpired:
        return Said(False, "", f"no answer within {seconds:g} s")
    except OSError as error:
        return Said(False, "", error.strerror or str(error))
    return Said(done.returncode == 0, done.stdout.strip(), done.stderr.strip())


def numbers(text: str) -> tuple[int, ...]:
    """Return the first version number in a text, such as (2, 40, 3); empty if there is none."""
    found = re.search(r"\d+(\.\d+)+", text)
    return tuple(map(int, found.group().split("."))) if found else ()


def client(about: str) -> Diagnosis:
    """Look at the command itself."""
    said = say("docker", "--version")
    if said.missing:
        return failed(about, "There is no command docker on the PATH.", repairs.install("docker-ce-cli"))
    if "podman" in f"{said.output} {said.errors}".lower():
        return failed(
            about,
            "The command docker is Podman's stand-in; the course needs Docker itself.",
            "Remove the package podman-docker. " + repairs.install("docker-ce-cli"),
        )
    if not said.succeeded:
        return failed(about, f"docker --version fails: {said.lines[0]}", repairs.install("docker-ce-cli"))
    return ok(about, said.output.removeprefix("Docker version ").partition(",")[0])


def buildx(about: str) -> Diagnosis:
    """Look at the plug-in that builds images."""
    version, problem = _plug_in("buildx")
    package = repairs.install("docker-buildx-plugin")
    if problem:
        return failed(about, problem, package)
    if version < GOOD_BUILDX:
        found = f"{_dotted(version)} is old: docker build --check (Part 3) comes with {_dotted(GOOD_BUILDX)}."
        return advice(about, found, package)
    return ok(about, _dotted(version))


def compose(about: str) -> Diagnosis:
    """Look at the plug-in that runs several containers together."""
    version, problem = _plug_in("compose")
    package = repairs.install("docker-compose-plugin")
    if problem:
        return failed(about, problem, package)
    if version < OLDEST_COMPOSE:
        return failed(about, f"{_dotted(version)} is too old: Part 4 needs {_dotted(OLDEST_COMPOSE)}.", package)
    return ok(about, _dotted(version))


def _plug_in(name: str) -> tuple[tuple[int, ...], str]:
    """Return a plug-in's version, and a sentence on what is wrong with it."""
    said = say("docker", name, "version")
    if said.missing:
        return (), "It belongs to the command docker, which is missing."
    # Whoever does not know the plug-in takes its name for a command or argument of its own.
    if not said.succeeded and any(word in said.lines[0] for word in ("not a docker command", "unknown")):
        return (), f"The plug-in is not installed: there is no docker {name}."
    if not said.succeeded:
        return (), f"docker {name} version fails: {said.lines[0]}"
    return numbers(said.output), ""


def api_version() -> tuple[str, str]:
    """Return the newest API version that the command speaks, and why it cannot talk to the Engine; "" if unknown."""
    said = say("docker", "version", "--format", "{{json .}}")
    if said.missing:
        return "", ""
    try:
        facts = json.loads(said.output)["Client"]
        newest = str(facts.get("DefaultAPIVersion") or facts.get("ApiVersion") or "")
    except (ValueError, KeyError, TypeError, AttributeError):
        newest = ""
    return newest, "" if said.succeeded else said.lines[0]


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version)) or "a version without a number"
