"""Image references and the registries that they name."""

from __future__ import annotations

import re

from autograder.gateway.errors import Malformed, Refused, short

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}")
"""What the Engine accepts as the name of a container, volume or network."""

_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?"
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,128}"
# https://pkg.go.dev/github.com/distribution/reference#pkg-overview gives the grammar.
REFERENCE = re.compile(
    rf"(?:(?P<domain>{_DOMAIN})/)?(?P<path>{_COMPONENT}(?:/{_COMPONENT})*)(?::{_TAG})?(?:@{_DIGEST})?"
)
TAG = re.compile(rf"{_TAG}|{_DIGEST}")

HUB = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io"})
_LOCAL = re.compile(r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?")


def image(text: str) -> str:
    """Return an image reference, checked. Raises Malformed."""
    if len(text) > 512 or not (REFERENCE.fullmatch(text) or re.fullmatch(r"(?:sha256:)?[0-9a-f]{4,64}", text)):
        raise Malformed(f"{short(text)} is not the name of an image.")
    return text


def registry(reference: str) -> str:
    """Return the registry that a reference leads to: its first part if that looks like a host, else Docker Hub."""
    first, slash, _ = reference.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost" or first != first.lower()):
        return first
    return "docker.io"


def reachable(reference: str, *, writing: bool = False) -> str:
    """Return a reference whose registry the Engine may talk to: one on this machine, or to read from, Docker Hub.

    Raises:
        Refused: it leads elsewhere.
        Malformed: it is no reference.
    """
    host = registry(image(reference))
    if _LOCAL.fullmatch(host) or (host in HUB and not writing):
        return reference
    raise Refused(
        f"The registry {short(host)} is out of reach: this Engine has no network beyond its own machine. "
        "Use a registry on localhost, such as localhost:5000."
    )
