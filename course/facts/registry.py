"""Facts about a registry on this machine, asked over its HTTP API.

The API is the OCI Distribution Specification: https://github.com/opencontainers/distribution-spec
"""

from __future__ import annotations

import http.client
import json
from typing import Any, Final

_MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    )
)
_TIMEOUT = 5.0
_MAX_BYTES: Final = 1 << 20


def manifest_digest(port: int, repository: str, reference: str) -> str | None:
    """Return the digest under which the registry at ``127.0.0.1:port`` keeps ``repository``, or None.

    ``reference`` is a tag or a digest. None also if no registry answers there.
    """
    reply = _head(port, f"/v2/{repository}/manifests/{reference}")
    return reply.getheader("Docker-Content-Digest") if reply is not None and reply.status == 200 else None


def image_layers(port: int, repository: str, reference: str) -> tuple[str, ...]:
    """Return the digests of an image's layers (``diff_ids``) as its configuration in the registry lists them.

    ``reference`` is a tag or a digest; of an index, the first image counts. Empty if there is no such image.
    """
    manifest = _get(port, f"/v2/{repository}/manifests/{reference}")
    listed = manifest.get("manifests")
    if isinstance(listed, list) and listed:
        manifest = _get(port, f"/v2/{repository}/manifests/{_object(listed[0]).get('digest')}")
    config = _get(port, f"/v2/{repository}/blobs/{_object(manifest.get('config')).get('digest')}")
    layers = _object(config.get("rootfs")).get("diff_ids")
    return tuple(map(str, layers)) if isinstance(layers, list) else ()


def registry_answers(port: int) -> bool:
    """Tell whether a registry answers at ``127.0.0.1:port``."""
    reply = _head(port, "/v2/")
    return reply is not None and reply.status == 200


def _head(port: int, path: str) -> http.client.HTTPResponse | None:
    return _ask("HEAD", port, path)[0]


def _get(port: int, path: str) -> dict[str, Any]:
    """Return the JSON object at a path; an empty one if there is none, or it is far too large."""
    reply, text = _ask("GET", port, path)
    try:
        return _object(json.loads(text)) if reply is not None and reply.status == 200 else {}
    except (ValueError, RecursionError):
        return {}


def _ask(method: str, port: int, path: str) -> tuple[http.client.HTTPResponse | None, bytes]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        link.request(method, path, headers={"Accept": _MANIFESTS})
        reply = link.getresponse()
        return reply, reply.read(_MAX_BYTES)
    except (OSError, http.client.HTTPException, ValueError):
        return None, b""
    finally:
        link.close()


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
