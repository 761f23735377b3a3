"""Building blocks of typed bodies: exact keys, exact types, and rules that refuse a value with a message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from autograder.gateway.errors import Malformed, Refused, short
from autograder.gateway.references import NAME


class Body(BaseModel):
    """Base of all bodies. A key that is left out stays left out when the body is written again."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


def refuse_unless(test: Callable[[Any], bool], sentence: str) -> AfterValidator:
    """Refuse, with a sentence, every value but null for which ``test`` does not hold. ``{}`` stands for the value."""

    def check(value: Any) -> Any:
        if value is not None and not test(value):
            raise Refused(sentence.replace("{}", short(value)))
        return value

    return AfterValidator(check)


def unset(sentence: str) -> AfterValidator:
    """Refuse every value but the empty one of its type (null, "", 0, false, [], {})."""
    return refuse_unless(lambda value: not value, sentence)


def one_of(*values: str, sentence: str) -> AfterValidator:
    """Refuse every value but these and null."""
    return refuse_unless(lambda value: value in values, sentence)


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise Malformed(f"{short(value)} is not a name: letters, digits, '_', '.' and '-' only.")
    return value


def _name_or_nothing(value: str) -> str:
    return _name(value) if value else value


def _words(value: object) -> object:
    return [value] if isinstance(value, str) else value


Words = Annotated[list[str], BeforeValidator(_words)]
"""A list of words. The Engine takes a single text for a list of one, https://pkg.go.dev/github.com/docker/docker/api/types/strslice"""

Identifier = Annotated[str, AfterValidator(_name)]
"""The name or id of a container, volume or network."""

MaybeIdentifier = Annotated[str, AfterValidator(_name_or_nothing)]
"""A name, or empty."""

LabelMap = dict[str, str]


class Empty(Body):
    """``{}``."""
