"""``python3 -m server``: serve ``./storage`` until SIGTERM or SIGINT, then write everything to disk."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import waitress

from server import NOTE
from server.app import Application
from server.store import Store

LARGEST_BODY = 32 * 1024 * 1024
"""Bytes of a request; Qdrant's own default. Such a request is held in memory while it arrives."""


def stop(*_: object) -> None:
    """Leave the server's loop; it lets the requests under way end."""
    raise SystemExit(0)


def main() -> None:
    """Read the settings from the environment variables that Qdrant reads, and serve."""
    signal.signal(signal.SIGTERM, stop)
    storage = Path(os.environ.get("QDRANT__STORAGE__STORAGE_PATH", "./storage"))
    port = os.environ.get("QDRANT__SERVICE__HTTP_PORT", "6333")
    key = os.environ.get("QDRANT__SERVICE__API_KEY")
    print(NOTE, flush=True)
    try:
        store = Store(storage)
    except Exception as error:
        sys.exit(f"The collections in {storage.resolve()} cannot be opened: {error}")
    names = store.names()
    print(f"{len(names)} collections: {', '.join(names)}" if names else "No collection yet", flush=True)
    try:
        print(f"REST on port {port}; {'an' if key else 'no'} API key is asked for", flush=True)
        waitress.serve(
            Application(store, key),
            listen=f"*:{port}",
            threads=8,
            ident=None,
            connection_limit=200,
            channel_timeout=60,
            max_request_header_size=16 * 1024,
            max_request_body_size=LARGEST_BODY,
            inbuf_overflow=LARGEST_BODY + 1,
            _quiet=True,
        )
    finally:
        store.close()
        print("Stopped; everything is on disk", flush=True)


main()
