"""Runs as the student, as root of user, mount, network, IPC, pid and cgroup namespaces of its own: what it can mount and write."""

import ctypes, errno, json, os, socket

libc = ctypes.CDLL(None, use_errno=True)
said = {"mounted": [], "written": [], "remounted": [], "sockets": []}
for place in ("/tmp/m", "/tmp/upper", "/tmp/work"):
    os.makedirs(place, exist_ok=True)

def mount(source, kind, flags=0, data=None):
    return libc.mount(source.encode(), b"/tmp/m", kind.encode(), ctypes.c_ulong(flags), data) == 0

CGROUPS = [("cgroup2", None)] + [("cgroup", name) for name in (
    b"memory", b"pids", b"cpu", b"cpuset", b"freezer", b"devices", b"blkio", b"none,name=systemd")]
OTHERS = [(kind, None) for kind in (
    "tmpfs", "ramfs", "mqueue", "devpts", "proc", "sysfs", "binder", "bpf", "debugfs", "tracefs", "securityfs", "nfsd", "hugetlbfs",
    "configfs", "pstore", "erofs", "squashfs", "ext4", "devtmpfs", "rpc_pipefs", "efivarfs", "resctrl", "selinuxfs")]
OTHERS += [("fuse", b"fd=0,rootmode=40000,user_id=0,group_id=0"), ("overlay", b"lowerdir=/usr,upperdir=/tmp/upper,workdir=/tmp/work")]
for kind, data in CGROUPS + OTHERS:
    if mount("x", kind, 0, data):
        said["mounted"].append(kind)
        if (kind, data) in CGROUPS:
            for folder, _, files in os.walk("/tmp/m"):
                said["written"] += [f"{kind} {data} {name}" for name in files if os.access(f"{folder}/{name}", os.W_OK)]
                try:
                    os.mkdir(f"{folder}/new")
                except OSError:
                    continue
                said["written"].append(f"{kind} {data} {folder}")
        libc.umount2(b"/tmp/m", 2)
for place in ("/", "/usr", "/opt", "/etc", "/proc", "/run", "/dev"):
    if mount(place, "none", 4096 | 16384):
        if libc.mount(b"", b"/tmp/m", b"", ctypes.c_ulong(32 | 4096), None) == 0:
            said["remounted"].append(place)
        libc.umount2(b"/tmp/m", 2)
for folder, _, files in os.walk("/proc/sys"):
    for name in files:
        try:
            os.close(os.open(f"{folder}/{name}", os.O_WRONLY))
        except OSError:
            continue
        said["written"].append(f"{folder}/{name}")
for family in range(46):
    for kind in (1, 2, 3, 5):
        try:
            socket.socket(family, kind).close()
        except OSError:
            continue
        said["sockets"].append(family)
print(json.dumps(said))
