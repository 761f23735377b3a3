"""What Part 7 states about Docker, tried on an Engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.sandbox import Sandbox
from tests.autograder.sandbox.conftest import Box

pytestmark = [pytest.mark.sandbox, pytest.mark.full, pytest.mark.xdist_group("part 7's facts")]


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """A sandbox that all facts are tried in."""
    with Sandbox() as sandbox:
        yield Box(sandbox)


def test_builder_prune_keeps_what_the_next_build_can_use(box: Box) -> None:
    """Without ``--all`` only cache goes that no build refers to; with it, the same build starts from the beginning."""
    build = "printf 'FROM busybox\\nRUN echo one\\nRUN echo two\\n' | docker build --progress plain - 2>&1"
    cached = f"{build} | grep -c CACHED || true"
    box.sh(build)
    box.sh("docker builder prune --force")
    assert box.sh(cached) == "2"
    box.sh("docker builder prune --force --all")
    assert box.sh(cached) == "0"


def test_only_one_command_removes_a_volume_with_a_name() -> None:
    """``system prune --all --volumes`` spares it, and removes images with a name."""
    with Sandbox() as sandbox:  # one that nothing else needs
        box = Box(sandbox)
        anonymous = box.sh("docker volume create named >/dev/null; docker volume create")
        assert anonymous in box.sh("docker volume ls --quiet").split()
        box.sh("docker system prune --all --volumes --force")
        assert box.sh("docker image ls --quiet") == ""
        assert box.sh("docker volume ls --quiet") == "named"
        box.sh("docker volume prune --force")
        assert box.sh("docker volume ls --quiet") == "named"
        box.sh("docker volume prune --all --force")
        assert box.sh("docker volume ls --quiet") == ""


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("busybox true", "0"),
        ("busybox sh -c 'sleep 60 & kill -9 $!; wait $!'", "137"),
        ("busybox sh -c 'exit 255'", "255"),
        ("busybox no-such-command", "127"),
        ("busybox /etc/passwd", "126"),
        ("--no-such-option busybox", "125"),
    ],
)
def test_exit_codes(box: Box, command: str, code: str) -> None:
    """The table of exit codes, and that not every code above 128 is a signal."""
    assert box.sh(f"docker run --rm {command} >/dev/null 2>&1; echo $?") == code


def test_out_of_memory_is_noted_of_any_process(box: Box) -> None:
    """``OOMKilled`` can be true of a container that is running: one of its processes was killed."""
    box.sh(
        "docker run --detach --name greedy --memory 32m python:3.13-slim sh -c "
        "'python -c \"x = bytearray(200 << 20)\"; sleep 600'"
    )
    format = "{{.State.Status}} {{.State.OOMKilled}}"
    look = f"docker inspect --format '{format}' greedy"
    box.sh(f"for i in $(seq 100); do [ \"$({look})\" = 'running true' ] && exit; sleep .1; done; {look}; exit 1")


def test_a_failed_attempt_is_left_behind_with_128(box: Box) -> None:
    """It is *created*, and keeps its name."""
    box.sh("docker run --detach --publish 127.0.0.1:8123:80 nginx")
    assert box.try_("docker run --detach --name late --publish 127.0.0.1:8123:80 nginx").returncode != 0
    assert box.sh("docker inspect --format '{{.State.Status}} {{.State.ExitCode}}' late") == "created 128"
    assert "already in use" in box.try_("docker run --name late busybox true").stderr.decode()


def test_the_engines_name_server_is_on_networks_that_somebody_made(box: Box) -> None:
    """There it answers for containers and aliases; on the default network the host's servers stand in the file."""
    box.sh("docker network create lane; docker run --detach --network lane --network-alias store nginx")
    assert "127.0.0.11" in box.sh("docker run --rm --network lane busybox cat /etc/resolv.conf")
    assert "127.0.0.11" not in box.sh("docker run --rm busybox cat /etc/resolv.conf")
    assert box.try_("docker run --rm --network lane busybox wget -q -O /dev/null http://store/").returncode == 0


def test_a_wrong_name_server_leaves_the_names_of_containers_alone(box: Box) -> None:
    """``--dns`` is for all other names: it stands as an external server."""
    box.sh("docker network create yard; docker run --detach --name inside --network yard nginx")
    run = "docker run --rm --network yard --dns 192.0.2.1 busybox"
    assert "ExtServers: [192.0.2.1]" in box.sh(f"{run} cat /etc/resolv.conf")
    assert box.try_(f"{run} wget -q -O /dev/null http://inside/").returncode == 0
    assert box.try_(f"{run} timeout 3 nslookup example.com").returncode != 0


def test_the_clients_settings_give_containers_a_proxy(box: Box) -> None:
    """Both spellings, though the command does not say so; an empty value takes one out."""
    settings = '{"proxies": {"default": {"httpProxy": "http://proxy.example:3128"}}}'
    box.sh(f"mkdir -p client; echo '{settings}' > client/config.json")
    found = box.sh("docker --config client run --rm --env http_proxy= busybox env")
    assert "HTTP_PROXY=http://proxy.example:3128" in found.splitlines()
    assert "http_proxy=http://proxy.example:3128" not in found.splitlines()


def test_an_internal_network_has_no_default_route(box: Box) -> None:
    """Another one has."""
    box.sh("docker network create --internal vault; docker network create open")
    assert "default" not in box.sh("docker run --rm --network vault busybox ip route")
    assert "default" in box.sh("docker run --rm --network open busybox ip route")


def test_files_in_a_bind_mount_belong_to_the_user_who_makes_them(box: Box) -> None:
    """Root's stay root's; the directory's owner may delete them all the same."""
    box.sh("mkdir -p out; docker run --rm --volume $PWD/out:/out busybox touch /out/by-root")
    box.sh("docker run --rm --volume $PWD/out:/out --user $(id -u):$(id -g) busybox touch /out/by-me")
    assert box.sh("stat -c %u out/by-root") == "0"
    assert box.sh("stat -c %u:%g out/by-me") == box.sh("echo $(id -u):$(id -g)")
    assert box.try_("echo more >> out/by-root").returncode != 0
    assert box.try_("docker run --rm --volume $PWD/out:/out --user 1234 busybox touch /out/c").returncode != 0
    box.sh("rm -f out/by-root; [ ! -e out/by-root ]")
    box.sh("docker run --rm --volume $PWD/made:/made busybox true")
    assert box.sh("stat -c %u made") == "0"


def test_a_sidecar_sees_what_a_container_without_a_shell_does(box: Box) -> None:
    """Its processes, its ports and its files, while nothing runs in it."""
    recipe = "FROM busybox AS tools\\nFROM scratch\\nCOPY --from=tools /bin/busybox /httpd\\n"
    recipe += 'ENTRYPOINT ["/httpd", "-f", "-p", "8000"]\\n'
    box.sh(f"printf '{recipe}' | docker build --quiet --tag bare -; docker run --detach --name bare bare")
    assert box.try_("docker exec bare sh").returncode == 127
    beside = "docker run --rm --network container:bare --pid container:bare busybox"
    assert "/httpd -f -p 8000" in box.sh(f"{beside} ps")
    assert ":8000" in box.sh(f"{beside} netstat -ltn")
    assert "httpd" in box.sh(f"{beside} ls /proc/1/root/")
