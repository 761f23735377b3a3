"""Give the Engine the course images: find them there, pull them from a registry, or build them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import docker
from docker.errors import APIError, DockerException
from docker.models.images import Image
from requests.exceptions import RequestException

from autograder.errors import AutograderError, BadInput
from autograder.host import Progress, connect, silent
from autograder.host.lock import exclusive
from autograder.images import debian, labels, recipe
from autograder.images.advice import unobtainable
from autograder.images.catalogue import FOLDER, Catalogue, CourseImage, ImageSource, load

REGISTRY_TIMEOUT = 8.0
"""How long a registry may take to say whether it has an image."""


class CatalogueIncomplete(AutograderError):
    """The Engine lacks images of the catalogue."""


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """An image of the course, as the Engine has it."""

    name: str
    id: str
    route: Literal["recipe", "registry"]
    """How it came here. An image that this project did not make counts as ``registry``."""
    size: int
    """Bytes of all its layers, shared ones included."""
    content: str
    """A hash of its layers and settings, the same on every Engine."""
    done: Literal["kept", "pulled", "built"] = "kept"
    """What ``ensure`` did about it."""


@dataclass(frozen=True, slots=True)
class ImageState:
    """How an image of the catalogue stands; for tables."""

    image: CourseImage
    record: ImageRecord | None
    """``None`` if the Engine does not have it."""
    current: bool
    """False if it is missing or made from another recipe than today's."""


def ensure(
    names: list[str] | None = None,
    progress: Progress = silent,
    *,
    client: docker.DockerClient | None = None,
    folder: Path = FOLDER,
) -> list[ImageRecord]:
    """See to it that the Engine has these images of the catalogue (all for ``None``), and return them.

    An image that is there stays, unless it was made here from a recipe that has changed since. A missing
    one is pulled if a registry answers, else built from its recipe, with the images that the recipe starts
    from. With everything there it takes well under a second. Whatever was made here and has been replaced
    is removed.

    Raises ``BadInput`` for a name that the catalogue lacks, ``EngineMissing`` if no Engine answers,
    ``CannotBootstrap`` or ``BuildFailed`` if an image can be had neither way.
    """
    catalogue = load(folder / "catalogue.toml")
    chosen = catalogue.select(names)
    with exclusive("images"):
        work = _Ensurer(client or connect(), catalogue, folder, progress)
        return [work.ensure(image) for image in chosen]


def ensure_base(client: docker.DockerClient, progress: Progress = silent, *, folder: Path = FOLDER) -> Image:
    """See to it that the Engine has the image that sandboxes start from, as ``ensure`` does, and return it."""
    catalogue = load(folder / "catalogue.toml")
    with exclusive("images"):
        _Ensurer(client, catalogue, folder, progress).ensure(catalogue.sandbox)
    return client.images.get(catalogue.sandbox.name)


def states(*, client: docker.DockerClient | None = None, folder: Path = FOLDER) -> list[ImageState]:
    """How each image of the catalogue stands on the Engine; changes nothing."""
    catalogue = load(folder / "catalogue.toml")
    work = _Ensurer(client or connect(), catalogue, folder, silent)
    return [ImageState(image, _record(image, there), work.current(image, there)) for image, there in work.found()]


def fingerprint(*, client: docker.DockerClient | None = None, folder: Path = FOLDER) -> str:
    """Return a short name of the image set: it changes if and only if an image or the list of images changes.

    The same images have the same name on every Engine.

    Raises ``CatalogueIncomplete`` if one is missing.
    """
    pairs = [f"{record.name}={record.content}" for record in _all_there(client or connect(), folder)]
    pairs += [f"{name}={image}" for name, image in further_names(folder).items()]
    return hashlib.sha256("\n".join(sorted(pairs)).encode()).hexdigest()[:16]


def further_names(folder: Path = FOLDER) -> dict[str, str]:
    """Return the further names of images (``also`` of the catalogue), each with the image's own name."""
    return {name: image.name for image in load(folder / "catalogue.toml").image for name in image.also}


def archive(
    also: Sequence[str] = (), *, client: docker.DockerClient | None = None, folder: Path = FOLDER
) -> Iterator[bytes]:
    """All images of the catalogue in pieces of one ``docker save`` archive; shared layers are in it once.

    ``also`` names images beside the catalogue's.

    Raises ``CatalogueIncomplete`` if one is missing.
    """
    client = client or connect()
    names = [*(record.name for record in _all_there(client, folder)), *also]
    # docker-py's own call saves one image at a time, and then each archive has the base again.
    answer = client.api.get(
        f"{client.api.base_url}/v{client.api.api_version}/images/get", params={"names": names}, stream=True
    )
    answer.raise_for_status()
    yield from answer.iter_content(1 << 20)


def save(
    path: Path,
    also: Sequence[str] = (),
    *,
    client: docker.DockerClient | None = None,
    folder: Path = FOLDER,
) -> int:
    """Write ``archive`` to a file, for ``load_archive`` elsewhere; returns its size in bytes.

    The file appears under its name only when it is whole.
    """
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            for piece in archive(also, client=client, folder=folder):
                file.write(piece)
        size = part.stat().st_size
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return size


def load_archive(path: Path, client: docker.DockerClient | None = None) -> list[str]:
    """Give the Engine the images of an archive that ``save`` wrote; returns their names.

    Raises ``BadInput`` if the file is no such archive.
    """
    client = client or connect()
    names: set[str] = set()
    try:
        with path.open("rb") as file:
            for message in client.api.load_image(file):
                if "error" in message:
                    raise BadInput(f"{path} could not be loaded: {message['error'].strip()}")
                said = str(message.get("stream", "")).strip()
                if said.startswith("Loaded image: "):
                    names.add(said.removeprefix("Loaded image: "))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}") from error
    if not names:
        raise BadInput(f"{path} holds no image with a name. `docker-course images save` writes such an archive.")
    return sorted(names)


def readable(size: int) -> str:
    """``size`` bytes as people read it, in powers of ten as Docker prints them."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"


def _all_there(client: docker.DockerClient, folder: Path) -> Sequence[ImageRecord]:
    records, missing = [], []
    for state in states(client=client, folder=folder):
        if state.record is None:
            missing.append(state.image.short)
        else:
            records.append(state.record)
    if missing:
        raise CatalogueIncomplete(
            f"The Engine does not have these images of the course: {', '.join(missing)}. Run `docker-course images "
            "ensure` to get them."
        )
    return records


def _record(
    image: ImageSource, there: Image | None, done: Literal["kept", "pulled", "built"] = "kept"
) -> ImageRecord | None:
    if there is None:
        return None
    route: Literal["recipe", "registry"] = "registry" if labels.recipe_hash_of(there) is None else "recipe"
    return ImageRecord(image.name, str(there.id), route, int(there.attrs["Size"]), labels.content(there), done)


class _Ensurer:
    """One run over a catalogue; remembers that no registry answered, so as to wait for it once."""

    def __init__(self, client: docker.DockerClient, catalogue: Catalogue, folder: Path, progress: Progress):
        self.client = client
        self.catalogue = catalogue
        self.folder = folder
        self.progress = progress
        self.silent_registries: dict[str, str] = {}
        """Registries that did not answer, and why."""
        self.refusals: dict[str, str] = {}
        """Why an image could not be pulled, by its name."""

    def found(self) -> Iterator[tuple[CourseImage, Image | None]]:
        for image in self.catalogue.image:
            yield image, labels.find(self.client, image.name)

    def recipe_hash(self, image: ImageSource) -> str:
        if image.suite is not None:
            return debian.recipe_hash(image.suite, (), self.catalogue.debian)
        return recipe.recipe_hash(self._recipe(image), [self.recipe_hash(base) for base in self.bases(image)])

    def bases(self, image: ImageSource) -> list[CourseImage]:
        """Return the catalogue's images that the image's recipe starts from."""
        if image.recipe is None:
            return []
        named = set(recipe.bases(self._recipe(image)))
        return [base for base in self.catalogue.image if named & {base.name, base.short}]

    def current(self, image: ImageSource, there: Image | None) -> bool:
        if there is None:
            return False
        made_from = labels.recipe_hash_of(there)
        return made_from is None or made_from == self.recipe_hash(image)

    def ensure(self, image: ImageSource) -> ImageRecord:
        there = labels.find(self.client, image.name)
        done: Literal["kept", "pulled", "built"] = "kept"
        if not self.current(image, there):
            # One that was made here is made again: a registry's may differ from what the course was run with.
            pulled = None if there is not None else self._pull(image)
            there, done = (pulled, "pulled") if pulled is not None else (self._build(image), "built")
        assert there is not None
        if isinstance(image, CourseImage):
            self._name_further(image, there)
        record = _record(image, there, done)
        assert record is not None
        self.progress(image.short, f"{done}, {readable(record.size)}")
        return record

    def _recipe(self, image: ImageSource) -> Path:
        assert image.recipe is not None
        return self.folder / image.recipe

    def _build(self, image: ImageSource) -> Image:
        if image.suite is not None:
            try:
                return debian.debian_base(
                    image.suite,
                    tag=image.name,
                    mirrors=self.catalogue.debian,
                    client=self.client,
                    progress=self.progress,
                )
            except debian.CannotBootstrap as error:
                raise debian.CannotBootstrap(unobtainable(image, self.refusals.get(image.name), str(error))) from error
        for base in self.bases(image):
            if not self.current(base, labels.find(self.client, base.name)):
                self.ensure(base)
        made_from = self.recipe_hash(image)
        image_id = recipe.build(self.client, self._recipe(image), image.short, made_from, self.progress)
        return labels.give_name(self.client, image_id, image.name)

    def _name_further(self, image: CourseImage, there: Image) -> None:
        """Give an image that a recipe made its further names, except those that another image has."""
        if labels.recipe_hash_of(there) is None:
            return
        for name in sorted(set(image.also) - set(there.tags)):
            other = labels.find(self.client, name)
            if other is None or labels.recipe_hash_of(other) is not None:
                labels.give_name(self.client, str(there.id), name)

    def _pull(self, image: ImageSource) -> Image | None:
        """Return the image from its registry, under its name; ``None`` if that is not to be had."""
        registry, _, _ = image.reference.partition("/")
        repository, _, tag = image.reference.rpartition(":")
        version = image.digest or tag
        if registry in self.silent_registries:
            self.refusals[image.name] = self.silent_registries[registry]
            return None
        self.progress(image.short, f"asking {registry}")
        try:
            self._ask(f"{repository}@{version}" if image.digest else image.reference)
            for message in self.client.api.pull(repository, tag=version, stream=True, decode=True):
                if "error" in message:
                    raise DockerException(message["error"])
                if "status" in message:
                    self.progress(image.short, f"{message['status']} {message.get('progress', '')}".strip())
            pulled = self.client.images.get(f"{repository}@{version}" if image.digest else image.reference)
        except (DockerException, RequestException) as error:
            if not isinstance(error, APIError) or error.status_code not in (401, 403, 404, 429):
                self.silent_registries[registry] = _reason(error)
            self.refusals[image.name] = _reason(error)
            self.progress(image.short, f"{registry} did not provide {image.reference}: {_reason(error)}")
            return None
        return labels.give_name(self.client, str(pulled.id), image.name)

    def _ask(self, reference: str) -> None:
        """Return soon if the registry has the image, raise if it does not or does not answer.

        The Engine is asked to ask: it may have a proxy or a mirror that this program knows nothing of.
        """
        quick = connect(timeout=REGISTRY_TIMEOUT)
        try:
            quick.api.inspect_distribution(reference)
        finally:
            quick.close()


def _reason(error: Exception) -> str:
    text = str(getattr(error, "explanation", None) or error)
    return text.strip().splitlines()[-1][:200]
