"""Set-up of the question-answering engine of Part 4: its files, in a directory of the student's, with passwords."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import Final

from course.folders import folder
from course.ports import free_port

FILES: Final = Path(__file__).resolve().parents[1] / "stacks" / "rag"
"""The engine as it is given to students."""
SERVICES: Final = ("db", "cache", "vectors", "api", "web")
STORES: Final = ("db", "cache", "vectors")
IMAGES: Final = {"db": "postgres:17", "cache": "redis:8", "vectors": "qdrant/qdrant:v1.19.0", "web": "nginx"}
"""What runs in the services that nobody has to build."""
DATA: Final = {"db": "/var/lib/postgresql/data", "vectors": "/qdrant/storage"}
"""Where the two services that have to remember keep their data."""
CACHE_PASSWORD: Final = "cache-password.txt"  # noqa: S105  the name of a file
"""The file with the password of the service ``cache``, in the project's directory."""


def unpack() -> Path:
    """Plant ``rag-stack``: the directory ``rag`` with the engine, passwords and a free port; return its path.

    Done again, it renews the engine's own files, and leaves the passwords, the port and the student's files in peace.
    """
    rag = folder("rag")
    shutil.copytree(FILES, rag, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for password in (rag / "db-password.txt", rag / CACHE_PASSWORD):
        if not password.exists():
            password.write_text(secrets.token_urlsafe(24), encoding="utf-8")
    settings = rag / ".env"
    if not settings.exists():
        settings.write_text(f"WEB_PORT={free_port()}\n", encoding="utf-8")
    # Programs in containers read these files as other users; see the lesson on secrets that are files.
    for path in (rag, *rag.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return rag


def web_port() -> int:
    """Return the port of this machine that was chosen for the engine."""
    settings = (folder("rag") / ".env").read_text(encoding="utf-8")
    return int(dict(line.split("=", 1) for line in settings.split())["WEB_PORT"])


def cache_password() -> str:
    """Return the password that was chosen for the service ``cache``."""
    return (folder("rag") / CACHE_PASSWORD).read_text(encoding="utf-8").strip()
