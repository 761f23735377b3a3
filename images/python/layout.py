"""Copy Debian's Python to /usr/local, and give it the layout of one that was built there, as the official image's was.

Run as root by Debian's own Python, with the folder of pip's wheel as its argument. Every change has to find what it
changes: one that does not stops the build.
"""

import re
import shutil
import sys
from pathlib import Path

VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
DEBIAN = Path("/usr")
OURS = Path("/usr/local")
LIBRARY = OURS / "lib" / VERSION


def edit(file: Path, pattern: str, replacement: str) -> None:
    """Replace every match of the pattern, in which ``^`` and ``$`` match at lines, in a file."""
    text, count = re.subn(pattern, replacement, file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if not count:
        sys.exit(f"{file}: found nothing that matches {pattern!r}")
    file.write_text(text, encoding="utf-8")


def copy() -> None:
    """Copy the program, the library without what only Debian's packages use, and the headers."""
    left_out = shutil.ignore_patterns(
        "__pycache__", "test", "sitecustomize.py", "_distutils_system_mod.py", "EXTERNALLY-MANAGED", "config-*"
    )
    shutil.rmtree(LIBRARY, ignore_errors=True)  # Debian makes an empty one
    shutil.copytree(DEBIAN / "lib" / VERSION, LIBRARY, symlinks=True, ignore=left_out)
    shutil.copytree(DEBIAN / "include" / VERSION, OURS / "include" / VERSION)
    for settings in (DEBIAN / "include").glob(f"*-linux-gnu*/{VERSION}/pyconfig.h"):
        shutil.copy2(settings, OURS / "include" / VERSION / "pyconfig.h")
    shutil.copy2(DEBIAN / "bin" / VERSION, OURS / "bin" / VERSION)
    (OURS / "bin" / "python3").symlink_to(VERSION)
    (OURS / "bin" / "python").symlink_to("python3")


def settle(wheels: Path) -> None:
    """Let the copy install to and look in site-packages, and let it make environments with the pip of ``wheels``."""
    edit(LIBRARY / "sysconfig" / "__init__.py", r"^    if sys\.base_prefix != sys\.prefix or [^\n]*:$", "    if True:")
    for place in ("site-packages", "dist-packages"):
        (LIBRARY / place).mkdir()
    shutil.copy2(Path(__file__).with_name("_site_packages.py"), LIBRARY)
    (LIBRARY / "dist-packages" / "site-packages.pth").write_text("import _site_packages\n", encoding="ascii")
    edit(LIBRARY / "ensurepip" / "__init__.py", r"^    _ensurepip_is_disabled_in_debian_for_system\(\)\n", "")
    bundled = LIBRARY / "ensurepip" / "_bundled"
    bundled.mkdir()
    for wheel in wheels.glob("pip-*.whl"):
        shutil.copy2(wheel, bundled)
    for settings in LIBRARY.glob("_sysconfigdata__linux*.py"):
        edit(settings, r"'WHEEL_PKG_DIR': '[^']*'", f"'WHEEL_PKG_DIR': '{bundled}'")
        edit(settings, rf"'/usr((?:/(?:bin|include|lib|share))?(?:/{re.escape(VERSION)}[^']*)?)'", r"'/usr/local\1'")


copy()
settle(Path(sys.argv[1]))
