"""Let Python look for packages in site-packages.

The module `site` is part of Debian's program itself, so that no file can change it; it looks in dist-packages only.
There it finds ``site-packages.pth``, a line that imports this module.
"""

import site
import sys

FOLDER = f"lib/python{sys.version_info.major}.{sys.version_info.minor}"


def getsitepackages(prefixes=None):
    """Return all site-packages directories, as `site` does where nothing was changed."""
    prefixes = dict.fromkeys(site.PREFIXES if prefixes is None else prefixes)
    return [f"{prefix}/{FOLDER}/site-packages" for prefix in prefixes if prefix]


site.getsitepackages = getsitepackages
for place in getsitepackages([sys.base_prefix]):
    site.addsitedir(place)
sys.path[:] = [place for place in sys.path if place != f"{sys.base_prefix}/{FOLDER}/dist-packages"]
