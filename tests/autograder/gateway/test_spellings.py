"""Requests as clients write them that take more liberties than Docker's own: each becomes one plain request."""

from __future__ import annotations

import json

import pytest

from autograder.gateway.answers import answer
from autograder.gateway.errors import Denied, Malformed, Moved
from tests.autograder.gateway.judging import judge


def sent(method: str, target: str, body: object = None, *headers: str) -> str:
    """What the Engine gets for a request with this JSON body."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {target} HTTP/1.1", "Host: a", *headers]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return judge("\r\n".join(lines).encode() + b"\r\n\r\n" + content).strip()


def test_what_dockerode_says_twice_reaches_the_engine_once() -> None:
    """It writes all options into the query and into the body; each key stays where the Engine reads it."""
    body = {"name": "web", "Image": "busybox", "Tty": False, "Cmd": ["a", "b"], "HostConfig": {"AutoRemove": True}}
    query = "name=web&Image=busybox&Tty=false&Cmd=a&Cmd=b&HostConfig=%7B%22AutoRemove%22%3Atrue%7D"
    made = sent("POST", f"/containers/create?{query}", body)
    first, second, content = made.split(" ", 2)
    assert (first, second) == ("POST", "/containers/create?name=web")
    assert json.loads(content) == {key: value for key, value in body.items() if key != "name"}
    assert sent("POST", "/images/busybox/tag?repo=a&tag=1", {"repo": "a", "tag": "1"}) == (
        "POST /images/busybox/tag?repo=a&tag=1"
    )
    filters = {"label": ["a"]}
    assert sent("POST", "/volumes/prune?filters=%7B%22label%22%3A%5B%22a%22%5D%7D", {"filters": filters}) == (
        "POST /volumes/prune?filters=%7B%22label%22%3A%5B%22a%22%5D%7D"
    )


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("name=x&Image=busybox", {"Image": "other"}),
        ("HostConfig=%7B%22Privileged%22%3Atrue%7D", {"Image": "busybox", "HostConfig": {}}),
        ("HostConfig=%7B%22Privileged%22%3Atrue%7D", {"Image": "busybox"}),
        ("Cmd=a&Cmd=b", {"Image": "busybox", "Cmd": ["a"]}),
        ("name=x", {"Image": "busybox", "name": "y"}),
        ("name=x", {"Image": "busybox", "platform": "linux/amd64"}),
    ],
)
def test_what_a_client_says_twice_and_differently_is_refused(query: str, body: object) -> None:
    """There is no telling which of the two is meant."""
    with pytest.raises(Malformed):
        sent("POST", f"/containers/create?{query}", body)


def test_a_dockerfile_beside_its_context_is_found_as_the_engine_finds_it() -> None:
    """docker-py sends the key twice, a name and the content; the Engine reads the first."""
    path = "/build?t=a&dockerfile=.dockerfile.1a2b&dockerfile=FROM%20busybox%0ARUN%20true"
    assert sent("POST", path) == "POST /build?t=a&dockerfile=.dockerfile.1a2b"


def test_a_build_may_name_several_hosts() -> None:
    """Each host is a value of the same key."""
    path = "/build?extrahosts=a%3A1.2.3.4&extrahosts=b%3A1.2.3.4"
    assert sent("POST", path) == f"POST {path}"


@pytest.mark.parametrize("path", ["/build", "/images/load", "/images/create?fromSrc=-&repo=a"])
def test_an_archive_for_the_engine_may_be_compressed(path: str) -> None:
    """The Engine finds that out by the content; the header that docker-py adds is not passed on."""
    assert sent("POST", path, None, "Content-Encoding: gzip") == f"POST {path}"


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/containers/a/archive?path=/"), ("POST", "/containers/create"), ("GET", "/info")]
)
def test_nothing_else_may_be_compressed(method: str, path: str) -> None:
    """The header would be one that two readers can read differently."""
    with pytest.raises(Malformed, match="encoding 'gzip' is refused"):
        sent(method, path, None, "Content-Encoding: gzip")


def test_keys_that_no_engine_reads_are_left_out() -> None:
    """Keys of aiodocker, docker-py and dockerode."""
    assert sent("GET", "/events?stream=True&since=1") == "GET /events?since=1"
    assert sent("GET", "/images/json?only_ids=0") == "GET /images/json"
    attach = {"stream": True, "hijack": True}
    assert sent("POST", "/containers/a/attach?stream=true&hijack=true", attach) == "POST /containers/a/attach?stream=1"
    create = sent("POST", "/containers/create", {"Image": "a", "VolumesFrom": []})
    assert create == 'POST /containers/create {"Image":"a"}'
    start = {"Detach": False, "hijack": True, "stdin": True}
    assert sent("POST", "/exec/0123456789ab/start", start) == 'POST /exec/0123456789ab/start {"Detach":false}'


def test_keys_to_detach_have_two_spellings_but_not_both_at_once() -> None:
    """docker-py and aiodocker write ``detachKeys``."""
    assert sent("POST", "/containers/a/exec", {"Cmd": ["a"], "detachKeys": "ctrl-p"}).endswith(
        '{"detachKeys":"ctrl-p","Cmd":["a"]}'
    )
    with pytest.raises(Malformed, match="mean the same"):
        sent("POST", "/containers/a/exec", {"Cmd": ["a"], "detachKeys": "a", "DetachKeys": "b"})


def test_a_command_may_be_one_text() -> None:
    """The Engine takes it for a list of one."""
    assert '"Cmd":["date"],"Image":"a"' in sent("POST", "/containers/create", {"Cmd": "date", "Image": "a"})


def test_a_filter_may_exclude_a_label() -> None:
    """``--filter label!=keep`` of all prunes."""
    filters = "%7B%22label%21%22%3A%5B%22keep%22%5D%7D"
    assert sent("POST", f"/containers/prune?filters={filters}").endswith(f"?filters={filters}")


def test_the_name_of_a_directory_that_is_built_may_be_in_any_script() -> None:
    """BuildKit's clients send it in a header, in UTF-8. No other header may be more than ASCII."""
    upgrade = ("Connection: Upgrade", "Upgrade: h2c")
    key = "X-Docker-Expose-Session-Sharedkey: Übung"
    assert sent("POST", "/session", None, *upgrade, key) == "POST /session"
    with pytest.raises(Malformed):
        sent("GET", "/_ping", None, "X-Other: Übung")


def test_a_name_as_the_engine_writes_it_leads_to_the_container() -> None:
    """Answers call a container ``/web``: who asks for that is sent on, with the query, as by the Engine itself."""
    with pytest.raises(Moved) as moved:
        sent("GET", "/v1.45/containers//web/json?size=1")
    assert b"HTTP/1.1 301 Moved Permanently\r\n" in answer(moved.value)
    assert b"\r\nLocation: /v1.45/containers/web/json?size=1\r\n" in answer(moved.value)


@pytest.mark.parametrize("name", ["my%20web", "a+b", "%C3%9Cbung", "a%2Fb"])
def test_a_name_that_nothing_can_have_is_not_found(name: str) -> None:
    """docker-py raises NotFound, as with the Engine itself."""
    with pytest.raises(Denied, match="No such container: '") as denied:
        sent("GET", f"/v1.45/containers/{name}/json")
    assert denied.value.status == 404


def test_a_wrong_type_is_explained_in_the_words_of_json() -> None:
    """Not in those of the library that found it."""
    with pytest.raises(Malformed, match=r"'Env': the value has to be a list\."):
        sent("POST", "/containers/create", {"Image": "a", "Env": "A=1"})
    mounts = [{"Type": "image", "Source": "a", "Target": "/a"}]
    with pytest.raises(Malformed, match=r"Type': the value has to be 'bind', 'volume' or 'tmpfs'\."):
        sent("POST", "/containers/create", {"Image": "a", "HostConfig": {"Mounts": mounts}})
