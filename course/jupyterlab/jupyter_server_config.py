"""Settings of a Jupyter server that is started in the course's root; elsewhere they change nothing."""

import os
from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - Jupyter defines it

if Path("nbgrader_config.py").is_file() and Path("release").is_dir():
    # The whole course, also when a part's notebook is named: nbgrader wants its root, and readers find all parts.
    c.ServerApp.root_dir = str(Path.cwd())
    # Jupyter refuses root unless it is asked. On a machine where only root may use the Engine, root is whom we want.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        c.ServerApp.allow_root = True
