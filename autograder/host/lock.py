"""A lock for one process at a time: two that build an image or start an Engine would conflict."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from platformdirs import user_cache_path


@contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Hold the lock ``name`` of this user for the block; waits for another process that holds it.

    It ends with the process, however that ends. On Windows, which has no ``flock``, it does nothing.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    folder = user_cache_path("docker-fundamentals", ensure_exists=True)
    with (folder / f"{name}.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            with suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_UN)
