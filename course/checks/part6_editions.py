"""The check of Part 6 on development and production: what runs, and what the files say after one was changed."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.compose_projects import described, need_file, need_services, read_files
from course.checks.probing import answers_twice, loopback_port, still_running
from course.errors import ComposeFailed
from course.facts import Container
from course.facts.compose import Service, project
from course.setups import part4 as places
from course.setups import part6 as setup

BASE: Final = "compose.yaml"
_TRUE: Final = ("1", "true", "yes", "on")
_SETTINGS: Final = (BASE, ".env")
_DEVELOPMENT: Final = (
    "It runs Flask's development server; with --debug, an error page is a Python prompt, behind a short PIN."
)
_COMMAND: Final = "A command is one value, not a list that is added to: who says it last?"
_MAX_BYTES: Final = 64 * 1024


@exercise
def editions(check: Check) -> None:
    """Require that production runs without anything of development, and that both follow their common file."""
    api = need_services(check, "editions", "api")["api"]
    need_file(check, described("editions", api), "api")
    _runs_as_production(check, api.container)
    plan = read_files("editions", ())
    develops = plan.services.get("api") if plan is not None else None
    check.gate(
        develops is not None and not _lost(develops),
        "Without any file named, this is still development: DEBUG, the bind and the server that reloads.",
        f"Without any file named, this is not development any more: {', '.join(_lost(develops))}."
        if develops is not None
        else "Without any file named, Compose cannot read this directory, or there is no service api.",
        "Of its own accord, Compose reads compose.yaml and compose.override.yaml. Let it show what the two make "
        "together.",
    )
    for what, files in (("Development", ()), ("Production", api.files)):
        check.gate(
            follows(files),
            f"{what} follows the base: the check changed the title there, and only there.",
            f"The check changed the title in a copy of {BASE}, and {what.lower()} kept the old one: its own file says "
            "again what the base says, or does without it. Two copies are the same on the first day only.",
            f"What both have in common stands in {BASE} and nowhere else; production is started from the base and its "
            "own file together.",
        )


def _runs_as_production(check: Check, api: Container) -> None:
    """Add the gates on the container that runs."""
    binds = [
        f"{mount.source} is bound to {mount.target}"
        for mount in api.mounts
        if mount.type == "bind" and not mount.target.startswith("/run/secrets/")
    ]
    check.gate(
        not binds,
        "No directory of this machine is bound into it: it runs the code in its image.",
        f"Development leaks into production: {', '.join(binds)}. Where two files have lists, Compose adds them; an "
        "empty list takes nothing away.",
        "Either the bind stands in development's file only, or production's file takes this list away.",
    )
    check.gate(
        not _is_true(api.config.env, "DEBUG"),
        "DEBUG is false in the container that runs.",
        f"DEBUG is {api.config.env.get('DEBUG')!r} in the container that runs.",
        "Let Compose show what the files of production say together, and compare with what was started.",
    )
    check.gate(
        not any("--debug" in word for word in api.config.command),
        "Its command is not the one of development.",
        _DEVELOPMENT,
        _COMMAND,
    )
    running = still_running(check.client, api.id)
    port = loopback_port(running) if running is not None else None
    if port is None:
        check.gate(
            False,
            "",
            f"The container of api is {api.state.status}, and published at no port of this machine.",
            "Look at its log.",
        )
        return
    reply = answers_twice(port)
    check.gate(
        (reply.json.get("title"), reply.json.get("debug")) == (setup.title(), False),
        f"It answers as {setup.title()}, and not in development.",
        f"At 127.0.0.1:{port}: {criteria.described(reply)}.",
        f"It should give the title {setup.title()}, and debug false.",
    )
    check.gate(
        "werkzeug" not in reply.server.lower(),
        "What answers is a server for production.",
        _DEVELOPMENT,
        _COMMAND,
    )


def follows(files: Sequence[str]) -> bool:
    """Tell whether a title that the check writes into a copy of the base is what these files (none: the usual) say."""
    place, title = places.folder("editions").resolve(), f"Library {secrets.token_hex(6)}"
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "editions"
        try:
            # Links stay links, so nothing from outside of the directory is copied.
            shutil.copytree(place, copy, symlinks=True, ignore=shutil.ignore_patterns("app", "migrations"))
            _retitle(copy, title)
            moved = [str(copy / Path(name).resolve().relative_to(place)) for name in files]
            api = project(copy, moved).services.get("api")
        except (OSError, ValueError, shutil.Error, ComposeFailed):
            return False
    return api is not None and api.environment.get("TITLE") == title


def _retitle(copy: Path, title: str) -> None:
    for name in _SETTINGS:
        path = copy / name
        if path.is_file() and not path.is_symlink() and path.stat().st_size < _MAX_BYTES:
            path.write_text(path.read_text("utf-8", "replace").replace(setup.title(), title), encoding="utf-8")


def _lost(api: Service) -> list[str]:
    """Return what a service lacks of what development has."""
    flag = any("--debug" in word for word in (*(api.entrypoint or ()), *(api.command or ())))
    wanted = {
        "DEBUG is not true": _is_true(api.environment, "DEBUG"),
        "the code is not bound": any(kind == "bind" for kind, _, _ in api.mounts),
        "the server does not reload": flag or _is_true(api.environment, "FLASK_DEBUG"),
    }
    return [problem for problem, holds in wanted.items() if not holds]


def _is_true(environment: Mapping[str, str], variable: str) -> bool:
    return environment.get(variable, "").lower() in _TRUE
