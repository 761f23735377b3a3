"""The layers of an image are read from a registry's own answers, whatever these hold."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from course.facts.registry import image_layers

LAYERS = ["sha256:1", "sha256:2"]
ANSWERS: dict[str, Any] = {
    "/v2/cake/manifests/1.0": {"config": {"digest": "sha256:c"}},
    "/v2/cake/manifests/index": {"manifests": [{"digest": "1.0"}]},
    "/v2/cake/blobs/sha256:c": {"rootfs": {"diff_ids": LAYERS}},
    "/v2/cake/manifests/list": [],
    "/v2/cake/manifests/bare": {"config": "sha256:c"},
    "/v2/cake/manifests/empty": {"manifests": []},
    "/v2/cake/manifests/strange": {"config": {"digest": "sha256:s"}},
    "/v2/cake/blobs/sha256:s": {"rootfs": {"diff_ids": 7}},
}


class Registry(BaseHTTPRequestHandler):
    """Answers as a registry does."""

    def do_GET(self) -> None:
        """Answer one request."""
        answer = ANSWERS.get(self.path)
        self.send_response(404 if answer is None else 200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """Start a registry, and return its port."""
    with HTTPServer(("127.0.0.1", 0), Registry) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("reference", ["1.0", "index"])
def test_the_layers_stand_in_the_configuration(port: int, reference: str) -> None:
    """Of an index, the first image counts."""
    assert image_layers(port, "cake", reference) == tuple(LAYERS)


@pytest.mark.parametrize("reference", ["2.0", "list", "bare", "empty", "strange"])
def test_what_is_no_image_has_no_layers(port: int, reference: str) -> None:
    """Anybody can send a registry any manifest."""
    assert image_layers(port, "cake", reference) == ()


def test_without_a_registry_there_are_no_layers() -> None:
    """Port 9 is nobody's."""
    assert image_layers(9, "cake", "1.0") == ()
