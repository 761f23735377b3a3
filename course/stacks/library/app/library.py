"""A small lending library: what it is called, and which books it has."""

from __future__ import annotations

import os

import psycopg
from flask import Flask, Response, jsonify

app = Flask(__name__)


def debug() -> bool:
    """Tell whether this is development."""
    return os.environ.get("DEBUG", "").lower() in ("1", "true", "yes", "on")


def late_fee(days: int) -> int:
    """Return what somebody owes, in cents, who brings a book back so many days after its time."""
    return 20 * max(0, days)


@app.get("/")
def about() -> Response:
    """Say who answers."""
    return jsonify(title=os.environ.get("TITLE", "A library"), debug=debug(), greeting="Good morning")


@app.get("/books")
def books() -> tuple[Response, int]:
    """List the books; the variables PGHOST, PGUSER and so on say in which database."""
    try:
        with psycopg.connect(connect_timeout=3) as database:
            rows = database.execute("SELECT title FROM books ORDER BY title").fetchall()
    except psycopg.Error as error:
        return jsonify(error=str(error).splitlines()[0]), 503
    return jsonify([title for (title,) in rows]), 200
