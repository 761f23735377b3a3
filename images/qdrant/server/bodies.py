"""The bodies of requests: what they may hold, and the engine's own types made from them.

Unknown keys are refused. Qdrant knows many more; to ignore one would be to answer another question.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, Self
from uuid import UUID

import qdrant_edge as edge
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, JsonValue, model_validator

LARGEST = 3.4028234e38
"""Vectors are stored with 32 bits for each number; a larger one would become infinite."""

DEEPEST = 64
"""How deep a payload may be nested; from a little over 100 on the engine stores what it cannot read again."""


def _storable(value: JsonValue, depth: int = 1) -> JsonValue:
    """The payload, if the engine stores it as it is."""
    if depth > DEEPEST:
        raise ValueError(f"nested deeper than {DEEPEST}")
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            _storable(each, depth + 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is no JSON number")
    elif isinstance(value, int) and not -(2**63) <= value < 2**64:
        raise ValueError("a whole number of more than 64 bits")
    return value


Payload = Annotated[dict[str, JsonValue], AfterValidator(_storable)]
Id = Annotated[int, Field(ge=0, lt=2**64)] | UUID
Vector = Annotated[
    list[Annotated[FiniteFloat, Field(ge=-LARGEST, le=LARGEST)]], Field(min_length=1, max_length=65536)
]
Limit = Annotated[int, Field(ge=1, le=100_000)]
Offset = Annotated[int, Field(ge=0, le=100_000)]


class Body(BaseModel):
    """Base of the records here: exact types, unknown keys refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class OneOf(Body):
    """A record of which exactly one key is given."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(given := self.model_dump(exclude_none=True)) != 1:
            raise ValueError(f"give one of {', '.join(type(self).model_fields)}; {len(given)} are given")
        return self


def point_id(value: int | UUID | str) -> int | UUID | str:
    """The id as the engine takes it, and as JSON has it."""
    return value if isinstance(value, int) else str(value)


# --- collections and points ------------------------------------------------------------------------------------------


class VectorParams(Body):
    """How long the vectors of a collection are, and how two of them are compared."""

    size: int = Field(ge=1, le=65536)
    distance: Literal["Cosine", "Dot", "Euclid", "Manhattan"]


class NewCollection(Body):
    """``PUT /collections/{name}``."""

    vectors: VectorParams

    def config(self) -> edge.EdgeConfig:
        """The engine's configuration of such a collection."""
        distance = getattr(edge.Distance, self.vectors.distance)
        return edge.EdgeConfig(vectors=edge.EdgeVectorParams(size=self.vectors.size, distance=distance))


class Point(Body):
    """One point."""

    id: Id
    vector: Vector
    payload: Payload | None = None


class Upsert(Body):
    """``PUT /collections/{name}/points``."""

    points: list[Point] = Field(min_length=1)

    def operation(self) -> edge.UpdateOperation:
        """The same for the engine."""
        points = [edge.Point(point_id(point.id), point.vector, point.payload or {}) for point in self.points]
        return edge.UpdateOperation.upsert_points(points)


# --- filters ---------------------------------------------------------------------------------------------------------


class Match(OneOf):
    """The value of a field: this one, one of these, none of these, or with these words in it."""

    value: str | int | bool | None = None
    any: list[str] | list[int] | None = None
    except_: list[str] | list[int] | None = Field(default=None, alias="except")
    text: str | None = None

    def engine(self) -> Any:
        """The same for the engine."""
        if self.value is not None:
            return edge.MatchValue(self.value)
        if self.any is not None:
            return edge.MatchAny(self.any)
        if self.except_ is not None:
            return edge.MatchExcept(self.except_)
        return edge.MatchText(self.text or "")


class Range(Body):
    """The bounds of a number."""

    gt: float | None = None
    gte: float | None = None
    lt: float | None = None
    lte: float | None = None

    def engine(self) -> edge.RangeFloat:
        """The same for the engine."""
        return edge.RangeFloat(gt=self.gt, gte=self.gte, lt=self.lt, lte=self.lte)


class FieldCondition(Body):
    """A condition on a field of the payload."""

    key: str
    match: Match | None = None
    range: Range | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if (self.match is None) == (self.range is None):
            raise ValueError("give one of match, range")
        return self

    def engine(self) -> Any:
        """The same for the engine."""
        if self.match is not None:
            return edge.FieldCondition(self.key, match=self.match.engine())
        return edge.FieldCondition(self.key, range=self.range.engine() if self.range else None)


class HasId(Body):
    """The point is one of these."""

    has_id: list[Id]

    def engine(self) -> Any:
        """The same for the engine."""
        return edge.HasIdCondition({point_id(each) for each in self.has_id})


class Filter(Body):
    """All of ``must``, at least one of ``should``, none of ``must_not``."""

    must: list[Condition] | Condition | None = None
    should: list[Condition] | Condition | None = None
    must_not: list[Condition] | Condition | None = None

    def engine(self) -> Any:
        """The same for the engine."""
        return edge.Filter(
            must=_engine(self.must), should=_engine(self.should), must_not=_engine(self.must_not)
        )


def _engine(clause: list[Condition] | Condition | None) -> list[Any] | None:
    """A clause for the engine; one condition may stand without brackets."""
    if clause is None:
        return None
    return [each.engine() for each in (clause if isinstance(clause, list) else [clause])]


Condition = FieldCondition | HasId | Filter


# --- what is asked ---------------------------------------------------------------------------------------------------


class Include(Body):
    """These fields of the payload."""

    include: list[str]


class Exclude(Body):
    """All fields of the payload but these."""

    exclude: list[str]


WithPayload = bool | list[str] | Include | Exclude


class Asked(Body):
    """What all questions for points have in common."""

    with_payload: WithPayload | None = None
    with_vector: bool = False

    def payload(self, default: bool) -> Any:
        """Which part of the payload the engine is asked for."""
        match self.with_payload:
            case None:
                return default
            case Include(include=keys):
                return edge.PayloadSelector.Include(keys)
            case Exclude(exclude=keys):
                return edge.PayloadSelector.Exclude(keys)
            case plain:
                return plain


class Filtered(Asked):
    """A question that a filter may narrow."""

    filter: Filter | None = None

    def narrowed(self) -> Any:
        """The filter for the engine."""
        return self.filter.engine() if self.filter else None


class Nearest(Body):
    """The longer form of a vector in ``query``."""

    nearest: Vector


class Query(Filtered):
    """``POST .../points/query``; without ``query``, points in the order of their ids."""

    query: Vector | Nearest | None = None
    limit: Limit = 10
    offset: Offset = 0
    score_threshold: FiniteFloat | None = None

    def request(self) -> edge.QueryRequest:
        """The same for the engine."""
        vector = self.query.nearest if isinstance(self.query, Nearest) else self.query
        return edge.QueryRequest(
            query=edge.Query.Nearest(vector) if vector is not None else None,
            limit=self.limit,
            offset=self.offset,
            filter=self.narrowed(),
            with_payload=self.payload(False),
            with_vector=self.with_vector,
            score_threshold=self.score_threshold,
        )


class Search(Filtered):
    """``POST .../points/search``, the older form of a query."""

    vector: Vector
    limit: Limit
    offset: Offset = 0
    score_threshold: FiniteFloat | None = None

    def request(self) -> edge.QueryRequest:
        """The same for the engine."""
        given = {name: getattr(self, name) for name in self.model_fields_set if name != "vector"}
        return Query.model_construct(query=self.vector, **given).request()


class Scroll(Filtered):
    """``POST .../points/scroll``."""

    limit: Limit = 10
    offset: Id | None = None

    def request(self) -> edge.ScrollRequest:
        """The same for the engine."""
        return edge.ScrollRequest(
            limit=self.limit,
            offset=None if self.offset is None else point_id(self.offset),
            filter=self.narrowed(),
            with_payload=self.payload(True),
            with_vector=self.with_vector,
        )


class Count(Body):
    """``POST .../points/count``."""

    filter: Filter | None = None
    exact: bool = True

    def request(self) -> edge.CountRequest:
        """The same for the engine."""
        return edge.CountRequest(exact=self.exact, filter=self.filter.engine() if self.filter else None)


class Retrieve(Asked):
    """``POST .../points``."""

    ids: list[Id] = Field(min_length=1)


class Delete(OneOf):
    """``POST .../points/delete``."""

    points: Annotated[list[Id], Field(min_length=1)] | None = None
    filter: Filter | None = None

    def operation(self) -> edge.UpdateOperation:
        """The same for the engine."""
        if self.filter is not None:
            return edge.UpdateOperation.delete_points_by_filter(self.filter.engine())
        return edge.UpdateOperation.delete_points([point_id(each) for each in self.points or ()])
