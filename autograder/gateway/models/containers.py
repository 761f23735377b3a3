"""The settings of a requested container: what it runs (``Config``) and what it may do (``HostConfig``)."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from autograder.gateway import paths
from autograder.gateway.errors import Malformed, Refused, short
from autograder.gateway.models.base import Body, Empty, Identifier, LabelMap, Words, one_of, refuse_unless, unset
from autograder.gateway.models.logs import LogSettings
from autograder.gateway.models.mounts import LOCAL_ONLY, MountSettings
from autograder.gateway.models.networks import HOST_NETWORK, MAC, MaybeNetworking
from autograder.gateway.references import NAME

DEFAULT_CAPABILITIES = frozenset(
    [
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "NET_RAW",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    ]
)
"""What a container has anyway, https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities"""

_DEVICES = "Devices are refused: a container here has no access to hardware."
_CGROUP = "The control group of a container cannot be chosen: all containers share this sandbox's limits."
_BLOCK = "Limits on block devices are refused: there are no devices here."
_WINDOWS = "This setting exists on Windows only."
_OWN_CONTAINER = re.compile(r"container:[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}")


def _capability(value: str) -> str:
    """Return the name in capitals with its prefix, as the Engine will read it."""
    if not re.fullmatch(r"[A-Za-z_]{1,40}", value):
        raise Malformed(f"{short(value)} is not the name of a capability.")
    plain = value.upper()
    return plain if plain == "ALL" else f"CAP_{plain.removeprefix('CAP_')}"


def _default_capability(value: str) -> str:
    name = _capability(value)
    if name.removeprefix("CAP_") not in DEFAULT_CAPABILITIES:
        raise Refused(
            f"The capability {name} is refused: only Docker's default capabilities are allowed, because others "
            "could give a container control over this Engine. Try it without, or with --cap-drop."
        )
    return name


def _sysctl(value: str) -> str:
    if not re.fullmatch(r"net\.(?:core|ipv4|ipv6|unix|netfilter)(?:\.[A-Za-z0-9_-]+)+", value, re.ASCII):
        raise Refused(f"The kernel setting {short(value)} is refused: only net. settings apply to one container.")
    return value


def _port(value: str) -> str:
    """Return the port with its protocol in small letters, as the Engine will read it."""
    plain = value.lower()
    if not re.fullmatch(r"[0-9]{1,5}(?:-[0-9]{1,5})?(?:/(?:tcp|udp|sctp))?", plain, re.ASCII):
        raise Malformed(f"{short(value)} is not a port such as 80/tcp.")
    return plain


def _namespace(*names: str, sentence: str) -> AfterValidator:
    """Refuse every mode but these and that of another container of the student's."""
    return refuse_unless(lambda value: value in names or bool(_OWN_CONTAINER.fullmatch(value)), sentence)


def _network_mode(value: str) -> str:
    if value.lower() == "host":
        raise Refused(HOST_NETWORK)
    if value and not NAME.fullmatch(value) and not _OWN_CONTAINER.fullmatch(value):
        raise Malformed(f"{short(value)} is not the name of a network.")
    return value


def _security_option(value: str) -> str:
    if value not in (
        "no-new-privileges",
        "no-new-privileges:true",
        "no-new-privileges=true",
        "seccomp=builtin",
    ):
        raise Refused(
            f"The security option {short(value)} is refused: a container here can only be given fewer rights, "
            "with no-new-privileges."
        )
    return value


def _volume_from(value: str) -> str:
    name, _, modes = value.partition(":")
    mode = ",".join(paths.without_relabel(modes))
    if not NAME.fullmatch(name) or mode not in ("", "ro", "rw"):
        raise Malformed(f"{short(value)} is not the name of a container, alone or with :ro or :rw.")
    return f"{name}:{mode}" if mode else name


Capability = Annotated[str, AfterValidator(_capability)]
AddedCapability = Annotated[str, AfterValidator(_default_capability)]
Port = Annotated[str, AfterValidator(_port)]
Target = Annotated[str, AfterValidator(paths.target)]
Cpuset = Annotated[
    str, refuse_unless(lambda v: bool(re.fullmatch(r"[0-9,-]{0,256}", v)), "{} is not a list of processors.")
]


class Ulimit(Body):
    """One limit of a process."""

    Name: Annotated[
        str, refuse_unless(lambda v: bool(re.fullmatch(r"[a-z]{2,12}", v)), "{} is not the name of a limit.")
    ]
    Soft: int | None = None
    Hard: int | None = None


class Restart(Body):
    """When the Engine starts a container again."""

    Name: Literal["", "no", "always", "on-failure", "unless-stopped"] | None = None
    MaximumRetryCount: int | None = None


class Resources(Body):
    """Limits of a container. They are within the sandbox's own, whatever is asked for."""

    CpuShares: int | None = None
    Memory: int | None = None
    NanoCpus: int | None = None
    CgroupParent: Annotated[str | None, unset(_CGROUP)] = None
    BlkioWeight: int | None = None
    BlkioWeightDevice: Annotated[list[dict[str, str | int]] | None, unset(_BLOCK)] = None
    BlkioDeviceReadBps: Annotated[list[dict[str, str | int]] | None, unset(_BLOCK)] = None
    BlkioDeviceWriteBps: Annotated[list[dict[str, str | int]] | None, unset(_BLOCK)] = None
    BlkioDeviceReadIOps: Annotated[list[dict[str, str | int]] | None, unset(_BLOCK)] = None
    BlkioDeviceWriteIOps: Annotated[list[dict[str, str | int]] | None, unset(_BLOCK)] = None
    CpuPeriod: int | None = None
    CpuQuota: int | None = None
    CpuRealtimePeriod: Annotated[
        int | None, unset("Real-time scheduling is refused: it could starve everything else.")
    ] = None
    CpuRealtimeRuntime: Annotated[
        int | None, unset("Real-time scheduling is refused: it could starve everything else.")
    ] = None
    CpusetCpus: Cpuset | None = None
    CpusetMems: Cpuset | None = None
    Devices: Annotated[list[dict[str, str]] | None, unset(_DEVICES)] = None
    DeviceCgroupRules: Annotated[list[str] | None, unset(_DEVICES)] = None
    DeviceRequests: Annotated[
        list[dict[str, str | int | list[str] | list[list[str]] | dict[str, str] | None]] | None,
        unset(_DEVICES),
    ] = None
    KernelMemory: Annotated[int | None, unset("Limits on kernel memory no longer exist.")] = None
    KernelMemoryTCP: Annotated[int | None, unset("Limits on kernel memory no longer exist.")] = None
    MemoryReservation: int | None = None
    MemorySwap: int | None = None
    MemorySwappiness: int | None = None
    OomKillDisable: Annotated[
        bool | None,
        unset("Disabling the OOM killer is refused: the container could stop everything else."),
    ] = None
    PidsLimit: int | None = None
    Ulimits: list[Ulimit] | None = None
    CpuCount: Annotated[int | None, unset(_WINDOWS)] = None
    CpuPercent: Annotated[int | None, unset(_WINDOWS)] = None
    IOMaximumIOps: Annotated[int | None, unset(_WINDOWS)] = None
    IOMaximumBandwidth: Annotated[int | None, unset(_WINDOWS)] = None


class Update(Resources):
    """Body of ``POST /containers/{container}/update``."""

    RestartPolicy: Restart | None = None


class HostPort(Body):
    """Where a container's port is published."""

    HostIp: Annotated[
        str, refuse_unless(lambda v: bool(re.fullmatch(r"[0-9A-Fa-f.:]{0,45}", v)), "{} is not an IP address.")
    ] | (None) = None
    HostPort: (
        Annotated[str, refuse_unless(lambda v: bool(re.fullmatch(r"[0-9-]{0,11}", v)), "{} is not a port.")] | None
    ) = None


class Host(Resources):
    """What a container may do. Every key of the API is here, so that none passes unread."""

    Binds: list[Annotated[str, AfterValidator(paths.bind)]] | None = None
    ContainerIDFile: str | None = None
    LogConfig: LogSettings | None = None
    NetworkMode: Annotated[str, AfterValidator(_network_mode)] | None = None
    PortBindings: dict[Port, list[HostPort] | None] | None = None
    RestartPolicy: Restart | None = None
    AutoRemove: bool | None = None
    VolumeDriver: Annotated[str | None, one_of("", "local", sentence=LOCAL_ONLY)] = None
    VolumesFrom: list[Annotated[str, AfterValidator(_volume_from)]] | None = None
    ConsoleSize: list[int] | None = None
    Annotations: Annotated[
        dict[str, str] | None,
        unset("Annotations are refused: they could change how a container is started."),
    ] = None
    CapAdd: list[AddedCapability] | None = None
    CapDrop: list[Capability] | None = None
    CgroupnsMode: Annotated[
        str | None,
        one_of("", "private", sentence="The cgroup namespace {} is refused: every container has its own."),
    ] = None
    Dns: list[str] | None = None
    DnsOptions: list[str] | None = None
    DnsSearch: list[str] | None = None
    ExtraHosts: list[str] | None = None
    GroupAdd: list[str] | None = None
    IpcMode: Annotated[
        str | None,
        _namespace(
            *("", "none", "private", "shareable"),
            sentence="The IPC mode {} is refused: a container may share memory only with other containers.",
        ),
    ] = None
    Cgroup: Annotated[str | None, unset(_CGROUP)] = None
    Links: list[str] | None = None
    OomScoreAdj: Annotated[
        int | None,
        refuse_unless(lambda v: 0 <= v <= 1000, "OomScoreAdj {} is refused: it has to be from 0 to 1000."),
    ] = None
    PidMode: Annotated[
        str | None,
        _namespace(
            "",
            sentence="The PID mode {} is refused: a container may see only processes of other containers.",
        ),
    ] = None
    Privileged: Annotated[
        bool | None,
        unset(
            "A privileged container is refused: it would have every right over this Engine. "
            "Nothing in the course needs one."
        ),
    ] = None
    PublishAllPorts: bool | None = None
    ReadonlyRootfs: bool | None = None
    SecurityOpt: list[Annotated[str, AfterValidator(_security_option)]] | None = None
    StorageOpt: Annotated[dict[str, str] | None, unset("Storage options are not available here.")] = None
    Tmpfs: dict[Target, Annotated[str, AfterValidator(paths.tmpfs_options)]] | None = None
    UTSMode: Annotated[str | None, unset("The UTS mode {} is refused: a container has its own host name.")] = None
    UsernsMode: Annotated[str | None, unset("The user namespace mode {} is refused.")] = None
    ShmSize: int | None = None
    Sysctls: dict[Annotated[str, AfterValidator(_sysctl)], str] | None = None
    Runtime: Annotated[str | None, one_of("", "runc", sentence="The runtime {} is not installed here.")] = None
    Isolation: Annotated[str | None, one_of("", "default", sentence=_WINDOWS)] = None
    Mounts: list[MountSettings] | None = None
    MaskedPaths: Annotated[
        list[str] | None,
        refuse_unless(lambda _: False, "Masked paths cannot be changed: the kernel files there stay hidden."),
    ] = None
    ReadonlyPaths: Annotated[
        list[str] | None,
        refuse_unless(lambda _: False, "Read-only paths cannot be changed: the kernel files there stay read-only."),
    ] = None
    Init: bool | None = None


class HealthSettings(Body):
    """How the Engine finds out whether a container does its work; times in nanoseconds."""

    Test: list[str] | None = None
    Interval: int | None = None
    Timeout: int | None = None
    StartPeriod: int | None = None
    StartInterval: int | None = None
    Retries: int | None = None


class ContainerSettings(Body):
    """What runs in a container; also the body of ``POST /commit``. The command is free."""

    Hostname: str | None = None
    Domainname: str | None = None
    User: str | None = None
    AttachStdin: bool | None = None
    AttachStdout: bool | None = None
    AttachStderr: bool | None = None
    ExposedPorts: dict[Port, Empty | None] | None = None
    Tty: bool | None = None
    OpenStdin: bool | None = None
    StdinOnce: bool | None = None
    Env: list[str] | None = None
    Cmd: Words | None = None
    Healthcheck: HealthSettings | None = None
    ArgsEscaped: bool | None = None
    Image: str | None = None
    Volumes: dict[Target, Empty | None] | None = None
    WorkingDir: str | None = None
    Entrypoint: Words | None = None
    NetworkDisabled: bool | None = None
    MacAddress: MAC | None = None
    OnBuild: list[str] | None = None
    Labels: LabelMap | None = None
    StopSignal: str | None = None
    StopTimeout: int | None = None
    Shell: list[str] | None = None


class Create(ContainerSettings):
    """Body of ``POST /containers/create``."""

    Image: str
    # dockerode still sends it here, where no Engine reads it since API 1.22.
    VolumesFrom: Annotated[
        list[str] | None, unset("VolumesFrom belongs into HostConfig."), Field(default=None, exclude=True)
    ] = None
    HostConfig: Host | None = None
    NetworkingConfig: MaybeNetworking | None = None


class Exec(Body):
    """Body of ``POST /containers/{container}/exec``."""

    User: str | None = None
    Privileged: Annotated[
        bool | None, unset("A privileged command is refused: it would have every right over this Engine.")
    ] = None
    Tty: bool | None = None
    ConsoleSize: list[int] | None = None
    AttachStdin: bool | None = None
    AttachStderr: bool | None = None
    AttachStdout: bool | None = None
    Detach: bool | None = None
    DetachKeys: str | None = None
    detachKeys: str | None = None
    """As docker-py and aiodocker spell it."""
    Env: list[str] | None = None
    WorkingDir: str | None = None
    Cmd: list[str]
    Container: Identifier | None = None

    @model_validator(mode="after")
    def _keys_once(self) -> Exec:
        if self.DetachKeys is not None and self.detachKeys is not None:
            raise Malformed("The keys 'DetachKeys' and 'detachKeys' mean the same: send one of them.")
        return self


class ExecStart(Body):
    """Body of ``POST /exec/{exec}/start``."""

    Detach: bool | None = None
    Tty: bool | None = None
    ConsoleSize: list[int] | None = None
    # What dockerode needs itself and sends along; no Engine reads it.
    hijack: bool | None = Field(default=None, exclude=True)
    stdin: bool | None = Field(default=None, exclude=True)


class Login(Body):
    """Body of ``POST /auth``."""

    username: str | None = None
    password: str | None = None
    auth: str | None = None
    email: str | None = None
    serveraddress: Annotated[str | None, AfterValidator(lambda v: _login_server(v))] = None
    identitytoken: str | None = None
    registrytoken: str | None = None


def _login_server(value: str | None) -> str | None:
    from autograder.gateway.references import reachable

    if value and value != "https://index.docker.io/v1/":
        host = re.sub(r"^https?://", "", value).split("/")[0]
        reachable(f"{host}/x")
    return value
