"""Runs as the student: gives the Engine archives of every hostile kind, and prints what it said to each."""

import bz2, gzip, hashlib, io, json, lzma, os, subprocess, tarfile

os.chdir("/home/student/work")
LINK, HARD, CHAR, BLOCK, PIPE, FOLDER = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE,
                                         tarfile.FIFOTYPE, tarfile.DIRTYPE)
said = {}

def entry(name, kind=tarfile.REGTYPE, data=b"", link="", mode=0o644, attributes=None, device=(1, 1)):
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname, info.mode = kind, len(data), link, mode
    info.devmajor, info.devminor = device
    info.pax_headers = {f"SCHILY.xattr.{key}": value for key, value in (attributes or {}).items()}
    return info, data

def tar(*entries):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for info, data in entries:
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()

def sha(layer):
    return "sha256:" + hashlib.sha256(layer).hexdigest()

def image(name, *layers, layer_ids=None, extra=(), **manifest):
    """An image as `docker save` writes it; ``manifest`` changes what it says of itself."""
    config = {"architecture": "amd64", "os": "linux", "config": {"Cmd": ["sh"]},
              "rootfs": {"type": "layers", "diff_ids": layer_ids or [sha(layer) for layer in layers]}}
    names = [f"{number}.tar" for number in range(len(layers))]
    table = [{"Config": "config.json", "RepoTags": [f"{name}:latest"], "Layers": names, **manifest}]
    return tar(entry("manifest.json", data=json.dumps(table).encode()), entry("config.json", data=json.dumps(config).encode()),
               *(entry(path, data=layer) for path, layer in zip(names, layers)), *extra)

def docker(*arguments, data=None, seconds=60):
    try:
        done = subprocess.run(["docker", *arguments], input=data, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return "it hangs"
    return (done.stdout + done.stderr).decode(errors="replace").strip()

def load(what, archive, seconds=60):
    said["load " + what] = docker("load", data=archive, seconds=seconds)

PLANTED = b"planted by the student"
OUT = {  # entries that lead out of the directory into which they are unpacked
    "absolute": [entry("/run/planted", data=PLANTED)],
    "dots": [entry("../../../../../../../run/planted", data=PLANTED)],
    "link": [entry("d", LINK, link="/run"), entry("d/planted", data=PLANTED)],
    "relative link": [entry("d", LINK, link="../../../../../../../run"), entry("d/planted", data=PLANTED)],
    "link to proc": [entry("d", LINK, link="/proc/1/root/run"), entry("d/planted", data=PLANTED)],
    "hard link": [entry("h", HARD, link="/run/engine.log"), entry("h", data=PLANTED)],
    "hard link up": [entry("h", HARD, link="../../../../../../../run/engine.log"), entry("h", data=PLANTED)],
    "hard link to link": [entry("l", LINK, link="/run/engine.log"), entry("h", HARD, link="l"), entry("h", data=PLANTED)],
    "whiteout": [entry(".wh./../../../../../../run/planted", data=PLANTED), entry(".wh..."), entry("d/.wh..")],
    "whiteout of all": [entry(".wh..wh..opq"), entry(".wh..wh.aufs", data=PLANTED), entry(".wh..wh.plnk", FOLDER)],
    "devices": [entry("memory", CHAR, mode=0o666), entry("disk", BLOCK, mode=0o666, device=(254, 0)), entry("pipe", PIPE)],
}
for what, entries in OUT.items():
    load("layer " + what, image("mine/" + what.replace(" ", "-"), tar(*entries)))
    load("outside " + what, tar(*entries))
    said["import " + what] = docker("import", "-", data=tar(*entries))
load("two layers", image("mine/two", tar(entry("d", LINK, link="/run")), tar(entry("d/planted", data=PLANTED))))

# Reading what is the Engine's, by a manifest.
some = tar(entry("f", data=os.urandom(8)))
for what, path in {"absolute": "/run/secret", "dots": "../../../../../../../../run/secret"}.items():
    load("config " + what, image("mine/read", some, Config=path))
    load("layer at " + what, image("mine/read", some, Layers=[path]))
    load("config link " + what, image("mine/read", some, Config="l", extra=[entry("l", LINK, link=path)]))
    load("layer link " + what, image("mine/read", some, Layers=["l"], extra=[entry("l", LINK, link=path)]))

# A layer that says it is one of a course image.
golden = json.loads(subprocess.run(["docker", "image", "inspect", "busybox"], capture_output=True).stdout)[0]["RootFS"]["Layers"]
load("known layer", image("mine/known", some, layer_ids=golden[:1]))
said["known"] = docker("run", "--rm", "mine/known", "sh", "-c", "ls /f; ls /bin/busybox")
load("another layer", image("mine/another", some, layer_ids=["sha256:" + "a" * 64]))

# The marks by which overlayfs knows redirected, hidden and copied files.
redirected = [entry("r", FOLDER, mode=0o755, attributes={"user.overlay.redirect": "/etc", "trusted.overlay.redirect": "/etc"}),
              entry("opaque", FOLDER, mode=0o755, attributes={"user.overlay.opaque": "y"})]
copied = [entry("m", attributes={"user.overlay.metacopy": "", "user.overlay.redirect": "/etc/passwd"})]
below = tar(entry("f", data=b"12345678"), entry("etc", FOLDER, mode=0o755), entry("etc/passwd", data=b"root"))
for what, entries in {"redirected": redirected, "copied": copied}.items():
    load(what, image("mine/" + what, below, tar(*entries)))
    docker("create", "--name", what, "mine/" + what, "x")
    exported = subprocess.run(["docker", "export", what], capture_output=True).stdout
    try:
        with tarfile.open(fileobj=io.BytesIO(exported)) as archive:
            said[what] = " ".join(sorted(f"{each.name}:{each.size}" for each in archive if each.name[:1] in "rofm"))
    except tarfile.TarError as problem:
        said[what] = str(problem)

# Names.
load("moved", image("busybox", some))
said["moved"] = docker("image", "inspect", "--format", "{{.RootFS.Layers}}", "busybox")
identifier = docker("images", "--no-trunc", "--quiet", "nginx").removeprefix("sha256:")
for length in (12, 64):
    load(f"name of {length} digits", image(identifier[:length], some))
load("name of an id", image("x", some, RepoTags=["sha256:" + identifier]))
for name in ("../../x:y", "A B", "-rf", "busybox@sha256:" + "0" * 64):
    load("name " + name, image("x", some, RepoTags=[name]))

# Packed in every way, cut off, empty.
packed = image("mine/packed", some)
for what, archive in {"xz": lzma.compress(packed), "gzip": gzip.compress(packed), "bzip2": bz2.compress(packed),
                      "zstd": b"\x28\xb5\x2f\xfd" + bytes(20), "cut off": packed[:3000], "nothing": b"", "zip": b"PK\3\4" + bytes(600)}.items():
    load("packed " + what, archive)
load("packed layer", image("mine/layer", lzma.compress(tar(entry("f", data=b"xz"))), layer_ids=[sha(tar(entry("f", data=b"xz")))]))

# Into a container that runs, by links of its own.
docker("tag", "sha256:" + identifier, "nginx")
docker("run", "--detach", "--name", "target", "--volume", "v:/v", "nginx")
docker("exec", "target", "sh", "-c", "ln -s / /up; ln -s ../../../../../../../run /out; ln -s /proc/1/root /root-of; ln -s /proc/self/fd /fd")
for place in ("/", "/up/run", "/out", "/root-of/run", "/fd/0", "/v/../../run", "/proc/1/root/run", "/proc/self/root/run", "/dev", "/v"):
    for what, entries in OUT.items():
        said[f"copy {what} to {place}"] = docker("cp", "-", f"target:{place}", data=tar(*entries))
for path in ("/proc/1/root/run/secret", "/root-of/run/secret", "/out/secret", "/proc/self/environ", "/dev/memory", "/up/../../run/secret"):
    said["copy from " + path] = docker("cp", f"target:{path}", "-")[:2000]
docker("tag", "sha256:" + identifier, "nginx")
print("RESULT", json.dumps(said))
