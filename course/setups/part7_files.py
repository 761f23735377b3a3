"""Set-ups of Part 7 on files: a volume in which a container may not write, a directory that it fills as root."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import docker

from course import run
from course.folders import folder, plant
from course.setups.dice import chance
from course.setups.part2 import BASE, build, remove
from course.show import Shown

ARCHIVE: Final = "/archive"
WRITER: Final = "write-entries"
"""Name of the program that writes in exercise ``permission``."""
PAGES: Final = "/pages"
PRINTER: Final = "print-pages"
"""Name of the program that writes in exercise ``bind-owner``."""

_WRITE_ENTRIES: Final = """\
#!/bin/sh
while echo "$(date) $(hostname)" >> /archive/entries; do
    sleep 0.3
done
echo "write-entries: giving up, as user $(id -u)" >&2
exit 1
"""

_PRINT_PAGES: Final = """\
#!/bin/sh
cd /pages || exit 1
while page=$(mktemp page-XXXXXX); do
    echo "Printed by $(hostname) as user $(id -u)" > "$page"
    chmod 644 "$page"
    ls -t page-* | tail -n +6 | xargs rm -f
    sleep 0.7
done
echo "print-pages: cannot make a file in /pages, as user $(id -u)" >&2
exit 1
"""


def scribe_user() -> int:
    """Return the number of the user as which the scribe of exercise ``permission`` runs."""
    return chance("scribe").randint(1100, 1999)


def first_entry() -> str:
    """Return the line that is in the archive from the beginning."""
    return f"First entry of {run.token()}"


def scribe_files() -> dict[str, str]:
    """Return the files of exercise ``permission``'s image, by name."""
    recipe = f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
COPY {WRITER} /bin/{WRITER}
RUN chmod 755 /bin/{WRITER}
USER {scribe_user()}
CMD ["{WRITER}"]
"""
    return {"Dockerfile": recipe, WRITER: _WRITE_ENTRIES}


def hire_scribe(client: docker.DockerClient) -> Shown:
    """Plant ``permission``: a volume that belongs to root, and a container that may not write there as its user."""
    scribe, archive = run.name("scribe"), run.name("archive")
    remove(client, scribe)
    build(client, scribe_files(), scribe)
    client.volumes.create(archive, labels=run.labels())
    mounts = {archive: {"bind": ARCHIVE, "mode": "rw"}}
    lines = f'cd {ARCHIVE} && echo "{first_entry()}" > entries && chown -R 0:0 . && chmod 755 . && chmod 644 entries'
    client.containers.run(BASE, ["sh", "-c", lines], remove=True, labels=run.labels(), volumes=mounts)
    client.containers.run(scribe, name=scribe, labels=run.labels(), init=True, detach=True, volumes=mounts).wait(
        timeout=20
    )
    return Shown(f"The container {scribe} has the volume {archive} at {ARCHIVE}.")


def pages() -> Path:
    """Return the directory of exercise ``bind-owner``."""
    return folder("pages")


def press_files() -> dict[str, str]:
    """Return the files of exercise ``bind-owner``'s image, by name."""
    recipe = f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
COPY {PRINTER} /bin/{PRINTER}
RUN chmod 755 /bin/{PRINTER}
CMD ["{PRINTER}"]
"""
    return {"Dockerfile": recipe, PRINTER: _PRINT_PAGES}


def start_press(client: docker.DockerClient) -> Path:
    """Plant ``bind-owner``: a directory of the student's, and a container that fills it as root; return its path."""
    press, place = run.name("press"), plant("pages", {"README.txt": f"Pages of run {run.token()}\n"})
    remove(client, press)
    build(client, press_files(), press)
    client.containers.run(
        press,
        name=press,
        labels=run.labels(),
        init=True,
        detach=True,
        volumes={str(place): {"bind": PAGES, "mode": "rw"}},
    )
    return place
