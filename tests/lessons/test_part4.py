"""What Part 4 states, tried with Compose in a sandbox."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from autograder.sandbox import Sandbox
from tests.patience import PATIENCE

LESSON = (Path(__file__).parents[2] / "lessons" / "part4.md").read_text(encoding="utf-8")
LISTINGS = re.findall(r"^```yaml\n(.*?)^```", LESSON, re.MULTILINE | re.DOTALL)
GUEST = "{image: busybox, init: true, command: sleep infinity}"

pytestmark = [pytest.mark.sandbox, pytest.mark.full]

Compose = Callable[[str, str], str]
"""Write a Compose file in a directory of its own, run a script there, and return what it prints."""


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox for all tests."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def compose(box: Sandbox) -> Iterator[Compose]:
    """Run scripts; what they started is removed afterwards."""
    project = f"try{next(_NUMBERS)}"
    head = f"mkdir -p ~/work/{project} && cd ~/work/{project} && export COMPOSE_PROGRESS=quiet && "

    def run(file: str, script: str) -> str:
        write = f"cat > compose.yaml && {{ {script}\n}} 2>&1"
        done = box.run(["bash", "-c", head + write], file.encode(), "student", timeout=120 * PATIENCE)
        assert done.returncode == 0, done.stdout.decode()
        return done.stdout.decode().strip()

    yield run
    box.run(["sh", "-c", f"docker compose -p {project} down -v --timeout 1"], b"", "student", timeout=60 * PATIENCE)


_NUMBERS = count(1)


@pytest.mark.parametrize("listing", LISTINGS)
def test_every_listing_is_a_whole_file_that_compose_reads(listing: str, compose: Compose) -> None:
    """It can be copied into `compose.yaml` as it is."""
    compose(listing, "docker compose config --quiet")


def test_a_version_line_is_ignored_with_a_warning(compose: Compose) -> None:
    """Compose reads the file all the same."""
    said = compose('version: "3.8"\nservices: {web: {image: nginx}}', "docker compose config --quiet")
    assert "obsolete, it will be ignored" in said


def test_a_variable_comes_from_the_shell_or_else_from_the_file_env(compose: Compose) -> None:
    """Two dollars stand for one that Compose leaves alone."""
    file = "services:\n  one:\n    image: busybox\n    command: echo $WORD $${WORD} ${NONE:-default}"
    run = "docker compose run --rm --no-TTY one"
    said = compose(file, f"echo WORD=file > .env; {run}; WORD=shell {run}")
    assert said.splitlines() == ["file ${WORD} default", "shell ${WORD} default"]


def test_up_replaces_only_what_differs(compose: Compose) -> None:
    """The other service keeps its container."""
    ids = "docker compose ps --quiet one; docker compose ps --quiet two"
    before = compose(f"services: {{one: {GUEST}, two: {GUEST}}}", f"docker compose up -d --quiet-pull; {ids}").split()
    changed = GUEST.replace("init: true", "environment: {A: b}, init: true")
    after = compose(f"services: {{one: {GUEST}, two: {changed}}}", f"docker compose up -d; {ids}").split()
    assert (before[0] == after[0], before[1] == after[1]) == (True, False)


def test_stop_start_and_restart_keep_the_container_and_do_not_read_the_file(compose: Compose) -> None:
    """Only `up` brings a change of the file."""
    ids = "docker compose ps --quiet one"
    before = compose(f"services: {{one: {GUEST}}}", f"docker compose up -d; {ids}")
    changed = GUEST.replace("init: true", "environment: {A: b}, init: true")
    script = "docker compose stop -t 1; docker compose start; docker compose restart -t 1; docker compose exec one env"
    said = compose(f"services: {{one: {changed}}}", f"{script}; {ids}")
    assert before in said
    assert "A=b" not in said


def test_a_profile_keeps_a_service_out_of_up_and_run_starts_it_all_the_same(compose: Compose) -> None:
    """No orphan is removed without `--remove-orphans`."""
    file = f"services: {{one: {GUEST}, job: {{image: busybox, command: echo done, profiles: [tools]}}}}"
    said = compose(file, "docker compose up -d; docker compose ps --all --services; docker compose run --rm job")
    assert said.splitlines() == ["one", "done"]


def test_an_alias_and_a_config_do_what_the_lesson_shows(compose: Compose) -> None:
    """The page comes from the Compose file, under the other name."""
    file = f"""
services:
  web:
    image: nginx
    pull_policy: missing
    configs: [{{source: page, target: /usr/share/nginx/html/index.html}}]
    networks: {{default: {{aliases: [shop.example]}}}}
  guest: {GUEST}
configs: {{page: {{content: From a config.}}}}
"""
    fetch = "docker compose exec guest sh -c 'sleep 1; wget -q -O - http://shop.example/'"
    assert compose(file, f"docker compose up -d; {fetch}") == "From a config."


def test_extends_copies_a_service_and_include_takes_over_a_file(compose: Compose) -> None:
    """And `name` names the project, whatever the directory is called."""
    files = (
        "echo 'services: {base: {image: nginx, restart: unless-stopped}}' > common.yaml\n"
        "echo 'services: {cache: {image: redis:8}}' > stores.yaml\n"
    )
    file = "name: shop\ninclude: [stores.yaml]\nservices: {web: {extends: {file: common.yaml, service: base}}}"
    said = compose(file, f"{files} docker compose config")
    assert said.startswith("name: shop\n")
    assert "restart: unless-stopped" in said
    assert "image: redis:8" in said


def test_pull_with_the_policy_missing_fetches_nothing_that_is_there(compose: Compose) -> None:
    """For an image with a tag other than latest; the sandbox has no network, so fetching would fail."""
    compose("services: {cache: {image: 'redis:8'}}", "docker compose pull --policy missing")


def test_a_name_by_hand_stands_in_the_way_of_scaling(compose: Compose) -> None:
    """Compose says so, and starts nothing."""
    file = "services: {web: {image: nginx, container_name: only-one}}"
    said = compose(file, "docker compose up -d --scale web=3 || docker compose ps --all --quiet | wc -l")
    assert "only-one" in said
    assert said.splitlines()[-1] == "0"


def test_a_name_of_three_replicas_has_three_addresses(compose: Compose) -> None:
    """A client may take any of them."""
    said = compose(
        f"services: {{one: {GUEST}}}",
        "docker compose up -d --scale one=3; docker compose exec one nslookup -type=a one",
    )
    assert len(set(re.findall(r"^Address: (\d+\.\d+\.\d+\.\d+)$", said, re.MULTILINE))) == 3


def test_down_by_the_projects_name_needs_no_file_and_removes_what_compose_built(compose: Compose) -> None:
    """Volumes and images with it, if asked."""
    file = """
services:
  one: {build: {context: ., dockerfile_inline: FROM busybox}, command: sleep 9, init: true, volumes: ['kept:/kept']}
volumes: {kept: }
"""
    label = "label=com.docker.compose.project=$p"
    rest = f"docker ps -a -q -f {label}; docker volume ls -q -f {label}; docker image ls -q $p-one"
    script = f"p=$(basename $PWD); docker compose up -d; cd /; docker compose -p $p down -v --rmi local -t 1; {rest}"
    assert compose(file, script) == ""


def test_down_leaves_an_anonymous_volume_behind_and_the_next_up_makes_another(compose: Compose) -> None:
    """Storage without a name only looks safe."""
    mounted = "docker inspect --format '{{(index .Mounts 0).Name}}' $(docker compose ps --quiet one)"
    up = f"docker compose up -d; {mounted}"
    script = f"{up}; docker compose down -t 1; {up}; docker volume ls -q"
    first, second, *left = compose(f"services: {{one: {GUEST[:-1]}, volumes: [/kept]}}}}", script).split()
    assert first != second
    assert {first, second} <= set(left)


def test_redis_that_a_shell_starts_runs_as_redis_and_is_process_1(compose: Compose) -> None:
    """The key `user` does it: the image drops root only if the command begins with `redis-server`."""
    started = "{image: 'redis:8', command: [sh, -c, exec redis-server]%s}"
    file = f"services: {{a: {started % ', user: redis'}, b: {started % ''}}}"
    look = "cat /proc/1/comm; grep ^Uid /proc/1/status | cut -f 2"
    said = compose(file, f"docker compose up -d; for s in a b; do docker compose exec $s sh -c '{look}'; done")
    assert said.split() == ["redis-server", "999", "redis-server", "0"]
