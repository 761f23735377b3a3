"""The REST calls: one function each, from a request to the ``result`` of its answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError

from server import bodies
from server.errors import Refused, not_found
from server.store import Collection, Store

AnyBody = TypeVar("AnyBody", bound=bodies.Body)


class Request:
    """One request: the collection and point that its path names, its body, whether it waits."""

    def __init__(self, store: Store, path: dict[str, str], body: bytes, wait: bool) -> None:
        self.store = store
        self.path = path
        self.body = body
        self.wait = wait

    @property
    def collection(self) -> Collection:
        """The collection that the path names."""
        return self.store.get(self.path["name"])

    def read(self, kind: type[AnyBody]) -> AnyBody:
        """The body as a record of this kind."""
        try:
            return kind.model_validate_json(self.body)
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False, include_context=False)
            if problems[0]["type"] == "json_invalid":
                raise Refused(400, f"Format error in JSON body: {problems[0]['msg']}") from error
            said = "; ".join(
                f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['msg']}" for each in problems[:3]
            )
            raise Refused(422, f"Validation error in JSON body: [{said}]") from error


def collections(request: Request) -> Any:
    """The names of all collections."""
    return {"collections": [{"name": name} for name in request.store.names()]}


def create(request: Request) -> Any:
    """A new collection."""
    request.store.create(request.path["name"], request.read(bodies.NewCollection).config())
    return True


def remove(request: Request) -> Any:
    """A collection goes, with its points."""
    return request.store.delete(request.path["name"])


def exists(request: Request) -> Any:
    """Whether there is a collection of that name."""
    return {"exists": request.path["name"] in request.store.names()}


def describe(request: Request) -> Any:
    """How a collection is made, and how many points it has."""
    collection = request.collection
    info = collection.read(lambda shard: shard.info())
    return {
        "status": "green",
        "optimizer_status": "ok",
        "points_count": info.points_count,
        "indexed_vectors_count": info.indexed_vectors_count,
        "segments_count": info.segments_count,
        "config": {"params": {"vectors": collection.vectors(), "shard_number": 1, "replication_factor": 1}},
        "payload_schema": {},
    }


def _changed(request: Request, operation: Any) -> Any:
    number = request.collection.update(operation)
    return {"operation_id": number, "status": "completed" if request.wait else "acknowledged"}


def upsert(request: Request) -> Any:
    """New points, or new content for those that are there."""
    return _changed(request, request.read(bodies.Upsert).operation())


def delete(request: Request) -> Any:
    """Points go."""
    return _changed(request, request.read(bodies.Delete).operation())


def _point(point: Any, *more: str) -> dict[str, Any]:
    found = {"id": bodies.point_id(point.id)} | {name: getattr(point, name) for name in more}
    return found | {
        name: value for name in ("payload", "vector") if (value := getattr(point, name)) is not None
    }


def _nearest(request: Request, question: bodies.Query | bodies.Search) -> list[dict[str, Any]]:
    found = request.collection.read(lambda shard: shard.query(question.request()))
    return [_point(point, "version", "score") for point in found]


def search(request: Request) -> Any:
    """The nearest points, the older form."""
    return _nearest(request, request.read(bodies.Search))


def query(request: Request) -> Any:
    """The nearest points."""
    return {"points": _nearest(request, request.read(bodies.Query))}


def scroll(request: Request) -> Any:
    """Points page by page."""
    question = request.read(bodies.Scroll)
    points, following = request.collection.read(lambda shard: shard.scroll(question.request()))
    return {
        "points": [_point(point) for point in points],
        "next_page_offset": following if following is None else bodies.point_id(following),
    }


def count(request: Request) -> Any:
    """How many points there are."""
    question = request.read(bodies.Count)
    return {"count": request.collection.read(lambda shard: shard.count(question.request()))}


def _retrieved(request: Request, asked: bodies.Retrieve) -> list[dict[str, Any]]:
    ids = [bodies.point_id(each) for each in asked.ids]
    found = request.collection.read(
        lambda shard: shard.retrieve(ids, with_payload=asked.payload(True), with_vector=asked.with_vector)
    )
    return [_point(point) for point in found]


def retrieve(request: Request) -> Any:
    """The points with these ids; those that are not there are left out."""
    return _retrieved(request, request.read(bodies.Retrieve))


def point(request: Request) -> Any:
    """One point, with its vector."""
    text = request.path["id"]
    number = text if text.isascii() and text.isdigit() else f'"{text}"'
    try:
        asked = bodies.Retrieve.model_validate_json(f'{{"ids": [{number}], "with_vector": true}}')
    except ValidationError as error:
        raise Refused(400, f"Wrong input: {text!r} is no point id: a whole number or a UUID") from error
    found = _retrieved(request, asked)
    if not found:
        raise not_found(f"Point with id {text} does not exists!")
    return found[0]


Call = Callable[[Request], Any]
PATHS: dict[str, dict[str, Call]] = {
    "/collections": {"GET": collections},
    "/collections/{name}": {"GET": describe, "PUT": create, "DELETE": remove},
    "/collections/{name}/exists": {"GET": exists},
    "/collections/{name}/points": {"PUT": upsert, "POST": retrieve},
    "/collections/{name}/points/search": {"POST": search},
    "/collections/{name}/points/query": {"POST": query},
    "/collections/{name}/points/scroll": {"POST": scroll},
    "/collections/{name}/points/count": {"POST": count},
    "/collections/{name}/points/delete": {"POST": delete},
    "/collections/{name}/points/{id}": {"GET": point},
}
ROUTES = [
    (re.compile(path.replace("{name}", "(?P<name>[^/]+)").replace("{id}", "(?P<id>[0-9a-fA-F-]+)")), methods)
    for path, methods in PATHS.items()
]


def find(method: str, path: str) -> tuple[Call, dict[str, str]]:
    """The call for a method and a path, and what the path names."""
    for pattern, methods in ROUTES:
        if named := pattern.fullmatch(path):
            if method not in methods:
                raise Refused(405, f"{path} takes {' and '.join(methods)}, not {method}")
            return methods[method], named.groupdict()
    raise not_found(f"the course's small server in place of Qdrant has no {method} {path}")
