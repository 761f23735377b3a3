"""Qdrant's engine (PyPI's ``qdrant-edge-py``) behind the REST calls of Qdrant that the course uses.

Not the Qdrant server: one process, one shard for each collection, one unnamed vector for each point, no gRPC, no
snapshots, no cluster. A request for what is not there is refused with a sentence, never half done.
"""

from importlib.metadata import version

ENGINE = f"qdrant-edge-py {version('qdrant-edge-py')}"

INTERFACE = "1.19.0"
"""The version of Qdrant whose REST interface this follows."""

NOTE = (
    f"This is {ENGINE}, the engine of Qdrant, behind a small REST server made for this course. "
    "It is not the Qdrant server."
)
