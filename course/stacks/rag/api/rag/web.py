"""HTTP. Every answer is JSON, and names the container that gave it."""

from __future__ import annotations

import socket
import sys
import uuid
from typing import Any

from flask import Flask, request
from werkzeug.exceptions import HTTPException

from .library import Library
from .model import Document, Unavailable
from .settings import BadSetting, open_library

MOST_BYTES = 1 << 20
MOST_DOCUMENTS = 50
"""Documents in one request."""
MOST_TITLE, MOST_TEXT, MOST_QUESTION = 200, 20_000, 500
"""Letters."""


class Wrong(Exception):
    """The request cannot be used; the sentence goes to whoever sent it."""


def create_app(library: Library) -> Flask:
    """Return the application over a library."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.json.sort_keys = False
    me = socket.gethostname()

    def reply(body: dict[str, Any], status: int = 200) -> tuple[dict[str, Any], int]:
        return {**body, "answered_by": me}, status

    @app.get("/health")
    def health() -> Any:
        """Is this program alive? It asks nobody else."""
        return reply({"status": "alive"})

    @app.get("/ready")
    def ready() -> Any:
        """Can it do its work? It asks everybody whom it needs."""
        told = {}
        for name, store in (
            ("db", library.documents),
            ("vectors", library.vectors),
            ("cache", library.cache),
        ):
            try:
                store.ping()
                told[name] = "ok"
            except Unavailable as reason:
                told[name] = str(reason)
        return reply(told, 200 if set(told.values()) == {"ok"} else 503)

    @app.post("/documents")
    def add() -> Any:
        """Take one document in, or a list of them."""
        kept = [library.add(document) for document in _documents(request.get_json())]
        return reply({"documents": kept}, 201)

    @app.get("/documents/<uuid:id>")
    def get(id: uuid.UUID) -> Any:
        """Return a document as it came in."""
        document = library.documents.get(str(id))
        if document is None:
            return reply({"error": "There is no such document."}, 404)
        return reply({"id": document.id, "title": document.title, "text": document.text})

    @app.get("/answer")
    def answer() -> Any:
        """Answer ``?question=…`` from the documents."""
        question = request.args.get("question", "").strip()
        if not question or len(question) > MOST_QUESTION:
            raise Wrong(f"question is missing, or longer than {MOST_QUESTION} letters.")
        return reply(library.answer(question))

    @app.errorhandler(Wrong)
    def wrong(error: Wrong) -> Any:
        return reply({"error": str(error)}, 400)

    @app.errorhandler(Unavailable)
    def unavailable(error: Unavailable) -> Any:
        app.logger.error("%s", error)
        return reply({"error": str(error)}, 503)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Any:
        return reply({"error": error.description or error.name}, error.code or 500)

    return app


def open_app() -> Flask:
    """Return the application with the settings of the environment; ends the program if they are of no use."""
    try:
        return create_app(open_library())
    except (BadSetting, Unavailable) as reason:
        print(f"The api cannot start. {reason}", file=sys.stderr, flush=True)
        sys.exit(4)  # by which gunicorn knows that trying again is of no use


def _documents(body: Any) -> list[Document]:
    given = body.get("documents", [body]) if isinstance(body, dict) else body
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_DOCUMENTS:
        raise Wrong(f'Send {{"title": …, "text": …}}, or {{"documents": [1 to {MOST_DOCUMENTS} of these]}}.')
    return [_document(each) for each in given]


def _document(given: Any) -> Document:
    title, text = (given.get(key) if isinstance(given, dict) else None for key in ("title", "text"))
    if not isinstance(title, str) or not title.strip() or len(title) > MOST_TITLE:
        raise Wrong(f"A document needs a title of at most {MOST_TITLE} letters.")
    if not isinstance(text, str) or not text.strip() or len(text) > MOST_TEXT:
        raise Wrong(f"A document needs a text of at most {MOST_TEXT} letters.")
    if "\0" in title + text:
        raise Wrong("A document may not hold the character 0; PostgreSQL does not store it.")
    return Document(title.strip(), text.strip())
