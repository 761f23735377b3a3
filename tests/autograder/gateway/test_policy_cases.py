"""The files of policy cases: judged here without an Engine, and by the command in a real sandbox."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.errors import BadInput
from autograder.gateway.cases import PolicyCase, read
from autograder.gateway.errors import Denied
from tests.autograder.gateway.judging import FILES, judge


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_gateway_decides_each_case_as_it_has_to_be(file: Path) -> None:
    """What clients send passes; what has to be denied is denied with a sentence, and no case counts on the Engine."""
    assert [f"{case.id}: {found}" for case in read(file) if (found := miss(case))] == []


def miss(case: PolicyCase) -> str:
    """Return what is wrong with the gateway's answer to a case; "" if nothing is."""
    try:
        sent = judge(case.request())
    except Denied as denied:
        text = str(denied)
        if case.expect == "allow":
            return f"denied: {text}"
        return "" if text.endswith((".", ".)")) else f"no sentence: {text}"
    if case.expect == "deny":
        return f"passed as {sent[:80]}"
    return "" if sent.startswith(case.method) else f"became {sent[:80]}"


@pytest.mark.parametrize(("expect", "found"), [("deny", "passed as GET"), ("allow", "denied: ")])
def test_a_case_with_the_wrong_expectation_is_a_miss(expect: str, found: str) -> None:
    """The test above can fail, in either direction."""
    path = "/_ping" if expect == "deny" else "/swarm"
    case = PolicyCase.model_validate(GOOD | {"expect": expect, "path": path})
    assert miss(case).startswith(found)


@pytest.mark.parametrize(
    ("host", "written"),
    [
        ({"Binds": ["/home/student/work/a/../b/:/x//y/."]}, {"Binds": ["/home/student/work/b:/x/y"]}),
        ({"Binds": ["//home/./student/work/link/..:/x:ro"]}, {"Binds": ["/home/student/work:/x:ro"]}),
        ({"Binds": ["data:/x/../y/"]}, {"Binds": ["data:/y"]}),
        ({"Binds": ["/home/student/work:/x:z", "data:/y:ro,Z"]}, {"Binds": ["/home/student/work:/x", "data:/y:ro"]}),
        ({"VolumesFrom": ["a:z", "b:ro,z", "c"]}, {"VolumesFrom": ["a", "b:ro", "c"]}),
        (
            {"LogConfig": {"Type": "json-file", "Config": {"max-size": "10m", "max-file": "3"}}},
            {"LogConfig": {"Type": "json-file", "Config": {"max-size": "10m", "max-file": "3"}}},
        ),
        (
            {"LogConfig": {"Type": "local", "Config": {"max-size": "1.5m"}}},
            {"LogConfig": {"Type": "local", "Config": {"max-size": "1.5m"}}},
        ),
        ({"Tmpfs": {"/run//": "size=1m"}}, {"Tmpfs": {"/run": "size=1m"}}),
        ({"CapDrop": ["net_raw"]}, {"CapDrop": ["CAP_NET_RAW"]}),
        ({"PortBindings": {"80/TCP": []}}, {"PortBindings": {"80/tcp": []}}),
    ],
)
def test_harmless_values_reach_the_engine_in_their_plain_form(
    host: dict[str, object], written: dict[str, object]
) -> None:
    """The Engine reads what the gateway decided on, never the spelling that the client chose."""
    body = json.dumps({"Image": "busybox", "HostConfig": host})
    head = "POST /containers/create HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    sent = judge(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    assert json.loads(sent.split(" ", 2)[2])["HostConfig"] == written


@pytest.mark.sandbox
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_command_finds_every_case_right_in_a_real_sandbox(file: Path) -> None:
    """Raw requests to the student's socket: what is denied leaves the Engine unchanged, what passes is not refused."""
    done = CliRunner().invoke(app, ["sandbox", "policy", str(file)])
    assert done.output.splitlines()[-1] == f"{len(read(file))} passed, 0 failed", done.output
    assert done.exit_code == 0


@pytest.mark.sandbox
def test_the_command_tells_of_each_miss(tmp_path: Path) -> None:
    """A wrong expectation in either direction is a miss with its id, and the status is 1."""
    harmless = {"group": "g", "query": {}, "body": None, "why": "turned round"}
    ping = {**harmless, "id": "P1", "expect": "deny", "method": "GET", "path": "/_ping"}
    made = {
        **harmless,
        "id": "P2",
        "expect": "deny",
        "method": "POST",
        "path": "/volumes/create",
        "body": {"Name": "nn"},
    }
    swarm = {**harmless, "id": "P3", "expect": "allow", "method": "GET", "path": "/swarm"}
    right = {**harmless, "id": "P4", "expect": "deny", "method": "GET", "path": "/swarm"}
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([ping, made, swarm, right]))
    done = CliRunner().invoke(app, ["sandbox", "policy", str(file)])
    *misses, last = done.output.splitlines()
    assert last == "1 passed, 3 failed"
    assert [line.split(":")[0] for line in misses] == ["P1", "P2", "P3"]
    assert "volume nn" in misses[1]
    assert "refused by the gateway: 403" in misses[2]
    assert done.exit_code == 1


GOOD = {
    **{"id": "X1", "expect": "deny", "group": "g", "method": "GET", "path": "/", "query": {}},
    **{"body": None, "why": "w"},
}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("nothing like JSON", "is not JSON"),
        ("{}", "not a JSON array"),
        ("[]", "at least one case"),
        (json.dumps([{key: value for key, value in GOOD.items() if key != "path"}]), "X1 has no key 'path'"),
        (json.dumps([GOOD | {"expect": "maybe"}]), "key 'expect'"),
        (json.dumps([GOOD | {"colour": "red"}]), "the key 'colour'"),
        (json.dumps([GOOD, GOOD]), "X1 is used more than once"),
        ("[1]", "case number 0"),
    ],
)
def test_a_file_that_is_no_file_of_cases_is_explained(tmp_path: Path, content: str, says: str) -> None:
    """The message names the case and the key."""
    file = tmp_path / "cases.json"
    file.write_text(content)
    with pytest.raises(BadInput, match=r"cases\.json") as error:
        read(file)
    assert says in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Not a traceback."""
    with pytest.raises(BadInput, match=r"nosuch\.json cannot be read"):
        read(tmp_path / "nosuch.json")
