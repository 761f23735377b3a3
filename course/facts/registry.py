"""Facts about a registry on this machine, asked over its HTTP API.

The API is the OCI Distribution Specification: https://github.com/opencontainers/distribution-spec
"""

from __future__ import annotations

import http.client

_MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    )
)
_TIMEOUT = 5.0


def manifest_digest(port: int, repository: str, reference: str) -> str | None:
    """Return the digest under which the registry at ``127.0.0.1:port`` keeps ``repository``, or None.

    ``reference`` is a tag or a digest. None also if no registry answers there.
    """
    reply = _head(port, f"/v2/{repository}/manifests/{reference}")
    return reply.getheader("Docker-Content-Digest") if reply is not None and reply.status == 200 else None


def registry_answers(port: int) -> bool:
    """Tell whether a registry answers at ``127.0.0.1:port``."""
    reply = _head(port, "/v2/")
    return reply is not None and reply.status == 200


def _head(port: int, path: str) -> http.client.HTTPResponse | None:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        link.request("HEAD", path, headers={"Accept": _MANIFESTS})
        return link.getresponse()
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        link.close()
