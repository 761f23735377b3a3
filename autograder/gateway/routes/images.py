"""Routes of images: import and export, and registries on this machine."""

from __future__ import annotations

from autograder.gateway.errors import Malformed, Refused
from autograder.gateway.references import image as reference
from autograder.gateway.references import reachable, registry
from autograder.gateway.route import Content, Route
from autograder.gateway.values import Many, Unread, filters, flag, free, image, integer, one_of, platform, tag


def _pull_or_import(names: dict[str, str], query: dict[str, str]) -> None:
    """``POST /images/create`` is two requests in one: a pull, or the import of the content."""
    if query.get("fromImage"):
        if query.get("fromSrc") or query.get("repo") or query.get("changes"):
            raise Malformed("An image is either pulled (fromImage) or imported (fromSrc), not both.")
        reachable(query["fromImage"])
    elif query.get("fromSrc") != "-":
        raise Refused(
            "An image can only be imported from the content of the request (fromSrc=-): "
            "this Engine downloads nothing from URLs."
        )


def _push(names: dict[str, str], query: dict[str, str]) -> None:
    reachable(names["image"], writing=True)


def _look_up(names: dict[str, str], query: dict[str, str]) -> None:
    reachable(names["image"])


def _search(names: dict[str, str], query: dict[str, str]) -> None:
    term = query.get("term", "")
    if registry(term) not in ("docker.io", "index.docker.io"):
        raise Refused("Images can only be searched for on Docker Hub.")


def _tag(names: dict[str, str], query: dict[str, str]) -> None:
    reference(query.get("repo", ""))


_NO_ARCHIVE_OF_OTHERS = one_of(
    "-", "", sentence="An image cannot be imported from {}: send it as the content, fromSrc=-."
)

ROUTES = (
    Route(
        "GET",
        "/images/json",
        {
            "all": flag,
            "only_ids": Unread(),
            "filters": filters,
            "digests": flag,
            "shared-size": flag,
            "manifests": flag,
            "filter": image,
        },
    ),
    Route(
        "POST",
        "/images/create",
        {
            **{"fromImage": image, "fromSrc": _NO_ARCHIVE_OF_OTHERS, "repo": image, "tag": tag},
            **{"message": free, "changes": Many(free), "platform": platform},
        },
        content=Content.STREAM,
        check=_pull_or_import,
    ),
    Route("POST", "/images/load", {"quiet": flag, "platform": Many(platform)}, content=Content.STREAM),
    Route("GET", "/images/get", {"names": Many(image), "platform": Many(platform)}),
    Route("POST", "/images/prune", {"filters": filters}),
    Route("GET", "/images/search", {"term": free, "limit": integer, "filters": filters}, check=_search),
    Route("GET", "/images/{image}/json", {"manifests": flag, "platform": platform, "size": flag}),
    Route("GET", "/images/{image}/history", {"platform": platform}),
    Route("GET", "/images/{image}/get", {"platform": Many(platform)}),
    Route("POST", "/images/{image}/push", {"tag": tag, "platform": platform}, check=_push),
    Route("POST", "/images/{image}/tag", {"repo": image, "tag": tag, "force": flag}, check=_tag),
    Route("DELETE", "/images/{image}", {"force": flag, "noprune": flag, "platforms": Many(platform)}),
    Route("GET", "/distribution/{image}/json", check=_look_up),
)
