"""The course images: their catalogue, and how an Engine gets them."""

from autograder.images.catalogue import Catalogue, CourseImage, ImageSource, load
from autograder.images.debian import CannotBootstrap
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
    ensure_base,
    fingerprint,
    further_names,
    load_archive,
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
    "ImageSource",
    "ImageState",
    "archive",
    "ensure",
    "ensure_base",
    "ensure_packages",
    "fingerprint",
    "further_names",
    "installing",
    "load",
    "load_archive",
    "offline_context",
    "offline_fingerprint",
    "readable",
    "save",
    "states",
]
