"""The connection to a kernel."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import zmq
import zmq.asyncio

from autograder.runner.kernel import Kernel


def test_a_reply_that_comes_while_a_request_is_sent_is_read(tmp_path: Path) -> None:
    """A kernel whose reply arrives at the very moment of the next request does not seem to hang."""

    async def talk() -> list[list[bytes]]:
        kernel = Kernel("docker-course", "student", tmp_path, {})
        place = f"ipc://{tmp_path}/shell"
        got: list[list[bytes]] = []
        with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
            router.bind(place)
            shell = kernel._context.socket(zmq.DEALER)
            shell.setsockopt(zmq.IDENTITY, b"runner")
            shell.connect(place)
            kernel._sockets.append(shell)
            kernel._tasks.append(asyncio.create_task(kernel._read(shell, got.append)))
            kernel._request("kernel_info_request", {})
            await asyncio.sleep(0.1)
            router.recv_multipart()
            router.send_multipart([b"runner", b"first"])
            time.sleep(0.1)  # it arrives, and the loop has not looked yet
            kernel._request("kernel_info_request", {})
            await asyncio.sleep(0.1)
            router.send_multipart([b"runner", b"second"])
            for _ in range(200):
                if len(got) == 2:
                    break
                await asyncio.sleep(0.01)
            await kernel.close()
            router.close(linger=0)
        return got

    assert asyncio.run(talk()) == [[b"first"], [b"second"]]
