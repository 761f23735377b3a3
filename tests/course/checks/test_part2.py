"""What Part 2 reads, probes and draws, without an Engine."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from course.checks.part2_storage import miscounted
from course.checks.probing import is_loopback
from course.facts import Container
from course.facts.container import Json, Mount
from course.facts.http import fetch
from course.views.ports import draw as draw_ports
from course.views.storage import MountRow
from course.views.storage import draw as draw_storage

PLACES = (("127.0.0.1", "8080"), ("0.0.0.0", "8081"))


def container(data: Json) -> Container:
    """Return a container of which ``inspect`` says this."""
    return Container.read({"Id": "1" * 64, **data})


def test_the_flag_tmpfs_and_a_mount_of_that_type_are_read_alike() -> None:
    """Inspect writes the one under HostConfig.Tmpfs, the other under Mounts and HostConfig.Mounts."""
    flag = container({"HostConfig": {"Tmpfs": {"/scratch": "size=16m,mode=1777"}}, "Mounts": []})
    asked = {"Type": "tmpfs", "Target": "/scratch", "TmpfsOptions": {"SizeBytes": 16 << 20}}
    shown = {"Type": "tmpfs", "Source": "", "Destination": "/scratch", "RW": True}
    mount = container({"HostConfig": {"Mounts": [asked]}, "Mounts": [shown]})
    assert flag.mount("/scratch/") == mount.mount("/scratch") == Mount("tmpfs", "", "/scratch", True, 16 << 20)


@pytest.mark.parametrize(
    ("options", "size"),
    [("", None), ("size=16M", 16 << 20), ("ro,size=2048k", 2 << 20), ("size=4096", 4096), ("size=50%", None)],
)
def test_the_size_of_a_tmpfs_is_read_in_bytes(options: str, size: int | None) -> None:
    """Units are 1024-fold; a share of the memory is no size of its own."""
    mount = container({"HostConfig": {"Tmpfs": {"/scratch": options}}}).mount("/scratch")
    assert mount is not None
    assert mount.size == size


@pytest.mark.parametrize(
    "host",
    [
        {"Binds": ["books:/shelf:nocopy"]},
        {"Mounts": [{"Type": "volume", "Target": "/shelf/", "VolumeOptions": {"NoCopy": True}}]},
    ],
)
def test_a_volume_that_must_not_be_filled_is_told_apart(host: dict[str, Any]) -> None:
    """Both ways of writing nocopy count, and a plain volume copies."""
    shown = [{"Type": "volume", "Name": "books", "Destination": "/shelf", "RW": True}]
    with_it, without = (container({"HostConfig": h, "Mounts": shown}).mount("/shelf") for h in (host, {}))
    assert with_it is not None
    assert without is not None
    assert (with_it.copies, without.copies) == (False, True)


def test_a_volume_without_a_name_is_known_by_its_digits() -> None:
    """Engine 28 leaves the name out if it was asked for through Binds; the path tells it."""
    shown = {
        "Type": "volume",
        "Source": f"/var/lib/docker/volumes/{'ab' * 32}/_data",
        "Destination": "/data",
        "RW": True,
    }
    mount = container({"Mounts": [shown]}).mount("/data")
    assert mount is not None
    assert mount.source == "ab" * 32


def test_addresses_come_from_the_networks() -> None:
    """The old address at the top of NetworkSettings is not read; missing keys count as empty."""
    networks = {"net": {"IPAddress": "172.18.0.2", "Aliases": ["api"]}, "off": None}
    found = container({"NetworkSettings": {"IPAddress": "172.17.0.9", "Networks": networks}})
    assert {name: place.ip_address for name, place in found.networks.items()} == {
        "net": "172.18.0.2",
        "off": "",
    }
    assert found.networks["net"].aliases == ("api",)
    host = found.host_config
    assert (host.network_mode, host.extra_hosts, host.port_bindings) == ("default", (), ())


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("::", False), ("", False)],
)
def test_only_loopback_addresses_count_as_this_machine_only(address: str, expected: bool) -> None:
    """An empty address means all addresses."""
    assert is_loopback(address) is expected


@contextmanager
def listening(answer: bool) -> Iterator[int]:
    """Run a server on a free port that answers, or cuts every connection off."""
    if answer:
        server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
        server.RequestHandlerClass.log_message = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
        server.server_close()
        return
    with socket.create_server(("127.0.0.1", 0)) as plain:
        threading.Thread(target=lambda: plain.accept()[0].close(), daemon=True).start()
        yield plain.getsockname()[1]


def test_an_answer_a_cut_connection_and_no_connection_are_told_apart() -> None:
    """A published port without a program behind it connects and is cut; an unpublished one refuses."""
    with listening(answer=True) as port:
        assert fetch(port).status == 501  # the plain handler knows no GET
    with listening(answer=False) as port:
        assert "was cut" in fetch(port).problem
    gone = fetch(port)
    assert ("no connection" in gone.problem, gone.connected) == (True, False)


def test_ports_for_everybody_are_told_apart_without_colour() -> None:
    """The picture's words and the border say who reaches a port, and text is escaped."""
    here, everywhere = ({"HostIp": address, "HostPort": port} for address, port in PLACES)
    ports = {"80/tcp": [here], "81/tcp": [everywhere]}
    found = container({"State": {"Status": "running"}, "NetworkSettings": {"Ports": ports}})
    idle = container({"State": {"Status": "exited"}})
    picture = draw_ports([("<web>", found), ("gone", None), ("idle", idle)])
    assert "127.0.0.1:8080 of this machine (this machine only) leads to 80/tcp" in picture.description
    assert "0.0.0.0:8081 of this machine (others reach it too)" in picture.description
    assert "gone: does not exist" in picture.description
    assert "idle: exited, publishes nothing." in picture.description
    assert picture.svg().count("stroke-dasharray") == 1
    assert "<web>" not in picture.svg()


def test_containers_on_one_volume_lead_to_one_box() -> None:
    """The volume is drawn once; a volume that nobody mounts and a container with nothing are noted."""
    volume = Mount("volume", "books", "/shelf", True)
    rows = [MountRow("a", volume), MountRow("b", volume), MountRow("c", None, "has nothing mounted")]
    picture = draw_storage(rows)
    assert picture.svg().count(">books<") == 1
    assert "c has nothing mounted." in picture.description
    alone = draw_storage([MountRow("", volume, "no container mounts it")])
    assert "volume, books: no container mounts it." in alone.description


def test_two_numbers_of_files_that_are_swapped_are_known() -> None:
    """Both right, and each in the other's place."""
    assert "are swapped: they are 0 and 12" in miscounted(0, 12, (12, 0))
    assert "in_volume is 3 and in_bind is 4" in miscounted(3, 4, (12, 0))
