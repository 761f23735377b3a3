"""The check of Part 6 on development and production: what runs, what the files say, and who follows a change."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from docker import DockerClient

from course import facts
from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.compose_projects import (
    described,
    from_directory,
    has_no_bind,
    need_file,
    need_running,
    need_services,
    read_files,
    services,
)
from course.checks.fresh_containers import PATIENCE, packed, serves, started
from course.checks.probing import answers_twice, eventually, is_loopback, loopback_port, places
from course.engine import connect
from course.errors import ComposeFailed
from course.facts import Container
from course.facts.compose import Service, project
from course.facts.http import fetch
from course.setups import part4
from course.setups import part6 as setup

BASE: Final = "compose.yaml"
CODE: Final = "/srv/app"
"""Where the image has the program, and development binds it."""
_SETTINGS: Final = (BASE, ".env")
_MAX_BYTES: Final = 64 * 1024


@exercise
def editions(check: Check) -> None:
    """Require that production runs without anything of development, and that both follow their common file."""
    api = need_services(check, "answers", "editions", "api")["api"]
    need_file(check, "answers", described("editions", api), "api")
    container = need_running(check, "answers", api)
    port = check.need(
        "answers",
        loopback_port(container, setup.PORT),
        f"{container.name} publishes no port of the host.",
        "Look at ports.",
    )
    serves(check.client, container.id, port)
    reply = answers_twice(port)
    check.require(
        "answers",
        (reply.json.get("title"), reply.json.get("debug")) == (setup.title(), False),
        f"At 127.0.0.1:{port}: {criteria.described(reply)}.",
        f"It should give the title {setup.title()}, and debug false. Let Compose show what the files of production say "
        "together, and compare with what was started.",
    )
    check.settle()
    has_no_bind(check, "no-bind", container)
    for what, files in (("Development", ()), ("Production", api.files)):
        check.require(
            "follows-base",
            follows(files),
            f"The check changed the title in a copy of {BASE}, and {what.lower()} kept the old one: its own file says "
            "again what the base says, or does without it. Two copies are the same on the first day only.",
            f"What both have in common belongs in {BASE} and nowhere else; production is started from the base and its "
            "own file together.",
        )
    check.settle()
    image = facts.image(check.client, container.image)
    check.require(
        "own-command",
        image is not None and container.config.command == image.entrypoint + image.command,
        f"It runs {' '.join(container.config.command)[:120]}, which is not what its image says.",
        "A command is one value, not a list that is added to: which file says it last?",
    )
    from_directory(check, "own-command", "editions", container.image, "Both are built from this directory.")
    plan = read_files("editions", ())
    developed = plan.services.get("api") if plan is not None else None
    _develops(check, developed, plan.name if plan is not None else "", container)


def _develops(check: Check, api: Service | None, name: str, production: Container) -> None:
    """Require that what is started without any file named is development, at 127.0.0.1; the check starts it."""
    if api is None:
        check.stop(
            "development",
            "Without any file named, Compose cannot read this directory, or there is no service api.",
            "By itself, Compose reads compose.yaml and compose.override.yaml. Let it show what they make.",
        )
    addresses = [address for _, address, _ in api.ports]
    check.require(
        "on-loopback",
        bool(addresses) and all(map(is_loopback, [*addresses, *(port.host_ip for port in production.ports)])),
        f"Production is published at {places(production)}; development at the addresses "
        f"{', '.join(address or 'all' for address in addresses) or 'none'}.",
        "The address stands in front of the port.",
    )
    code = (part4.folder("editions") / "app").resolve()
    check.require(
        "development",
        any((kind, Path(source).resolve(), at.rstrip("/")) == ("bind", code, CODE) for kind, source, at in api.mounts),
        f"Without any file named, ./app is not mounted at {CODE}.",
        "By itself, Compose reads compose.yaml and compose.override.yaml. Let it show what they make.",
    )
    image = facts.image(check.client, api.image or f"{name}-api")
    problem = ""
    with check.disturbing():
        problem = runs_as_development(check.client, api, image.id if image is not None else production.image)
    check.require(
        "development",
        not problem,
        f"The check started what Compose reads without any file named: {problem}",
        "By itself, Compose reads compose.yaml and compose.override.yaml. Let it show what they make.",
        seen="The check started what Compose reads without any file named, changed the code in it, and it reloaded.",
    )


def runs_as_development(client: DockerClient, api: Service, image: str) -> str:
    """Start a service as its file says, but for its storage, and return what is not as in development."""
    usual = f"{setup.PORT}/tcp"
    inside = [port for port, _, _ in api.ports]
    publish = usual if usual in inside or not inside else inside[0]
    how: dict[str, Any] = {"entrypoint": api.entrypoint, "environment": api.environment, "publish": publish}
    with started(client, image, api.command, **how) as trial:
        reply = serves(client, trial.id, trial.port) if trial.port else None
        if reply is None or reply.json.get("debug") is not True:
            return f"DEBUG is not true in it ({criteria.described(reply) if reply is not None else trial.refusal})."
        word, port = f"Good {secrets.token_hex(4)}", trial.port or 0
        code = (setup.FILES / "app" / "library.py").read_text("utf-8").replace("Good morning", word)
        client.api.put_archive(trial.id, CODE, packed("library.py", code.encode()))
        if not eventually(lambda: word in fetch(port).body, PATIENCE):
            return "the check changed the code in it, and it did not reload."
    return ""


def both_follow() -> bool:
    """Tell whether development and the production that runs follow yet another title in the base."""
    api = services(connect(), "editions").get("api")
    return api is not None and follows(()) and follows(api.files)


def follows(files: Sequence[str]) -> bool:
    """Tell whether a title that the check writes into a copy of the base is what these files (none: the usual) say."""
    place, title = part4.folder("editions").resolve(), f"Library {secrets.token_hex(6)}"
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
