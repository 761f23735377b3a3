"""The doctor: each thing that can be wrong has its line and its repair, on each kind of machine."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_engine import HANG, INFO, VERSION, FakeEngine, fake_engine

import course
from course import diagnosis, distribution, endpoint, repairs
from course.diagnosis import Diagnosis, Mark, commands, engine, kernel, ports
from course.distribution import Distribution
from course.facts import Completed
from course.facts.http import Reply
from course.repairs import Place

HEALTHY = """
case "$*" in
    --version) echo "Docker version 29.1.0, build abc" ;;
    "buildx version") echo "github.com/docker/buildx v0.30.1 abc" ;;
    "build --help") echo "Usage:  docker buildx build [OPTIONS] PATH | URL | -" ;;
    "compose version") echo "Docker Compose version v5.0.2" ;;
    "version --format {{json .}}") echo '{"Client": {"DefaultAPIVersion": "1.52", "ApiVersion": "1.51"}}' ;;
esac
"""


DEBIAN_13 = Distribution("debian", (), "Debian 13", "trixie")
APT = """
echo "docker.io:
  Installed: (none)
  Candidate: 26.1.5+dfsg1-9+b1
docker-cli:
  Installed: (none)
  Candidate: 26.1.5+dfsg1-9+b1
docker-compose:
  Installed: (none)
  Candidate: 2.26.1-4
docker-buildx:
  Installed: (none)
  Candidate: 0.13.1+ds1-3"
"""


class Machine:
    """A machine whose command docker and Engine do what a test wants; its system is Debian 13."""

    def __init__(self, folder: Path, fake: FakeEngine) -> None:
        self.folder, self.engine = folder, fake
        self.docker(HEALTHY)
        (folder / "apt-cache").write_text(f"#!/bin/sh\n{APT}")
        (folder / "apt-cache").chmod(0o755)

    def docker(self, script: str | None) -> None:
        """Put another command ``docker`` in place, or none."""
        path = self.folder / "docker"
        path.unlink(missing_ok=True)
        if script is not None:
            path.write_text(f"#!/bin/sh\n{script}")
            path.chmod(0o755)

    def look(self, *images: str) -> dict[str, Diagnosis]:
        """What the doctor finds, by what it is about."""
        return {one.about: one for one in diagnosis.examine(images)}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """A machine on which all is well, but that its containers are no real ones."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/engine.sock")
    monkeypatch.setenv("DOCKER_COURSE_RUN", "doctor1")
    for variable in ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "config"))
    monkeypatch.setattr(repairs, "place", lambda: Place.LINUX)
    monkeypatch.setattr(distribution, "this", lambda: DEBIAN_13)
    monkeypatch.setattr(engine, "SECONDS_TO_ANSWER", 0.5)
    monkeypatch.setattr(engine, "SECONDS_TO_WORK", 0.7)
    monkeypatch.setattr(ports, "TIMEOUT", 0.3)
    monkeypatch.setattr(engine, "run_helper", lambda *_: Completed(0, _df(20 << 20)))
    monkeypatch.setattr(kernel, "kernelspec", lambda about: Diagnosis(about, Mark.OK, ""))
    with fake_engine(tmp_path / "engine.sock") as fake:
        fake.answers["/images/busybox/json"] = {"Id": "sha256:1"}
        yield Machine(tmp_path / "bin", fake)


def _df(free: int) -> str:
    return f"Filesystem 1024-blocks Used Available Capacity Mounted on\noverlay {40 << 20} 1 {free} 1% /\n"


def _published(fake: FakeEngine, port: int) -> None:
    ports_ = {f"{ports.INSIDE}/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]}
    fake.answers |= {
        "/containers/create": (201, {"Id": "c1"}),
        "/containers/c1/start": (204, None),
        "/containers/c1/json": {"Id": "c1", "NetworkSettings": {"Ports": ports_}},
        "/containers/c1": (204, None),
    }


def test_a_healthy_machine_has_nothing_to_repair(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line is ✓, the versions are shown, and the container of the doctor's own is removed."""
    _published(machine.engine, 1)
    monkeypatch.setattr(ports.secrets, "token_hex", lambda _: "word")
    monkeypatch.setattr(ports, "fetch", lambda port, seconds: Reply(200, "word\n"))
    found = machine.look("busybox")
    assert {one.mark for one in found.values()} == {Mark.OK}, found
    assert found["Docker command"].found == "29.1.0"
    assert found["Compose"].found == "5.0.2"
    assert found["buildx"].found == "0.30.1"
    assert found["API versions"].found.endswith("1.24 to 1.51, docker-py 1.51, the command docker up to 1.52")
    assert found["Disk"].found == "/var/lib/docker: 20.0 GiB of 40.0 GiB free"
    assert "DELETE /containers/c1" in machine.engine.asked
    assert diagnosis.summary(list(found.values())) == "All that the course needs is there."


UNKNOWN = "echo 'docker: unknown command' >&2; exit 1"


@pytest.mark.parametrize(
    ("script", "about", "found", "repair"),
    [
        (None, "Docker command", "no command docker", "apt-get install docker-cli"),
        (None, "Compose", "which is missing", "apt-get install docker-compose"),
        ("echo 'podman version 5.4.2'", "Docker command", "Podman's stand-in", "podman-docker"),
        (
            "echo 'not in this WSL 2 distro'; exit 1",
            "Docker command",
            "not in this WSL 2 distro",
            "apt-get install docker-cli",
        ),
        ("exec sleep 60", "Docker command", "no answer within", "apt-get install docker-cli"),
        (UNKNOWN, "Compose", "not installed", "apt-get install docker-compose"),
        (UNKNOWN, "buildx", "not installed", "apt-get install docker-buildx"),
        ("echo 'exec format error' >&2; exit 1", "buildx", "exec format error", "apt-get install docker-buildx"),
        ("echo Docker Compose version 2.17.3", "Compose", "2.17.3 is too old", "apt-get install docker-compose"),
    ],
)
def test_what_is_wrong_with_the_command_and_its_plug_ins(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    script: str | None,
    about: str,
    found: str,
    repair: str,
) -> None:
    """Missing, another program's, broken, hanging, or too old: each is told apart."""
    monkeypatch.setattr(commands.say, "__kwdefaults__", {"seconds": 0.5})
    monkeypatch.setenv("PATH", str(machine.folder) + (":/bin" if script else ""))
    machine.docker(script)
    one = machine.look()[about]
    assert one.mark is Mark.FAILED
    assert found in one.found
    assert repair in one.repair


def test_an_old_buildx_is_advice_only(machine: Machine) -> None:
    """It builds; one command of Part 3 comes with a newer one."""
    machine.docker("echo github.com/docker/buildx 0.13.1")
    one = machine.look()["buildx"]
    assert (one.mark, "0.13.1 is old" in one.found) == (Mark.ADVICE, True)


def test_a_docker_that_builds_without_buildx(machine: Machine) -> None:
    """Before docker 23 it is there, and `docker build` does not use it until it is told to."""
    machine.docker(HEALTHY.replace("docker buildx build", "docker build"))
    one = machine.look()["buildx"]
    assert one.mark is Mark.FAILED
    assert "docker build does not use it" in one.found
    assert one.repair == "docker buildx install"


def test_no_engine_is_one_failure_and_the_rest_is_not_looked_at(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One line says how to start it; whatever hangs on it has a dash."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    found = machine.look()
    assert found["Engine"].mark is Mark.FAILED
    assert f"No Docker Engine answers at unix://{tmp_path}/none.sock: no such file" in found["Engine"].found
    assert "sudo systemctl start docker" in found["Engine"].repair
    assert "DOCKER_HOST" in found["Engine"].repair
    rest = ("Permission", "API versions", "Memory", "cgroups", "Images", "Disk", "Ports")
    assert {found[about].mark for about in rest} == {Mark.UNKNOWN}
    assert [one.about for one in found.values() if one.mark is Mark.FAILED] == ["Engine"]


def test_a_context_that_is_gone_is_named_with_its_repair(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Docker Desktop was removed, and its context is still in use: no word on permissions, no Engine to start."""
    monkeypatch.delenv("DOCKER_HOST")
    config = Path(os.environ["DOCKER_CONFIG"])
    config.mkdir()
    (config / "config.json").write_text('{"currentContext": "desktop-linux"}')
    found = machine.look()
    assert found["Permission"].mark is Mark.UNKNOWN
    assert found["Engine"].mark is Mark.FAILED
    assert found["Engine"].found == "There is no Docker context 'desktop-linux'."
    assert "docker context use default" in found["Engine"].repair
    assert "systemctl" not in found["Engine"].repair
    monkeypatch.setenv("DOCKER_CONTEXT", "other")
    found = machine.look()
    assert found["Engine"].found == "There is no Docker context 'other'."
    assert "unset DOCKER_CONTEXT" in found["Engine"].repair


def test_an_engine_behind_ssh_is_said_to_be_unsupported(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What works is named: the project on that machine, reached through a tunnel."""
    monkeypatch.setenv("DOCKER_HOST", "ssh://me@far.example")
    one = machine.look()["Engine"]
    assert one.mark is Mark.FAILED
    assert "behind SSH, which the course does not support" in one.found
    assert "ssh -L 8888:localhost:8888 me@far.example" in one.repair
    assert "unset DOCKER_HOST" in one.repair


def test_a_credential_helper_that_is_gone_is_advice(machine: Machine) -> None:
    """The course goes on without credentials; the doctor names the helper and the file that asks for it."""
    config = Path(os.environ["DOCKER_CONFIG"])
    config.mkdir()
    helpers = '{"credsStore": "desktop.exe", "credHelpers": {"registry.example": "here"}}'
    (config / "config.json").write_text(helpers)
    helper = machine.folder / "docker-credential-here"
    helper.write_text("#!/bin/sh\n")
    helper.chmod(0o755)
    one = machine.look()["Credentials"]
    assert one.mark is Mark.ADVICE
    assert "docker-credential-desktop.exe" in one.found
    assert "docker-credential-here" not in one.found
    assert str(config / "config.json") in one.repair
    assert endpoint.dead_helpers() == ["docker-credential-desktop.exe"]


def test_a_socket_that_nobody_listens_on(machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The Engine was stopped, and its socket is still there."""
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "left.sock"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/left.sock")
    found = machine.look()
    assert found["Permission"].mark is Mark.OK
    assert "connection refused" in found["Engine"].found


def test_an_engine_that_hangs_costs_seconds_only(machine: Machine) -> None:
    """At its first word, or later: one line says so, and nothing waits for it again."""
    machine.engine.answers["/version"] = HANG
    started = time.monotonic()
    one = machine.look()["Engine"]
    assert (one.mark, "says nothing for 0.5 s" in one.found) == (Mark.FAILED, True)
    assert "systemctl restart docker" in one.repair
    machine.engine.answers |= {"/version": VERSION, "/info": HANG}
    found = machine.look()
    assert "said nothing for 0.7 s" in found["Memory"].found
    assert [found[about].mark for about in ("cgroups", "Disk", "Ports")] == [Mark.UNKNOWN] * 3
    assert time.monotonic() - started < 6


@pytest.mark.parametrize(
    ("mine", "groups", "found", "repair"),
    [
        (False, [], "permission denied", "usermod -aG docker"),
        (True, [], "before that", "Log out and in again"),
    ],
)
def test_no_permission(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, mine: bool, groups: list[int], found: str, repair: str
) -> None:
    """Not in the group, or in it since the last login only; the Engine is not asked then."""
    import grp
    import pwd

    user = pwd.getpwuid(os.getuid()).pw_name
    monkeypatch.setattr(engine.os, "access", lambda *_: False)
    monkeypatch.setattr(engine.os, "getgroups", lambda: groups)
    monkeypatch.setattr(grp, "getgrnam", lambda _: SimpleNamespace(gr_mem=[user] if mine else [], gr_gid=998))
    looked = machine.look()
    assert looked["Permission"].mark is Mark.FAILED
    assert found in looked["Permission"].found
    assert repair in looked["Permission"].repair
    assert looked["Engine"].mark is Mark.UNKNOWN


@pytest.mark.parametrize(
    ("version", "about", "mark", "found", "repair"),
    [
        ({"ApiVersion": "1.40"}, "API versions", Mark.FAILED, "the course needs 1.41", "Update it"),
        ({"ApiVersion": "1.43"}, "API versions", Mark.ADVICE, "no repairs any more", "Update it"),
        ({"Os": "windows"}, "Engine", Mark.FAILED, "Windows containers", "Switch to Linux containers"),
        (
            {"Components": [{"Name": "Podman Engine"}]},
            "Engine",
            Mark.FAILED,
            "Podman",
            "systemctl start docker",
        ),
    ],
)
def test_an_engine_that_will_not_do(
    machine: Machine, version: dict[str, Any], about: str, mark: Mark, found: str, repair: str
) -> None:
    """Too old, for Windows, or not Docker's."""
    machine.engine.answers["/version"] = VERSION | version
    one = machine.look()[about]
    assert one.mark is mark
    assert found in one.found
    assert repair in one.repair


def test_a_command_and_an_engine_that_do_not_understand_each_other(machine: Machine) -> None:
    """An old command at a new Engine is told so by the Engine, and the doctor passes it on."""
    machine.docker("echo 'Error: client version 1.41 is too old. Minimum is 1.44' >&2; exit 1")
    one = machine.look()["API versions"]
    assert one.mark is Mark.FAILED
    assert "do not understand each other: Error: client version 1.41 is too old" in one.found
    assert "docker-cli" in one.repair


@pytest.mark.parametrize(
    ("info", "where", "about", "mark", "found", "repair"),
    [
        ({"MemTotal": 900 << 20}, Place.LINUX, "Memory", Mark.FAILED, "0.9 GiB", "more memory"),
        ({"MemTotal": 900 << 20}, Place.WSL, "Memory", Mark.FAILED, "0.9 GiB", ".wslconfig"),
        ({"MemTotal": 1500 << 20}, Place.MACOS, "Memory", Mark.ADVICE, "1.5 GiB", "colima"),
        (
            {"MemTotal": 1500 << 20, "OperatingSystem": "Docker Desktop"},
            Place.MACOS,
            "Memory",
            Mark.ADVICE,
            "1.5 GiB",
            "Settings, Resources",
        ),
        ({"MemoryLimit": False}, Place.LINUX, "cgroups", Mark.FAILED, "cannot limit", "cgroup_enable=memory"),
        ({"CgroupVersion": "1"}, Place.LINUX, "cgroups", Mark.OK, "version 1, which works", ""),
    ],
)
def test_what_the_engine_says_of_its_machine(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    info: dict[str, Any],
    where: Place,
    about: str,
    mark: Mark,
    found: str,
    repair: str,
) -> None:
    """Memory and control groups, with the repair that this kind of machine needs."""
    monkeypatch.setattr(repairs, "place", lambda: where)
    machine.engine.answers["/info"] = INFO | info
    one = machine.look()[about]
    assert one.mark is mark
    assert found in one.found
    assert repair in one.repair


@pytest.mark.parametrize(
    ("free", "mark", "found"),
    [
        (100 << 10, Mark.FAILED, "0.1 GiB of 40.0 GiB free"),
        (1 << 20, Mark.ADVICE, "1.0 GiB of 40.0 GiB free"),
    ],
)
def test_little_room_on_the_engines_disk(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, free: int, mark: Mark, found: str
) -> None:
    """What takes it, and what removes it, is in the repair; never a prune of everything."""
    monkeypatch.setattr(engine, "run_helper", lambda *_: Completed(0, _df(free)))
    one = machine.look()["Disk"]
    assert one.mark is mark
    assert found in one.found
    assert "docker system df" in one.repair
    assert "system prune" not in one.repair


def test_an_engine_that_can_start_no_container(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the disk's line says so, with the way to the Engine's own message."""
    monkeypatch.setattr(engine, "run_helper", lambda *_: None)
    one = machine.look()["Disk"]
    assert (one.mark, "no container could be started" in one.found) == (Mark.FAILED, True)
    assert "docker run --rm busybox true" in one.repair


def test_missing_images_are_named(machine: Machine) -> None:
    """With both ways to get them; what needs a container of busybox is not looked at without it."""
    del machine.engine.answers["/images/busybox/json"]
    found = machine.look("nginx", "busybox")
    assert found["Images"].found == "missing: nginx, busybox"
    assert "docker-course images ensure" in found["Images"].repair
    assert "docker pull nginx && docker pull busybox" in found["Images"].repair
    assert found["Disk"].mark is found["Ports"].mark is Mark.UNKNOWN


def test_a_port_that_the_engine_cannot_publish(machine: Machine) -> None:
    """The Engine's own words, the repair, and nothing left."""
    _published(machine.engine, 1)
    refusal = (500, {"message": "driver failed programming external connectivity"})
    machine.engine.answers["/containers/c1/start"] = refusal
    one = machine.look()["Ports"]
    assert one.mark is Mark.FAILED
    assert "cannot publish a port: driver failed programming" in one.found
    assert "systemctl restart docker" in one.repair
    assert machine.engine.asked[-1] == "DELETE /containers/c1"


def test_a_published_port_that_nothing_answers_at(machine: Machine) -> None:
    """A real connection is tried at the port that the Engine named."""
    port = course.free_port()
    _published(machine.engine, port)
    one = machine.look()["Ports"]
    assert one.mark is Mark.FAILED
    assert f"published at 127.0.0.1:{port}, and cannot be reached there: no connection" in one.found
    assert "VPN" in one.repair


def test_an_engine_on_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its ports are published there: this, and not the firewall, is the repair."""
    for address, elsewhere in (
        ("tcp://192.0.2.7:2376", True),
        ("tcp://127.0.0.1:2375", False),
    ):
        monkeypatch.setenv("DOCKER_HOST", address)
        assert bool(ports._elsewhere()) is elsewhere
    assert "on another machine (ssh://far)" in repairs.reach_ports("ssh://far")


def test_a_proxy_that_takes_the_requests_to_this_machine(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The port answers, and the lesson's requests would still not get there."""
    _published(machine.engine, 1)
    monkeypatch.setattr(ports.secrets, "token_hex", lambda _: "word")
    monkeypatch.setattr(ports, "fetch", lambda port, seconds: Reply(200, "word\n"))
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    one = machine.look()["Ports"]
    assert one.mark is Mark.FAILED
    assert "http://proxy.example:3128" in one.found
    assert "no_proxy=127.0.0.1,localhost" in one.repair
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    assert machine.look()["Ports"].mark is Mark.OK


def _spec(folder: Path, program: str) -> None:
    place = folder / "kernels" / kernel.NAME
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(f'{{"argv": ["{program}"], "display_name": "x", "language": "python"}}')


def test_the_kernel_is_installed_and_has_the_course() -> None:
    """As `make environment` leaves it."""
    one = kernel.kernelspec("Kernel")
    assert (one.mark, one.found) == (Mark.OK, f"docker-course starts {sys.executable}")


def test_a_kernel_without_the_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is found first may be of an older installation."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    bare.chmod(0o755)
    _spec(tmp_path, str(bare))
    one = kernel.kernelspec("Kernel")
    assert one.mark is Mark.FAILED
    assert f"starts {bare}, which does not have the course: ModuleNotFoundError: No module named 'course'" in one.found
    assert "make environment" in one.repair
    assert "kernelspec remove docker-course" in one.repair


def test_no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """The repair installs the course again."""
    monkeypatch.setattr(kernel, "NAME", "docker-course-of-nobody")
    one = kernel.kernelspec("Kernel")
    assert one.mark is Mark.FAILED
    assert "not installed" in one.found
    assert "make environment" in one.repair


def test_a_look_that_breaks_is_a_line_too(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never an exception: neither before the Engine is reached nor after."""

    def broken(*_: object) -> Diagnosis:
        raise ZeroDivisionError("bug")

    monkeypatch.setattr(commands, "client", broken)
    monkeypatch.setattr(engine, "memory", broken)
    found = machine.look()
    for about in ("Docker command", "Memory"):
        assert (found[about].mark, found[about].found) == (Mark.FAILED, "The doctor could not look: bug")
    assert found["cgroups"].mark is Mark.OK


@pytest.mark.parametrize("where", Place)
def test_every_kind_of_machine_has_repairs_of_its_own(where: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """No systemctl where there is none, no Docker Desktop on a plain Linux."""
    monkeypatch.setattr(repairs, "place", lambda: where)
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    said = [repairs.start_engine(), repairs.restart_engine(), repairs.update_engine(), repairs.join_group()]
    said += [repairs.publish_again(), repairs.install("buildx")]
    assert all(said)
    text = "\n".join(said)
    assert ("systemctl" in text) is (where in (Place.LINUX, Place.WSL))
    assert ("Docker Desktop" in text) is (where is not Place.LINUX)


@pytest.mark.parametrize(
    ("system", "release", "where"),
    [
        ("Linux", "6.12.48-amd64", Place.LINUX),
        ("Linux", "6.6.87.2-microsoft-standard-WSL2", Place.WSL),
        ("Darwin", "25.1.0", Place.MACOS),
        ("Windows", "11", Place.WINDOWS),
    ],
)
def test_the_kind_of_machine_is_known(system: str, release: str, where: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """WSL is a Linux that names Microsoft as its kernel's maker."""
    monkeypatch.setattr(repairs.platform, "system", lambda: system)
    monkeypatch.setattr(repairs.platform, "release", lambda: release)
    assert repairs.place() is where


SHOWN = """
import course, docker
print(course.doctor("nginx", "python:3.13-slim"))
print(docker.from_env().containers.list(all=True))
"""


@pytest.mark.sandbox
def test_all_is_well_in_a_sandbox() -> None:
    """As the student there: every line is ✓, a port is really published and reached, and no container is left."""
    from autograder.sandbox import Sandbox

    with Sandbox() as box:
        done = box.run(["/opt/docker-course/venv/bin/python", "-c", SHOWN])
    *lines, end, left = done.stdout.decode().splitlines()
    assert [line[0] for line in lines] == ["✓"] * 13, "\n".join(lines) + done.stderr.decode()
    assert "✓ Ports: A container was published at 127.0.0.1 and reached there." in lines
    assert end == "All that the course needs is there."
    assert left == "[]"


def test_a_cell_shows_text_and_html(machine: Machine) -> None:
    """Each line has its mark, its repair below it, and the HTML a word for who does not see the mark."""
    machine.docker(UNKNOWN)
    shown = course.doctor()
    lines = shown.text.splitlines()
    place = lines.index("✗ Compose: The plug-in is not installed: there is no docker compose. Parts 4 and 6 need it.")
    assert lines[place + 1] == "    → sudo apt-get install docker-compose"
    assert lines[-1].endswith("then ask the doctor again.")
    assert '<span role="img" aria-label="to be repaired">✗</span> <strong>Compose</strong>' in shown.html


def test_the_command_line_prints_the_lines_and_ends_with_a_status(machine: Machine) -> None:
    """1 if anything is to be repaired; all images of the catalogue are asked for."""
    from typer.testing import CliRunner

    from autograder.cli import app
    from autograder.images import load

    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert "✓ Docker command 29.1.0" in done.output
    names = [image.short for image in load().image if image.short != "busybox"]
    assert f"✗ Images         missing: {', '.join(names)}" in done.output
    assert "    → In the project's folder:  .venv/bin/docker-course images ensure" in done.output
    for name in names:
        machine.engine.answers[f"/images/{name}/json"] = {"Id": "sha256:1"}
    machine.docker(HEALTHY)
    _published(machine.engine, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ports.secrets, "token_hex", lambda _: "word")
        patch.setattr(ports, "fetch", lambda port, seconds: Reply(200, "word\n"))
        done = CliRunner().invoke(app, ["doctor"])
    # Not `output`: a broken connection of the stand-in tells of itself on the other stream.
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "All that the course needs is there.")
