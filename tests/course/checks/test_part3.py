"""What Part 3's checks read, copy, compare and say, without an Engine."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from archives import packed

from course.checks import part3_start, recipes
from course.checks.building import same_recipe, with_buildkit
from course.checks.contexts import copied
from course.checks.contexts import packed as packed_context
from course.checks.part3_image import starts_a_worker, wrong_main_process
from course.checks.part3_start import not_greeted
from course.facts import Container, Event, History, Image
from course.facts.http import Reply
from course.facts.layer_files import LayerFile, find, search
from course.facts.main_process import children, command_line
from course.setups import part3 as setup


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin a run of our own."""
    monkeypatch.setenv("DOCKER_COURSE_RUN", "k3f9x2mq")


def image(*steps: str, layers: tuple[str, ...] = (), comment: str = "") -> Image:
    """Return an image with these steps, the oldest first."""
    history = [{"CreatedBy": step, "Size": 0, "Comment": comment} for step in reversed(steps)]
    return Image.read({"Id": "sha256:1", "RootFS": {"Layers": list(layers)}}, history)


def saving(files: dict[str, bytes]) -> Any:
    """Return a client whose Engine saves an image as an archive of these files, in small pieces."""
    data = packed(files)

    def get_image(_: str) -> Iterator[bytes]:
        return (data[place : place + 700] for place in range(0, len(data), 700))

    return SimpleNamespace(api=SimpleNamespace(get_image=get_image))


def index(*layers: str) -> bytes:
    """Return the archive's own list of layers."""
    return json.dumps([{"Layers": list(layers)}]).encode()


@pytest.mark.parametrize("names", [("blobs/sha256/aa", "blobs/sha256/bb"), ("x/layer.tar", "a/layer.tar")])
@pytest.mark.parametrize("first", [True, False])
def test_a_hidden_file_is_found_in_its_layer(names: tuple[str, str], first: bool) -> None:
    """Both formats of docker save, the index at either end, and an order that is not the archive's."""
    low, high = packed({"srv/.env": b"canary", "./srv/app": b"-"}), packed({"srv/.wh..env": b""})
    listed, layers = {"manifest.json": index(*names)}, {names[1]: high, names[0]: low, "config.json": b"{}"}
    client = saving({**listed, **layers} if first else {**layers, **listed})
    assert find(client, "x", lambda _, read: b"canary" in read()) == (LayerFile(0, "srv/.env"),)
    assert [found.path for found in find(client, "x", lambda path, _: path.startswith("srv/"))] == [
        "srv/.env",
        "srv/app",
        "srv/.wh..env",
    ]


def test_the_layers_of_the_base_are_not_looked_into() -> None:
    """They are known by digest; the others keep their places."""
    files = {f"blobs/sha256/{name}": packed({name: b"word"}) for name in ("aa", "bb")}
    client = saving({**files, "manifest.json": index(*files)})
    assert find(client, "x", lambda _, read: read() == b"word", skip=["sha256:aa"]) == (LayerFile(1, "bb"),)


def test_a_copy_follows_no_link_and_waits_for_no_pipe(tmp_path: Path) -> None:
    """Neither a link to a file, nor one to a directory, nor a pipe is in it; files keep their modes."""
    outside, source = tmp_path / "outside", tmp_path / "source"
    (outside / "deep").mkdir(parents=True)
    (outside / "secret").write_text("secret")
    (source / "sub").mkdir(parents=True)
    (source / "sub" / "run.sh").write_text("echo")
    (source / "sub" / "run.sh").chmod(0o755)
    (source / "file").symlink_to(outside / "secret")
    (source / "folder").symlink_to(outside)
    os.mkfifo(source / "pipe")
    with copied(source) as copy:
        assert copy is not None
        assert [path.relative_to(copy).as_posix() for path in sorted(copy.rglob("*"))] == [
            "sub",
            "sub/run.sh",
        ]
        assert (copy / "sub" / "run.sh").stat().st_mode & 0o777 == 0o755
    assert not copy.exists()


def test_a_directory_that_is_missing_or_far_too_large_is_not_copied(tmp_path: Path) -> None:
    """A check then says so, and fills no disk."""
    with copied(tmp_path / "missing") as copy:
        assert copy is None
    (tmp_path / "huge").mkdir()
    with (tmp_path / "huge" / "file").open("wb") as file:
        file.truncate(1 << 30)
    with copied(tmp_path / "huge") as copy:
        assert copy is None


def test_the_context_leaves_out_what_is_ignored_and_notes_the_owner(tmp_path: Path) -> None:
    """So the classic builder sees what docker-py would have sent it for the student."""
    (tmp_path / "keys").mkdir()
    for name in ("Dockerfile", "app.py", "keys/a.pem"):
        (tmp_path / name).write_text("x")
    (tmp_path / ".dockerignore").write_text("# keys\n**/*.pem\n")
    with copied(tmp_path) as copy:
        assert copy is not None
        (copy.parent / "owner").write_text("1234 56")
        with tarfile.open(fileobj=packed_context(copy)) as archive:
            members = {entry.name: (entry.uid, entry.gid) for entry in archive if entry.isfile()}
    assert members == dict.fromkeys(("Dockerfile", ".dockerignore", "app.py"), (1234, 56))


def test_images_of_the_same_steps_are_told_from_others() -> None:
    """Equal layers, or equal steps whatever the classic builder noted of the files; another step differs."""
    one, two = (f"/bin/sh -c #(nop) COPY file:{digit * 64} in /app " for digit in "ab")
    assert same_recipe(image("x", layers=("l",)), image("y", layers=("l",)))
    assert same_recipe(image(one, layers=("l",)), image(two, layers=("m",)))
    assert not same_recipe(image(one, layers=("l",)), image(one, "sleep 300", layers=("m",)))
    assert same_recipe(image("|1 A=b c /bin/sh -c pip x", layers=("l",)), image("/bin/sh -c pip x", layers=("m",)))
    for shell in ("/bin/sh -o pipefail -c", "/bin/bash -eo pipefail -c", "/bin/ash -euxc"):
        assert same_recipe(image(f"|2 A=b C=d {shell} pip x", layers=("l",)), image(f"{shell} pip x", layers=("m",)))
    for note in ("LABEL a=b", "/bin/sh -c #(nop)  LABEL a=b", "ARG A=b"):
        assert same_recipe(image("RUN x", note, layers=("l",)), image("RUN x", layers=("m",)))


def test_the_builder_is_known_by_its_note() -> None:
    """BuildKit comments each step, the classic builder none."""
    assert with_buildkit(image("COPY . . # buildkit", comment="buildkit.dockerfile.v0"))
    assert not with_buildkit(image("/bin/sh -c pip install flask"))
    assert not with_buildkit(image())


def running(*rows: tuple[str, str, str], pid: int = 5) -> Any:
    """Return a client of an Engine where a container runs these processes: number, parent, command line."""
    table = {"Titles": ["UID", "PID", "PPID", "CMD"], "Processes": [["0", *row] for row in rows]}
    state = {"Id": "x", "State": {"Pid": pid}}
    api = SimpleNamespace(inspect_container=lambda _: state, top=lambda _: table, kill=lambda *_: None)
    return SimpleNamespace(api=api)


def test_process_1_is_found_by_its_number_on_the_host() -> None:
    """Not by its place in the list: a child may come first; and its children are known by their parent."""
    client = running(("7", "5", "child"), ("5", "1", "gunicorn a:b"), ("9", "7", "grandchild"))
    assert command_line(client, "x") == "gunicorn a:b"
    assert children(client, "x") == 1


@pytest.mark.parametrize("grows", [True, False])
def test_gunicorn_is_known_by_what_it_does_with_a_signal(grows: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """It starts a worker; whatever process 1 calls itself. A process without children is not waited for."""
    monkeypatch.setattr("course.checks.part3_image.PATIENCE", 0)
    sent: list[str] = []
    monkeypatch.setattr("course.checks.part3_image.children", lambda *_: 2 + (grows and "SIGTTIN" in sent))
    client: Any = SimpleNamespace(api=SimpleNamespace(kill=lambda _, signal: sent.append(signal)))
    assert starts_a_worker(client, Container.read({"Id": "1"})) is grows
    assert sent == ["SIGTTIN", "SIGTTOU"]


def test_another_process_1_is_named() -> None:
    """And what the server calls itself."""
    assert "/sbin/docker-init" in wrong_main_process("/sbin/docker-init -- gunicorn", Reply(200, server="gunicorn"))
    assert "Flask's own server" in wrong_main_process("python app.py", Reply(200, server="Werkzeug/3.1.3"))


RECIPE = """\
# syntax=docker/dockerfile:1
ARG BASE=python:3.13-slim
FROM --platform=linux/amd64 ${BASE} AS builder
RUN --mount=type=cache,target=/c --mount=type=secret,id=key,required=true \\
    cat /run/secrets/key
RUN --mount=type=secret,target=/lent/other true
FROM $BASE
COPY --from=builder /a /b
COPY --chown=1 --from=bench-k3f9x2mq /a /b
RUN --mount=type=bind,from=mine,source=/x,target=/y true
COPY --from=0 /a /b
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_recipe_names_the_images_and_the_secrets_that_it_borrows(tmp_path: Path, end: str) -> None:
    """Stages are no images; a secret without an ID is called like its place."""
    (tmp_path / "Dockerfile").write_bytes(RECIPE.replace("\n", end).encode())
    assert recipes.images(tmp_path) == ["python:3.13-slim", "bench-k3f9x2mq", "mine"]
    assert recipes.secrets_of(tmp_path) == ["key", "other"]


def test_images_of_this_run_are_told_from_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the run's token in the name, or because the record says that this run gave it its only name."""
    (tmp_path / "Dockerfile").write_text(RECIPE)
    tags = {"python:3.13-slim": ("python:3.13-slim", "my-python:latest"), "mine": ("mine:latest",)}
    made = [
        {"Type": "image", "Action": "tag", "Actor": {"Attributes": {"name": tag}}}
        for tag in ("mine:latest", "my-python:latest")
    ]
    monkeypatch.setattr(recipes.facts, "history", lambda *_: History.of_events(map(Event.read, made)))
    monkeypatch.setattr(recipes.facts, "image", lambda _, name: named(tags[name]) if name in tags else None)
    client: Any = None
    assert recipes.local_images(client, tmp_path) == ["bench-k3f9x2mq", "mine"]


def named(tags: tuple[str, ...]) -> Image:
    """Return an image with these names."""
    return Image.read({"Id": "sha256:1", "RepoTags": list(tags)})


def test_a_directory_that_is_left_out_is_not_copied(tmp_path: Path) -> None:
    """A virtual environment has thousands of files; where a rule lets something in again, all is copied."""
    (tmp_path / "venv" / "lib").mkdir(parents=True)
    for number in range(2100):
        (tmp_path / "venv" / "lib" / f"{number}.py").touch()
    (tmp_path / "app.py").touch()
    for rules, expected in (("venv\n", True), ("venv\n!venv/lib/1.py\n", False), ("", False)):
        (tmp_path / ".dockerignore").write_text(rules)
        with copied(tmp_path) as copy:
            assert (copy is not None and (copy / "app.py").exists() and not (copy / "venv").exists()) is expected


def test_links_and_directories_of_a_layer_can_be_searched() -> None:
    """A secret may be in the name of a directory, or in what a link points to."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "word"
        archive.addfile(link)
        folder = tarfile.TarInfo("word-folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
    client = saving({"blobs/sha256/aa": buffer.getvalue(), "manifest.json": index("blobs/sha256/aa")})
    found = search(client, "x", lambda entry, path, _: "word" in path + entry.linkname)
    assert [file.path for file in found] == ["link", "word-folder"]
    assert find(client, "x", lambda path, _: True) == ()


@pytest.mark.parametrize(
    ("used", "image", "missing"),
    [
        (["both-k3f9x2mq"], "", ["shell-form-k3f9x2mq"]),
        (["both-k3f9x2mq:latest", "docker.io/library/shell-form-k3f9x2mq"], "", []),
        (["sha256:abcdef1234", "abcd", "5678"], "", ["both-k3f9x2mq"]),
        (["busybox"], "", ["both-k3f9x2mq", "shell-form-k3f9x2mq"]),
        (["mine"], "shell-form-k3f9x2mq", ["both-k3f9x2mq"]),
    ],
)
def test_what_was_run_is_known_after_the_images_are_gone(
    used: list[str], image: str, missing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the name, or by the ID that the image had, whole or cut short; ``image`` is still there, called "mine" too."""
    events = [
        {"Type": "container", "Action": "create", "Actor": {"ID": "c", "Attributes": {"image": name}}} for name in used
    ]
    tag = {"ID": "sha256:abcdef1234", "Attributes": {"name": "shell-form-k3f9x2mq:latest"}}
    history = History.of_events(map(Event.read, [*events, {"Type": "image", "Action": "tag", "Actor": tag}]))
    monkeypatch.setattr(part3_start.facts, "history", lambda *_: history)
    monkeypatch.setattr(History, "vouch", lambda *_, **__: None)
    found = Image.read({"Id": "sha256:00000000"})
    monkeypatch.setattr(
        part3_start.facts, "image", lambda _, name: found if image and name in ("mine", image) else None
    )
    client: Any = None
    assert part3_start._never_run(client) == missing


def test_each_way_of_losing_arguments_has_its_own_message() -> None:
    """Not started, dropped, added to the default, or something else."""
    plain, guests = ["Dear [Ada]"], ["a b", "c"]
    told = [None, plain, [*plain, "Dear [a b]"], ["Hey [a]"]]
    messages = [not_greeted(lines, plain, guests) for lines in told]
    assert "no program called “a b”" in messages[0]
    assert "dropped" in messages[1]
    assert "the default stays" in messages[2]
    assert "it prints: Hey [a]" in messages[3]


def test_the_words_of_the_matrix_differ_from_run_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Default and argument are never the same word, and what is expected follows from them."""
    seen = set()
    for number in range(30):
        monkeypatch.setenv("DOCKER_COURSE_RUN", f"run{number:05}")
        default, argument = setup.words()
        assert default != argument
        assert setup.printed_forms()["both"] == f"hello {argument}"
        seen.add((default, argument))
    assert len(seen) > 10
