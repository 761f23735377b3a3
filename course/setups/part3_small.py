"""Set-ups of Part 3's last exercises: small images and secrets. What they plant is bound to the run's token."""

from __future__ import annotations

import hashlib
import random
from typing import Final

from course import run
from course.setups.part3 import APP_PORT, REQUIREMENTS, plant

PYTHON: Final = "python:3.13-slim"
BASE: Final = "busybox"
LIBRARY: Final = "libchecksum.so"
KEY_FILE: Final = "key.txt"
SEAL: Final = "/seal.txt"
"""Where exercise ``sealed``'s image has its seal."""

_PRIME: Final = 1099511628211
_TOOLS: Final = f"""\
FROM {PYTHON}
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends gcc libc6-dev \\
 && rm -rf /var/lib/apt/lists/*
"""

_CHECKSUM: Final = """\
/* The checksum of a text (FNV-1a, 64 bits), begun with a number of this run. */
unsigned long long checksum(const char *text)
{
    unsigned long long sum = SEEDULL;
    while (*text)
        sum = (sum ^ (unsigned char) *text++) * 1099511628211ULL;
    return sum;
}
"""

_MAIN: Final = """
#include <stdio.h>

int main(int count, char **words)
{
    if (count != 2) {
        fputs("Give me one word.\\n", stderr);
        return 2;
    }
    printf("%016llx\\n", checksum(words[1]));
    return 0;
}
"""

_SCRIPT: Final = f"""\
import ctypes
import sys
from pathlib import Path

library = ctypes.CDLL(str(Path(__file__).with_name("{LIBRARY}")))  # the C library, beside this file
library.checksum.restype = ctypes.c_uint64
print(f"{{library.checksum(sys.argv[1].encode()):016x}}")
"""

_APP: Final = f"""\
import ctypes
from pathlib import Path

from flask import Flask

library = ctypes.CDLL(str(Path(__file__).with_name("{LIBRARY}")))  # the C library, beside this file
library.checksum.restype = ctypes.c_uint64
app = Flask(__name__)


@app.get("/<word>")
def answer(word):
    return f"{{library.checksum(word.encode()):016x}}"
"""


def seed() -> int:
    """Return the number with which this run's checksums begin."""
    return random.Random(f"seed-{run.token()}").getrandbits(63)  # noqa: S311  not a secret: the check derives it again


def checksum(text: str, begin: int | None = None) -> str:
    """Return what the programs of exercises ``small`` and ``tiny`` answer for a text, or would with another seed."""
    total = seed() if begin is None else begin
    for byte in text.encode():
        total = (total ^ byte) * _PRIME % (1 << 64)
    return f"{total:016x}"


def naive_recipe() -> str:
    """Return the Dockerfile of exercise ``small`` as it is planted: one stage, with everything in it."""
    return f"""\
{_TOOLS}WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN gcc -shared -fPIC -o {LIBRARY} checksum.c
CMD ["gunicorn", "--bind", "0.0.0.0:{APP_PORT}", "app:app"]
"""


def workshop_recipe() -> str:
    """Return the Dockerfile of exercise ``two-stages`` as it is planted: one stage, in which all is left."""
    return f"""\
{_TOOLS}WORKDIR /src
COPY checksum.c .
RUN gcc -shared -fPIC -o {LIBRARY} checksum.c
COPY checksum.py .
ENTRYPOINT ["python", "/src/checksum.py"]
"""


def write_workshop() -> str:
    """Plant ``two-stages``: a Python program with a part in C; return the directory's path."""
    return plant(
        "workshop",
        {
            "checksum.c": _CHECKSUM.replace("SEED", str(seed())),
            "checksum.py": _SCRIPT,
            "Dockerfile": workshop_recipe(),
        },
    )


def calculator_files() -> dict[str, str]:
    """Return the files of exercise ``small`` as they are planted."""
    return {
        "app.py": _APP,
        "checksum.c": _CHECKSUM.replace("SEED", str(seed())),
        "requirements.txt": REQUIREMENTS,
        "Dockerfile": naive_recipe(),
    }


def write_calculator() -> str:
    """Plant ``small``: an app with a C library, and a Dockerfile of one stage; return the directory's path."""
    return plant("calculator", calculator_files())


def key() -> str:
    """Return the secret of exercise ``sealed``."""
    return "key-" + hashlib.sha256(f"key of {run.token()}".encode()).hexdigest()[:32]


def release() -> str:
    """Return the text that exercise ``sealed``'s image seals."""
    return f"Release {random.Random(f'release-{run.token()}').getrandbits(64):016x}\n"  # noqa: S311


def seal(secret: str) -> str:
    """Return the seal of the release, made with a secret."""
    return hashlib.sha256((secret + release()).encode()).hexdigest()


def write_release() -> str:
    """Plant ``sealed``: the release and the key that seals it; return the directory's path."""
    return plant("release", {"release.txt": release(), KEY_FILE: key()})


def tool_recipe() -> str:
    """Return the Dockerfile of exercise ``tiny`` as it is planted; its first lines are those of exercise ``small``."""
    return f"""\
{_TOOLS}WORKDIR /src
COPY checksum.c .
RUN gcc -o /checksum checksum.c
ENTRYPOINT ["/checksum"]
"""


def write_tool() -> str:
    """Plant ``tiny``: a C program and a Dockerfile for it; return the directory's path."""
    program = _CHECKSUM.replace("SEED", str(seed())) + _MAIN
    return plant("tool", {"checksum.c": program, "Dockerfile": tool_recipe()})
