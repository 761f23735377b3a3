"""Networks and a container's endpoints in them."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, model_validator

from autograder.gateway.errors import Malformed, Refused, short
from autograder.gateway.models.base import Body, Identifier, LabelMap, one_of, refuse_unless, unset
from autograder.gateway.references import NAME

_BRIDGE_OPTIONS = {
    "com.docker.network.bridge.enable_icc": r"true|false|True|False|0|1",
    "com.docker.network.bridge.enable_ip_masquerade": r"true|false|True|False|0|1",
    "com.docker.network.bridge.host_binding_ipv4": r"[0-9.]{7,15}",
    "com.docker.network.bridge.gateway_mode_ipv4": r"nat|nat-unprotected|routed|isolated",
    "com.docker.network.bridge.gateway_mode_ipv6": r"nat|nat-unprotected|routed|isolated",
    "com.docker.network.driver.mtu": r"[0-9]{2,5}",
    "com.docker.network.container_iface_prefix": r"[a-z]{1,8}",
    "com.docker.network.endpoint.ifname": r"[a-z][a-z0-9]{0,13}",
}


def _address(value: str) -> str:
    if value:
        try:
            ip_address(value)
        except ValueError as error:
            raise Malformed(f"{short(value)} is not an IP address.") from error
    return value


def _subnet(value: str) -> str:
    if value:
        try:
            ip_network(value, strict=False)
        except ValueError as error:
            raise Malformed(f"{short(value)} is not a range of IP addresses such as 10.5.0.0/24.") from error
    return value


def _bridge_options(value: dict[str, str]) -> dict[str, str]:
    for key, text in value.items():
        if key not in _BRIDGE_OPTIONS:
            raise Refused(f"The network option {short(key)} is not available here: each network has its own bridge.")
        if not re.fullmatch(_BRIDGE_OPTIONS[key], text, re.ASCII):
            raise Malformed(f"The network option {key} cannot be {short(text)}.")
    return value


def _drop_null_network(value: Any) -> Any:
    """Without the key that docker-py adds: ``{"NAME": null}``, which the Engine ignores."""
    if isinstance(value, dict):
        return {key: entry for key, entry in value.items() if entry is not None or not NAME.fullmatch(key)}
    return value


Address = Annotated[str, AfterValidator(_address)]
MAC = Annotated[
    str,
    refuse_unless(lambda v: not v or bool(re.fullmatch(r"[0-9A-Fa-f:-]{11,17}", v)), "{} is not a MAC address."),
]


class EndpointIPAM(Body):
    """Addresses that a container asks for."""

    IPv4Address: Address | None = None
    IPv6Address: Address | None = None
    LinkLocalIPs: list[Address] | None = None


class EndpointSettings(Body):
    """A container's place in one network."""

    IPAMConfig: EndpointIPAM | None = None
    Links: list[str] | None = None
    Aliases: list[str] | None = None
    MacAddress: MAC | None = None
    DriverOpts: Annotated[dict[str, str] | None, unset("Driver options of an endpoint are refused here.")] = None
    GwPriority: int | None = None
    NetworkID: str | None = None
    EndpointID: str | None = None
    Gateway: str | None = None
    IPAddress: str | None = None
    IPPrefixLen: int | None = None
    IPv6Gateway: str | None = None
    GlobalIPv6Address: str | None = None
    GlobalIPv6PrefixLen: int | None = None
    DNSNames: list[str] | None = None


def _network_key(value: str) -> str:
    if not NAME.fullmatch(value):
        raise Malformed(f"{short(value)} is not the name of a network.")
    if value.lower() == "host":
        raise Refused(HOST_NETWORK)
    return value


HOST_NETWORK = (
    "The host's network is refused: a container would share the interfaces and ports of the Engine itself. "
    "Publish a port with -p, or use a network of your own."
)


class Networking(Body):
    """Networks of a new container."""

    EndpointsConfig: dict[Annotated[str, AfterValidator(_network_key)], EndpointSettings | None] | None = None


MaybeNetworking = Annotated[Networking, BeforeValidator(_drop_null_network)]


class AddressPool(Body):
    """One range of addresses of a network."""

    Subnet: Annotated[str, AfterValidator(_subnet)] | None = None
    IPRange: Annotated[str, AfterValidator(_subnet)] | None = None
    Gateway: Address | None = None
    AuxiliaryAddresses: dict[str, Address] | None = None


class AddressManagement(Body):
    """Address management of a network."""

    Driver: Annotated[str | None, one_of("", "default", sentence="The address driver {} is not installed here.")] = None
    Options: Annotated[dict[str, str] | None, unset("Options of the address driver are refused here.")] = None
    Config: list[AddressPool] | None = None


class OptionsFrom(Body):
    """Name of a network whose options to take: none here."""

    Network: Annotated[str | None, unset("A network that takes its options from another is refused here.")] = None


class Network(Body):
    """Body of ``POST /networks/create``."""

    Name: Identifier
    CheckDuplicate: bool | None = None
    Driver: Annotated[
        str | None,
        one_of(
            "",
            "bridge",
            sentence="The network driver {} is refused: it would reach the Engine's own interfaces. Use bridge.",
        ),
    ] = None
    Scope: Annotated[str | None, one_of("", "local", sentence="Networks here can only have the scope local.")] = None
    EnableIPv4: bool | None = None
    EnableIPv6: bool | None = None
    IPAM: AddressManagement | None = None
    Internal: bool | None = None
    Attachable: bool | None = None
    Ingress: Annotated[bool | None, unset("An ingress network needs a swarm, which is off here.")] = None
    ConfigOnly: Annotated[bool | None, unset("A config-only network is refused here.")] = None
    ConfigFrom: OptionsFrom | None = None
    Options: Annotated[dict[str, str], AfterValidator(_bridge_options)] | None = None
    Labels: LabelMap | None = None

    @model_validator(mode="after")
    def _own_name(self) -> Network:
        if self.Name.lower() in ("host", "none", "bridge", "default", "ingress"):
            raise Refused(f"The network name {short(self.Name)} is reserved for the Engine.")
        return self


class Connect(Body):
    """Body of ``POST /networks/{network}/connect``."""

    Container: Identifier
    EndpointConfig: EndpointSettings | None = None


class Disconnect(Body):
    """Body of ``POST /networks/{network}/disconnect``."""

    Container: Identifier
    Force: bool | None = None
