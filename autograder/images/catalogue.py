"""The image catalogue, ``images/catalogue.toml``: the course images and what the course relies on in each."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from autograder.errors import BadInput

FOLDER = Path(__file__).resolve().parents[2] / "images"
"""The catalogue and the recipes, in the project's own folder."""

HOST = r"[a-z0-9.-]+(:[0-9]+)?"
REPOSITORY = r"[a-z0-9]+([._-]+[a-z0-9]+)*"
TAG = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
Name = Annotated[str, Field(pattern=rf"^{REPOSITORY}(/{REPOSITORY})*:{TAG}$")]
Reference = Annotated[str, Field(pattern=rf"^{HOST}(/{REPOSITORY})+:{TAG}$")]
Digest = Annotated[str, Field(pattern=r"^(sha256:[0-9a-f]{64})?$")]


class CatalogueEntry(BaseModel):
    """Base of the records here: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ImageProbe(CatalogueEntry):
    """What is done to see that an image works: a command run in it, or a page asked of it; one of the two."""

    run: tuple[str, ...] | None = None
    """Arguments for a container of the image; none runs the image's own command."""
    http: str | None = None
    """Address asked from within the container's network, once it has started with its own command."""
    says: str
    """Regular expression (``^`` and ``$`` match at lines) that the output or page must contain."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.run is None) == (self.http is None):
            raise ValueError("a probe has either `run` or `http`")
        re.compile(self.says)
        return self


class Promise(CatalogueEntry):
    """What notebooks rely on in an image, whichever way it came; what is left out may be anything."""

    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    env: tuple[str, ...] = ()
    """Names of environment variables that are set."""
    labels: tuple[str, ...] = ()
    """Names of labels that are set."""
    ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    stop_signal: str | None = None
    probe: ImageProbe


class ImageSource(CatalogueEntry):
    """An image and where it comes from: a registry, or a recipe for machines that no registry answers."""

    name: Name
    reference: Reference
    """Registry, repository and tag, all three in full."""
    digest: Digest = ""
    recipe: str | None = None
    suite: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.recipe is None) == (self.suite is None):
            raise ValueError("an image has either `recipe` or `suite`")
        return self

    @property
    def short(self) -> str:
        """The name as notebooks write it: without ``:latest``."""
        return self.name.removesuffix(":latest")


class CourseImage(ImageSource):
    """One image of the course."""

    purpose: str
    holds: str
    also: tuple[Name, ...] = ()
    """Further names of it, wherever a recipe made it and in every sandbox."""
    installs: bool = False
    """Dockerfiles install packages on top of it: in a sandbox it knows where to find them (``packages.py``)."""
    promise: Promise


class Mirrors(CatalogueEntry):
    """Where Debian's packages come from: addresses, or empty for Debian's own."""

    mirror: str
    security: str

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if bool(self.mirror) != bool(self.security):
            raise ValueError("set both `mirror` and `security`, or neither")
        return self


class Catalogue(CatalogueEntry):
    """All images of the course, in the file's order, and the one that sandboxes start from."""

    debian: Mirrors
    sandbox: ImageSource
    image: tuple[CourseImage, ...]

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        names = [name for image in self.image for name in (image.name, *image.also)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"listed twice: {', '.join(twice)}")
        return self

    def find(self, name: str) -> CourseImage:
        """Return the image called ``name``, with or without ``:latest``; ``BadInput`` lists the known names."""
        full = name if ":" in name else f"{name}:latest"
        for image in self.image:
            if image.name == full:
                return image
        known = ", ".join(image.short for image in self.image)
        raise BadInput(f"The course has no image {name!r}. Its images: {known}.")

    def select(self, names: list[str] | None) -> list[CourseImage]:
        """Return the images called ``names``, each once, in the catalogue's order; all of them for ``None``."""
        if names is None:
            return list(self.image)
        chosen = {self.find(name).name for name in names}
        return [image for image in self.image if image.name in chosen]


def load(path: Path = FOLDER / "catalogue.toml") -> Catalogue:
    """Read the catalogue. ``BadInput`` says which entry is wrong and how."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(
            f"There is no image catalogue at {path}. Run this in a clone of the project, set up with "
            "`make environment`."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not a TOML file: {error}") from error
    try:
        return Catalogue.model_validate(data)
    except ValidationError as error:
        raise BadInput(f"{path} is not a valid image catalogue:\n{_explain(error, data)}") from error


def _explain(error: ValidationError, data: dict[str, object]) -> str:
    lines = []
    for problem in error.errors(include_url=False):
        place = list(problem["loc"])
        images = data.get("image")
        if len(place) > 1 and place[0] == "image" and isinstance(place[1], int) and isinstance(images, list):
            entry = images[place[1]]
            named = entry.get("name") if isinstance(entry, dict) else None
            place[:2] = [f"image {named or place[1] + 1}"]
        lines.append(f"  {' → '.join(map(str, place)) or 'file'}: {problem['msg']}")
    return "\n".join(lines)
