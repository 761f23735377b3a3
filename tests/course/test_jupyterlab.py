"""JupyterLab by the README's line, for root and for others."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from course import ports

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "course" / "jupyterlab" / "jupyter_server_config.py"


def test_the_settings_that_are_installed_are_the_committed_ones() -> None:
    """`make environment` put them where Jupyter looks."""
    installed = Path(sys.prefix) / "etc" / "jupyter" / SETTINGS.name
    assert installed.read_text(encoding="utf-8") == SETTINGS.read_text(encoding="utf-8")


LANGUAGES = {
    "%%bash\ndocker ps": "text/x-sh",
    "%%bash -x\n": "text/x-sh",
    "%%writefile {app}/Dockerfile\nFROM x": "text/x-dockerfile",
    "%%writefile -a site/prod.Dockerfile": "text/x-dockerfile",
    "%%writefile compose.override.yml\n": "text/x-yaml",
    '%%writefile "my files/compose.yaml"': "text/x-yaml",
    "%%writefile notes.txt": "text/plain",
    "%%time\nx": None,
    "print('%%bash')": None,
    "": None,
}


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_a_cell_has_the_language_that_its_first_line_says() -> None:
    """``None`` is the kernel's."""
    name = "docker-fundamentals-cell-languages"
    script = ROOT / "course" / "jupyterlab" / "cell-languages" / "static" / "remoteEntry.js"
    program = f"""\
require({json.dumps(str(script))});
const sources = {json.dumps(list(LANGUAGES))};
console.log(JSON.stringify(sources.map(globalThis._JUPYTERLAB[{json.dumps(name)}].language)));
"""
    done = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True)
    assert dict(zip(LANGUAGES, json.loads(done.stdout), strict=True)) == LANGUAGES


def test_the_extension_for_cells_is_installed() -> None:
    """Where JupyterLab looks for it."""
    place = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / "docker-fundamentals-cell-languages"
    package = json.loads((place / "package.json").read_text(encoding="utf-8"))
    assert (place / package["jupyterlab"]["_build"]["load"]).is_file()
    assert package["name"] == place.name


@pytest.mark.slow
def test_a_notebook_opens_without_an_error_and_the_browser_shows_the_course(tmp_path: Path) -> None:
    """As root, too: no refusal, no red line of nbgrader's, and all parts in the file browser."""
    port = ports.free_port()
    command = [str(Path(sys.executable).with_name("jupyter")), "lab", "--no-browser", f"--port={port}"]
    log = tmp_path / "log"
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path)}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--IdentityProvider.token=t", "release/part1/part1.ipynb"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        listed = _ask(f"http://127.0.0.1:{port}/api/contents/release?token=t", server)
        assert {"part0", "part1", "part7"} <= {entry["name"] for entry in listed["content"]}
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    red = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith(("[E ", "Traceback"))]
    assert red == []


@pytest.mark.parametrize("user", [0, 1000])
def test_the_settings_hold_in_the_courses_root_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int) -> None:
    """Another server of the same environment keeps its own root, and refuses root as ever."""
    from traitlets.config import PyFileConfigLoader

    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.chdir(tmp_path)
    shutil.copy(SETTINGS, tmp_path)
    load = PyFileConfigLoader(SETTINGS.name, str(tmp_path)).load_config
    assert "ServerApp" not in load()
    (tmp_path / "nbgrader_config.py").touch()
    (tmp_path / "release").mkdir()
    settings = load().ServerApp
    assert settings.root_dir == str(tmp_path)
    assert ("allow_root" in settings) is (user == 0)


def _ask(address: str, server: subprocess.Popen[bytes]) -> dict[str, list[dict[str, str]]]:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as reply:
                found: dict[str, list[dict[str, str]]] = json.load(reply)
                return found
        except OSError:
            assert server.poll() is None, "the server has ended"
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.3)
