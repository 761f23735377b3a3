"""Speaks to BuildKit behind the gateway's /grpc without any of its clients: HTTP/2, HPACK and protobuf by hand.

The numbers are those of moby/buildkit's ``api/services/control/control.proto`` and ``solver/pb/ops.proto``.
"""

import hashlib, json, socket, struct

def number(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])

def field(key, value):
    if isinstance(value, int):
        return number(key << 3) + number(value)
    data = value.encode() if isinstance(value, str) else value
    return number(key << 3 | 2) + number(len(data)) + data

def fields(key, values):
    return b"".join(field(key, value) for value in values)

def header(name, value):
    return b"\x00" + number(len(name)) + name.encode() + number(len(value)) + value.encode()

def frame(kind, flags, stream, data=b""):
    return struct.pack("!IBBI", len(data), kind, flags, stream)[1:] + data

def call(method, message=b"", seconds=30):
    """The messages that come back: none where the call failed, for then there are headers only."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(seconds)
        link.connect("/run/docker.sock")
        link.sendall(b"POST /grpc HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
        stream = link.makefile("rb")
        assert b" 101 " in stream.readline()
        while stream.readline() != b"\r\n":
            pass
        head = [(":method", "POST"), (":scheme", "http"), (":path", "/" + method), (":authority", "x")]
        head += [("content-type", "application/grpc"), ("te", "trailers")]
        # Settings, a window of 16 MiB, the headers, the message.
        link.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, struct.pack("!HI", 4, 1 << 24))
            + frame(8, 0, 0, struct.pack("!I", 1 << 24)) + frame(1, 4, 1, b"".join(header(*pair) for pair in head))
            + frame(0, 1, 1, b"\0" + struct.pack("!I", len(message)) + message))
        data = b""
        while len(start := stream.read(9)) == 9:
            size, kind, flags, _ = struct.unpack("!IBBI", b"\0" + start)
            body = stream.read(size)
            if kind == 4 and not flags & 1:
                link.sendall(frame(4, 1, 0))
            data += body if kind == 0 else b""
            if kind in (0, 1) and flags & 1 or kind in (3, 7):
                break
        return data

def digest(op):
    return "sha256:" + hashlib.sha256(op).hexdigest()

def source(identifier):
    return field(3, field(1, identifier)) + field(10, field(1, "amd64") + field(2, "linux"))

BUSYBOX = source("docker-image://docker.io/library/busybox:latest")

def run(script, network=0, security=0, device=""):
    meta = fields(1, ["sh", "-c", script]) + field(2, "PATH=/bin:/usr/bin") + field(3, "/")
    options = field(3, network) + field(4, security) + (field(6, field(1, device)) if device else b"")
    return field(1, field(1, digest(BUSYBOX))) + field(2, field(1, meta) + field(2, field(3, "/")) + options)

def entry(kind, **options):
    """An exporter, or where a cache goes to or comes from."""
    return field(1, kind) + fields(2, [field(1, key) + field(2, value) for key, value in options.items()])

def solves(*ops, entitlements=(), exporter=b"", cache_to=b"", cache_from=b""):
    """Whether BuildKit builds this, asked by nothing but the definition of its steps."""
    definition = fields(1, [*ops, field(1, field(1, digest(ops[-1])))])
    cache = (field(4, cache_to) if cache_to else b"") + (field(5, cache_from) if cache_from else b"")
    more = fields(8, [cache][: len(cache)]) + fields(9, entitlements) + fields(13, [exporter][: len(exporter)])
    name = "r" + hashlib.sha256(definition + more).hexdigest()[:20]
    asked = field(1, name) + field(2, definition) + more
    return bool(call("moby.buildkit.v1.Control/Solve", asked))
