"""The gateway's policy as one function, and the files of cases that it has to satisfy."""

from __future__ import annotations

from pathlib import Path

from autograder.gateway import archive, decide, head
from autograder.gateway.errors import Denied
from autograder.gateway.route import Content

FOLDER = Path(__file__).parent
FILES = (FOLDER / "policy-cases.json", FOLDER / "more-cases.json")


def judge(request: bytes) -> str:
    """What the gateway sends the Engine for a whole raw request: its first line and its JSON. Raises Denied."""
    start, _, content = request.partition(b"\r\n\r\n")
    parsed, connection = head.parse(start + b"\r\n\r\n")
    verdict = decide.on_head(parsed)
    connection.receive_data(content)
    body = b""
    while type(event := connection.next_event()).__name__ == "Data":
        body += event.data
    if verdict.route.content is Content.ARCHIVE:
        archive.check(body)
    elif verdict.route.content is not Content.STREAM:
        if len(body) > decide.MAX_JSON:
            raise Denied("The content is too long.", 413)
        return f"{parsed.method} {verdict.target} {decide.on_body(verdict, body).decode()}"
    return f"{parsed.method} {verdict.target}"
