"""The check of Part 3 on the first image: built from the student's directory, run by gunicorn, reached from outside."""

from __future__ import annotations

import secrets

from docker import DockerClient
from docker.errors import APIError

from course import run
from course.checks import criteria
from course.checks.answers import whole_number
from course.checks.building import built, copied, same_image
from course.checks.check import Check, exercise
from course.checks.fresh_containers import PATIENCE, page, serves
from course.checks.origin import from_commit
from course.checks.probing import answers_twice, eventually, last_lines, places
from course.checks.recipes import local_images
from course.engine import connect
from course.facts import Container, Image
from course.facts.http import Reply, fetch
from course.facts.main_process import children, command_line
from course.folders import folder
from course.setups import part3 as setup
from course.setups.part2 import PYTHON

_LOCALHOST = ("127.0.0.1", "0.0.0.0", "")  # noqa: S104 - compared with, not listened at


@exercise
def first_image(check: Check) -> None:
    """Require that the app's image comes from a Dockerfile, gunicorn is process 1, and the published port answers."""
    wanted = check.answer("app_port", "Run the cell that sets app_port.", read=whole_number)
    image = check.image("app", demand="from-dockerfile")
    container = check.running("app", "Its log says why it ended.")
    criteria.runs_on(check, "from-dockerfile", container, image, container.name)
    port = _port(check, container, wanted)
    serves(check.client, container.id, port, "/health")
    reply = answers_twice(port, "/health")
    check.require(
        "answers",
        reply.ok and reply.json == {"status": "ok"} and fetch(port).body.endswith(f" from {run.token()}"),
        lambda: (
            f"/health at 127.0.0.1:{port}: {criteria.described(reply)}. / is answered with: "
            f"{fetch(port).body[:60] or 'nothing'}. "
            f"Published is {places(container)}; the log ends with: {last_lines(check.client, container.id)}"
        ),
        "The log says where gunicorn listens. Inside a container, 127.0.0.1 is reached from the container only.",
    )
    check.settle()
    check.require(
        "port",
        port == wanted,
        f"Port {wanted} of this machine was asked for; the app answers at {port}.",
        "Two numbers belong to a published port: this machine's and the container's. Which one comes first?",
    )
    criteria.on_loopback(check, "on-loopback", container)
    main = command_line(check.client, container.id)
    check.require(
        "gunicorn",
        lambda: starts_a_worker(check.client, container),
        lambda: wrong_main_process(main, reply),
        "What starts in the container is written in the last line of most Dockerfiles; options of docker run may put "
        "another process in front of it.",
        seen="The check sent process 1 the signal by which gunicorn starts one more worker, and it did.",
        disturbs=True,
    )
    with check.disturbing():
        _from_dockerfile(check, image)


def answers_with(greeting: str) -> bool:
    """Tell whether a new container of the image, started by the check, answers with this greeting."""
    answer = page(connect(), run.name("app"), environment={"GREETING": greeting})
    return answer == f"{greeting} from {run.token()}"


def starts_a_worker(client: DockerClient, container: Container) -> bool:
    """Tell whether process 1 starts one more child when it gets signal TTIN; gunicorn does, and ends it after TTOU."""
    before = children(client, container.id)
    try:
        client.api.kill(container.id, "SIGTTIN")
        grown = before > 0 and eventually(lambda: children(client, container.id) > before, PATIENCE / 3)
        client.api.kill(container.id, "SIGTTOU")
    except APIError:
        return False
    return grown


def _port(check: Check, container: Container, wanted: int) -> int:
    """Return the published port at which the app answers: the one that was asked for, or another one."""
    ports = [place.host_port for place in container.ports if place.host_ip in _LOCALHOST]
    if not ports:
        check.stop(
            "answers",
            f"{container.name} publishes no port of this machine. Published is: {places(container)}.",
            f"The app's port inside is {setup.APP_PORT}.",
        )
    ports.sort(key=lambda port: port != wanted)
    return next((port for port in ports if fetch(port, "/health").ok), ports[0])


def _from_dockerfile(check: Check, image: Image) -> None:
    """Require that the image comes from the Dockerfile in the student's directory, and from nothing else."""
    name, base = run.name("app"), criteria.course_image(check, "from-dockerfile", PYTHON)
    check.require(
        "from-dockerfile",
        lambda: not from_commit(check.client, image, base),
        f"The image {name} was made by hand: a commit made its last layers. It does not say what is in it, "
        "and cannot be built again.",
        "Write the steps down as a Dockerfile, and build that.",
    )
    check.require(
        "from-dockerfile",
        image.builds_on(base),
        f"It is not based on {PYTHON}.",
        "The first line of the Dockerfile says what it is based on.",
    )
    check.settle()
    with copied(folder("app")) as directory:
        if directory is None or not all((directory / file).is_file() for file in ("Dockerfile", "app.py")):
            check.stop(
                "from-dockerfile",
                f"In the directory {name} there is no Dockerfile beside app.py that the image could come from.",
                "The file is called Dockerfile.",
            )
        others = local_images(check.client, directory)
        check.require(
            "from-dockerfile",
            not others,
            f"The Dockerfile needs {', '.join(others)}, which another machine does not have.",
            "Somebody who has only this directory has to be able to build it.",
        )
        with built(check.client, directory, image) as rebuilt:
            same_image(check, "from-dockerfile", image, rebuilt, name)
        word = secrets.token_hex(6)
        (directory / "app.py").write_text(setup.app_program(word), encoding="utf-8")
        with built(check.client, directory, image) as changed:
            answer = page(check.client, changed.id) if isinstance(changed, Image) else changed
            check.require(
                "from-dockerfile",
                answer == f"Hello from {word}" or answer.endswith(f" from {word}"),
                f"The check changed app.py in a copy and built that, and the answer was: {answer[:200] or 'none'}.",
                "What answers has to be the app.py of the directory.",
                seen="The check changed app.py in a copy of the directory and built that: the new image answers so.",
            )


def wrong_main_process(line: str, reply: Reply) -> str:
    """Return a sentence on a process 1 that is not gunicorn."""
    if not line:
        return "The container's processes cannot be listed: it has ended meanwhile."
    problem = f"Process 1 in it does not behave as gunicorn does. It is: {line[:120]}."
    if reply.server.startswith("Werkzeug"):
        return f"{problem} What answers is Flask's own server, made for development: it warns of that in the log."
    return problem
