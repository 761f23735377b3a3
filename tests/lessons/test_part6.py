"""What Part 6 states as a fact, tried on a sandbox's Engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.results import Limits
from autograder.sandbox import Sandbox

pytestmark = [pytest.mark.sandbox, pytest.mark.full]

BASE = """
mkdir -p $HOME/{0} && cd $HOME/{0}
cat > compose.yaml <<'END'
{1}
END
"""


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """One sandbox for all tests of this module; each has a project of its own."""
    with Sandbox(Limits(seconds=400)) as sandbox:
        yield sandbox


def output(box: Sandbox, project: str, compose: str, script: str) -> str:
    """Return what a script prints that runs in a directory with this Compose file."""
    text = f"{BASE.format(project, compose)}\n{script}"
    return box.run(["bash", "-c", f"exec 2>&1\n{text}"]).stdout.decode()


MERGED = """
services:
  web:
    image: nginx
    environment: {COLOUR: grey, SIZE: small}
    volumes: ["./pages:/pages"]
"""


def test_lists_are_added_and_names_are_merged(box: Sandbox) -> None:
    """An empty list takes nothing away; `!reset` does, and `!override` replaces."""
    script = """
    merged() { printf 'services: {web: {%s}}' "$1" > more.yaml; docker compose -f compose.yaml -f more.yaml config; }
    for more in 'volumes: []' 'volumes: [".:/other"]' 'volumes: !reset []' \
        'volumes: !override [".:/new"]' 'environment: {COLOUR: blue}'; do
        echo "== $more"; merged "$more" | grep -E 'target:|COLOUR:|SIZE:'
    done
    """
    found = [" ".join(part.split()[-20:]) for part in output(box, "merged", MERGED, script).split("== ")[1:]]
    empty, added, reset, override, names = found
    assert "target: /pages" in empty
    assert "target: /pages" in added
    assert "target: /other" in added
    assert "target:" not in reset
    assert "target: /new" in override
    assert "/pages" not in override.partition("COLOUR:")[2]
    assert "COLOUR: blue SIZE: small" in names


def test_the_override_file_is_read_only_where_no_file_is_named(box: Sandbox) -> None:
    """So development is what `docker compose up` starts."""
    script = """
    echo 'services: {web: {image: busybox}}' > compose.override.yaml
    docker compose config --images; docker compose -f compose.yaml config --images
    """
    assert output(box, "override", MERGED, script).split() == ["busybox", "nginx"]


SLEEPER = """
services:
  web:
    image: busybox
    init: true
    command: sleep 1000
    ports: ["127.0.0.1::80"]
"""


def test_a_one_off_container_publishes_nothing_and_outlives_down(box: Sandbox) -> None:
    """Only `--remove-orphans` takes it along."""
    script = """
    docker compose run --name once web true >/dev/null 2>&1
    docker inspect --format '{{.HostConfig.PortBindings}}' once
    docker compose down --volumes >/dev/null 2>&1; docker ps --all --filter name=once --format '{{.Names}}'
    docker compose down --remove-orphans >/dev/null 2>&1; docker ps --all --filter name=once --format 'left {{.Names}}'
    """
    lines = output(box, "once", SLEEPER, script).splitlines()
    assert lines == ["map[]", "once"]


def test_replicas_cannot_share_a_port_of_the_host(box: Sandbox) -> None:
    """The first one has it."""
    script = "docker compose up --detach --scale web=2; docker compose down --timeout 1"
    fixed = SLEEPER.replace("127.0.0.1::80", "127.0.0.1:8080:80")
    assert "already allocated" in output(box, "shared", fixed, script)


FILES = """
services:
  web:
    image: busybox
    init: true
    command: sleep 1000
    volumes: ["./one.txt:/one.txt:ro", "./all:/all:ro"]
"""


def test_a_mounted_file_that_is_replaced_stays_the_old_one_until_a_restart(box: Sandbox) -> None:
    """A file in a mounted directory is the new one at once."""
    script = """
    mkdir -p all; echo old > one.txt; echo old > all/two.txt
    docker compose up --detach >/dev/null 2>&1
    sed -i s/old/new/ one.txt all/two.txt
    docker compose exec -T web cat /one.txt /all/two.txt </dev/null
    docker compose restart --timeout 1 >/dev/null 2>&1
    docker compose exec -T web cat /one.txt </dev/null
    docker compose down --timeout 1 >/dev/null 2>&1
    """
    assert output(box, "files", FILES, script).split() == ["old", "new", "new"]


DATABASE = """
services:
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: word}
    volumes: ["data:/var/lib/postgresql/data"]
    healthcheck:
      test: ["CMD", "pg_isready", "--host", "127.0.0.1", "--username", "postgres"]
      start_period: 60s
      start_interval: 500ms
volumes: {data: {}}
"""


def test_a_copy_of_a_stopped_servers_volume_is_the_database(box: Sandbox) -> None:
    """In a new volume, with a new container, as on another machine."""
    script = """
    docker compose up --detach --wait >/dev/null
    docker compose exec -T db psql -U postgres -qc 'CREATE TABLE t AS SELECT generate_series(1, 41)' </dev/null
    docker compose stop db >/dev/null
    docker run --rm --volume stopped_data:/data:ro busybox tar -cf - -C /data . > data.tar
    docker compose down --volumes >/dev/null
    docker volume create copy
    docker run --rm -i --volume copy:/data busybox tar -xf - -C /data < data.tar
    docker run --detach --name copy --volume copy:/var/lib/postgresql/data postgres:17
    until docker exec copy pg_isready --quiet --host 127.0.0.1; do sleep 0.5; done
    docker exec copy psql -U postgres -Atc 'SELECT count(*) FROM t'
    """
    assert output(box, "stopped", DATABASE, script).split()[-1] == "41"
