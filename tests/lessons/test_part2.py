"""What the text of Part 2 states about Docker, tried on an Engine; each test's docstring is the statement."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from autograder.sandbox import Sandbox
from tests.autograder.sandbox.conftest import Box

pytestmark = [pytest.mark.sandbox, pytest.mark.full, pytest.mark.xdist_group("lesson of part 2")]

SHELF = b"FROM busybox\nRUN mkdir /shelf && touch /shelf/a /shelf/b\n"


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """A sandbox, shared by the tests of this module."""
    with Sandbox() as sandbox:
        yield Box(sandbox)


@pytest.fixture(scope="module")
def shelf(box: Box) -> str:
    """An image with two files in ``/shelf``."""
    box.sh("docker build --quiet --tag shelf -", input=SHELF)
    return "shelf"


def test_removing_a_container_that_runs_is_refused(box: Box) -> None:
    """``docker rm`` does not remove a container that runs; with ``--force`` it does."""
    box.sh("docker run --detach --init --name runs busybox sleep 300")
    assert "container is running" in box.try_("docker rm runs").stderr.decode()
    box.sh("docker rm --force runs")


def test_a_log_holds_what_the_main_program_writes_and_nothing_else(box: Box) -> None:
    """What ``exec`` starts writes nothing to the log, and the container goes on when it ends."""
    box.sh("docker run --detach --init --name talks busybox sh -c 'echo main; sleep 300'")
    assert box.sh("docker exec talks echo beside") == "beside"
    assert box.sh("docker logs talks") == "main"
    assert box.sh("docker inspect --format '{{.State.Status}}' talks") == "running"


def test_a_here_document_is_the_input_of_the_shell_inside(box: Box) -> None:
    """The quotes leave ``$$`` to the shell in the container, which is process 1 there."""
    script = "docker run -i --rm busybox sh <<'END'\necho \"I am process $$\"\nEND\n"
    assert box.sh(script) == "I am process 1"


def test_a_container_that_is_started_again_has_its_files_and_settings_and_no_memory(box: Box) -> None:
    """Files and ``--env`` are there in the second run; a variable of the first shell is not."""
    box.sh("docker run -i --name again --env given=yes busybox sh <<'END'\nset=yes; echo here > /file\nexit\nEND\n")
    line = 'echo "$(cat /file) [$given] [$set]"'
    assert box.sh(f"docker start -ai again <<'END'\n{line}\nEND\n") == "here [yes] []"


def test_rmi_takes_a_name_away_while_the_image_has_another(box: Box) -> None:
    """It says *Untagged*, and the image stays."""
    assert box.sh("docker tag busybox spare; docker rmi spare").startswith("Untagged: spare")
    box.sh("docker image inspect busybox")


def test_a_port_without_an_address_is_open_on_every_address(box: Box) -> None:
    """``-p 8080:80`` means 0.0.0.0."""
    box.sh("docker run --detach --name open --publish 8080:80 nginx")
    assert "0.0.0.0:8080" in box.sh("docker port open 80")


def test_a_wrong_port_inside_resets_and_a_wrong_port_outside_refuses(box: Box) -> None:
    """Docker accepts the connection (curl 56), and where nothing is published there is none (curl 7)."""
    box.sh("docker run --detach --name wrong --publish 127.0.0.1:8081:81 nginx")
    assert box.try_("curl --silent http://127.0.0.1:8081/").returncode == 56
    assert box.try_("curl --silent http://127.0.0.1:8082/").returncode == 7


def test_a_random_port_is_not_kept_in_the_settings(box: Box) -> None:
    """The settings say that no particular port was asked for, and a restart gives another one."""
    box.sh("docker run --detach --name lucky --publish 127.0.0.1::80 nginx")
    before = box.sh("docker port lucky 80")
    box.sh("docker restart --time 1 lucky")
    assert box.sh("docker port lucky 80") != before
    assert re.search(r"\{127\.0\.0\.1 0?\}", box.sh("docker inspect --format '{{.HostConfig.PortBindings}}' lucky"))


def test_a_volume_is_filled_whenever_it_is_empty_as_a_container_is_made(box: Box, shelf: str) -> None:
    """A new one, and one that was emptied; starting a container again fills nothing, and a full one is left alone."""
    box.sh(f"docker create --name early --volume books:/shelf {shelf} ls /shelf")
    run = f"docker run --rm --volume books:/shelf {shelf}"
    assert box.sh("docker run --rm --volume books:/x busybox ls /x").split() == ["a", "b"]
    box.sh(f"{run} sh -c 'rm /shelf/*'")
    assert box.sh("docker start --attach early") == ""
    assert box.sh(f"{run} ls /shelf").split() == ["a", "b"]
    box.sh(f"{run} rm /shelf/a")
    assert box.sh(f"{run} ls /shelf") == "b"


def test_an_empty_directory_hides_what_the_image_has(box: Box, shelf: str) -> None:
    """A bind mount is never filled."""
    assert box.sh(f"mkdir -p bare; docker run --rm --volume $PWD/bare:/shelf {shelf} ls /shelf") == ""


def test_a_volume_without_a_name_has_64_digits(box: Box) -> None:
    """Docker keeps an anonymous volume when its container is removed."""
    box.sh("docker run --name nameless --volume /data busybox true; docker rm nameless")
    assert any(re.fullmatch("[0-9a-f]{64}", name) for name in box.sh("docker volume ls --quiet").split())


def test_the_short_form_makes_a_missing_directory_and_mount_refuses(box: Box) -> None:
    """``-v`` makes the source as an empty directory, ``--mount`` says that it is missing."""
    assert box.sh("docker run --rm -v $PWD/made:/x busybox ls /x; ls -d made") == "made"
    refused = box.try_("docker run --rm --mount type=bind,source=$PWD/missing,target=/x busybox ls /x")
    assert refused.returncode == 125
    assert "missing" in refused.stderr.decode()


def test_a_tmpfs_without_a_size_may_take_half_of_the_memory(box: Box) -> None:
    """With a size, writing more gets an error."""
    rows = box.sh("docker run --rm --tmpfs /t busybox sh -c 'df -k /t | tail -1; grep MemTotal /proc/meminfo'").split()
    assert abs(int(rows[1]) / int(rows[-2]) - 0.5) < 0.01
    full = box.try_("docker run --rm --tmpfs /t:size=4m busybox dd if=/dev/zero of=/t/f bs=1M count=5")
    assert (full.returncode, b"No space left on device" in full.stderr) == (1, True)


def test_a_tmpfs_counts_as_memory_of_the_container(box: Box) -> None:
    """Above the container's memory limit the program is killed, before the tmpfs is full."""
    fill = "dd if=/dev/zero of=/t/f bs=1M count=64"
    assert box.try_(f"docker run --rm --memory 32m --tmpfs /t:size=100m busybox {fill}").returncode == 137


def test_the_engine_answers_for_names_only_on_networks_that_somebody_made(box: Box) -> None:
    """There the name server is 127.0.0.11; on the default network it is the host's, which knows no containers."""
    box.sh("docker network create street")
    for network, name in (("street", "house"), ("bridge", "tower")):
        box.sh(f"docker run --detach --init --name {name} --network {network} busybox sleep 300")
    servers = "docker run --rm --network {} busybox grep nameserver /etc/resolv.conf"
    assert box.sh(servers.format("street")) == "nameserver 127.0.0.11"
    assert "127.0.0.11" not in box.sh(servers.format("bridge"))
    box.sh("docker run --rm --network street busybox ping -c 1 house")
    assert "bad address" in box.try_("docker run --rm busybox ping -c 1 tower").stderr.decode()
    assert "active endpoints" in box.try_("docker network rm street").stderr.decode()


def test_a_container_can_have_a_name_for_the_host(box: Box) -> None:
    """``host-gateway`` is the host's address as the container sees it."""
    run = "docker run --rm --add-host host.docker.internal:host-gateway busybox grep internal /etc/hosts"
    assert re.match(r"[\d.]+\s+host\.docker\.internal", box.sh(run))
