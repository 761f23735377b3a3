"""Redis keeps answers for a while. Without it the engine is slower, and goes on."""

from __future__ import annotations

import contextlib

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from .model import Unavailable

SECONDS_KEPT = 3600


class Redis:
    """Answers in a Redis server."""

    def __init__(self, host: str, password: str | None = None) -> None:
        self._link = redis.Redis(
            host=host,
            password=password,
            socket_connect_timeout=1,
            socket_timeout=2,
            retry=Retry(NoBackoff(), 0),  # computing an answer again is faster than waiting for a Redis that is away
        )

    def get(self, key: str) -> str | None:
        """Return what was put there; None if there is nothing, or no Redis."""
        with contextlib.suppress(redis.RedisError):
            kept = self._link.get(key)
            return kept.decode() if isinstance(kept, bytes) else None
        return None

    def put(self, key: str, value: str) -> None:
        """Keep a text for an hour, if there is a Redis."""
        with contextlib.suppress(redis.RedisError):
            self._link.set(key, value, ex=SECONDS_KEPT)

    def ping(self) -> None:
        """Ask whether it is there."""
        try:
            self._link.ping()
        except redis.RedisError as error:
            raise Unavailable(f"Redis: {error}") from error
