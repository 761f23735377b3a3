"""What a person can do where an image can be had in no way: only what can help on this machine."""

from __future__ import annotations

import shutil

from autograder.host import packages
from autograder.images.catalogue import ImageSource


def unobtainable(image: ImageSource, refusal: str | None, cannot_build: str) -> str:
    """Return why an image can be neither pulled nor built, and the ways out.

    Args:
        image: the image.
        refusal: what its registry said; None if it was not asked, because an older recipe's image is there.
        cannot_build: why it cannot be built.
    """
    registry = image.reference.partition("/")[0]
    lines = [f"The image {image.short} is missing, and it can be had in no way here."]
    ways = []
    if refusal is not None:
        lines.append(f"From the registry: {registry} did not provide {image.reference}: {refusal}.")
        if "toomanyrequests" in refusal.lower().replace(" ", ""):
            ways.append("log in at the registry, which has a limit for guests: `docker login`")
        else:
            ways.append(f"give the Engine a way to {registry}: a network, a proxy, or a mirror of it")
    lines.append(f"From Debian's packages: {cannot_build}.")
    if shutil.which("mmdebstrap"):
        ways.append("give mmdebstrap a way to a Debian mirror (`mirror` in images/catalogue.toml sets another one)")
    elif packages.family() == "debian":
        ways.append("sudo apt-get install mmdebstrap debian-archive-keyring")
    ways.append(
        "on a machine where `docker-course setup` works, in the same checkout: `docker-course images save images.tar`; "
        "then here: `docker-course images load images.tar`"
    )
    return "\n".join([*lines, "Do one of these:", *(f"  - {way}" for way in ways)])
