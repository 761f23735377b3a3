"""The WSGI application: API key, open pages, and Qdrant's form of answers around the calls."""

from __future__ import annotations

import hmac
import json
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, quote

from server import ENGINE, INTERFACE, NOTE, calls
from server.errors import Refused, told_apart
from server.store import Store

OPEN = {
    "/": (
        "application/json",
        json.dumps(
            {"title": "qdrant - vector search engine", "version": INTERFACE, "engine": ENGINE, "note": NOTE}
        ),
    ),
    "/healthz": ("text/plain", "healthz check passed"),
    "/livez": ("text/plain", "livez check passed"),
    "/readyz": ("text/plain", "all shards are ready"),
}
"""Pages that need no API key, as in Qdrant."""

REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Payload Too Large",
    422: "Unprocessable Entity",
    500: "Internal Server Error",
}

Environment = dict[str, Any]
Answer = tuple[int, str, bytes]


class Application:
    """Qdrant's REST interface over a store."""

    def __init__(self, store: Store, api_key: str | None) -> None:
        self.store = store
        self.api_key = api_key.encode() if api_key else None

    def __call__(self, environ: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Serve one request, and write one line about it."""
        begin = time.monotonic()
        status, kind, body = self._answer(environ, begin)
        method, path = environ["REQUEST_METHOD"], quote(environ["PATH_INFO"].encode("latin-1"))
        print(f"{method} {path} {status} {time.monotonic() - begin:.4f}", flush=True)
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start_response(f"{status} {REASONS[status]}", headers)
        return [b"" if method == "HEAD" else body]

    def _answer(self, environ: Environment, begin: float) -> Answer:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if path in OPEN and method in ("GET", "HEAD"):
            kind, text = OPEN[path]
            return 200, kind, text.encode()
        if not self._allowed(environ):
            return 401, "text/plain", b"Must provide an API key or an Authorization bearer token"
        status, said = self._call(environ, method, path)
        said["time"] = round(time.monotonic() - begin, 6)
        return status, "application/json", json.dumps(said, allow_nan=False).encode()

    def _call(self, environ: Environment, method: str, path: str) -> tuple[int, dict[str, Any]]:
        try:
            call, named = calls.find(method, path.rstrip("/"))
            wait = parse_qs(environ.get("QUERY_STRING", "")).get("wait", ["false"])[-1]
            if wait not in ("true", "false"):
                raise Refused(400, f"Format error in query string: wait is {wait!r}, not true or false")
            body = environ["wsgi.input"].read()
            with told_apart():
                result = call(calls.Request(self.store, named, body, wait == "true"))
            return 200, {"result": result, "status": "ok"}
        except Refused as error:
            return error.status, {"status": {"error": str(error)}}
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            return 500, {"status": {"error": f"Service internal error: {error}"}}

    def _allowed(self, environ: Environment) -> bool:
        if self.api_key is None:
            return True
        given = environ.get("HTTP_API_KEY") or environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode("latin-1"), self.api_key)
