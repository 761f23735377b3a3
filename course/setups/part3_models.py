"""Set-up of exercise ``cache-mount``: a program that downloads slowly, and the list of what it downloads."""

from __future__ import annotations

import hashlib
from typing import Final

from course import run
from course.setups.part3 import plant

BASE: Final = "busybox"
STORE: Final = "/var/cache/models"
"""Where the program keeps what it has downloaded."""
PLACE: Final = "models"
"""The directory at the top of the image in which the program installs the models."""
_WORDS: Final = ("tiny", "chat", "vision")

_FETCH: Final = f"""\
#!/bin/sh
# Installs the models that models.txt lists in /{PLACE}. Run TOKEN
# A download is kept in {STORE}; a model that is there is not downloaded again.
set -e
store={STORE}
mkdir -p "$store" /{PLACE}
while read -r model; do
    if [ ! -f "$store/$model" ]; then
        echo "downloading $model"
        sleep 1  # a slow network
        cat /proc/sys/kernel/random/uuid > "$store/$model.part"  # the number of this download
        mv "$store/$model.part" "$store/$model"
    fi
    cp "$store/$model" "/{PLACE}/$model"
done < models.txt
"""


def models() -> tuple[str, ...]:
    """Return the names of this run's models."""
    return tuple(model(word) for word in _WORDS)


def model(word: str) -> str:
    """Return the name of a model: no other run has it, because a cache mount outlives a run."""
    return f"{word}-{hashlib.sha256(f'{word} of {run.token()}'.encode()).hexdigest()[:8]}"


def fetch_program() -> str:
    """Return the program that downloads and installs the models."""
    return _FETCH.replace("TOKEN", run.token())


def models_recipe() -> str:
    """Return the Dockerfile as it is planted: each change of the list downloads everything again."""
    return f"""\
FROM {BASE}
LABEL {run.LABEL}={run.token()}
WORKDIR /srv
COPY fetch.sh models.txt ./
RUN sh fetch.sh
CMD ["sh", "-c", "head /{PLACE}/*"]
"""


def listed(*names: str) -> str:
    """Return the list of these models, as ``models.txt`` has it."""
    return "".join(f"{name}\n" for name in names)


def write_models() -> str:
    """Plant ``cache-mount``: the program, its list and a Dockerfile; return the directory's path."""
    return plant(
        "models", {"fetch.sh": fetch_program(), "models.txt": listed(*models()), "Dockerfile": models_recipe()}
    )
