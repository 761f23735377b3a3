"""The state of a run as digests: what two answers must have in common to have done the same.

IDs, times, addresses and ports that the Engine chose are left out; a port of the set-up's is called after its variable.
So the same answer gives the same digests in another sandbox with the same run word.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import docker
from docker.errors import APIError, NotFound

from course import notebook
from course.answers import answer
from course.errors import NoAnswer
from course.facts.events import history
from course.facts.exec import HELPER
from course.facts.filesystem import Stream
from course.facts.image import image as read_image
from course.facts.throwaway import throwaway

MAX_FILES: Final = 2000
"""Files that are read of the work directory."""
MAX_FILE: Final = 1 << 20
"""Bytes that are read of a file."""
MAX_VOLUME: Final = 8 << 20
"""Bytes that are read of a volume."""
RANDOM_PORTS: Final = range(32768, 61000)
"""Where the Engine and `course.free_port` choose a port (``net.ipv4.ip_local_port_range``)."""
NOISE: Final = ("exec_", "health_status", "attach", "archive-path", "top", "resize", "extract-to-dir", "prune")
"""How the events begin that say nothing of what became of an object."""
EVERYBODYS: Final = {"bridge", "host", "none"}
"""Networks that other containers join, too."""
PASSING: Final = {"com.docker.compose.config-hash", "com.docker.compose.version", "com.docker.compose.image"}
"""Labels that hold a random port or an ID."""

_ID = re.compile(r"\b(?:sha256:)?[0-9a-f]{64}\b|\b[0-9a-f]{12}\b")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?")
_ADDRESS = re.compile(r"\b(?:172|192|10)(?:\.\d{1,3}){3}\b|\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b")
_NUMBER = re.compile(r"(?<![\w.])\d{5}(?![\w.])")
_AGAIN = re.compile(r"(start die )\1+")
_CHOSEN_NAME = re.compile(r"[a-z]+_[a-z]+\d?")
"""A name that the Engine gave a container."""

_before: dict[str, str] = {}


def note(client: docker.DockerClient) -> None:
    """Keep the state as it is now: `changed` compares with it."""
    _before.clear()
    _before.update(digests(client, {}))


def changed(client: docker.DockerClient, variables: Iterable[str] = (), known: Iterable[str] = ()) -> dict[str, str]:
    """Return the digests of what is not as it was at the last `note`; an empty digest for what is gone.

    Args:
        client: the Engine.
        variables: the student's, whose values are part of the state.
        known: variables of the set-up, whose values stand for themselves: a port that was chosen at random.
    """
    names = {str(value): f"<{name}>" for name in known if _is_port(value := _value(name))}
    now = digests(client, names) | {f"answer {name}": _digest(_value(name), names) for name in variables}
    gone = dict.fromkeys(_before.keys() - now.keys(), "")
    return gone | {key: digest for key, digest in now.items() if _before.get(key) != digest}


def digests(client: docker.DockerClient, names: Mapping[str, str]) -> dict[str, str]:
    """Return a digest of each object that is there; ``names`` stand for some random numbers."""
    found: dict[str, str] = {}
    nameless: dict[str, list[str]] = {}
    for kind, name, fact in (*_containers(client), *_volumes(client), *_networks(client), *_images(client), *_files()):
        digest = _digest(fact, names)
        if name:
            found[f"{kind} {name}"] = digest
        else:
            nameless.setdefault(kind, []).append(digest)
    found |= {f"{kind} without a name": _digest(sorted(all_), {}) for kind, all_ in nameless.items()}
    return found | {f"history of {name}": _digest(_lives(steps), {}) for name, steps in _histories(client).items()}


def plain(fact: Any, names: Mapping[str, str]) -> str:
    """Return a fact as text without what differs from run to run."""
    text = json.dumps(fact, sort_keys=True, ensure_ascii=False, default=str)
    text = _TIME.sub("<time>", _ADDRESS.sub("<address>", _ID.sub("<id>", text)))
    return _NUMBER.sub(lambda number: names.get(number[0]) or _port(number[0]), text)


def _port(number: str) -> str:
    return "<port>" if int(number) in RANDOM_PORTS else number


def _digest(fact: Any, names: Mapping[str, str]) -> str:
    return hashlib.sha256(plain(fact, names).encode()).hexdigest()[:12]


def _value(name: str) -> Any:
    try:
        return answer(name)
    except NoAnswer as reason:
        return ["no answer", str(reason)]


def _is_port(value: Any) -> bool:
    return isinstance(value, int) and value in RANDOM_PORTS


Facts = Iterator[tuple[str, str, Any]]


def _is_going(client: docker.DockerClient, container: str) -> bool:
    """Tell whether a container is being removed: while its files go, the Engine cannot list their changes."""
    try:
        return bool(client.api.inspect_container(container)["State"]["Status"] == "removing")
    except NotFound:
        return True


def _containers(client: docker.DockerClient) -> Facts:
    for each in client.api.containers(all=True):
        try:
            data = client.api.inspect_container(each["Id"])
            changes = client.api.diff(each["Id"]) or ()
        except NotFound:
            continue
        except APIError:
            if _is_going(client, each["Id"]):
                continue
            raise
        name = data["Name"].lstrip("/")
        fact = _container(data) | {
            "image": _image_name(client, data["Image"]),
            "changes": sorted(f"{change['Kind']} {change['Path']}" for change in changes),
        }
        yield "container", "" if _CHOSEN_NAME.fullmatch(name) else name, fact


def _container(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what counts of what ``inspect`` says about a container."""
    config, state = dict(data["Config"]), data["State"]
    config["Hostname"] = ""
    config["Labels"] = {key: value for key, value in (config["Labels"] or {}).items() if key not in PASSING}
    config["Env"] = sorted(config.get("Env") or ())
    networks = data["NetworkSettings"]["Networks"]
    return {
        "config": config,
        "host": data["HostConfig"],
        "mounts": sorted(json.dumps([m["Type"], m.get("Name"), m["Destination"], m["RW"]]) for m in data["Mounts"]),
        "ports": data["NetworkSettings"]["Ports"],
        "networks": {key: sorted(_texts(value.get("Aliases"))) for key, value in networks.items()},
        "state": [
            "running" if state["Status"] in ("running", "restarting") else state["Status"],
            state["ExitCode"] if state["Status"] == "exited" else None,
            state["OOMKilled"],
            (state.get("Health") or {}).get("Status"),
        ],
    }


def _volumes(client: docker.DockerClient) -> Facts:
    for volume in client.api.volumes()["Volumes"] or ():
        name = "" if _ID.fullmatch(volume["Name"]) else volume["Name"]
        files = _files_of_volume(client, name) if name else []
        yield "volume", name, [volume["Driver"], volume["Labels"], volume["Options"], [file[:3] for file in files]]
        if name:
            yield "contents of volume", name, files


def _files_of_volume(client: docker.DockerClient, volume: str) -> list[tuple[str, int, str, str]]:
    """Return path, user, mode and digest of each of a volume's files."""
    mount = docker.types.Mount("/volume", volume, read_only=True, no_copy=True)
    found: list[tuple[str, int, str, str]] = []
    try:
        with throwaway(client, HELPER, ["none"], mounts=[mount]) as container:
            chunks, _ = client.api.get_archive(container, "/volume")
            # Closed in any case: the Engine removes no container of which it still sends an archive.
            with contextlib.closing(chunks), tarfile.open(fileobj=Stream(chunks, MAX_VOLUME), mode="r|") as archive:
                for member in archive:
                    content = archive.extractfile(member) if member.isfile() else None
                    digest = hashlib.sha256(content.read(MAX_FILE)).hexdigest()[:16] if content else ""
                    found.append((member.name, member.uid, f"{member.mode:o}", digest))
    except (APIError, tarfile.TarError) as error:
        found.append(("", 0, "", type(error).__name__))
    return sorted(found)


def _networks(client: docker.DockerClient) -> Facts:
    for network in client.api.networks():
        labels = {key: value for key, value in (network["Labels"] or {}).items() if key not in PASSING}
        yield "network", network["Name"], [network["Driver"], network["Internal"], labels, network["Options"]]


def _images(client: docker.DockerClient) -> Facts:
    for each in client.api.images():
        image = read_image(client, each["Id"])
        if image is None:
            continue
        fact = [
            [(row.created_by, row.size) for row in image.history],
            [image.environment, image.command, image.entrypoint, image.user, image.working_directory],
        ]
        names = [
            tag for tag in (*_texts(each.get("RepoTags")), *_texts(each.get("RepoDigests"))) if "<none>" not in tag
        ]
        for name in names or [""]:
            yield "image", _NUMBER.sub("<port>", name), fact


def _files() -> Facts:
    place = notebook.directory()
    found = sorted(path for path in place.rglob("*") if path.is_file() and not path.is_symlink())
    for path in found[:MAX_FILES]:
        try:
            with path.open("rb") as file:
                content = hashlib.sha256(file.read(MAX_FILE)).hexdigest()
            yield "file", str(path.relative_to(place)), [content[:16], oct(path.stat().st_mode)]
        except OSError as error:
            yield "file", str(path.relative_to(place)), type(error).__name__


def _histories(client: docker.DockerClient) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for event in history(client, "container", "image", "volume", "network").events:
        name = event.attributes.get("name", "")
        if (
            name
            and name not in EVERYBODYS
            and not _CHOSEN_NAME.fullmatch(name)
            and not _ID.search(name)
            and not event.action.startswith(NOISE)
        ):
            found.setdefault(f"{event.kind} {_NUMBER.sub('<port>', name)}", []).append(event.action)
    return found


def _lives(steps: Iterable[str]) -> str:
    """Return what happened to an object; how often the Engine started it again by itself is chance."""
    return _AGAIN.sub(r"\1… ", "".join(f"{step} " for step in steps))


def _image_name(client: docker.DockerClient, image: str) -> str:
    try:
        tags = client.api.inspect_image(image)["RepoTags"] or ["without a name"]
    except APIError:
        return "gone"
    return _NUMBER.sub("<port>", sorted(tags)[0])


def _texts(value: Any) -> list[str]:
    return [text for text in value or () if not _ID.fullmatch(text)]
