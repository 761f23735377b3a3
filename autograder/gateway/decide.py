"""Apply the table in ``routes/`` to a request: refuse it, or rewrite it for the Engine.

The gateway writes every byte of it itself: method, target and headers from the parsed head, JSON from the typed body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import ValidationError

from autograder.gateway import echoes, strictjson, target
from autograder.gateway.errors import Malformed, Moved, short
from autograder.gateway.head import Head
from autograder.gateway.models.base import Body
from autograder.gateway.route import Content, Route
from autograder.gateway.routes import TABLE

MAX_JSON = 2**20 - 1
"""Bytes of a JSON body."""

_STREAM_TYPES = frozenset(
    {
        "",
        "application/x-tar",
        "application/tar",
        "application/octet-stream",
        "application/gzip",
        "application/json",
        "text/plain",
    }
)
_COMPRESSIONS = frozenset({"gzip", "x-gzip", "bzip2", "xz", "zstd"})
"""What docker-py and others say of a compressed build context. The Engine looks at the content itself."""
_TYPES = {
    "list": "a list",
    "dict": "an object",
    "model": "an object",
    "string": "a text in quotes",
    "int": "a whole number",
    "bool": "true or false",
}
_BASE64 = re.compile(r"[A-Za-z0-9+/_=-]*", re.ASCII)
_PASSED = ("x-registry-auth", "x-registry-config")
_SESSION = re.compile(r"x-docker-expose-session-[a-z-]{1,32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Decision:
    """A request that may go to the Engine once its content, if it has any, is found right as well."""

    route: Route
    target: str
    headers: tuple[tuple[str, str], ...]
    """Without those that frame the content; a character of a value stands for a byte (latin-1)."""
    upgrade: str
    """The protocol in which the client wants to go on, if the route allows it; or nothing."""
    query: tuple[tuple[str, str], ...]
    """The query as the client sent it."""


def on_head(head: Head) -> Decision:
    """Decide on all that comes before the content.

    Raises:
        Denied: the request does not go to the Engine.
    """
    # A container is "/web" in the Engine's answers, so clients ask for "/containers//web/json".
    if head.method in ("GET", "HEAD") and (plain := target.shorter(head.target)):
        raise Moved(plain)
    found = target.parse(head.target)
    route, names = TABLE.find(head.method, found.path)
    query = route.values(found.query)
    if route.check:
        route.check(names, dict(query))
    _check_content(head, route)
    headers = [("Host", "docker"), *_passed(head, route)]
    upgrade = head.upgrade if route.upgrade else ""
    if upgrade and upgrade != route.upgrade:
        raise Malformed(f"This connection can be upgraded to {route.upgrade}, not to {short(upgrade)}.")
    if route.upgrade == "h2c" and not upgrade:
        raise Malformed(f"{route.path} is for BuildKit's clients: it needs the headers Connection and Upgrade.")
    return Decision(route, target.write(found.version, found.path, query), tuple(headers), upgrade, found.query)


def on_body(decision: Decision, content: bytes) -> bytes:
    """Return the JSON that the Engine gets for ``content``; empty for none.

    Raises:
        Denied: the request does not go to the Engine.
    """
    route = decision.route
    if not content:
        echoes.check_query(route, decision.query, {})
        if route.body is None or route.optional:
            return b""
        raise Malformed(f"{route.method} {route.path} needs a JSON body.")
    value = strictjson.parse(content)
    if isinstance(value, dict):
        echoes.check_query(route, decision.query, value)
        value = echoes.without_query(route, decision.query, value)
    if route.body is None:
        if value != {}:
            raise Malformed(f"{route.method} {route.path} takes no content.")
        return b""
    if not isinstance(value, dict):
        raise Malformed("The body is not a JSON object.")
    return strictjson.encode(validated(route.body, value).model_dump(exclude_unset=True))


def validated(model: type[Body], value: dict[str, object]) -> Body:
    """Return the typed body. Raises Malformed for its first error, in plain words; Refused where a rule says so."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise Malformed(f"The key {short(place)} is unknown to the Engine API (keys are case-sensitive).") from None
        if first["type"] == "missing":
            raise Malformed(f"The key {short(place)} is missing.") from None
        raise Malformed(f"{short(place)}: {_plain(first['type'], first['msg'])}.") from None


def _plain(kind: str, message: str) -> str:
    """Return what is wrong with a value, in the words of JSON."""
    kind = kind.removesuffix("_type")
    if kind in _TYPES:
        return f"the value has to be {_TYPES[kind]}"
    return message[:200].replace("Input should", "the value has to").replace("has to be valid", "has to be")


def _check_content(head: Head, route: Route) -> None:
    kind, _, parameter = (part.strip() for part in head.headers.get("content-type", "").partition(";"))
    if "content-type" in head.headers and kind in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        raise Malformed("Form content is refused: the Engine would read its fields as query keys.")
    if head.has_body and head.method in ("GET", "HEAD", "DELETE"):
        raise Malformed(f"{head.method} requests carry no content.")
    encoding = head.headers.get("content-encoding", "identity").lower()
    if encoding != "identity" and not (encoding in _COMPRESSIONS and route.content is Content.STREAM):
        raise Malformed(f"Content in the encoding {short(encoding)} is refused here: send it as it is.")
    if route.content in (Content.STREAM, Content.ARCHIVE):
        if kind not in _STREAM_TYPES:
            raise Malformed(f"Content of the type {short(kind)} is refused here; send application/x-tar.")
        return
    if not head.has_body:
        if kind not in ("", "application/json", "text/plain"):
            raise Malformed(f"The content type {short(kind)} is refused here.")
        return
    if kind != "application/json" or parameter.lower() not in ("", "charset=utf-8"):
        raise Malformed("The content has to be declared as Content-Type: application/json.")
    if head.length is not None and head.length > MAX_JSON:
        raise Malformed(f"The JSON content is longer than {MAX_JSON} bytes.", 413)


def _passed(head: Head, route: Route) -> list[tuple[str, str]]:
    """Return the headers that go to the Engine, each checked."""
    passed = []
    for name in _PASSED:
        if name in head.headers:
            if not _BASE64.fullmatch(head.headers[name]):
                raise Malformed(f"The header {name} is not in base64.")
            passed.append((name, head.headers[name]))
    if route.upgrade == "h2c":
        passed += [(name, value) for name, value in head.headers.items() if _SESSION.fullmatch(name)]
        passed += [("x-docker-expose-session-grpc-method", value) for value in head.session_methods]
    return passed
