"""Mounts and volumes of a container."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator

from autograder.gateway import paths
from autograder.gateway.errors import Malformed, Refused
from autograder.gateway.models.base import Body, LabelMap, MaybeIdentifier, one_of, unset
from autograder.gateway.references import NAME

LOCAL_ONLY = "The volume driver {} is not installed here. Omit it: volumes are local."


class BindSettings(Body):
    """Of a bind mount."""

    Propagation: Annotated[
        str | None,
        one_of("", "rprivate", "private", sentence="The mount propagation {} is refused: mounts stay private."),
    ] = None
    NonRecursive: bool | None = None
    CreateMountpoint: bool | None = None
    ReadOnlyNonRecursive: bool | None = None
    ReadOnlyForceRecursive: bool | None = None


class DriverSettings(Body):
    """Driver of a volume that is made with the container."""

    Name: Annotated[str | None, one_of("", "local", sentence=LOCAL_ONLY)] = None
    Options: Annotated[
        dict[str, str] | None, unset("Driver options of a volume are refused here: they can mount anything.")
    ] = None


class VolumeSettings(Body):
    """Of a volume."""

    NoCopy: bool | None = None
    Labels: LabelMap | None = None
    DriverConfig: DriverSettings | None = None
    Subpath: Annotated[str, AfterValidator(paths.subpath)] | None = None


class TmpfsSettings(Body):
    """Of a file system in memory."""

    SizeBytes: int | None = None
    Mode: int | None = None
    Options: list[list[Literal["exec", "noexec"]]] | None = None


class MountSettings(Body):
    """One mount. Only the options of its own type may be set."""

    Type: Literal["bind", "volume", "tmpfs"]
    Source: str | None = None
    Target: Annotated[str, AfterValidator(paths.target)]
    ReadOnly: bool | None = None
    Consistency: Literal["", "default", "consistent", "cached", "delegated"] | None = None
    BindOptions: BindSettings | None = None
    VolumeOptions: VolumeSettings | None = None
    TmpfsOptions: TmpfsSettings | None = None
    ImageOptions: Annotated[dict[str, str] | None, unset("Images cannot be mounted here.")] = None
    ClusterOptions: Annotated[dict[str, str] | None, unset("There are no cluster volumes here.")] = None

    @model_validator(mode="after")
    def _source_fits(self) -> MountSettings:
        options = {"bind": self.BindOptions, "volume": self.VolumeOptions, "tmpfs": self.TmpfsOptions}
        if any(given is not None for kind, given in options.items() if kind != self.Type):
            raise Malformed(f"A mount of type {self.Type} has options of another type.")
        if self.Type == "bind":
            self.Source = paths.source(self.Source or "")
        elif self.Type == "volume":
            if self.Source and not NAME.fullmatch(self.Source):
                raise Refused("The source of a volume mount is the volume's name.")
        elif self.Source:
            raise Malformed("A mount of type tmpfs has no source.")
        return self


class TmpfsVolumeOptions(Body):
    """``DriverOpts`` of the one kind of mount that a volume may be: a file system in memory."""

    type: Literal["tmpfs"]
    device: Literal["tmpfs", "none"]
    o: Annotated[str, AfterValidator(paths.tmpfs_options)] | None = None


def _driver_options(value: dict[str, str]) -> dict[str, str]:
    if value and value.get("type") != "tmpfs":
        raise Refused(
            "Driver options of a volume are refused here: with them a volume could be any directory of this machine. "
            "Only a tmpfs (type=tmpfs, device=tmpfs, o=size=…) is possible."
        )
    if value:
        TmpfsVolumeOptions.model_validate(value)
    return value


class Volume(Body):
    """Body of ``POST /volumes/create``."""

    Name: MaybeIdentifier | None = None
    Driver: Annotated[str | None, one_of("", "local", sentence=LOCAL_ONLY)] = None
    DriverOpts: Annotated[dict[str, str], AfterValidator(_driver_options)] | None = None
    Labels: LabelMap | None = None
    ClusterVolumeSpec: Annotated[dict[str, str] | None, unset("There are no cluster volumes here.")] = None
