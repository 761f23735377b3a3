"""``python -m tools.machine``: run tests in a virtual machine and write down what came of it."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.machine import disk, report
from tools.machine.disk import ROOT, Disk, say
from tools.machine.errors import MachineError
from tools.machine.machine import PATIENCE, Machine, missing_programs
from tools.machine.systems import SYSTEMS, System

HOME = "/opt/docker-course"
"""The checkout in the machine."""
REPLACE = f"find {HOME} -mindepth 1 -maxdepth 1 ! -name .venv -exec rm -rf {{}} + && tar -x -C {HOME}"

PYTEST = (
    f"cd {HOME} && DOCKER_COURSE_MACHINE=1 DOCKER_COURSE_PATIENCE=$0 "
    '.venv/bin/pytest --verbose --tb=short --color=no -p no:cacheprovider "$@"'
)
"""The variables tell tests that the machine is theirs, and how patient to be with it."""


def main() -> None:
    """Read the command line, run, and end with pytest's status; 2 if there was no run."""
    parser = argparse.ArgumentParser(prog="python -m tools.machine", description=__doc__)
    parser.add_argument("--system", choices=SYSTEMS, default="debian-13")
    parser.add_argument("--fresh", action="store_true", help="make the disk again")
    parser.add_argument("--resume", action="store_true", help="skip what passed in the run before, which was stopped")
    parser.add_argument("tests", nargs=argparse.REMAINDER, help="pytest's arguments; with any, no page is written")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the machine is shut down on the way out
    try:
        sys.exit(run(SYSTEMS[given.system], given.tests, fresh=given.fresh, resume=given.resume))
    except MachineError as error:
        sys.exit(f"machine: {error}")


def run(system: System, chosen: list[str], *, fresh: bool, resume: bool) -> int:
    """Run tests in a machine of this system, its own ones if none is chosen; return pytest's exit status.

    With ``resume``, the tests that passed or were skipped in the run before do not run again, and the page is about
    both runs.
    """
    if packages := missing_programs():
        raise MachineError(f"Programs are missing here. On Debian: apt-get install {' '.join(packages)}")
    if changed := _git("status", "--porcelain"):
        raise MachineError(f"The machine gets what is committed. Commit or remove first:\n{changed}")
    commit = _git("rev-parse", "--short=12", "HEAD")
    there = disk.ensure(system, fresh=fresh)
    wanted = _images()
    with tempfile.TemporaryDirectory(prefix="images-", dir=there.folder) as folder:
        archive = _archive(there, wanted, Path(folder))
        with Machine(there, archive) as machine:
            _install(machine, there, archive, wanted)
            script = ["sh", "-c", PYTEST, str(PATIENCE[machine.accelerator])]
            if chosen:
                with (there.folder / "chosen.log").open("wb") as copy:
                    return machine.stream([*script, *chosen], copy)
            log, facts = there.folder / "pytest.log", report.facts(machine)
            before = log.read_text("utf-8") if resume and log.exists() else ""
            tests = list(system.tests)
            if before:
                said = machine.run([*script, "--collect-only", "-qq", *tests])
                tests = report.unsettled([line for line in said.splitlines() if "::" in line], before)
            try:
                with log.open("ab" if before else "wb") as copy:
                    copy.write(report.heading(commit).encode())
                    copy.flush()
                    return machine.stream([*script, *tests], copy)
            finally:  # a run that is stopped has shown something too, and its page says that it was stopped
                page = report.write(system, facts, log.read_text("utf-8"))
                say(f"written: {page.relative_to(ROOT)}")


def _images() -> list[str]:
    """``NAME ID`` of each image that the checkout's sandboxes need, those for building them included."""
    from autograder import images, sandbox
    from autograder.host import connect, silent

    sandbox.ensure(silent)
    client = connect()
    names = [*(image.name for image in images.load().image), *sandbox.image_names()]
    return [f"{name} {client.images.get(name).id}" for name in names]


def _archive(there: Disk, wanted: list[str], folder: Path) -> Path | None:
    """Return an archive of the images that the machine lacks."""
    has = there.loaded.read_text("utf-8").splitlines() if there.loaded.exists() else []
    names = [line.split()[0] for line in wanted if line not in has]
    if not names:
        return None
    say(f"saving {len(names)} of {len(wanted)} images")
    path = folder / "images.tar"
    disk.run(["docker", "save", "--output", str(path), *names])
    return path


def _install(machine: Machine, there: Disk, archive: Path | None, wanted: list[str]) -> None:
    """Give the machine the committed files and the images, and let it set itself up."""
    machine.run(["sh", "-c", REPLACE], input=disk.checkout())
    if archive is not None:
        say("loading the images")
        machine.run(["sh", "-c", "docker load --quiet </dev/vdb"])
        there.loaded.write_text("\n".join(wanted), encoding="utf-8")
    say("setting up sandboxes")
    machine.run(["sh", "-c", f"cd {HOME} && .venv/bin/docker-course setup"])


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
