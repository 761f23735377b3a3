"""The check of Part 3 on the first image: built from the student's directory, run by gunicorn, reached from outside."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping

from docker import DockerClient
from docker.errors import APIError, NotFound

from course import facts, run
from course.checks.building import built, copied, same_recipe
from course.checks.common import whole_number
from course.checks.origin import from_commit
from course.checks.probing import eventually, log_lines, loopback_port, places, running, steady
from course.checks.report import Report
from course.engine import connect
from course.errors import NoAnswer
from course.facts import Container, Image
from course.facts.http import Reply, fetch
from course.facts.main_process import command_line
from course.setups import part3 as setup
from course.setups.part2 import PYTHON, folder


def first_image() -> Report:
    """Exercise 19: the app's image comes from a Dockerfile, gunicorn is process 1, and the published port answers."""
    report = Report("A Flask app in an image")
    client, name = connect(), run.name("app")
    try:
        port = whole_number("app_port")
    except NoAnswer as reason:
        return report.give_up(failed=str(reason), hint="Run the cell that sets app_port.")
    base, image = facts.image(client, PYTHON), facts.image(client, name)
    if base is None or image is None:
        return report.give_up(
            failed=f"There is no image called {name}.",
            hint="Give the image that you build exactly this name.",
        )
    if not _written_down(report, client, base, image):
        return report
    found = running(client, name)
    if found is None:
        return report.give_up(failed=_not_running(client, name), hint="Its log says why it ended.")
    report.require(
        found.image_id == image.id,
        passed="The container runs on that image.",
        failed=f"The container {name} runs on another image than {name}: it was made before the last build.",
        hint="A container keeps the image that it was made from.",
        essential=True,
    )
    first = command_line(client, found.id)
    there = loopback_port(found)
    reply = steady(there, "/health") if there is not None else None
    report.require(
        _is_gunicorn(first, reply),
        passed="Process 1 in it is gunicorn.",
        failed=_wrong_first(first, reply),
        hint="What starts in the container is written in the last line of most Dockerfiles.",
        essential=True,
    )
    if reply is None:
        return report.give_up(
            failed=f"{name} publishes no port of this machine.",
            hint=f"The app's port inside is {setup.APP_PORT}.",
        )
    report.require(
        there == port,
        passed=f"It is published at the port that was asked for, {port}.",
        failed=f"Asked for was port {port} of this machine; published is {places(found)}.",
        hint="Two numbers belong to a published port. Which one comes first?",
    )
    report.require(
        reply.ok and _healthy(reply.body),
        passed=f"/health answers at 127.0.0.1:{there}, and again a moment later.",
        failed=f"/health at 127.0.0.1:{there}: {reply.problem or f'status {reply.status}'}. Published is "
        f"{places(found)}; the log ends with: {' / '.join(log_lines(client, found.id)[-2:])[:200]}",
        hint="The log says where gunicorn listens. Inside a container, 127.0.0.1 is reached from the container only.",
        essential=True,
    )
    report.require(
        lambda: run.token() in fetch(there or port).body,
        passed="/ is answered by this run's app.",
        failed="/ is not answered by this run's app.",
        hint="The app is in the directory that was printed; leave its files as they are.",
        essential=True,
    )
    return report


def answers_with(greeting: str) -> bool:
    """Tell whether a new container of the image, started by the check, answers with this greeting."""
    client = connect()
    with serving(client, run.name("app"), {"GREETING": greeting}) as port:
        return port is not None and fetch(port).body.strip() == f"{greeting} from {run.token()}"


@contextlib.contextmanager
def serving(client: DockerClient, image: str, environment: Mapping[str, str]) -> Iterator[int | None]:
    """Run a container as its image says, yield the port where its app answers (None if it does not), and remove it."""
    inside = f"{setup.APP_PORT}/tcp"
    try:
        made = client.api.create_container(
            image,
            ports=[setup.APP_PORT],
            environment=dict(environment),
            labels=run.labels(),
            host_config=client.api.create_host_config(port_bindings={inside: ("127.0.0.1", None)}),
        )["Id"]
    except APIError:
        yield None
        return
    try:
        with contextlib.suppress(APIError):
            client.api.start(made)
        found = facts.container(client, made)
        port = loopback_port(found) if found is not None else None
        yield port if port is not None and eventually(lambda: fetch(port).ok) else None
    finally:
        with contextlib.suppress(NotFound):
            client.api.remove_container(made, force=True, v=True)


def _written_down(report: Report, client: DockerClient, base: Image, image: Image) -> bool:
    """Add the criteria on where the image comes from."""
    name = run.name("app")
    report.require(
        lambda: not from_commit(client, image, base),
        passed="No layer of the image was made by hand and committed.",
        failed=f"The image {name} was made by hand: a commit made its last layers. Nobody can tell what is in it, "
        "or build it again.",
        hint="Write the steps down as a Dockerfile, and build that.",
        essential=True,
    )
    report.require(
        image.builds_on(base),
        passed=f"It stands on {PYTHON}.",
        failed=f"It does not stand on the layers of {PYTHON}.",
        hint="The first line of the Dockerfile says what it stands on.",
        essential=True,
    )
    with copied(folder("app")) as directory:
        if directory is None or not (directory / "Dockerfile").is_file():
            report.give_up(
                failed=f"In the directory {run.name('app')} there is no Dockerfile that the image could come from.",
                hint="The file is called Dockerfile, and lies beside app.py.",
            )
            return False
        with built(client, directory, image) as again:
            report.require(
                isinstance(again, Image),
                passed="The check built the directory once more, and it builds.",
                failed=f"The check built the directory once more, and that failed: {again}",
                hint="Somebody who has only this directory has to be able to build it.",
                essential=True,
            )
            report.require(
                isinstance(again, Image) and same_recipe(image, again),
                passed=f"That gives the image {name}.",
                failed=f"That gives something else than the image {name}.",
                hint="Was the Dockerfile, or a file beside it, changed after the build?",
                essential=True,
            )
    return report.share() > 0


def _healthy(body: str) -> bool:
    try:
        return bool(json.loads(body) == {"status": "ok"})
    except ValueError:
        return False


def _is_shell(line: str) -> bool:
    return line.partition(" ")[0].rpartition("/")[2] in ("sh", "bash", "dash", "ash")


def _is_gunicorn(line: str, reply: Reply | None) -> bool:
    """Tell whether process 1 is gunicorn, however it was started, and so is the server that answers."""
    served_by_it = reply is None or reply.status is None or reply.server.startswith("gunicorn")
    return "gunicorn" in line and not _is_shell(line) and served_by_it


def _wrong_first(line: str, reply: Reply | None) -> str:
    if not line:
        return "The container's processes cannot be listed: it has ended meanwhile."
    if _is_shell(line):
        return f"Process 1 in it is a shell, not gunicorn: {line[:120]}"
    found = f"Process 1 in it is not gunicorn, but: {line[:120]}."
    if reply is not None and reply.server.startswith("Werkzeug"):
        return f"{found} That is Flask's own server, made for development: it warns of that in the log."
    return found


def _not_running(client: DockerClient, name: str) -> str:
    found: Container | None = facts.container(client, name)
    if found is None:
        return f"There is no container called {name}."
    last = " / ".join(log_lines(client, found.id)[-2:])[:200]
    return f"The container {name} is {found.state}, exit code {found.exit_code}. Its log ends with: {last or 'nothing'}"
