"""Sandboxes hold the files of the checkout that starts them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import provision

pytestmark = pytest.mark.engine


@pytest.fixture
def looked_up_anew() -> Iterator[None]:
    """The provision is looked up once per process; here, each time."""
    provision.current.cache_clear()
    yield
    provision.current.cache_clear()


@pytest.mark.usefixtures("looked_up_anew")
def test_a_sandbox_of_other_files_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the checkout changed since the image was made: the error names the checkout and the repair."""
    assert provision.current().image
    provision.current.cache_clear()
    packed = provision._context()
    monkeypatch.setattr(provision, "_context", lambda: packed + b"one more line")
    with pytest.raises(SandboxError, match=r"holds the files of this checkout \(/.*`docker-course setup`"):
        provision.current()
