"""A student's kernel that misbehaves costs its own marks, and no more."""

import resource
import time

import nbformat
import pytest
import zmq

from autograder.results import Execution, Verdict
from autograder.runner import kernel
from autograder.runner.kernel import Kernel, memory
from tests.autograder.runner.runner_notebooks import ASK, REPORT, check, code, outputs, run, text

pytestmark = pytest.mark.slow


def assert_broke_after_first_check(done: Execution, *, words: str) -> None:
    """Marks up to the break are kept; later checks were not reached, give 0 and say why."""
    assert done.verdict is Verdict.SUBMISSION_BROKE
    assert words in done.reason
    assert [(cell.points, cell.reached) for cell in done.cells] == [(3, True), (0, False)]
    last = done.notebook["cells"][-1]["outputs"]
    assert done.reason in last[0]["data"]["text/plain"]
    assert last[-1]["data"]["text/plain"] == "0"
    nbformat.validate(nbformat.from_dict(done.notebook))


@pytest.mark.parametrize(
    "source",
    [
        "import os; os._exit(1)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "exit()",
        "import ctypes; ctypes.string_at(0)",
    ],
)
def test_a_dead_kernel_ends_the_submission(source: str) -> None:
    """The reason names the cell by its place and its first line."""
    done = run(check("3"), code(source), code("1"), check("3"))
    assert_broke_after_first_check(done, words="cell ")
    assert source[:20] in done.reason


def test_a_long_cell_that_obeys_costs_only_itself() -> None:
    """An endless loop is interrupted, says so in plain words, and the run goes on."""
    done = run(code("while True: pass"), code("x = 1"), check(ASK + "3 * answer('x')['value']"), cell_seconds=1)
    assert [item["evalue"] for item in outputs(done, 0)] == ["Stopped: this cell ran longer than 1 seconds."]
    assert done.verdict is Verdict.GRADED
    assert done.cells[0].points == 3


@pytest.mark.parametrize(
    "stubborn",
    [
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
        pytest.param(
            "import time\nwhile True:\n    try: time.sleep(9)\n    except KeyboardInterrupt: pass",
            marks=pytest.mark.full,
        ),
        pytest.param(
            "import signal\nsignal.signal(signal.SIGINT, lambda *_: None)\nwhile True: pass", marks=pytest.mark.full
        ),
    ],
)
def test_a_cell_that_ignores_the_interrupt_is_killed(stubborn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel is killed, and the submission broke there."""
    monkeypatch.setattr(kernel, "INTERRUPT_TIMEOUT", 1.0)
    done = run(check("3"), code(stubborn), check("3"), cell_seconds=1)
    assert_broke_after_first_check(done, words="did not end when it was interrupted")


def test_the_time_for_the_whole_run_is_shared_by_the_students_cells() -> None:
    """Used-up time ends the submission; the check before it is kept."""
    done = run(check("3"), code("import time; time.sleep(3)"), code("1"), check("3"), seconds=3.5, cell_seconds=3)
    assert_broke_after_first_check(done, words="3.5 seconds, was used up")


def test_large_output_is_cut_with_a_note() -> None:
    """Of 50 MB the budget is kept, in one piece or in many, and the kernel goes on."""
    before = memory()
    one = "print('y' * 50_000_000)"
    many = "import sys\nfor _ in range(500): print('z' * 100_000); sys.stdout.flush()"
    large_error = "raise ValueError('e' * 50_000_000)"
    done = run(
        code(one),
        code("'after'"),
        code(many),
        code("x = 1"),
        code(large_error),
        check(ASK + "3 * answer('x')['value']"),
        output_bytes=200_000,
    )
    for index in (0, 2, 4):
        assert "output was cut here" in text(done, index)
        assert len(text(done, index)) < 201_000
    assert len(text(done, 2)) > 200_000
    assert text(done, 1) == "'after'"
    assert done.cells[0].points == 3
    assert memory() - before < 100 << 20
    assert len(done.model_dump_json()) < 1 << 20


def test_an_endless_printer_is_bounded_and_stopped() -> None:
    """Printing for ever costs its time limit, not memory."""
    source = "while True: print('x' * 1000)"
    done = run(code(source), code("y = 1"), check(ASK + "3 * answer('y')['value']"), cell_seconds=3)
    assert "ran longer than 3 seconds" in text(done, 0)
    assert done.cells[0].points == 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1 << 20  # KiB


def test_a_new_connection_does_not_meet_what_is_left_of_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """pyzmq names a socket's monitor by its file descriptor; the old one of that number may not be gone yet."""
    connect = Kernel._connect
    left = []

    async def crowded(self: Kernel) -> None:
        rest = self._manager.context.socket(zmq.ROUTER)
        left.append(rest)
        for number in range(500):
            rest.bind(f"inproc://monitor.s-{number}")
        await connect(self)
        rest.close(linger=0)

    monkeypatch.setattr(Kernel, "_connect", crowded)
    done = run(code("1"), check("3"))
    assert [cell.points for cell in done.cells] == [3]
    assert left


def test_a_message_of_endless_parts_kills_the_kernel_not_the_grader() -> None:
    """ZeroMQ holds a message until its last part has come; the watch on memory ends that.

    libzmq would hold it at the sender, so this one writes to the connection itself, as ZMTP 3 says.
    """
    source = """
import os, socket, struct
from ipykernel.kernelapp import IPKernelApp
app = IPKernelApp.instance()
mine = f'{app.ip}-{app.iopub_port}'
found = []
for fd in map(int, os.listdir('/proc/self/fd')):
    try:
        link = socket.socket(fileno=os.dup(fd))
        link.getpeername()
        if link.getsockname() == mine: found.append(link)
    except OSError: pass
link, = found
link.setblocking(True)
while True: link.sendall(bytes([3]) + struct.pack('>Q', 1 << 20) + b'x' * (1 << 20))
"""
    done = run(check("3"), code(source), check("3"), cell_seconds=20)
    assert_broke_after_first_check(done, words="sent more than can be held")


def test_outputs_of_other_cells_are_out_of_reach() -> None:
    """A forged update of a grade cell's display, by its id, changes nothing there."""
    show = "from IPython.display import display\ndisplay({{{!r}: {{'findings': []}}, 'text/plain': {!r}}}, "
    show += "raw=True, display_id='d1', update={})\n1"
    forge = show.format(REPORT, "forged", True)
    show = show.format(REPORT, "honest", False)
    done = run(check(show), code(forge), code("1"))
    assert outputs(done, 0)[0]["data"]["text/plain"] == "honest"
    assert done.cells[0].points == 1


def test_a_students_own_display_can_be_updated() -> None:
    """What progress bars do works, from a later cell too."""
    done = run(code("h = display('old', display_id=True)"), code("h.update('new')"), check("3"))
    assert text(done, 0) == "'new'"


def test_a_student_cannot_show_a_report() -> None:
    """The report's MIME type is dropped from a student's display."""
    done = run(code(f"display({{'{REPORT}': {{'findings': []}}, 'text/plain': 'x'}}, raw=True)"), check("3"))
    assert outputs(done, 0)[0]["data"] == {"text/plain": "x"}


def test_forged_messages_are_only_data() -> None:
    """Messages of wrong shapes, and text that no reader takes, are dropped or made plain."""
    source = """
import json
k = get_ipython().kernel
k.session.pack = lambda content: json.dumps(content, default=str).encode()
send = lambda kind, content: k.session.send(k.iopub_socket, kind, content, parent=k.get_parent())
send('stream', {'name': 'stderr2', 'text': 1}); send('nonsense', {}); send('status', {})
send('error', {'ename': 1, 'traceback': [1, 'line']})
send('display_data', {'data': {'text/plain': {}, 'x/y': [1]}})
deep = 1
for _ in range(300): deep = [deep]
send('display_data', {'data': {'application/json': deep}, 'metadata': {}})
send('display_data', {'data': {'application/json': float('nan')}, 'metadata': {}})
send('display_data', {'data': {'application/json': 10**30}, 'metadata': {}})
send('display_data', {'data': {'text/plain': 'half \\ud800'}, 'metadata': [], 'transient': 3})
send('comm_open', {'comm_id': 'x', 'data': {}}); send('clear_output', {'wait': True})
k.session.send(k.iopub_socket, 'stream', {'name': 'stdout', 'text': 'no parent'})
k.iopub_socket.send_multipart([b'garbage'])
send('display_data', {'data': {'text/plain': 'kept \\ud800'}, 'metadata': []})
None
"""
    done = run(code(source), code("x = 1"), check(ASK + "3 * answer('x')['value']"))
    assert done.cells[0].points == 3
    assert text(done, 0) == "kept ?"
    nbformat.validate(nbformat.from_dict(done.notebook))
    assert Execution.model_validate_json(done.model_dump_json()) == done


def test_tricks_in_the_students_kernel_reach_no_check() -> None:
    """A hook that blanks assertions, patched builtins and modules, and a printed number earn nothing."""
    tricks = """
import builtins, sys, json
blank = lambda lines: [line for line in lines if 'assert' not in line] + ['3\\n']
get_ipython().input_transformers_cleanup.append(blank)
builtins.float = lambda *_: 3
builtins.print = lambda *_: None
sys.modules['docker'] = None
3
"""
    done = run(
        code(tricks),
        check("points = 0\nassert points == 0\nfloat(points)"),
        code("3"),
        check("import docker\n0"),
    )
    assert [cell.points for cell in done.cells] == [0, 0]


def test_input_is_refused_not_waited_for() -> None:
    """A cell that asks for input gets an error at once."""
    started = time.monotonic()
    done = run(code("input('?')"), check("3"))
    assert outputs(done, 0)[0]["ename"] == "StdinNotImplementedError"
    assert time.monotonic() - started < 25


def test_a_forged_early_reply_changes_no_check() -> None:
    """A reply before the cell's end starts the next cell early; grade cells do not mind."""
    source = """
import time
k = get_ipython().kernel
ident = k._shell_parent_ident.get()
k.session.send(k.shell_socket, 'execute_reply', {'status': 'ok'}, parent=k.get_parent(), ident=ident)
time.sleep(2)
"""
    done = run(code(source), check("3"), code("1"), check("2"))
    assert [cell.points for cell in done.cells] == [3, 2]
