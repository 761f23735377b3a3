"""The check of Part 6 on development and production: what runs, and what the files say after one was changed."""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from docker import DockerClient

from course.checks.part4_common import described, missing, services
from course.checks.probing import loopback_port, running, steady
from course.checks.report import Report
from course.engine import connect
from course.errors import ComposeFailed
from course.facts.attached import attached
from course.facts.compose import Member, Service, project
from course.facts.values import texts
from course.setups import part4 as places
from course.setups import part6 as setup

BASE: Final = "compose.yaml"
_TRUE: Final = ("1", "true", "yes", "on")
_SETTINGS: Final = (BASE, ".env")
_DEVELOPMENT: Final = (
    "It runs Flask's development server; with --debug, an error page is a Python prompt, behind a short PIN."
)
_COMMAND: Final = "A command is one value, not a list that is added to: who says it last?"
_MOST_BYTES: Final = 64 * 1024


def editions() -> Report:
    """Exercise 40: production runs without anything of development, and both follow what their common file says."""
    report = Report("One base, two overrides")
    client, found = connect(), services(connect(), "editions")
    if "api" not in found:
        return missing(report, "editions", found, ("api",))
    api = found["api"]
    plan = described("editions", api)
    if plan is None or "api" not in plan.services:
        return report.give_up(
            failed="The files from which api was started are not there any more, or Compose cannot read them.",
            hint="Let Compose show what it reads in the two files of production.",
        )
    _runs_as_production(report, client, api)
    develops = planned()
    report.require(
        develops is not None
        and develops.environment.get("DEBUG", "").lower() in _TRUE
        and any(kind == "bind" for kind, _, _ in develops.mounts)
        and _reloads(develops),
        passed="Without any file named, this is still development: DEBUG, the bind and the server that reloads.",
        failed=_lost(develops),
        hint="Of its own accord, Compose reads compose.yaml and compose.override.yaml. Let it show what the two make "
        "together.",
        essential=True,
    )
    for what, files in (("Development", ()), ("Production", api.files)):
        report.require(
            follows(files),
            passed=f"{what} follows the base: the check changed the title there, and only there.",
            failed=f"The check changed the title in a copy of {BASE}, and {what.lower()} kept the old one: "
            "its own file says again what the base says, or does without it. "
            "Two copies are the same on the first day only.",
            hint=f"What both have in common stands in {BASE} and nowhere else; "
            "production is started from the base and its own file together.",
            essential=True,
        )
    return report


def _runs_as_production(report: Report, client: DockerClient, api: Member) -> None:
    """Add the criteria on the container that runs."""
    uses, settings = attached(client, api.container.id), environment(client, api)
    binds = [
        mount
        for mount in (uses.mounts if uses is not None else ())
        if mount.kind == "bind" and not mount.target.startswith("/run/secrets/")
    ]
    report.require(
        not binds,
        passed="No directory of this machine is bound into it: it runs the code in its image.",
        failed="Development leaks into production: "
        + ", ".join(f"{mount.source} is bound to {mount.target}" for mount in binds)
        + ". Where two files have lists, Compose adds them; an empty list takes nothing away.",
        hint="Either the bind stands in development's file only, or production's file takes this list away.",
        essential=True,
    )
    report.require(
        settings.get("DEBUG", "").lower() not in _TRUE,
        passed="DEBUG is false in the container that runs.",
        failed=f"DEBUG is {settings.get('DEBUG')!r} in the container that runs.",
        hint="Let Compose show what the files of production say together, and compare with what was started.",
        essential=True,
    )
    report.require(
        not any("--debug" in word for word in api.container.command),
        passed="Its command is not the one of development.",
        failed=_DEVELOPMENT,
        hint=_COMMAND,
        essential=True,
    )
    here = running(client, api.container.id)
    port = loopback_port(here) if here is not None else None
    if here is None or port is None:
        report.require(
            False,
            passed="",
            failed=f"The container of api is {api.container.state}, and published at no port of this machine.",
            hint="Look at its log.",
            essential=True,
        )
        return
    reply = steady(port)
    said = _object(reply.body)
    report.require(
        (said.get("title"), said.get("debug")) == (setup.title(), False),
        passed=f"It answers as {setup.title()}, and not in development.",
        failed=f"At 127.0.0.1:{port}: {reply.problem or reply.body.strip()[:160] or f'status {reply.status}'}",
        hint=f"Expected was the title {setup.title()}, and debug false.",
        essential=True,
    )
    report.require(
        "werkzeug" not in reply.server.lower(),
        passed="What answers is a server for production.",
        failed=_DEVELOPMENT,
        hint=_COMMAND,
        essential=True,
    )


def follows(files: Sequence[str]) -> bool:
    """Tell whether a title that the check writes into a copy of the base is what these files (none: the usual) say."""
    place, new = places.folder("editions").resolve(), f"Library {secrets.token_hex(6)}"
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / "editions"
        try:
            # Links stay links, so nothing from outside of the directory is copied.
            shutil.copytree(place, copy, symlinks=True, ignore=shutil.ignore_patterns("app", "migrations"))
            _retitle(copy, new)
            moved = [str(copy / Path(name).resolve().relative_to(place)) for name in files]
            api = project(copy, moved).services.get("api")
        except (OSError, ValueError, shutil.Error, ComposeFailed):
            return False
    return api is not None and api.environment.get("TITLE") == new


def planned(files: Sequence[str] = ()) -> Service | None:
    """Return what the student's files (none: the usual) say of api, or None."""
    try:
        return project(places.folder("editions").resolve(), files).services.get("api")
    except (ComposeFailed, OSError):
        return None


def environment(client: DockerClient, member: Member) -> dict[str, str]:
    """Return the environment variables that a container was given."""
    config = client.api.inspect_container(member.container.id).get("Config") or {}
    return dict(each.split("=", 1) for each in texts(config.get("Env")) if "=" in each)


def _retitle(copy: Path, new: str) -> None:
    for name in _SETTINGS:
        path = copy / name
        if path.is_file() and not path.is_symlink() and path.stat().st_size < _MOST_BYTES:
            path.write_text(path.read_text("utf-8", "replace").replace(setup.title(), new), encoding="utf-8")


def _reloads(api: Service) -> bool:
    flag = any("--debug" in word for word in (*(api.entrypoint or ()), *(api.command or ())))
    return flag or api.environment.get("FLASK_DEBUG", "").lower() in _TRUE


def _lost(develops: Service | None) -> str:
    if develops is None:
        return "Without any file named, Compose cannot read this directory, or there is no service api."
    gone = [
        what
        for what, there in (
            ("DEBUG is not true", develops.environment.get("DEBUG", "").lower() in _TRUE),
            ("the code is not bound", any(kind == "bind" for kind, _, _ in develops.mounts)),
            ("the server does not reload", _reloads(develops)),
        )
        if not there
    ]
    return f"Without any file named, this is not development any more: {', '.join(gone)}."


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
