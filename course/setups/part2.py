"""Set-ups of Part 2. What they plant is bound to the run's token, what they hide to its seed."""

from __future__ import annotations

import io
import random
import tarfile
from pathlib import Path
from typing import Final

import docker
from docker.errors import NotFound

from course import run
from course.folders import folder as folder  # for notebooks, too
from course.folders import plant
from course.ports import free_port
from course.setups.planting import planted
from course.show import Shown

BASE: Final = "busybox"
SERVER: Final = "nginx"
PYTHON: Final = "python:3.13-slim"
PAGES: Final = "/usr/share/nginx/html"
"""Where nginx looks for its pages."""
SHOP_PORT: Final = 8000
"""Port that the planted program of exercise ``reachable`` listens on."""
MEBIBYTE: Final = 1 << 20

_WORDS: Final = ("amber", "birch", "cedar", "heron", "lemon", "maple", "otter", "plum", "raven", "thyme")

_SHOP: Final = """\
import hashlib, http.server, os

LISTEN = os.environ.get("LISTEN", "127.0.0.1")
SECRET = os.environ["SHOP_SECRET"]


class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = hashlib.sha256((SECRET + self.path).encode()).hexdigest().encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


print(f"The shop listens on {LISTEN}, port 8000.", flush=True)
http.server.ThreadingHTTPServer((LISTEN, 8000), Shop).serve_forever()
"""

# wget of BusyBox has no time limit for looking a name up, so `timeout` gives one to the whole.
_CALLER: Final = """\
#!/bin/sh
while true; do
    if page=$(timeout 2 wget -q -O - "http://$BACKEND/"); then
        echo "answer from $BACKEND"
    else
        echo "no answer from $BACKEND"
    fi
    sleep 0.5
done
"""


def shell_word() -> str:
    """Return the word that exercise ``shell`` writes into a file."""
    rng = random.Random(f"shell-{run.token()}")  # noqa: S311  not a secret
    return f"{rng.choice(_WORDS)}-{rng.randint(1000, 9999)}"


def crowd_ports(client: docker.DockerClient) -> Shown:
    """Before exercise ``random-port``: let the Engine give some ports away, so that its next one is no fixed number."""
    count = random.Random(f"ports-{run.token()}").randint(3, 30)  # noqa: S311  not a secret
    asked = {f"{8000 + number}/tcp": ("127.0.0.1", None) for number in range(count)}
    crowd = client.containers.run(BASE, ["sleep", "60"], ports=asked, labels=run.labels(), init=True, detach=True)
    crowd.remove(force=True)
    return Shown("Ready: some ports of this machine were in use for a moment, as they are on any busy machine.")


def shop_recipe() -> dict[str, str]:
    """Return the files of exercise ``reachable``'s image, by name."""
    recipe = f"""\
FROM {PYTHON}
LABEL {run.LABEL}={run.token()}
ENV SHOP_SECRET={run.token()}
COPY shop.py /shop.py
EXPOSE {SHOP_PORT}
CMD ["python", "/shop.py"]
"""
    return {"Dockerfile": recipe, "shop.py": _SHOP}


def open_shop(client: docker.DockerClient) -> int:
    """Plant ``reachable``: the image and container ``shop``, published on 127.0.0.1, and return the port there."""
    shop = run.name("shop")
    remove(client, shop)
    build(client, shop_recipe(), shop)
    port = free_port()
    client.containers.run(
        shop,
        name=shop,
        labels=run.labels(),
        init=True,
        detach=True,
        ports={f"{SHOP_PORT}/tcp": ("127.0.0.1", port)},
    )
    return port


def diary_line() -> str:
    """Return the line of exercise ``survivor`` that has to outlive its container."""
    return f"Remember {random.Random(f'diary-{run.token()}').getrandbits(64):016x}"  # noqa: S311


def shelf_count() -> int:
    """Return the number of files on the shelf of exercise ``filled``'s image."""
    return random.Random(f"shelf-{run.seed()}").randint(3, 9)  # noqa: S311


@planted
def fill_shelf(client: docker.DockerClient) -> Shown:
    """Plant ``filled``: the image ``shelf`` with files in ``/shelf``."""
    recipe = f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
RUN mkdir /shelf && for n in $(seq {shelf_count()}); do echo {run.token()} > /shelf/book-$n; done
CMD ["sleep", "86400"]
"""
    build(client, {"Dockerfile": recipe}, run.name("shelf"))
    return Shown(f"Built {run.name('shelf')}.")


def make_bare() -> Path:
    """Plant ``filled``: the empty directory ``bare``, and return its path."""
    return plant("bare", {})


def write_site() -> Path:
    """Plant ``read-only``: the directory ``site`` with a page, and return its path."""
    return plant("site", {"index.html": site_page() + "\n"})


def site_page() -> str:
    """Return the page of exercise ``read-only``."""
    return f"<h1>The site of run {run.token()}</h1>"


def scratch_megabytes() -> int:
    """Return the size that exercise ``tmpfs`` asks for, in MiB."""
    return random.Random(f"scratch-{run.token()}").randint(9, 40)  # noqa: S311


def hire_caller(client: docker.DockerClient) -> Shown:
    """Plant ``by-name``: the image ``caller``, which asks ``$BACKEND`` for its page twice a second."""
    build(client, caller_files(), run.name("caller"))
    return Shown(f"Built {run.name('caller')}.")


def caller_files() -> dict[str, str]:
    """Return the files of exercise ``by-name``'s image, by name."""
    return asking("call", _CALLER)


def asking(program: str, text: str) -> dict[str, str]:
    """Return the files of an image that runs one shell program, which asks ``$BACKEND`` for its page."""
    recipe = f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
ENV BACKEND=nobody
COPY {program} /bin/{program}
RUN chmod 755 /bin/{program}
CMD ["{program}"]
"""
    return {"Dockerfile": recipe, program: text}


def build(client: docker.DockerClient, files: dict[str, str], tag: str) -> None:
    """Build an image from files in memory; one of them is called ``Dockerfile``."""
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    context.seek(0)
    client.images.build(fileobj=context, custom_context=True, tag=tag, rm=True, forcerm=True)


def remove(client: docker.DockerClient, name: str) -> None:
    """Remove a container with its unnamed volumes, if there is one of this name."""
    try:
        client.api.remove_container(name, force=True, v=True)
    except NotFound:
        return
