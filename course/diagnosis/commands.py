"""The command ``docker`` and its two plug-ins."""

from __future__ import annotations

import json
from typing import Final

from course import repairs
from course.diagnosis.finding import Diagnosis, advice, failed, ok
from course.programs import numbers, say

OLDEST_COMPOSE: Final = (2, 24)
"""The first with all that the parts on Compose use (``!reset``, ``watch``, ``!override``)."""
GOOD_BUILDX: Final = (0, 15)
"""The first with ``docker build --check``."""


def client(about: str) -> Diagnosis:
    """Look at the command itself."""
    said = say("docker", "--version")
    if said.missing:
        return failed(about, "There is no command docker on the PATH.", repairs.install("client"))
    if "podman" in f"{said.output} {said.errors}".lower():
        return failed(
            about,
            "The command docker is Podman's stand-in; the course needs Docker itself.",
            "Remove the package podman-docker. " + repairs.install("client"),
        )
    if not said.succeeded:
        return failed(about, f"docker --version fails: {said.lines[0]}", repairs.install("client"))
    return ok(about, said.output.removeprefix("Docker version ").partition(",")[0])


def buildx(about: str) -> Diagnosis:
    """Look at the plug-in that builds images."""
    version, problem = _plug_in("buildx")
    if problem:
        return failed(about, f"{problem} Parts 3 and 7 need it.", repairs.install("buildx"))
    if not builds_with_buildx():
        found = f"{_dotted(version)}, but docker build does not use it, as before docker 23. Parts 3 and 7 need that."
        return failed(about, found, "docker buildx install")
    if version < GOOD_BUILDX:
        found = f"{_dotted(version)} is old: docker build --check (Part 3) comes with {_dotted(GOOD_BUILDX)}."
        return advice(about, found, repairs.install("buildx", GOOD_BUILDX))
    return ok(about, _dotted(version))


def builds_with_buildx() -> bool:
    """Tell whether ``docker build`` is buildx, as by default since docker 23; its help then names it."""
    return "buildx" in say("docker", "build", "--help").output


def compose(about: str) -> Diagnosis:
    """Look at the plug-in that runs several containers together."""
    version, problem = _plug_in("compose")
    repair = repairs.install("compose", OLDEST_COMPOSE)
    if problem:
        return failed(about, f"{problem} Parts 4 and 6 need it.", repair)
    if version < OLDEST_COMPOSE:
        found = f"{_dotted(version)} is too old: Parts 4 and 6 need {_dotted(OLDEST_COMPOSE)}."
        return failed(about, found, repair)
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
        return (), f"docker {name} version fails: {said.lines[0]}."
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
