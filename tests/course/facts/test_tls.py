"""Asking a server over TLS that does not speak it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from course.facts.tls import fetch_over_tls


def test_a_server_of_plain_http_does_not_speak_tls() -> None:
    """And one that is not there gives no answer; neither raises."""
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    threading.Thread(target=server.handle_request, daemon=True).start()
    reply = fetch_over_tls(server.server_port)
    server.server_close()
    assert (reply.certificate, reply.body) == (b"", "")
    assert "does not speak TLS" in reply.problem
    assert "no answer" in fetch_over_tls(server.server_port).problem
