"""The environment that `make` installs."""

from __future__ import annotations

from importlib.util import cache_from_source, find_spec
from pathlib import Path

import pytest


@pytest.mark.parametrize("package", ["IPython", "nbconvert", "nbgrader", "sqlalchemy"])
def test_dependencies_are_compiled_when_they_are_installed(package: str) -> None:
    """No start compiles them, even where Python may not keep what it compiles; nor the modules that nothing imports."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    sources = list(Path(spec.origin).parent.rglob("*.py"))
    missing = [str(path) for path in sources if not Path(cache_from_source(str(path))).exists()]
    assert sources
    assert missing == []
