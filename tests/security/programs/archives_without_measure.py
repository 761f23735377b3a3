"""Runs as the student: sends the Engine archives of more entries, or of more content, than there is room for."""

import hashlib, json, socket, subprocess, tarfile, zlib

ENTRIES, BYTES = 40_000, 512 << 20
END = bytes(1024)

def header(name, size=0, kind=b"0", link=""):
    entry = tarfile.TarInfo(name)
    entry.size, entry.type, entry.linkname, entry.mode = size, kind, link, 0o755
    return entry.tobuf(tarfile.USTAR_FORMAT)

def entries(kind=b"0", link="", name="f%d"):
    yield header("first")
    for start in range(0, ENTRIES, 1000):
        yield b"".join(header(name % number, 0, kind, link) for number in range(start, start + 1000))
    yield END

def grown():
    yield header("large", BYTES)
    for _ in range(BYTES >> 20):
        yield bytes(1 << 20)
    yield END

def packed(pieces):
    packing = zlib.compressobj(1, zlib.DEFLATED, 31)
    for piece in pieces:
        yield packing.compress(piece)
    yield packing.flush()

def image(pieces):
    """An image with one layer, as `docker save` writes it; the layer is compressed."""
    sums, packing, layer = hashlib.sha256(), zlib.compressobj(1, zlib.DEFLATED, 31), bytearray()
    for piece in pieces:
        sums.update(piece)
        layer += packing.compress(piece)
    layer += packing.flush()
    layers = {"type": "layers", "diff_ids": ["sha256:" + sums.hexdigest()]}
    config = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": layers, "config": {}}).encode()
    manifest = json.dumps([{"Config": "config.json", "RepoTags": ["large:latest"], "Layers": ["layer"]}]).encode()
    for name, content in (("config.json", config), ("layer", bytes(layer)), ("manifest.json", manifest)):
        yield header(name, len(content)) + content + bytes(-len(content) % 512)
    yield END

def send(method, path, pieces):
    """The end of what the Engine says."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(60)
        link.connect("/run/docker.sock")
        link.sendall(f"{method} {path} HTTP/1.1\r\nHost: docker\r\nContent-Type: application/x-tar\r\n"
            "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        said = b""
        try:
            for piece in pieces:
                if piece:
                    link.sendall(b"%x\r\n" % len(piece) + piece + b"\r\n")
            link.sendall(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough
        try:
            while piece := link.recv(65536):
                said += piece
        except OSError as error:
            said += repr(error).encode()
    return said.decode("utf-8", "replace")[-300:]

LOAD, IMPORT, BUILD = "/images/load", "/images/create?fromSrc=-&repo=large", "/build?t=large"
KINDS = {"files": (b"0", ""), "folders": (b"5", ""), "symbolic links": (b"2", "/etc"), "hard links": (b"1", "first")}
SENT = {
    **{f"load {name}": ("POST", LOAD, entries(*kind)) for name, kind in KINDS.items()},
    **{f"import {name}": ("POST", IMPORT, packed(entries(*kind))) for name, kind in KINDS.items()},
    "load files in a layer": ("POST", LOAD, image(entries())),
    "build files": ("POST", BUILD, entries()),
    "build files with BuildKit": ("POST", BUILD + "&version=2", entries()),
    "copy files": ("PUT", "/containers/copied/archive?path=/", entries()),
    "load content": ("POST", LOAD, packed(grown())),
    "load content in a layer": ("POST", LOAD, image(grown())),
    "import content": ("POST", IMPORT, packed(grown())),
    "build content": ("POST", BUILD, packed(grown())),
    "build content with BuildKit": ("POST", BUILD + "&version=2", packed(grown())),
    "copy content": ("PUT", "/containers/copied/archive?path=/", grown()),
}
SAID = {}
for name, sent in SENT.items():
    subprocess.run(["docker", "create", "--name", "copied", "busybox"], capture_output=True)
    SAID[name] = send(*sent)
    subprocess.run(["docker", "rm", "copied"], capture_output=True)
    # BuildKit keeps what it had of a context, as the student's own cache.
    subprocess.run(["docker", "builder", "prune", "--all", "--force"], capture_output=True)
print("RESULT " + json.dumps(SAID))
