"""Strict reading: one spelling, one meaning."""

from __future__ import annotations

import io
import json
import tarfile
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.gateway import archive, strictjson, target
from autograder.gateway.errors import Denied, Malformed, Refused
from autograder.gateway.models.logs import MAX_BYTES, LogSettings
from tests.autograder.gateway.judging import judge

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_characters="\0", codec="utf-8")), inner)
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_json_comes_through_as_it_was_meant(value: object) -> None:
    """What is read and written again is the same value."""
    assert json.loads(strictjson.encode(strictjson.parse(json.dumps(value)))) == value


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"[" * 100_000)
@example(b'{"a":1,"a":2}')
@example(b'"\\ud800"')
@example(b"1" * 5000)
def test_no_bytes_make_the_json_reader_fail_in_another_way(raw: bytes) -> None:
    """Either a value or Malformed."""
    with suppress(Malformed):
        strictjson.parse(raw)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60))
def test_a_path_that_is_accepted_is_the_path_that_is_sent(text: str) -> None:
    """No decoding, no cleaning: the Engine's router sees the characters that the decision was made on."""
    try:
        found = target.parse("/" + text)
    except Malformed:
        return
    path, _, _ = ("/" + text).partition("?")
    assert found.version + found.path == path.replace("%40", "@")
    assert not {"", ".", ".."} & set(found.path.split("/")[1:])
    assert target.write(found.version, found.path, []).replace("%40", "@") == found.version + found.path


@given(st.text(st.characters(min_codepoint=32, exclude_characters="\x7f", codec="utf-8"), max_size=40))
def test_query_values_come_through_as_they_were_meant(value: str) -> None:
    """Whatever encoding the client chose, the Engine gets the same value."""
    first = target.write("", "/x", [("key", value)])
    assert target.parse(first).query == (("key", value),)


@given(st.binary(max_size=300))
@example(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
@example(
    b"POST /containers/create HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"
)
def test_no_bytes_make_the_gateway_fail_in_another_way(raw: bytes) -> None:
    """Garbage is denied, never an exception of another kind."""
    with suppress(Denied):
        judge(raw)


def tar(name: str, mode: str = "w") -> bytes:
    """A small archive."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as file:  # type: ignore[call-overload]
        entry = tarfile.TarInfo(name)
        entry.size = 2
        file.addfile(entry, io.BytesIO(b"hi"))
    return made.getvalue()


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_a_compressed_archive_is_refused_by_its_content(mode: str) -> None:
    """Whatever the headers call it."""
    with pytest.raises(Refused, match="compressed"):
        archive.check(tar("x", mode))


def test_a_plain_archive_passes_and_a_disguised_one_does_not() -> None:
    """A tar header alone is not enough if the Engine would take its first bytes for another format."""
    archive.check(tar("etc/hostname"))
    archive.check(bytes(1024))
    with pytest.raises(Refused):
        archive.check(tar("BZh9"))
    with pytest.raises(Malformed):
        archive.check(b"x" * 1024)


sizes = st.sampled_from(["-1", "0", "1", "1k", "10m", "8388608", "9g", "1t", "999999999999"])


@given(
    size=st.none() | sizes,
    files=st.none() | st.integers(0, 10**6).map(str),
    kind=st.sampled_from(["json-file", "local"]),
)
def test_a_log_never_grows_beyond_the_limit(size: str | None, files: str | None, kind: str) -> None:
    """Whatever is asked for: files times size."""
    asked = {key: value for key, value in {"max-size": size, "max-file": files}.items() if value is not None}
    given_ = LogSettings.model_validate({"Type": kind, "Config": asked}).model_dump()["Config"]
    if not asked and kind == "json-file":
        assert given_ == {}  # the Engine's own default, which is the limit
        return
    default = {"json-file": ("8m", "2"), "local": ("20m", "5")}[kind]
    unit = {"k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
    shown = given_.get("max-size", default[0])
    bytes_ = int(shown[:-1]) * unit[shown[-1]] if shown[-1] in unit else int(shown)
    assert 0 < bytes_ * int(given_.get("max-file", default[1])) <= MAX_BYTES


def test_the_request_that_is_sent_is_written_by_the_gateway() -> None:
    """Key order and blanks, the spelling of yes and no and of capabilities: the Engine gets one form only."""
    body = '{ "Image" : "busybox" , "HostConfig":{"Binds":["/home/student/work/:/w/"],"CapAdd":["net_raw"]}}'
    request = (
        "POST /v1.45/containers/create?name=a HTTP/1.1\r\nHost: a\r\nX-Other: y\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    assert judge(request.encode()) == (
        'POST /v1.45/containers/create?name=a {"Image":"busybox",'
        '"HostConfig":{"Binds":["/home/student/work:/w"],"CapAdd":["CAP_NET_RAW"]}}'
    )


@pytest.mark.parametrize(
    ("sent", "meant"), [("True", "1"), ("true", "1"), ("1", "1"), ("False", "0"), ("0", "0"), ("", "0")]
)
def test_yes_and_no_have_one_spelling(sent: str, meant: str) -> None:
    """docker-py says True where the command line says 1."""
    assert (
        judge(f"GET /containers/json?all={sent} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        == f"GET /containers/json?all={meant} "
    )
