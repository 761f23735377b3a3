"""Generated requests to create a container: rights, namespaces, mounts, devices, spelled in the ways that Go reads."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

WORK = "/home/student/work"
DEFAULT = frozenset(
    {"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"}
    | {"NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"}
)
MASKED = 10
"""Paths that Docker hides in every container, at the least."""

some = st.sampled_from
BIND_BY_VOLUME = {"type": "none", "o": "bind", "device": "/etc"}
capability = some(["NET_RAW", "cap_chown", "SYS_ADMIN", "sys_ptrace", "CAP_NET_ADMIN", "ALL", "all"])
path = some([WORK, f"{WORK}/a", f"{WORK}/../.ssh", "/etc", "/", "/run", "vol", f"{WORK}x", f"{WORK}/./a"])
bind = st.builds("{}:{}{}".format, path, some(["/x", "/y/z"]), some(["", ":ro", ":rshared", ":rprivate"]))
mount = st.fixed_dictionaries(
    {"Type": some(["bind", "volume", "tmpfs"]), "Target": some(["/x", "/y"])},
    optional={
        "Source": path,
        "BindOptions": st.fixed_dictionaries({"Propagation": some(["", "rprivate", "rshared"])}),
        "VolumeOptions": st.fixed_dictionaries(
            {
                "DriverConfig": st.fixed_dictionaries(
                    {"Options": some([{}, {"type": "none", "o": "bind", "device": "/etc"}])}
                )
            }
        ),
    },
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "Privileged": st.booleans(),
    "CapAdd": st.lists(capability, max_size=3) | capability,
    "CapDrop": st.lists(capability, max_size=2),
    "PidMode": some(["", "host"]),
    "IpcMode": some(["", "host", "private", "shareable"]),
    "UTSMode": some(["", "host"]),
    "UsernsMode": some(["", "host"]),
    "CgroupnsMode": some(["", "host", "private"]),
    "NetworkMode": some(["default", "host", "none", "bridge"]),
    "Binds": st.lists(bind, max_size=2),
    "Mounts": st.lists(mount, max_size=2),
    "Devices": some([[], [{"PathOnHost": "/dev/null", "PathInContainer": "/dev/x", "CgroupPermissions": "rwm"}]]),
    "DeviceCgroupRules": some([[], ["a *:* rwm"]]),
    "SecurityOpt": st.lists(
        some(
            [
                "no-new-privileges",
                "seccomp=unconfined",
                "seccomp=builtin",
                "label=disable",
                "no-new-privileges:false",
            ]
        ),
        max_size=2,
    ),
    "MaskedPaths": some([None, [], ["/proc/kcore"]]),
    "ReadonlyPaths": some([None, []]),
    "CgroupParent": some(["", "/", "x"]),
    "Sysctls": some([{}, {"net.core.somaxconn": "9"}, {"kernel.shmmax": "1"}]),
    "OomScoreAdj": some([0, 100]),
    "Runtime": some(["", "runc"]),
    "Memory": some([0, 64 * 2**20]),
}


@st.composite
def spelled(draw: st.DrawFn, key: str) -> str:
    """A key as sent: mostly exact; else in a way that Go takes for the same."""
    way = draw(some(["exact"] * 6 + ["lower", "upper", "long s", "escaped"]))
    if way == "escaped":
        return f"\\u{ord(key[0]):04x}{key[1:]}"
    return {"exact": key, "lower": key.lower(), "upper": key.upper(), "long s": key.replace("s", "\u017f")}[way]


@st.composite
def create(draw: st.DrawFn) -> str:
    """The JSON text of a create request; keys may be sent twice."""
    keys = draw(st.lists(some(sorted(VALUES)), min_size=1, max_size=5))
    pairs = [f'"{draw(spelled(key))}":{json.dumps(draw(VALUES[key]))}' for key in keys]
    return f'{{"Image":"busybox:latest","Cmd":["true"],"{draw(spelled("HostConfig"))}":{{{",".join(pairs)}}}}}'


def dangers(shown: dict[str, Any]) -> list[str]:
    """What a container may do that a student's must not, from ``docker inspect``: what the Engine understood."""
    host = shown["HostConfig"]
    wrong = [
        key for key in ("Privileged", "Devices", "DeviceCgroupRules", "DeviceRequests", "CgroupParent") if host.get(key)
    ]
    added = {name.upper().removeprefix("CAP_") for name in host.get("CapAdd") or ()}
    wrong += [f"CapAdd {name}" for name in sorted(added - DEFAULT)]
    modes = ("PidMode", "IpcMode", "UTSMode", "UsernsMode", "CgroupnsMode", "NetworkMode")
    wrong += [mode for mode in modes if host.get(mode) == "host"]
    harmless = {"no-new-privileges", "no-new-privileges:true", "no-new-privileges=true", "seccomp=builtin"}
    wrong += [f"SecurityOpt {option}" for option in host.get("SecurityOpt") or () if option not in harmless]
    wrong += [f"Sysctl {key}" for key in host.get("Sysctls") or {} if not key.startswith("net.")]
    if len(host.get("MaskedPaths") or ()) < MASKED or not host.get("ReadonlyPaths"):
        wrong.append("hidden paths")
    for entry in shown.get("Mounts") or ():
        inside = entry["Source"] == WORK or entry["Source"].startswith(f"{WORK}/")
        if entry["Type"] == "bind" and (not inside or "/../" in entry["Source"]):
            wrong.append(f"bind of {entry['Source']}")
        if entry["Propagation"] not in ("", "rprivate", "private"):
            wrong.append(f"propagation {entry['Propagation']}")
    for entry in host.get("Mounts") or ():
        if ((entry.get("VolumeOptions") or {}).get("DriverConfig") or {}).get("Options"):
            wrong.append("volume driver options")
    return wrong
