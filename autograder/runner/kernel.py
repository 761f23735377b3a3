"""A bounded connection to a kernel that may be hostile.

nbclient's client trusts its kernel: it reads without limit, applies display updates to any cell, and waits
for messages that may never come. This one keeps the pieces that matter (jupyter_client's manager, session and
sockets) and treats what arrives as data:

- a message part larger than ``MAX_MESSAGE`` makes ZeroMQ drop the connection before it costs memory; the
  connection is then made again and the cell's output marked as cut;
- what waits unread is bounded by ZeroMQ's high-water mark, and past a cell's budget it is dropped unparsed;
- should memory grow all the same (a message of endless parts), the kernel is killed;
- whether a cell has ended is known from the reply on the shell channel, from the process, or from the clock,
  never from an output.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import time
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.manager import AsyncKernelManager
from zmq.utils.monitor import recv_monitor_message

from autograder.errors import GraderBroke
from autograder.runner import pausing
from autograder.runner.outputs import Output, Outputs
from autograder.runner.roles import in_sandbox

MAX_MESSAGE = 4 << 20
"""Bytes of one part of a message; ZeroMQ drops a connection that brings more."""
MAX_WAITING = 16
"""Messages that ZeroMQ holds for us unread."""
MAX_GROWTH = 512 << 20
"""Bytes by which this process may grow while a kernel is connected."""
SMALL = 4096
"""Bytes of a message that is still parsed when the cell's output is full: enough for a status."""
INTERRUPT_TIMEOUT = 5.0
"""Time that an interrupted cell has to stop."""
EXIT_TIMEOUT = 15.0
"""How long a kernel that said it will end may take to, on a busy machine."""

TRAILING_SECONDS = 1.0
"""Time that outputs have to arrive after the reply."""
START_TIMEOUT = 60.0


class CellEnding(Enum):
    """How the execution of a cell ended."""

    DONE = "done"
    """By itself, with an exception or without."""
    STOPPED = "stopped"
    """Ran out of time and obeyed the interrupt."""
    UNSTOPPABLE = "unstoppable"
    """Ran out of time, ignored the interrupt, was killed."""
    DIED = "died"
    FLOODED = "flooded"
    """Killed, because it sent more than this process can hold."""


class Kernel:
    """One kernel: start it, execute cells, ask for expressions, kill it. Not for use by two tasks at once."""

    def __init__(
        self,
        kernel_name: str,
        role: str,
        directory: Path,
        variables: dict[str, str],
        *,
        trusted: bool = False,
    ) -> None:
        self.role = role
        self.directory = directory
        self.flooded = False
        self.kept = 0
        """Bytes of outputs of all cells so far."""
        self._trusted = trusted
        self._variables = variables
        self._displays: dict[str, Output] = {}
        self._context = zmq.asyncio.Context()
        for option, value in (
            (zmq.MAXMSGSIZE, MAX_MESSAGE),
            (zmq.RCVHWM, MAX_WAITING),
            (zmq.SNDTIMEO, 2000),
            (zmq.LINGER, 0),
            # A kernel's end of the connection is its own to replace; we connect only when we mean to.
            (zmq.RECONNECT_IVL, -1),
        ):
            self._context.setsockopt(option, value)
        self._manager: Any = AsyncKernelManager(
            kernel_name=kernel_name,
            transport="ipc",
            ip=str(directory / "k"),
            connection_file=str(directory / "kernel.json"),
            context=self._context,
        )
        self._sockets: list[Any] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._watch_task: asyncio.Task[None] | None = None
        self._sink: tuple[str, Outputs, asyncio.Event] | None = None
        self._dead = asyncio.Event()
        self._lost = asyncio.Event()
        self._welcome = asyncio.Event()

    # -- life --------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start the kernel and connect; raises GraderBroke if it does not come up."""
        try:
            await self._manager.start_kernel(
                role=self.role,
                variables=self._variables,
                extra_arguments=["--HistoryManager.enabled=False"],
            )
            self._watch_task = asyncio.create_task(self._watch())
            await asyncio.wait_for(self._connect(), START_TIMEOUT)
            self._request("kernel_info_request", {})
            if await self._reply(time.monotonic() + START_TIMEOUT) is None:
                raise ConnectionError("it does not answer")
            await _first(START_TIMEOUT, self._welcome, self._dead)
        except Exception as problem:
            raise GraderBroke(f"The {self.role} kernel did not start: {problem!r}.") from problem

    def preload(self, modules: Iterable[str]) -> None:
        """Have modules imported before whatever is executed next; a module that cannot be is left to the cells."""
        self._request("execute_request", request_content("", silent=True, preload=f"[*map(__import__, {[*modules]})]"))

    @property
    def alive(self) -> bool:
        """Whether the kernel's process still runs."""
        return not self._dead.is_set()

    async def pause(self) -> None:
        """Inside the sandbox, stop the kernel with all its processes; those that cannot be stopped are killed."""
        if in_sandbox() and self.alive and not pausing.pause(self._manager.provisioner.pid):
            await self.kill()

    def resume(self) -> None:
        """Undo ``pause``."""
        if in_sandbox() and self.alive:
            pausing.resume(self._manager.provisioner.pid)

    async def kill(self) -> None:
        """End the kernel and, inside the sandbox, every process in its pid namespace."""
        if self._manager.has_kernel:
            # Not shutdown_kernel(now=True), which first interrupts and then waits a second.
            await self._manager.provisioner.kill()
            await self._manager.provisioner.wait()
        self._dead.set()

    async def close(self) -> None:
        """Kill the kernel and free the connection."""
        await self.kill()
        self._disconnect()
        if self._watch_task:
            self._watch_task.cancel()
        self._context.destroy(linger=0)

    # -- requests ----------------------------------------------------------------------------------------

    async def execute(self, source: str, seconds: float, limit: int) -> tuple[CellEnding, list[Output]]:
        """Execute a cell for at most ``seconds`` (not counting the time to stop), keeping ``limit`` bytes.

        An interrupted cell's outputs are without the KeyboardInterrupt that the interrupt caused.
        """
        outputs = Outputs(limit, self._displays, trusted=self._trusted)
        ending = await self._execute(source, time.monotonic() + seconds, outputs)
        self._sink = None
        if self.flooded:
            ending = CellEnding.FLOODED
        elif not self.alive and ending is not CellEnding.UNSTOPPABLE:
            ending = CellEnding.DIED
        kept = outputs.finish()
        self.kept += outputs.size
        if ending is CellEnding.STOPPED:
            kept = [item for item in kept if item.get("ename") != "KeyboardInterrupt"]
        return ending, kept

    async def ask(self, expression: str, seconds: float) -> dict[str, Any] | None:
        """Evaluate an expression in the kernel's namespace; its entry of ``user_expressions``.

        None if there was no answer within ``seconds``; the kernel is interrupted then, and killed if it
        does not obey.
        """
        self._request("execute_request", request_content("", silent=True, answer=expression))
        reply = await self._reply(time.monotonic() + seconds)
        if reply is None:
            await self._interrupt()
            return None
        expressions = reply.get("user_expressions")
        answer = expressions.get("answer") if isinstance(expressions, dict) else None
        return answer if isinstance(answer, dict) else None

    # -- execution ---------------------------------------------------------------------------------------

    async def _execute(self, source: str, deadline: float, outputs: Outputs) -> CellEnding:
        if not self._welcome.is_set():  # after a new connection: do not miss the first outputs
            await _first(TRAILING_SECONDS, self._welcome, self._dead)
        idle = asyncio.Event()
        name = self._request("execute_request", request_content(source))
        self._sink = (name, outputs, idle)
        reply = await self._reply(deadline, outputs)
        if reply is None:
            return CellEnding.STOPPED if await self._interrupt(outputs) else CellEnding.UNSTOPPABLE
        await _first(TRAILING_SECONDS, idle, self._dead, self._lost)
        if self._lost.is_set() and self.alive:
            outputs.cut = True
            await self._reconnect()
        if "ask_exit" in str(reply.get("payload"))[:SMALL]:
            # exit() in a cell: the kernel replies first and ends then, and this cell is the one to name.
            await _first(min(EXIT_TIMEOUT, deadline - time.monotonic()), self._dead)
        return CellEnding.DONE

    async def _interrupt(self, outputs: Outputs | None = None) -> bool:
        """Interrupt the kernel; whether it then answered in time. If not, it is killed."""
        if self.alive:
            with contextlib.suppress(OSError, RuntimeError):  # it may end at this moment
                await self._manager.interrupt_kernel()
            if await self._reply(time.monotonic() + INTERRUPT_TIMEOUT, outputs) is not None:
                return True
        died = not self.alive
        await self.kill()
        return died

    async def _reply(self, deadline: float, outputs: Outputs | None = None) -> dict[str, Any] | None:
        """Return the reply to the last request; None if the kernel dies or the time ends before.

        Where the connection is lost, something was too large, the reply perhaps. A kernel answers one request
        after another, so the reply to a new request means as much: that the cell has ended.
        """
        while True:
            await _first(deadline - time.monotonic(), self._pending, self._dead, self._lost)
            if self._pending.done():
                return self._pending.result()
            if not self.alive or not self._lost.is_set():
                return None
            if outputs:
                outputs.cut = True
            if not await self._reconnect():
                return None
            self._request("kernel_info_request", {})

    def _request(self, kind: str, content: dict[str, Any]) -> str:
        """Send a request, whose reply is the one to wait for from now on; its message id."""
        session = self._manager.session
        message = session.msg(kind, content)
        self._awaited: str = message["msg_id"]
        self._pending: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        if self.alive and self._sockets:
            try:
                session.send(self._sockets[0], message)
                # That goes past asyncio's socket and uses up the signal for what has arrived: ZeroMQ gives none again,
                # for nothing that comes later either, and the kernel would seem to hang. So asyncio's socket looks.
                # http://api.zeromq.org/4-3:zmq-getsockopt, ZMQ_FD
                self._sockets[0].get(zmq.EVENTS)
            except zmq.ZMQError:
                self._lost.set()
        return self._awaited

    # -- connection --------------------------------------------------------------------------------------

    async def _connect(self) -> None:
        """Connect to the kernel's sockets, once they are all there."""
        heartbeat = Path(f"{self._manager.ip}-{self._manager.hb_port}")  # the last one that a kernel makes
        while not heartbeat.exists():
            if not self.alive:
                raise ConnectionError(f"its process ended, with status {self.status}")
            await asyncio.sleep(0.01)
        self._lost.clear()
        self._welcome.clear()
        shell = self._manager.connect_shell(identity=os.urandom(8).hex().encode())
        iopub = self._manager.connect_iopub()
        self._sockets = [shell, iopub]
        for socket, reader in ((shell, self._on_shell), (iopub, self._on_iopub)):
            socket.linger = 0  # jupyter_client's second would be waited for when a kernel is gone
            # A name of its own: the default has the file descriptor's number, which an old one may still be known by.
            monitor = socket.get_monitor_socket(zmq.EVENT_DISCONNECTED, f"inproc://{os.urandom(8).hex()}")
            self._sockets.append(monitor)
            self._tasks.append(asyncio.create_task(self._read(socket, reader)))
            self._tasks.append(asyncio.create_task(self._watch_socket(monitor)))

    async def _reconnect(self) -> bool:
        """Drop the connection and make a new one; False (and a killed kernel) if that fails."""
        self._disconnect()
        try:
            await asyncio.wait_for(self._connect(), INTERRUPT_TIMEOUT)
        except (ConnectionError, TimeoutError):
            await self.kill()
            return False
        return True

    def _disconnect(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        for socket in self._sockets:
            socket.close(linger=0)
        self._sockets.clear()

    async def _read(self, socket: Any, handle: Any) -> None:
        while True:
            frames = await socket.recv_multipart()
            with contextlib.suppress(Exception):  # whatever it is, it is not a message
                handle(frames)
            # Frames that are there already come without a pause: let timers and the other tasks run.
            await asyncio.sleep(0)

    def _on_shell(self, frames: list[bytes]) -> None:
        message = self._parse(frames)
        mine = message["parent_header"].get("msg_id") == self._awaited
        if mine and not self._pending.done() and isinstance(message["content"], dict):
            self._pending.set_result(message["content"])

    def _on_iopub(self, frames: list[bytes]) -> None:
        size = sum(map(len, frames))
        if self._sink and self._sink[1].full and size > SMALL:
            self._sink[1].cut = True
            return
        message = self._parse(frames)
        kind, content = message["msg_type"], message["content"]
        self._welcome.set()  # ipykernel greets a new subscriber, even while a cell runs
        if not self._sink:
            return
        current, outputs, idle = self._sink
        if message["parent_header"].get("msg_id") != current:
            return
        if kind == "status":
            if content["execution_state"] == "idle":
                idle.set()
        else:
            outputs.add(kind, content, size)

    def _parse(self, frames: list[bytes]) -> dict[str, Any]:
        session = self._manager.session
        _, parts = session.feed_identities(frames)
        message: dict[str, Any] = session.deserialize(parts)
        return message

    # -- watching ----------------------------------------------------------------------------------------

    @property
    def status(self) -> int | None:
        """Exit status of the kernel's process, None while it runs or if unknown."""
        process = getattr(self._manager.provisioner, "process", None)
        return process.poll() if process else None

    async def _watch(self) -> None:
        """Notice the end of the process, and kill a kernel that floods this process."""
        start = memory()
        while self._manager.has_kernel and self.status is None:
            if not self._trusted and memory() - start > MAX_GROWTH:
                self.flooded = True
                self._disconnect()
                await self.kill()
            await asyncio.sleep(0.05)
        self._dead.set()

    async def _watch_socket(self, monitor: Any) -> None:
        await recv_monitor_message(monitor)
        self._lost.set()


async def _first(seconds: float, *things: asyncio.Event | asyncio.Future[Any]) -> None:
    """Return when one of the events or futures is done, or after ``seconds``; futures are left alone."""
    waits = [
        asyncio.ensure_future(thing.wait() if isinstance(thing, asyncio.Event) else asyncio.shield(thing))
        for thing in things
    ]
    try:
        await asyncio.wait(waits, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def request_content(source: str, *, silent: bool = False, **expressions: str) -> dict[str, Any]:
    """Return the content of an ``execute_request``."""
    return {
        "code": source,
        "silent": silent,
        "store_history": not silent,
        "user_expressions": expressions,
        "allow_stdin": False,
        "stop_on_error": False,
    }


def memory() -> int:
    """Bytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
