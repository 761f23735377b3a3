"""The shell cell, with real bash and with kernels."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from course.errors import CourseError
from course.shell import cell


@pytest.fixture(autouse=True)
def _run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_COURSE_RUN", "abc123")


def printed(script: str, *options: str, **variables: object) -> str:
    """What a cell with this script shows, without colours."""
    output = io.StringIO()
    cell.run(script, options, variables, output)
    return re.sub("\x1b\\[[0-9;]*m", "", output.getvalue())


def appears(file: Path, seconds: float = 5) -> bool:
    """Whether a file comes into being within some seconds."""
    deadline = time.monotonic() + seconds
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return file.exists()


def test_a_command_that_reads_its_input_gets_none() -> None:
    """The lines after it are not its input."""
    assert printed("cat\necho after\nread line; echo $?") == "after\n[line 4 failed with status 1: read line]\n1\n"


def test_both_streams_are_one_in_order() -> None:
    """Errors stand where they happened."""
    assert printed("echo 1; echo 2 >&2; echo 3; echo 4 >&2") == "1\n2\n3\n4\n"


def test_a_failed_line_is_named_and_the_next_one_runs() -> None:
    """As in a terminal; lines count as in the notebook, where the first one is %%bash."""
    assert printed("echo one\nfalse\nls /nowhere 2>/dev/null\necho two") == (
        "one\n[line 3 failed with status 1: false]\n[line 4 failed with status 2: ls /nowhere 2> /dev/null]\ntwo\n"
    )


def test_bash_names_the_same_line_and_no_file() -> None:
    """What bash itself says of a line has the line's number in the notebook."""
    assert printed("true\nno-such-command x") == (
        "line 3: no-such-command: command not found\n[line 3 failed with status 127: no-such-command x]\n"
    )


@pytest.mark.parametrize(
    "script",
    [
        "if false; then echo; fi",
        "false || true",
        "! false",
        "while false; do :; done",
        "false | true",
        "(false; true)",
        "f() { false; true; }; f",
        "true",
        "",
    ],
)
def test_what_is_no_failed_line_is_not_called_one(script: str) -> None:
    """A condition may be false, and only the last command of a pipe or a function decides."""
    assert printed(script) == ""


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 3", "[the cell ended with status 3]\n"),
        ("false && true", "[the cell ended with status 1]\n"),
        ("set -e\nfalse\necho never", "[line 3 failed with status 1: false]\n"),
        ("true | (exit 5)", "[line 2 failed with status 5: ( exit 5 )]\n"),
        ("sleep 9 &\nkill -9 $!\nwait $! 2>/dev/null", "[line 4 failed with status 137: wait $! 2> /dev/null]\n"),
    ],
)
def test_how_a_cell_ends_is_said_once(script: str, said: str) -> None:
    """Its status, or the last line that failed, not both."""
    assert printed(script).endswith(said)
    assert printed(script).count("[") == 1


def test_an_error_of_syntax_names_its_line() -> None:
    """What stands before it has run."""
    assert printed("echo before\nif true\n").startswith("before\nline ")


def test_the_cell_ends_when_bash_ends(tmp_path: Path) -> None:
    """A process in the background goes on, and what it prints does not stop it."""
    begin = time.monotonic()
    said = printed('(sleep 1; echo late; echo >"$mark") & echo now', mark=tmp_path / "mark")
    assert said == "now\n"
    assert time.monotonic() - begin < 0.8
    assert appears(tmp_path / "mark")


def test_output_comes_while_the_cell_runs() -> None:
    """The first line is there before the last one is printed."""
    output = io.StringIO()
    thread = threading.Thread(target=cell.run, args=("echo first; sleep 1; echo last", [], {}, output))
    thread.start()
    time.sleep(0.5)
    seen = output.getvalue()
    thread.join()
    assert seen == "first\n"
    assert output.getvalue() == "first\nlast\n"


def test_names_and_values_of_the_notebook_are_there() -> None:
    """``$RUN``, and variables that hold text, numbers and paths; what the kernel's environment has is not replaced."""
    variables = {
        "port": 8080,
        "line": "it's\ntwo",
        "here": Path("/srv"),
        "PATH": "/nowhere",
        "DOCKER_HOST": "x",
        "_x": "no",
        "f": print,
    }
    said = printed('echo "web-$RUN $port $here [$line] [${_x}x$f$DOCKER_HOST]"; type -p ls', **variables)
    assert said.startswith("web-abc123 8080 /srv [it's\ntwo] [x]")
    assert said.endswith("/ls\n")


def test_a_value_that_no_environment_takes_is_left_out() -> None:
    """Linux allows 128 KiB for one, and no null character."""
    assert printed('echo "[$large$null]"', large="x" * 200_000, null="a\0b") == "[]\n"


def test_bash_takes_its_options() -> None:
    """``%%bash -x`` shows each command before it runs."""
    assert "+ echo hi\n" in printed("echo hi", "-x")


def test_bytes_that_are_no_text_and_characters_cut_in_two_are_shown() -> None:
    """A chunk may end inside a character."""
    assert printed(r"printf '\xff'; printf '\xc3'; sleep .1; printf '\xa9\n'") == "\ufffdé\n"


def test_what_shows_each_command_shows_the_cells_own() -> None:
    """``set -x`` and ``-x`` show nothing of what names the failed lines."""
    shown = "+ echo hi\nhi\n+ false\n[line 3 failed with status 1: false]\n"
    assert printed("echo hi\nfalse", "-x") == shown
    assert printed("set -x; echo hi\nfalse") == shown


def test_a_background_that_prints_for_ever_does_not_keep_the_cell() -> None:
    """It ends with bash, although there is always more to read."""

    class Slow(io.StringIO):
        def write(self, text: str) -> int:
            time.sleep(0.05)
            return super().write(text)

    output = Slow()
    script = "for i in 1 2 3 4; do yes & pids+=($!); done; echo ${pids[@]} >&2; sleep .2"
    thread = threading.Thread(target=cell.run, args=(script, [], {}, output), daemon=True)
    thread.start()
    thread.join(timeout=5)
    still_reads = thread.is_alive()
    for pid in re.findall(r"\d+", output.getvalue()):
        psutil.Process(int(pid)).kill()
    assert not still_reads


def test_a_signal_that_ends_bash_is_named() -> None:
    """Such as the kernel's when memory is short."""
    assert printed("echo one; kill -9 $$") == "one\n[bash was ended by signal 9]\n"


def test_half_a_character_in_a_variable_is_left_out() -> None:
    """No environment can hold it, and a byte that is no text is handed on."""
    assert printed('printf "[$half$raw]"', half="\ud800", raw="\udcff") == "[\ufffd]"


def test_an_environment_that_is_too_large_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux takes 128 KiB for one variable, and the kernel's own are handed on as they are."""
    monkeypatch.setenv("TOO_LARGE", "x" * 200_000)
    with pytest.raises(CourseError, match="bash cannot be started: Argument list too long"):
        printed("true")


KERNEL = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in sys.argv[1:]])
client = NotebookClient(notebook, kernel_name="docker-course", allow_errors=True)
client.execute()
for cell in notebook.cells:
    print("".join(output.get("text", output.get("ename", "")) for output in cell.outputs), end="")
    print("--")
"""


@pytest.mark.slow
def test_the_courses_kernel_has_it_from_the_start() -> None:
    """Without any import; IPython's own answers where its options are used; and an interrupt ends what was started."""
    done = subprocess.run(
        [sys.executable, "-c", KERNEL, "%%bash\ncat; false\necho $RUN", "%%bash --out text\necho own", "print(text)"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    cells = re.sub("\x1b\\[[0-9;]*m", "", done.stdout).split("--\n")
    assert cells[:3] == ["[line 2 failed with status 1: false]\nabc123\n", "", "own\n\n"]


@pytest.mark.slow
def test_in_another_kernel_the_first_cell_brings_it() -> None:
    """Such as an ordinary Python kernel's: `begin` registers it."""
    program = KERNEL.replace('"docker-course"', '"python3"')
    first = "from course import opening\nopening.connect = lambda: None\nopening.cleanup.count = lambda *_: {}"
    first += "\nopening.begin()"
    done = subprocess.run(
        [sys.executable, "-c", program, first, "note = 'hello'", "%%bash\necho $RUN $note"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.endswith("abc123 hello\n--\n")


INTERRUPT = """
import asyncio, sys, time
from pathlib import Path
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="docker-course")
client.execute(sys.argv[1])
while not Path(sys.argv[2]).exists():
    time.sleep(0.05)
begin = time.monotonic()
for _ in range(int(sys.argv[3])):
    manager.interrupt_kernel()
    time.sleep(0.3)
while (reply := client.get_shell_msg(timeout=20))["msg_type"] != "execute_reply":
    pass
print(reply["content"]["ename"], time.monotonic() - begin)
while (message := client.get_iopub_msg(timeout=20))["msg_type"] != "error":
    print(message["content"].get("text", ""), end="")
manager.shutdown_kernel()
"""


def interrupted(script: str, ready: Path, times: int = 1) -> tuple[float, str]:
    """Interrupt a cell when the file is there; after how many seconds it ended, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPT, f"%%bash\n{script}", str(ready), str(times)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    first, _, said = done.stdout.partition("\n")
    name, seconds = first.split()
    assert name == "KeyboardInterrupt"
    return float(seconds), said


@pytest.mark.slow
def test_what_is_interrupted_may_end_well_and_the_next_line_does_not_run(tmp_path: Path) -> None:
    """As Compose does, which stops its services first; what it says of it is shown."""
    script = f"""
bash -c 'trap "sleep 2; echo stopped; exit 0" INT; touch {tmp_path}/ready; while :; do sleep .1; done'
touch {tmp_path}/next
"""
    seconds, said = interrupted(script, tmp_path / "ready")
    assert 2 < seconds < 6
    first, *rest = said.splitlines()
    assert "interrupt again to kill it" in first
    assert rest == ["stopped"]
    assert not (tmp_path / "next").exists()


@pytest.mark.slow
def test_interrupts_one_after_another_end_what_is_deaf(tmp_path: Path) -> None:
    """Each takes the next signal at once, and none leaves anything behind."""
    script = f"""
trap '' INT TERM
echo $$ >{tmp_path}/pid; touch {tmp_path}/ready
while :; do sleep .1; done
"""
    seconds, _ = interrupted(script, tmp_path / "ready", times=3)
    assert seconds < 4
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


@pytest.mark.slow
def test_an_interrupt_ends_all_that_the_cell_started(tmp_path: Path) -> None:
    """A deaf process, one in the background and one in a session of its own; the cell says that it was interrupted."""
    script = f"""
echo $$ >{tmp_path}/1
(trap '' INT TERM; echo $BASHPID >{tmp_path}/2; while :; do sleep 1; done) &
setsid bash -c 'echo $$ >{tmp_path}/3; sleep 1000' &
while [ ! -e {tmp_path}/3 ] || [ ! -e {tmp_path}/2 ]; do sleep .1; done
touch {tmp_path}/ready
sleep 1000
"""
    seconds, _ = interrupted(script, tmp_path / "ready")
    assert seconds < 5  # the grader's patience with an interrupted cell
    for number in "123":
        pid = int((tmp_path / number).read_text())
        assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
