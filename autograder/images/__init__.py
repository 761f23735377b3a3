"""The course images: their catalogue, and how an Engine gets them."""

from autograder.images.catalogue import Catalogue, CourseImage, load
from autograder.images.debian import CannotBootstrap, debian_base
from autograder.images.packages import (
    PACKAGES,
    ensure_packages,
    installing,
    offline_context,
    offline_fingerprint,
)
from autograder.images.recipe import BuildFailed
from autograder.images.store import (
    CatalogueIncomplete,
    ImageRecord,
    ImageState,
    archive,
    ensure,
    fingerprint,
    readable,
    save,
    states,
)

__all__ = [
    "PACKAGES",
    "BuildFailed",
    "CannotBootstrap",
    "Catalogue",
    "CatalogueIncomplete",
    "CourseImage",
    "ImageRecord",
    "ImageState",
    "archive",
    "debian_base",
    "ensure",
    "ensure_packages",
    "fingerprint",
    "installing",
    "load",
    "offline_context",
    "offline_fingerprint",
    "readable",
    "save",
    "states",
]
