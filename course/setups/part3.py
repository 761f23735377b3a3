"""Set-ups of Part 3. What they plant is bound to the run's token, so that a check can work it out again."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import docker

from course import facts, folders, run
from course.errors import CourseError
from course.setups.part2 import BASE, PYTHON, build, remove
from course.show import Shown

APP_PORT: Final = 8000
"""Port that the apps of exercises ``first-image`` and ``cache-order`` listen on inside."""
REQUIREMENTS: Final = "flask~=3.1\ngunicorn>=23\n"
WORD: Final = "The first version"
"""What the app of exercise ``cache-order`` answers until it is edited."""
FORMS: Final = ("only-cmd", "both", "shell-form")
"""The images of exercise ``matrix``'s question."""
SECRET_FILES: Final = (".env", "deploy.pem", "services/mail/.env", "backup/2026/old.pem")
"""Files of exercise ``ignored`` that must stay out of the image."""
NEEDED_FILES: Final = (
    "start.sh",
    "docs/environment.txt",
    "services/mail/config.txt",
    "backup/2026/readme.txt",
)

_APP: Final = """\
import os

from flask import Flask

app = Flask(__name__)


@app.get("/")
def home():
    return f"{os.environ.get('GREETING', 'Hello')} from TOKEN"


@app.get("/health")
def health():
    return {"status": "ok"}


if __name__ == "__main__":  # python app.py: Flask's own server, for development only
    app.run(host="0.0.0.0", port=8000)
"""

_SLOW_APP: Final = """\
from flask import Flask

WORD = "The first version"
app = Flask(__name__)


@app.get("/")
def home():
    return WORD
"""

_GREET: Final = """\
#!/bin/sh
# Greets everybody whose name it is given. Run TOKEN
hello=Hey
if [ "$1" = --polite ]; then
    hello=Dear
    shift
fi
for who in "$@"; do
    echo "$hello [$who]"
done
"""

_CLERK: Final = """\
import os
import signal
import sys


def close(number, frame):
    print("saved", os.environ["NOTE"], flush=True)
    sys.exit(0)


signal.signal(signal.SIGTERM, close)
print("open", flush=True)
while True:
    signal.pause()
"""


def write_app() -> str:
    """Before exercise ``first-image``: write the app into its directory, and return the directory's path."""
    return plant("app", {"app.py": app_program(run.token()), "requirements.txt": REQUIREMENTS})


def app_program(word: str) -> str:
    """Return the app of exercise ``first-image`` that greets from this word."""
    return _APP.replace("TOKEN", word)


def slow_recipe() -> str:
    """Return the Dockerfile of exercise ``cache-order`` as it is planted."""
    return f"""\
FROM {PYTHON}
LABEL {run.LABEL}={run.token()}
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir -r requirements.txt
EXPOSE {APP_PORT}
CMD ["gunicorn", "--bind", "0.0.0.0:{APP_PORT}", "app:app"]
"""


def write_slow() -> str:
    """Plant ``cache-order``: an app whose Dockerfile copies everything first; return the directory's path."""
    files = {"app.py": slow_program(WORD), "requirements.txt": REQUIREMENTS, "Dockerfile": slow_recipe()}
    return plant("slow", files)


def slow_program(word: str) -> str:
    """Return the app of exercise ``cache-order`` that answers with this word."""
    return _SLOW_APP.replace(WORD, word)


def words() -> tuple[str, str]:
    """Return this run's default and argument in the question of exercise ``matrix``."""
    chance = random.Random(f"words-{run.token()}")  # noqa: S311  not a secret: the check derives it again
    default, argument = chance.sample(("sun", "moon", "sea", "wind", "rain", "snow", "hill", "lake"), 2)
    return default, argument


def forms() -> dict[str, str]:
    """Return the last lines of the three Dockerfiles in the question of exercise ``matrix``."""
    default = words()[0]
    return {
        "only-cmd": f'CMD ["echo", "hello", "{default}"]',
        "both": f'ENTRYPOINT ["echo", "hello"]\nCMD ["{default}"]',
        "shell-form": f'ENTRYPOINT echo hello\nCMD ["{default}"]',
    }


def build_forms(client: docker.DockerClient) -> Shown:
    """Plant the question of exercise ``matrix``: three images, and show how each of them starts."""
    for what, lines in forms().items():
        recipe = f"FROM {BASE}\nLABEL {run.LABEL}={run.token()}\n{lines}\n"
        build(client, {"Dockerfile": recipe}, run.name(what))
    told = "\n\n".join(f"{run.name(what)}:\n{lines}" for what, lines in forms().items())
    return Shown(told, f"<pre>{told}</pre>")


def printed_forms() -> dict[str, str]:
    """Return what the three images print when they are run with this run's argument."""
    return {"only-cmd": "error", "both": f"hello {words()[1]}", "shell-form": "hello"}


def says(client: docker.DockerClient, image: str, *arguments: str) -> str:
    """Run a throw-away container of the image with arguments, and return what it prints, or ``error``."""
    outcome = facts.run_once(client, image, arguments or None, seconds=20)
    return outcome.output.strip() if outcome is not None else "error"


def guest() -> str:
    """Return the name that exercise ``matrix``'s image greets when it is given none."""
    names = ("Ada", "Grace", "Linus", "Margaret", "Edsger", "Barbara")
    return random.Random(f"guest-{run.token()}").choice(names)  # noqa: S311


def write_greeter() -> str:
    """Plant ``matrix``: the program ``greet`` and a Dockerfile that copies it; return the directory's path."""
    path = plant("greeter", {"greet": greet_program(), "Dockerfile": f"FROM {BASE}\nCOPY greet /greet\n"})
    (folders.folder("greeter") / "greet").chmod(0o755)
    return path


def greet_program(polite: str = "Dear", plain: str = "Hey") -> str:
    """Return the program of exercise ``matrix`` that greets with these words."""
    return _GREET.replace("TOKEN", run.token()).replace("Dear", polite).replace("Hey", plain)


def clerk_recipe() -> str:
    """Return the Dockerfile of exercise ``graceful`` as it is planted."""
    return f"""\
FROM {PYTHON}
LABEL {run.LABEL}={run.token()}
ENV NOTE={run.token()}
COPY clerk.py /clerk.py
CMD python /clerk.py
"""


def clerk_program(word: str) -> str:
    """Return the program of exercise ``graceful`` that says with this word that it has saved its note."""
    return _CLERK.replace("saved", word)


def hire_clerk(client: docker.DockerClient) -> str:
    """Plant ``graceful``: directory, image and running container ``clerk``; return the directory's path.

    Raises `CourseError` if the container does not start.
    """
    clerk = run.name("clerk")
    files = {"Dockerfile": clerk_recipe(), "clerk.py": clerk_program("saved")}
    path = plant("clerk", files)
    remove(client, clerk)
    build(client, files, clerk)
    made = client.containers.run(clerk, name=clerk, labels=run.labels(), detach=True)
    for _ in range(50):
        found = facts.container(client, made.id)
        if found is None or not found.running:
            raise CourseError(f"The container {clerk} did not start; look at its log.")
        if b"open" in made.logs():
            break
    return path


def shipment_recipe() -> str:
    """Return the Dockerfile of exercise ``ignored``."""
    return f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
WORKDIR /srv
COPY . .
CMD ["sh", "start.sh"]
"""


def mark(path: str) -> str:
    """Return the word that only this file of exercise ``ignored`` holds."""
    return hashlib.sha256(f"{run.token()}:{path}".encode()).hexdigest()[:24]


def write_shipment() -> str:
    """Plant ``ignored``: a directory with files that are needed and files that are secret; return its path."""
    files = {path: f"# {mark(path)}\n" for path in (*SECRET_FILES, *NEEDED_FILES)}
    files["start.sh"] += "find . -type f\n"
    return plant("shipment", {"Dockerfile": shipment_recipe(), **files})


def plant(what: str, files: Mapping[str, str]) -> str:
    """Write files that are not there yet into one of this run's directories; return its path, seen from here."""
    return os.path.relpath(folders.plant(what, files))


def write(what: str, files: Mapping[str, str]) -> str:
    """Write files into one of this run's directories, in place of those there are; return its path, seen from here."""
    return os.path.relpath(folders.write(what, files))


def tree(path: str) -> Shown:
    """Show the files below a directory."""
    found = sorted(str(file.relative_to(path)) for file in Path(path).rglob("*") if file.is_file())
    return Shown("\n".join(found), f"<pre>{chr(10).join(found)}</pre>")
