"""The sandbox: a throw-away, unprivileged container that holds a whole Docker Engine with all course images.

``image`` builds what it runs from, ``store`` keeps the course images ready, ``seccomp`` says which system calls it may
make, ``container`` starts and enters one. What runs inside is in ``inside/``.
"""

from __future__ import annotations

from autograder.sandbox.container import Sandbox, User
from autograder.sandbox.provision import Provision, current, ensure, image_names, refresh

__all__ = ["Provision", "Sandbox", "User", "current", "ensure", "image_names", "refresh"]
