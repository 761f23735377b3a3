"""The settings, from the environment. A password comes from a file, so that `docker inspect` does not show it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from .library import Library
from .memory import MemoryCache, MemoryDocuments, MemoryVectors


class BadSetting(Exception):
    """A setting is missing or cannot be used."""


def open_library(env: Mapping[str, str] = os.environ) -> Library:
    """Return the library that the settings describe, its tables and its collection made."""
    store = env.get("STORE", "services")
    if store == "memory":
        return Library(MemoryDocuments(), MemoryVectors(), MemoryCache())
    if store != "services":
        raise BadSetting(f"STORE is {store!r}; it can be services or memory.")
    from .cache import Redis
    from .documents import Postgres
    from .vectors import Qdrant

    user = _need(env, "DATABASE_USER")
    password = _secret(env, "DATABASE_PASSWORD_FILE")
    documents = Postgres(_need(env, "DATABASE_HOST"), user, password, env.get("DATABASE_NAME", user))
    vectors = Qdrant(_need(env, "VECTORS_URL"))
    documents.prepare()
    vectors.prepare()
    opened = _secret(env, "CACHE_PASSWORD_FILE") if env.get("CACHE_PASSWORD_FILE") else None
    return Library(documents, vectors, Redis(_need(env, "CACHE_HOST"), opened))


def _need(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "")
    if not value:
        raise BadSetting(f"The variable {name} is not set.")
    return value


def _secret(env: Mapping[str, str], name: str) -> str:
    """Return what is in the file that a variable names."""
    path = Path(_need(env, name))
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{name}: {path} cannot be read ({error.strerror}).") from error
