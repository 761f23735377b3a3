"""Questions to the PostgreSQL in a container."""

from __future__ import annotations

from docker import DockerClient

from course import facts
from course.facts import Container


def query(client: DockerClient, db: Container, sql: str) -> str | None:
    """Return what PostgreSQL in a container answers, asked from beside it by the image's own ``psql``; None if nothing.

    The program comes from a fresh container: the one in the student's container may have been exchanged.
    """
    user, database, password = _access(client, db)
    outcome = facts.run_once(
        client,
        db.image,
        ["--no-password", "--no-psqlrc", "--tuples-only", "--no-align", "--command", sql],
        entrypoint=["psql"],
        environment={
            **{"PGHOST": "127.0.0.1", "PGUSER": user, "PGDATABASE": database, "PGPASSWORD": password},
            "PGCONNECT_TIMEOUT": "3",
        },
        network=f"container:{db.id}",
    )
    return outcome.output.strip() if outcome is not None and outcome.ok else None


def _access(client: DockerClient, db: Container) -> tuple[str, str, str]:
    """Return user, database and password, from the environment variables of the image or the files they name."""

    def setting(name: str, default: str) -> str:
        if path := db.config.env.get(f"{name}_FILE"):
            content = facts.read_file(client, db.id, path) or b""
            return content.decode("utf-8", "replace").strip() or default
        return db.config.env.get(name) or default

    user = setting("POSTGRES_USER", "postgres")
    return user, setting("POSTGRES_DB", user), setting("POSTGRES_PASSWORD", "")
