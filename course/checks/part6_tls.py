"""The check of Part 6 on TLS: the certificate that nginx shows, where it and its key come from, who reaches it."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from typing import Final, NamedTuple

from docker import DockerClient
from docker.types import Mount

from course import facts
from course.checks import criteria
from course.checks.check import Check, exercise
from course.checks.compose_projects import need_running, need_services, services
from course.checks.fresh_containers import PATIENCE
from course.checks.probing import eventually, loopback_port
from course.checks.searching import Secret, find_secret
from course.engine import connect
from course.facts import Container
from course.facts.exec import run_helper
from course.facts.http import fetch
from course.facts.tls import TlsReply, fetch_over_tls
from course.folders import folder
from course.setups import part6_production as setup
from course.setups.part4 import PYTHON

_BETWEEN: Final = "=== key"
_ANOTHER_PAIR: Final = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 2 -subj /CN=localhost "
    f"-keyout /tmp/key -out /tmp/crt 2>/dev/null && cat /tmp/crt && echo {_BETWEEN} && cat /tmp/key"
)
_READ: Final = f"cd /folder && cat {setup.CERTIFICATE} && echo {_BETWEEN} && cat {setup.KEY}"
_WRITE: Final = f'cd /folder && printf %s "$1" > {setup.CERTIFICATE} && printf %s "$2" > {setup.KEY}'
"""Writes into the files that are there, because a container may have mounted just these."""


class Pair(NamedTuple):
    """A certificate and its key, as text."""

    certificate: str
    key: str

    @property
    def der(self) -> bytes:
        """The certificate as a server shows it, the first one of several; empty if there is none."""
        first, end, _ = self.certificate.strip().partition(ssl.PEM_FOOTER)
        try:
            return ssl.PEM_cert_to_DER_cert(first + end)
        except ValueError:
            return b""


@exercise
def tls(check: Check) -> None:
    """Require nginx to show the certificate of the directory, and another one when the check has exchanged it."""
    client = check.client
    web = need_running(check, "encrypted", need_services(check, "encrypted", "front", "web")["web"])
    with check.disturbing():
        pair = check.need(
            "encrypted",
            _read(client),
            f"{setup.CERTIFICATE} or {setup.KEY} is missing in {folder('front')}.",
            "A cell above the exercise makes both.",
        )
    port = check.need(
        "encrypted",
        loopback_port(web, setup.TLS_PORT),
        f"{web.name} publishes no port at 127.0.0.1.",
        "Which port of the container does a browser ask for https?",
    )
    reply = _settled(port)
    check.require(
        "encrypted",
        not reply.problem and setup.page() in reply.body,
        lambda: _no_answer(port, reply),
        "What does nginx listen for, which port is published, and what does its log say?",
    )
    check.settle()
    check.require(
        "encrypted",
        reply.certificate == pair.der,
        f"What nginx shows is not the certificate in {setup.CERTIFICATE}.",
        "A server reads its certificate when it starts.",
    )
    check.settle()
    _key_in_no_image(check, web, pair)
    check.settle()
    criteria.on_loopback(check, "on-loopback", web)
    if not _mounted(check, web):
        return
    with check.disturbing():
        other = _other_pair(client)
        if other is None:
            check.stop("mounted", "The check could not make another certificate.", "Run this cell again.")
        with _exchanged(client, web, pair, other):
            shown = _eventually_shows(client, web, other.der)
    check.require(
        "mounted",
        shown,
        f"The check put another certificate and key into {folder('front').name}/certs and restarted {web.name}: "
        "nginx did not show that certificate.",
        "A copy is as old as the moment it was made.",
        seen="The check put another certificate and key there and restarted nginx, which showed that one.",
    )


def _no_answer(port: int, reply: TlsReply) -> str:
    if reply.problem and fetch(port).ok:
        return f"At 127.0.0.1:{port} nginx speaks plain HTTP: anybody on the way can read everything."
    return f"At https://127.0.0.1:{port}: {reply.problem or 'that is not the page of this run'}."


def _settled(port: int) -> TlsReply:
    eventually(lambda: not fetch_over_tls(port).problem)
    return fetch_over_tls(port)


def _key_in_no_image(check: Check, web: Container, pair: Pair) -> None:
    base = criteria.course_image(check, "no-key", "nginx")
    lines = pair.key.strip().splitlines()
    key = Secret(lines[len(lines) // 2] if len(lines) > 2 else pair.key)
    hits = find_secret(check.client, web.image, key, skip=base.layers) if web.image != base.id else []
    check.require(
        "no-key",
        not hits,
        lambda: (
            f"The key is in the image of {web.name}, in /{hits[0].path[:80]}: anybody who gets the image has the key."
        ),
        "What a COPY brings in is in a layer for good.",
    )


def _mounted(check: Check, web: Container) -> bool:
    """Require that the directory, or something in it, is mounted, and read-only."""
    place = folder("front").name
    mounts = [
        mount
        for mount in web.mounts
        if mount.type == "bind" and (f"{place}/certs" in mount.source or mount.source.rstrip("/").endswith(place))
    ]
    if not check.require(
        "mounted",
        bool(mounts),
        f"Nothing of {place}/certs is mounted into {web.name}.",
        "Compare the mounts that inspect shows.",
    ):
        return False
    writable = [mount.target for mount in mounts if mount.writable]
    return check.require(
        "mounted",
        not writable,
        f"{web.name} may write at {', '.join(writable)}: an attacker in nginx could exchange your certificate.",
        "Inspect shows RW for each mount; it has to be false.",
    )


def _read(client: DockerClient) -> Pair | None:
    """Return what is in the student's files; the examiner itself may not read a key."""
    return _pair(run_helper(client, ["sh", "-c", _READ], mounts=[_folder(read_only=True)]))


def _other_pair(client: DockerClient) -> Pair | None:
    return _pair(facts.run_once(client, PYTHON, ["sh", "-c", _ANOTHER_PAIR]))


def _pair(outcome: facts.Completed | None) -> Pair | None:
    if outcome is None or not outcome.ok:
        return None
    certificate, _, key = outcome.output.partition(f"{_BETWEEN}\n")
    return Pair(certificate, key) if key else None


@contextlib.contextmanager
def _exchanged(client: DockerClient, web: Container, pair: Pair, other: Pair) -> Iterator[None]:
    """Have another certificate and key in the student's directory, and nginx restarted, and both undone afterwards."""
    _write(client, other)
    client.api.restart(web.id, timeout=2)
    try:
        yield
    finally:
        _write(client, pair)
        client.api.restart(web.id, timeout=2)


def _write(client: DockerClient, pair: Pair) -> None:
    run_helper(client, ["sh", "-c", _WRITE, "sh", pair.certificate, pair.key], mounts=[_folder()])


def _folder(*, read_only: bool = False) -> Mount:
    return Mount("/folder", str(folder("front")), type="bind", read_only=read_only)


def _eventually_shows(client: DockerClient, web: Container, certificate: bytes) -> bool:
    def shows() -> bool:
        now = facts.container(client, web.id)  # a port that the Engine chose is another one after a restart
        port = loopback_port(now, setup.TLS_PORT) if now is not None else None
        return port is not None and fetch_over_tls(port).certificate == certificate

    return eventually(shows, PATIENCE)


def shows_certificate() -> bool:
    """Tell whether nginx shows the certificate in the student's directory again, with this run's page."""
    client = connect()
    member, pair = services(client, "front").get("web"), _read(client)
    if member is None or pair is None or not _eventually_shows(client, member.container, pair.der):
        return False
    now = facts.container(client, member.container.id)
    port = loopback_port(now, setup.TLS_PORT) if now is not None else None
    return port is not None and setup.page() in fetch_over_tls(port).body
