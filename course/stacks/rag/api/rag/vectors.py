"""Qdrant keeps the passages' embeddings and finds the nearest ones. It is spoken to over HTTP."""

from __future__ import annotations

from typing import Any

import requests

from .embedding import DIMENSIONS
from .model import Unavailable

COLLECTION = "passages"
_SECONDS = (2, 10)  # to connect, to answer


class Qdrant:
    """Embeddings in one collection of a Qdrant server."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")

    def prepare(self) -> None:
        """Make the collection if it is not there; several containers may do so at the same moment."""
        size = {"vectors": {"size": DIMENSIONS, "distance": "Cosine"}}
        if not self._exists():
            answer = self._send("PUT", f"/collections/{COLLECTION}", size)
            if not answer.ok and not self._exists():
                raise Unavailable(f"Qdrant: {answer.status_code} {answer.text[:200]}")

    def add(self, embeddings: dict[str, list[float]]) -> None:
        """Keep embeddings, and wait until they can be found."""
        points = [{"id": id, "vector": vector} for id, vector in embeddings.items()]
        self._ask("PUT", f"/collections/{COLLECTION}/points?wait=true", {"points": points})

    def nearest(self, embedding: list[float], most: int) -> list[tuple[str, float]]:
        """Return the nearest ones by the cosine."""
        answer = self._ask(
            "POST", f"/collections/{COLLECTION}/points/query", {"query": embedding, "limit": most}
        )
        return [(str(point["id"]), float(point["score"])) for point in answer["result"]["points"]]

    def ping(self) -> None:
        """Ask for the collection."""
        self._ask("GET", f"/collections/{COLLECTION}")

    def _exists(self) -> bool:
        return self._send("GET", f"/collections/{COLLECTION}").ok

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._send(method, path, body)
        if not answer.ok:
            raise Unavailable(f"Qdrant: {answer.status_code} {answer.text[:200]}")
        return answer.json()

    def _send(self, method: str, path: str, body: Any = None) -> requests.Response:
        try:
            return requests.request(method, self._address + path, json=body, timeout=_SECONDS)
        except requests.RequestException as error:
            raise Unavailable(f"Qdrant: {type(error).__name__} at {self._address}") from error
