"""The kernel's tables of sockets, without an Engine."""

from __future__ import annotations

import pytest

from course.facts.sockets import Sockets, parse

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
SNMP = "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens\nTcp: 1 200 120000 -1 7 12"
SHOP = "   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41 1"
NAMES = "   1: 0B00007F:9C4F 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 42 1"
CALLER = "   2: 020011AC:1F40 010011AC:B0A6 01 00000000:00000000 00:00000000 00000000     0        0 43 1"
RELAY = "   3: 020011AC:B0A8 030011AC:1F40 01 00000000:00000000 00:00000000 00000000     0        0 44 1"
EVERYWHERE = "   0: 00000000000000000000000000000000:1F40 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 45 1"
MAPPED = "   1: 0000000000000000FFFF00000100007F:1F41 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 46 1"


def read(*rows: str) -> Sockets:
    """What the helper's output says."""
    return parse("\n".join((HEAD, *rows, SNMP)))


def test_what_listens_is_read_with_its_address_but_for_the_engines_name_service() -> None:
    """The kernel writes addresses the other way round, and 127.0.0.11 is no program of the container's."""
    assert read(SHOP, NAMES).listening == (("127.0.0.1", 8000),)
    assert read(EVERYWHERE).listening == (("::", 8000),)


@pytest.mark.parametrize(("row", "alone"), [(SHOP, 1), (EVERYWHERE, 0), (MAPPED, 1), (NAMES, 0)])
def test_who_listens_to_the_container_alone_is_known(row: str, alone: int) -> None:
    """At 127.0.0.1 as a mapped address, too."""
    assert len(read(row).only_to_itself) == alone


def test_a_connection_that_the_container_opened_is_told_from_one_that_came_in() -> None:
    """What comes in has the local port of somebody who listens."""
    assert read(EVERYWHERE, CALLER).outgoing == 0
    assert read(EVERYWHERE, CALLER, RELAY).outgoing == 1


def test_the_kernel_counts_the_connections_that_were_opened() -> None:
    """Also those that are closed again."""
    assert read().opened == 7
    assert parse("").opened == 0
