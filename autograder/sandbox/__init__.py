"""The sandbox: a throw-away, unprivileged container with a complete Docker Engine and all course images.

container  starts a sandbox, runs commands in it, leaves nothing behind
provision  looks up what a sandbox is started with
setup      makes that
image      the image: the project's files on top of a system
store      the golden store: the course images, unpacked once
plugins    the sandbox's buildx and Compose, for a machine without them
inside/    what runs inside
"""

from __future__ import annotations

from autograder.sandbox.container import Sandbox, User
from autograder.sandbox.provision import Provision, current
from autograder.sandbox.setup import ensure, image_names, refresh, try_out

__all__ = ["Provision", "Sandbox", "User", "current", "ensure", "image_names", "refresh", "try_out"]
