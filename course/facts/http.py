"""What a web server on this machine answers."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TIMEOUT = 4.0
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True)
class Reply:
    """An HTTP answer, or the reason why there is none."""

    status: int | None
    """None if there was no answer."""
    body: str = ""
    """The first 64 KiB."""
    problem: str = ""
    """A sentence on what happened in place of an answer; empty if there was one."""

    connected: bool = True
    """False if nothing listened there."""

    server: str = ""
    """What the server calls itself, such as ``nginx/1.27.0``; empty if it does not say."""

    @property
    def ok(self) -> bool:
        """Tell whether the status is 200."""
        return self.status == 200

    @property
    def json(self) -> dict[str, Any]:
        """The JSON object that the body is; empty if it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def fetch(
    port: int,
    path: str = "/",
    *,
    address: str = "127.0.0.1",
    seconds: float = _TIMEOUT,
    post: Mapping[str, Any] | None = None,
) -> Reply:
    """Send ``GET path`` to ``address:port`` and return what came back; never raises for what the server does.

    With ``post``, that is sent with the method POST, as JSON.
    """
    link = http.client.HTTPConnection(address, port, timeout=seconds)
    try:
        link.connect()
    except TimeoutError:
        return Reply(None, problem="nothing answered in time", connected=False)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or "refused"
        return Reply(None, problem=f"no connection ({reason})", connected=False)
    try:
        if post is None:
            link.request("GET", path)
        else:
            link.request("POST", path, json.dumps(post), {"Content-Type": "application/json"})
        answer = link.getresponse()
        body = answer.read(_MAX_BYTES).decode("utf-8", "replace")
        return Reply(answer.status, body, server=answer.getheader("Server") or "")
    except TimeoutError:
        return Reply(None, problem="it connected, and then nothing came in time")
    except (OSError, http.client.HTTPException, ValueError):
        return Reply(None, problem="it connected, and the connection was cut without an answer")
    finally:
        link.close()
