"""The check of Part 3 on the first image: built from the student's directory, run by gunicorn, reached from outside."""

from __future__ import annotations

import json

from course import run
from course.checks import criteria
from course.checks.answers import whole_number
from course.checks.building import built, copied, same_image
from course.checks.check import Check, exercise
from course.checks.fresh_containers import page
from course.checks.origin import from_commit
from course.checks.probing import answers_twice, last_lines, loopback_port, places
from course.engine import connect
from course.facts import Image
from course.facts.http import Reply, fetch
from course.facts.main_process import command_line
from course.folders import folder
from course.setups import part3 as setup
from course.setups.part2 import PYTHON


@exercise
def first_image(check: Check) -> None:
    """Require that the app's image comes from a Dockerfile, gunicorn is process 1, and the published port answers."""
    wanted = check.answer("app_port", "Run the cell that sets app_port.", read=whole_number)
    image = check.image("app")
    _written_down(check, image)
    container = check.running("app", "Its log says why it ended.")
    criteria.runs_on(check, container, image, container.name)
    main = command_line(check.client, container.id)
    port = loopback_port(container)
    reply = answers_twice(port, "/health") if port is not None else Reply(None)
    check.gate(
        is_gunicorn(main, reply),
        "Process 1 in it is gunicorn.",
        lambda: wrong_main_process(main, reply),
        "What starts in the container is written in the last line of most Dockerfiles.",
    )
    port = criteria.published_port(
        check,
        container,
        f"{container.name} publishes no port of this machine.",
        f"The app's port inside is {setup.APP_PORT}.",
    )
    criteria.at_port(check, container, wanted)
    check.gate(
        reply.ok and _healthy(reply.body),
        f"/health answers at 127.0.0.1:{port}, and again a moment later.",
        lambda: (
            f"/health at 127.0.0.1:{port}: {reply.problem or f'status {reply.status}'}. "
            f"Published is {places(container)}; the log ends with: {last_lines(check.client, container.id)}"
        ),
        "The log says where gunicorn listens. Inside a container, 127.0.0.1 is reached from the container only.",
    )
    check.gate(
        run.token() in fetch(port).body,
        "/ is answered by this run's app.",
        "/ is not answered by this run's app.",
        "The app is in the directory that was printed; leave its files as they are.",
    )


def answers_with(greeting: str) -> bool:
    """Tell whether a new container of the image, started by the check, answers with this greeting."""
    answer = page(connect(), run.name("app"), environment={"GREETING": greeting})
    return answer == f"{greeting} from {run.token()}"


def _written_down(check: Check, image: Image) -> None:
    """Require that the image comes from a Dockerfile in the student's directory; stop if it does not."""
    name, base = run.name("app"), criteria.course_image(check, PYTHON)
    check.gate(
        lambda: not from_commit(check.client, image, base),
        "No layer of the image was made by hand and committed.",
        f"The image {name} was made by hand: a commit made its last layers. It does not say what is in it, "
        "and cannot be built again.",
        "Write the steps down as a Dockerfile, and build that.",
    )
    check.gate(
        image.builds_on(base),
        f"It stands on {PYTHON}.",
        f"It does not stand on the layers of {PYTHON}.",
        "The first line of the Dockerfile says what it stands on.",
    )
    with copied(folder("app")) as directory:
        if directory is None or not (directory / "Dockerfile").is_file():
            check.stop(
                f"In the directory {name} there is no Dockerfile that the image could come from.",
                "The file is called Dockerfile, and lies beside app.py.",
            )
        with built(check.client, directory, image) as rebuilt:
            same_image(check, image, rebuilt, name, weight=2)


def _healthy(body: str) -> bool:
    try:
        return bool(json.loads(body) == {"status": "ok"})
    except ValueError:
        return False


def _is_shell(line: str) -> bool:
    return line.partition(" ")[0].rpartition("/")[2] in ("sh", "bash", "dash", "ash")


def is_gunicorn(line: str, reply: Reply) -> bool:
    """Tell whether process 1 is gunicorn, however it was started, and so is the server that answers."""
    served_by_it = reply.status is None or reply.server.startswith("gunicorn")
    return "gunicorn" in line and not _is_shell(line) and served_by_it


def wrong_main_process(line: str, reply: Reply) -> str:
    """Return a sentence on a process 1 that is not gunicorn."""
    if not line:
        return "The container's processes cannot be listed: it has ended meanwhile."
    if _is_shell(line):
        return f"Process 1 in it is a shell, not gunicorn: {line[:120]}"
    problem = f"Process 1 in it is not gunicorn, but: {line[:120]}."
    if reply.server.startswith("Werkzeug"):
        return f"{problem} That is Flask's own server, made for development: it warns of that in the log."
    return problem
