"""What `make machine` does without a machine: the page about a run, and refusals before anything is made."""

from __future__ import annotations

import pytest

from tools.machine import __main__ as command
from tools.machine import machine, report
from tools.machine.errors import MachineError
from tools.machine.systems import SYSTEMS

OUTPUT = """\
== commit 0123456789ab ==
============================= test session starts ==============================
collecting ... collected 5 items

tests/security/test_escape.py::test_the_hosts_cgroup_tree_cannot_be_reached PASSED [ 20%]
tests/security/test_escape.py::test_a_student_gets_no_container_with_rights[-v /:/host] PASSED [ 40%]
tests/security/test_floods.py::test_output_is_cut FAILED                 [ 60%]
tests/machine/test_withheld_namespaces.py::test_x SKIPPED (this kernel) [ 80%]
tests/security/test_floods.py::test_sleeping ERROR                       [100%]
=========================== short test summary info ============================
SKIPPED [1] tests/machine/test_withheld_namespaces.py:104: this kernel
FAILED tests/security/test_floods.py::test_output_is_cut - TimeoutError
ERROR tests/security/test_floods.py::test_sleeping - OSError
======== 1 failed, 2 passed, 1 skipped, 1 error in 3723.90s (1:02:03) =========
"""


def test_the_page_says_which_machine_it_was_and_counts_each_files_outcomes() -> None:
    """Kernel and commit, a row for each file, pytest's last line, and each outcome that was not a pass."""
    page = report.page(SYSTEMS["debian-13"], {"Kernel": "6.12", "AppArmor": "Yes\nx:1"}, OUTPUT)
    lines = page.splitlines()
    assert lines[0] == "# The sandbox's tests on Debian 13"
    assert "commit 0123456789ab" in page
    assert {"| Kernel | 6.12 |", "| AppArmor | Yes<br>x:1 |"} < set(lines)
    assert "| tests/security/test_escape.py | 2 | 0 | 0 | 0 |" in lines
    assert "| tests/security/test_floods.py | 0 | 1 | 1 | 0 |" in lines
    assert "**1 failed, 2 passed, 1 skipped, 1 error in 3723.90s (1:02:03)**" in lines
    assert "FAILED tests/security/test_floods.py::test_output_is_cut - TimeoutError" in lines


def test_a_run_that_was_cut_off_is_not_called_a_success() -> None:
    """The page says that the run did not end, and names what had failed until then."""
    page = report.page(SYSTEMS["debian-13"], {}, OUTPUT.partition("======= short test")[0])
    assert "**pytest did not come to its end**" in page
    assert "FAILED tests/security/test_floods.py::test_output_is_cut" in page.splitlines()


def test_a_run_that_goes_on_runs_what_is_not_settled_and_its_page_is_about_both() -> None:
    """What passed or was skipped is left out, what failed runs again, and the later outcome counts."""
    flood, sleeping = (f"tests/security/test_floods.py::test_{name}" for name in ("output_is_cut", "sleeping"))
    skipped, new = "tests/machine/test_withheld_namespaces.py::test_x", "tests/machine/test_new.py::test_x_and_y"
    assert report.unsettled([skipped, new, flood, sleeping], OUTPUT) == [new, flood, sleeping]
    later = f"== commit ba9876543210 ==\n{flood} PASSED [50%]\n{sleeping} FAILED [100%]\n"
    page = report.page(SYSTEMS["debian-13"], {}, OUTPUT + later)
    assert "commit 0123456789ab, then ba9876543210" in page
    assert "| tests/security/test_floods.py | 1 | 1 | 0 | 0 |" in page.splitlines()
    assert f"FAILED {sleeping}" in page.splitlines()
    assert flood not in page


def test_missing_programs_are_named_by_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is made: the command that installs them."""
    monkeypatch.setattr(machine.shutil, "which", lambda name: None if "qemu" in name else f"/usr/bin/{name}")
    with pytest.raises(MachineError, match=r"apt-get install qemu-system-x86$"):
        command.run(SYSTEMS["debian-13"], [], fresh=False, resume=False)


def test_what_is_not_committed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page names a commit, so the machine runs what that commit holds."""
    monkeypatch.setattr(command, "missing_programs", list)
    monkeypatch.setattr(command, "_git", lambda *words: " M course/run.py" if "status" in words else "")
    with pytest.raises(MachineError, match=r"Commit or remove first:\n M course/run\.py"):
        command.run(SYSTEMS["debian-13"], [], fresh=False, resume=False)


@pytest.mark.parametrize(
    "console",
    [
        b"KVM internal error. Suberror: 1\nemulation failure",
        b"kvm_buf_set_msrs: Assertion failed",
        b"kvm: Permission denied",
    ],
)
def test_a_host_whose_kvm_cannot_run_the_guest_is_known_by_what_qemu_says(console: bytes) -> None:
    """A /dev/kvm that is there may still be of no use, in a virtual machine above all."""
    assert machine.kvm_fails(console)
    assert not machine.kvm_fails(b"[    0.000000] Linux version 6.12\n[    0.1] kvm-guest: PV spinlocks enabled")
