"""Makes .venv with the locked dependencies, on a machine that has nothing but Python. Re-runs take a second.

Arguments are options for `uv sync`. Standard library only, since it runs before anything is installed. `make` calls it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
UV = ROOT / "build" / "uv"
"""uv has an environment of its own: `uv sync` removes from .venv what the lock file does not name."""
CACHE = ROOT / "build" / "uv-cache"
"""The dependencies as files, for a machine without a network: `make offline` fills it, and it is used where it is."""


def main() -> None:
    """Make the environments, or say what is missing."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what finds out
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Say: make PYTHON=python3.13 …")
    if not (UV / "bin" / "uv").exists():
        print("Installing uv, which installs the rest …", flush=True)
        make_environment(UV)
        pip = [UV / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*pip, "uv>=0.9"], check=False).returncode != 0:
            shutil.rmtree(UV)
            sys.exit("uv could not be installed with pip. Is the Python package index reachable from here?")
    if not sync(*sys.argv[1:]):
        print("Trying again with what was downloaded before …", flush=True)
        if not sync("--offline"):
            sys.exit("The dependencies could not be installed; the lines above say why.")


def sync(*options: str) -> bool:
    """Bring .venv in step with the lock file; whether that worked."""
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(VENV)}
    if CACHE.is_dir():
        environment["UV_CACHE_DIR"] = str(CACHE)
    # What Python compiles at a first import it may not be able to keep (PYTHONDONTWRITEBYTECODE, a folder of another
    # user's), and then it compiles three seconds of imports at each start. Compiling all takes six seconds, once.
    command = [UV / "bin" / "uv", "sync", "--locked", "--compile-bytecode", "--python", sys.executable, *options]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


def make_environment(path: Path) -> None:
    """Make a virtual environment. Debian keeps the module for that in a package of its own."""
    command = [sys.executable, "-m", "venv", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    shutil.rmtree(path, ignore_errors=True)
    if "ensurepip" in done.stdout + done.stderr and shutil.which("apt-get"):
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if os.geteuid() != 0:
            sys.exit(f"Python's venv module is missing. Install it: sudo apt-get install {package}")
        print(f"Installing {package} …", flush=True)
        apt = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], env=apt, stdout=subprocess.DEVNULL, check=False)
        subprocess.run(["apt-get", "install", "-q", "-y", package], env=apt, stdout=subprocess.DEVNULL, check=False)
        if subprocess.run(command, check=False).returncode == 0:
            return
    sys.exit(f"No virtual environment could be made: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
