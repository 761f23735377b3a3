"""Checks of Part 3, one function for each exercise, and what their hidden halves try once more."""

from __future__ import annotations

from course.checks.part3_cache import cache_order, installs
from course.checks.part3_context import ignored, lets_in
from course.checks.part3_image import answers_with, first_image
from course.checks.part3_models import cache_mount, fetches
from course.checks.part3_secret import sealed, seals
from course.checks.part3_small import calculates, prints, small, tiny
from course.checks.part3_stages import computes, two_stages
from course.checks.part3_start import greeted, matrix
from course.checks.part3_stop import closes, graceful

__all__ = [
    "answers_with",
    "cache_mount",
    "cache_order",
    "calculates",
    "closes",
    "computes",
    "fetches",
    "first_image",
    "graceful",
    "greeted",
    "ignored",
    "installs",
    "lets_in",
    "matrix",
    "prints",
    "sealed",
    "seals",
    "small",
    "tiny",
    "two_stages",
]
