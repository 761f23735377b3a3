# ruff: noqa: E501, SIM115
"""Runs inside a sandbox: docker-py's documented calls, one after the other; prints what each gave as JSON.

What differs from run to run (ids, times, digests) is left out, so that two runs can be compared.
"""

import io
import json
import socket as sockets
import struct
import sys
import tarfile
import tempfile
from pathlib import Path

import docker
from docker.types import Healthcheck, IPAMConfig, IPAMPool, LogConfig, Mount

client = docker.DockerClient(base_url=f"unix://{sys.argv[1]}")
results: dict[str, object] = {}


def note(name, call):
    """Keep what a call gave, or the kind of its error."""
    try:
        results[name] = call()
    except Exception as error:
        results[name] = f"{type(error).__name__}: {getattr(error, 'explanation', error)}"[:200]


def tar(name, content):
    """An archive of one file."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as file:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        file.addfile(entry, io.BytesIO(content))
    return made.getvalue()


def read_all(connection):
    """Everything on a socket until its end."""
    connection.settimeout(10)
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def build_beside(**settings):
    """Build with a Dockerfile that lies beside its context."""
    with tempfile.TemporaryDirectory() as folder:
        context = Path(folder, "context")
        context.mkdir()
        (context / "file").write_text("content")
        Path(folder, "Own.Dockerfile").write_text("FROM busybox\nCOPY file /\nRUN cat /etc/hosts\n")
        return client.images.build(path=str(context), dockerfile="../Own.Dockerfile", rm=True, **settings)[0].tags


def attach_and_talk():
    """Write to a container's input through a raw socket, end it, read the echo."""
    made = client.containers.create("busybox", "cat", stdin_open=True, name="talk")
    made.client.api.inspect_container(made.id)
    wire = made.attach_socket(params={"stdin": 1, "stdout": 1, "stream": 1})
    made.start()
    wire._sock.sendall(b"x" * 300_000)
    wire._sock.shutdown(sockets.SHUT_WR)
    raw, total = b"", 0
    wire._sock.settimeout(10)
    while total < 300_000:
        piece = wire._sock.recv(65536)
        if not piece:
            break
        raw += piece
        while len(raw) >= 8 and len(raw) >= 8 + (size := struct.unpack(">xxxxL", raw[:8])[0]):
            total += size
            raw = raw[8 + size :]
    made.remove(force=True)
    return total


note("ping", client.ping)
note("version", lambda: client.version()["ApiVersion"])
note("info", lambda: client.info()["Driver"])
note("df", lambda: sorted(client.df()))
note("run", lambda: client.containers.run("busybox", "echo hi", remove=True).decode())
note("run fails", lambda: client.containers.run("busybox", "false", remove=True).decode())
note(
    "run stderr",
    lambda: client.containers.run("busybox", "sh -c 'echo e >&2'", stderr=True, remove=True).decode(),
)
note(
    "network",
    lambda: (
        client.networks.create(
            "pynet",
            driver="bridge",
            labels={"a": "b"},
            check_duplicate=True,
            ipam=IPAMConfig(pool_configs=[IPAMPool(subnet="10.9.0.0/24", gateway="10.9.0.1")]),
        ).name
    ),
)
note("volume", lambda: client.volumes.create("pyvol", labels={"a": "b"}).attrs["Driver"])
box = client.containers.run(
    "busybox", "sh -c 'echo line; echo err >&2; sleep 1000'", detach=True, name="py", network="pynet", environment={"A": "1"},
    labels={"l": "1"}, ports={"80/tcp": ("127.0.0.1", None)}, volumes={"pyvol": {"bind": "/v", "mode": "rw"}}, mem_limit="64m",
    tmpfs={"/t": "size=1m"}, cap_drop=["ALL"], init=True, restart_policy={"Name": "on-failure", "MaximumRetryCount": 1},
    healthcheck=Healthcheck(test=["CMD", "true"], interval=10**9), log_config=LogConfig(type="json-file", config={"max-size": "1m"}),
    mounts=[Mount("/w", "/home/student/work", type="bind")], nano_cpus=10**9, pids_limit=50, hostname="h", working_dir="/tmp",
    extra_hosts={"x": "1.2.3.4"}, dns=["1.1.1.1"], ulimits=[docker.types.Ulimit(name="nofile", soft=100, hard=200)], shm_size="8m",
)  # fmt: skip
note(
    "host config",
    lambda: {
        key: value
        for key, value in client.api.inspect_container("py")["HostConfig"].items()
        if key != "ContainerIDFile"
    },
)
note("list", lambda: [c.name for c in client.containers.list(all=True, filters={"label": ["l=1"]}, limit=5)])
note("exec", lambda: list(box.exec_run("sh -c 'echo o; sleep .3; exit 3'")))
results["exec"] = (
    [results["exec"][0], results["exec"][1].decode()] if isinstance(results["exec"], list) else results["exec"]
)
note(
    "exec demux",
    lambda: [part.decode() for part in box.exec_run("sh -c 'echo o; echo e >&2; sleep .3'", demux=True)[1]],
)
note("exec stream", lambda: b"".join(box.exec_run("sh -c 'seq 5; sleep .3'", stream=True)[1]).decode())
note(
    "exec socket",
    lambda: read_all(box.exec_run("sh -c 'echo s; sleep .3'", socket=True, tty=True)[1]._sock).decode(),
)
note("exec detach", lambda: str(box.exec_run("true", detach=True)[1]))
note(
    "exec env",
    # The Engine itself may lose the output of a command that ends at once.
    lambda: (
        box.exec_run(["sh", "-c", "env; sleep .3"], environment={"Z": "9"}, user="0", workdir="/")[1]
        .decode()
        .count("Z=9")
    ),
)
note(
    "exec privileged",
    lambda: box.exec_run("true", privileged=True)[0] if "engine" not in sys.argv[1] else "left out",
)
note("attach and talk", attach_and_talk)
note("logs", lambda: sorted(box.logs().decode().split()))
note("logs stream", lambda: next(iter(box.logs(stream=True, stderr=False))).decode())
note("logs tail", lambda: sorted(box.logs(tail=5, timestamps=False).decode().split()))
note("put archive", lambda: box.put_archive("/tmp", tar("f", b"x" * 200_000)))
note(
    "get archive",
    lambda: tarfile.open(fileobj=io.BytesIO(b"".join(box.get_archive("/tmp/f")[0]))).getmember("f").size,
)
note("get archive stat", lambda: box.get_archive("/tmp/f")[1]["size"])
note("get archive nosuch", lambda: box.get_archive("/nosuch"))
note("stats", lambda: sorted(box.stats(stream=False))[:3])
note("stats stream", lambda: next(box.stats(decode=True))["name"])
note("top", lambda: box.top(ps_args="-o pid,comm")["Titles"])
note("diff", lambda: len(box.diff()) > 0)
note("export", lambda: sum(map(len, box.export())) > 10**6)
note("pause", lambda: [box.pause(), box.reload(), box.status, box.unpause(), box.reload(), box.status])
note("rename", lambda: [box.rename("py2"), box.rename("py")])
note("update", lambda: box.update(mem_limit="128m", memswap_limit="256m")["Warnings"])
note("resize", lambda: box.resize(10, 20))
note("kill", lambda: box.kill("SIGUSR1"))
note(
    "connect",
    lambda: [
        client.networks.create("pynet2").connect("py", aliases=["al"]),
        client.networks.get("pynet2").disconnect("py"),
        client.networks.get("pynet2").remove(),
    ],
)
note("network list", lambda: [n.name for n in client.networks.list(names=["pynet"])])
note(
    "commit",
    lambda: (
        client.images.get(
            box.commit("pyimg", "v1", message="m", author="a", changes="ENV X=1", conf={"Cmd": ["x"]}).id
        ).tags
    ),
)
note(
    "build",
    lambda: (
        client.images.build(
            fileobj=io.BytesIO(tar("Dockerfile", b"FROM busybox\nARG A\nRUN echo $A >/a\nCMD cat /a")),
            custom_context=True,
            tag="pyb:1",
            buildargs={"A": "7"},
            rm=True,
            labels={"q": "r"},
        )[0].tags
    ),
)
note("build beside", lambda: build_beside(tag="pyb:beside"))
note("build compressed", lambda: build_beside(tag="pyb:gz", gzip=True))
note("build with hosts", lambda: build_beside(tag="pyb:hosts", extra_hosts={"one": "10.0.0.1", "two": "10.0.0.2"}))
note("container by its name in answers", lambda: client.containers.get("/py").name)
note("run built", lambda: client.containers.run("pyb:1", remove=True).decode())
note("build fails", lambda: client.images.build(fileobj=io.BytesIO(b"FROM busybox\nRUN false"), rm=True))
note("image list", lambda: sorted(tag for image in client.images.list(name="pyb") for tag in image.tags))
note("tag", lambda: client.images.get("pyb:1").tag("pyb", "2"))
note("history", lambda: len(client.images.get("pyb:1").history()))
note(
    "save",
    lambda: [image.tags for image in client.images.load(b"".join(client.images.get("pyb:1").save(named=True)))],
)
note(
    "import",
    lambda: "status" in client.api.import_image_from_data(b"".join(box.export()), repository="pyimp", tag="1"),
)
note(
    "remove images",
    lambda: [client.images.remove(name, force=True) for name in ("pyb:1", "pyb:2", "pyimg:v1", "pyimp:1")],
)
note("image nosuch", lambda: client.images.get("nosuch"))
note("image digest", lambda: client.images.get("nosuch@sha256:" + "ab" * 32))
note(
    "events",
    lambda: next(client.events(decode=True, since=1, until=4102444800, filters={"event": "create", "container": "py"}))[
        "Action"
    ],
)
note(
    "wait",
    lambda: client.containers.run("busybox", "sh -c 'exit 5'", detach=True, name="pw").wait()["StatusCode"],
)
note(
    "start again",
    lambda: [
        client.containers.get("pw").start(),
        client.containers.get("pw").wait()["StatusCode"],
        client.containers.get("pw").remove(),
    ],
)
note("restart", lambda: [box.restart(timeout=0), box.stop(timeout=0), box.remove(v=True, force=True)])
note("container nosuch", lambda: client.containers.get("nosuch"))
note("volumes", lambda: [client.volumes.get("pyvol").name, client.volumes.get("pyvol").remove(force=True)])
note("networks", lambda: client.networks.get("pynet").remove())
note(
    "prune",
    lambda: [
        sorted(p)
        for p in (
            client.containers.prune(filters={"label": "no"}),
            client.networks.prune(),
            client.volumes.prune(),
            client.images.prune(filters={"dangling": True}),
            client.api.prune_builds(),
        )
    ],
)
note("swarm", lambda: client.swarm.attrs if "engine" not in sys.argv[1] else "left out")
print(json.dumps(results, default=repr))
