"""The page about a run: which machine it was, and what came of each test."""

from __future__ import annotations

import re
import shlex
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

from tools.machine.disk import ROOT
from tools.machine.machine import CPUS, MEMORY, PATIENCE, Machine
from tools.machine.systems import System

FOLDER = ROOT / "docs" / "machines"

ASKED = {
    "Kernel": "uname -r",
    "cgroup file system": "stat -f -c %T /sys/fs/cgroup",
    "init": "systemctl --version | head -n 1",
    "Docker Engine": "docker info -f '{{.ServerVersion}}, cgroup version {{.CgroupVersion}} ({{.CgroupDriver}}), "
    '{{.Driver}}, {{join .SecurityOptions " "}}\'',
    "AppArmor": "aa-enabled; grep -H . /proc/sys/kernel/*userns* /proc/sys/user/max_user_namespaces",
    "Python": "python3 --version",
}
"""What the machine is asked, in its shell."""

ACCELERATORS = {
    "kvm": "KVM",
    "tcg": "none: qemu emulates the processor, ten to twenty times slower than real",
}
OUTCOME = re.compile(r"^(tests/\S+?\.py)::(.+?) (PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b", re.MULTILINE)
SUMMARY = re.compile(r"^(?:FAILED|ERROR|SKIPPED) .*$", re.MULTILINE)
HEADING = re.compile(r"^== commit (\S+) ==$", re.MULTILINE)
LAST = re.compile(r"^=+ (.* in .*) =+$", re.MULTILINE)


def facts(machine: Machine) -> dict[str, str]:
    """Return what the machine says of itself."""
    said = {about: machine.run(["sh", "-c", f"{command} 2>&1 || true"]) for about, command in ASKED.items()}
    return {
        "Processor": ACCELERATORS[machine.accelerator],
        "Size": f"{CPUS} processors, {MEMORY}",
        "Patience": f"short limits of time in tests are multiplied by {PATIENCE[machine.accelerator]}",
        **said,
    }


def heading(commit: str) -> str:
    """Return the line that starts the output of one run."""
    return f"== commit {commit} ==\n"


def unsettled(tests: list[str], output: str) -> list[str]:
    """Return those of the tests that neither passed nor were skipped, by their names on pytest's command line."""
    outcomes = _outcomes(output)
    return [test for test in tests if outcomes.get(test) not in ("PASSED", "SKIPPED")]


def _outcomes(output: str) -> dict[str, str]:
    """Return each test's last outcome; a run that went on with another one runs again what had failed."""
    return {f"{file}::{test}": outcome for file, test, outcome in OUTCOME.findall(output)}


def write(system: System, facts: dict[str, str], output: str) -> Path:
    """Write the page about a run of pytest, or about several that went on with one another; return where it is."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{system.name}.md"
    path.write_text(page(system, facts, output), encoding="utf-8")
    return path


def page(system: System, facts: dict[str, str], output: str) -> str:
    """Return the page's text."""
    files: defaultdict[str, Counter[str]] = defaultdict(Counter)
    outcomes = _outcomes(output)
    for test, outcome in outcomes.items():
        files[test.partition("::")[0]][outcome] += 1
    newest = output[output.rfind("== commit ") :]
    last = LAST.findall(newest)
    kinds = ("PASSED", "FAILED", "ERROR", "SKIPPED")
    notes = list(dict.fromkeys(SUMMARY.findall(newest)))
    if not last:  # pytest's own summary comes at its end
        notes = [f"{outcome} {test}" for test, outcome in outcomes.items() if outcome in ("FAILED", "ERROR")]
    lines = [
        f"# The sandbox's tests on {system.title}",
        "",
        f"Written by `make machine SYSTEM={system.name}` on {datetime.now(UTC):%Y-%m-%d} from commit "
        f"{', then '.join(dict.fromkeys(HEADING.findall(output)))}: a virtual machine without a network, in which ran",
        "",
        f"    pytest {shlex.join(system.tests)}",
        "",
        "| machine | |",
        "|---|---|",
        *(f"| {about} | {'<br>'.join(said.splitlines())} |" for about, said in facts.items()),
        "",
        f"**{last[-1] if last else 'pytest did not come to its end'}**",
        "",
        f"| file | {' | '.join(kind.lower() for kind in kinds)} |",
        f"|---|{'---|' * len(kinds)}",
        *(f"| {file} | {' | '.join(str(count[kind]) for kind in kinds)} |" for file, count in files.items()),
        *(["", "```text", *notes, "```"] if notes else []),
    ]
    return "\n".join(lines) + "\n"
