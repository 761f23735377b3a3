"""Policy cases: raw requests, each with its expected verdict.

A file is a JSON array of objects with ``id``, ``expect`` (``deny`` or ``allow``), ``group``, ``method``, ``path``,
``query``, ``body`` and ``why``; optional are ``headers`` (pairs, in order), ``raw_body`` (text in place of ``body``),
``raw_query`` (text in place of ``query``), ``pad_to`` (bytes to which blanks fill up the body) and ``chunked``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, JsonValue, Strict, TypeAdapter, ValidationError

from autograder.errors import BadInput

MAX_FILE_BYTES = 64 * 2**20
MAX_PAD = 64 * 2**20
CHUNK = 16 * 1024


class PolicyCase(BaseModel):
    """One raw request."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: str
    expect: Literal["deny", "allow"]
    group: str
    method: str
    path: str
    query: dict[str, str | int | bool | list[str]] | None
    body: JsonValue
    why: str
    headers: list[Annotated[tuple[str, str], Strict(False)]] = Field(default_factory=list)
    raw_body: str | None = None
    raw_query: str | None = None
    pad_to: int | None = Field(default=None, ge=0, le=MAX_PAD)
    chunked: bool = False

    def request(self) -> bytes:
        """Return the bytes to send, as they are, whatever they are.

        What a case leaves out is filled in the ordinary way: a Host, the type and the length of a body. A length
        that is stated for a body that is not there is honoured with that many zero bytes: an empty tar archive.
        """
        given = {name.lower(): value for name, value in self.headers}
        body = self._content(given)
        headers = list(self.headers)
        if "host" not in given:
            headers.insert(0, ("Host", "docker"))
        has_body = self.raw_body is not None or self.body is not None
        if has_body and "content-type" not in given:
            headers.append(("Content-Type", "application/json"))
        chunked = self.chunked or "chunked" in given.get("transfer-encoding", "").lower()
        if chunked and "transfer-encoding" not in given:
            headers.append(("Transfer-Encoding", "chunked"))
        elif has_body and not chunked and "content-length" not in given:
            headers.append(("Content-Length", str(len(body))))
        query = urlencode(self.query or {}, doseq=True) if self.raw_query is None else self.raw_query
        target = f"{self.path}?{query}" if query else self.path
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        start = f"{self.method} {target} HTTP/1.1\r\n{head}\r\n".encode("utf-8", "surrogateescape")
        return start + (_in_chunks(body) if chunked else body)

    def _content(self, given: dict[str, str]) -> bytes:
        if self.raw_body is not None:
            body = self.raw_body.encode("utf-8", "surrogatepass")
        elif self.body is not None:
            body = json.dumps(self.body).encode()
        else:
            length = given.get("content-length", "0")
            return bytes(min(int(length), MAX_PAD)) if length.isascii() and length.isdigit() else b""
        return body.ljust(self.pad_to or 0)


def _in_chunks(body: bytes) -> bytes:
    pieces = [body[start : start + CHUNK] for start in range(0, len(body), CHUNK)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


_CASES = TypeAdapter(list[PolicyCase])


def read(file: Path) -> list[PolicyCase]:
    """Return the cases of a file.

    Raises:
        BadInput: it cannot be read or is not such a file; the message says what is wrong where.
    """
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise BadInput(f"{file} is larger than {MAX_FILE_BYTES} bytes: that is no file of policy cases.")
        raw = json.loads(file.read_bytes())
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{file} is not JSON: {error}. Expected is an array of cases.") from error
    if not isinstance(raw, list) or not raw:
        raise BadInput(f"{file} is not a JSON array of cases with at least one case.")
    try:
        cases = _CASES.validate_python(raw)
    except ValidationError as error:
        raise BadInput(f"{file}: {_first(error, raw)}") from None
    names = [case.id for case in cases]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(f"{file}: the id {twice[0]} is used more than once.")
    return cases


def _first(error: ValidationError, raw: list[object]) -> str:
    """Return the first error of a file as a sentence that names the case."""
    first = error.errors(include_url=False)[0]
    number, *place = first["loc"]
    entry = raw[number] if isinstance(number, int) else None
    name = entry.get("id", f"number {number}") if isinstance(entry, dict) else f"number {number}"
    where = ".".join(str(part) for part in place)
    if first["type"] == "missing":
        return f"case {name} has no key '{where}'."
    if first["type"] == "extra_forbidden":
        return f"case {name} has the key '{where}', which no case has."
    return f"case {name}, key '{where}': {first['msg']}."
