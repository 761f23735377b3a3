"""Images on a real Engine: kept, built, pulled, named, saved. Everything made here is removed by id."""

from __future__ import annotations

import io
import secrets
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from autograder.errors import BadInput
from autograder.host import connect
from autograder.images import (
    BuildFailed,
    CannotBootstrap,
    archive,
    ensure,
    ensure_base,
    fingerprint,
    labels,
    load_archive,
    save,
    states,
    store,
)
from autograder.images.catalogue import CourseImage, ImageProbe, Promise
from autograder.images.verify import PROBE_TIMEOUT, problems

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def client() -> Iterator[docker.DockerClient]:
    """This machine's Engine."""
    client = connect()
    yield client
    client.close()


@pytest.fixture
def catalogue(tmp_path: Path, client: docker.DockerClient) -> Iterator[Catalogue]:
    """A catalogue of one image under a name of its own."""
    made = Catalogue(tmp_path / "images", f"course-test-{secrets.token_hex(4)}")
    made.write()
    yield made
    for image in client.images.list(filters={"reference": f"{made.name}*"}):
        client.images.remove(image.id, force=True)


class Catalogue:
    """A catalogue folder with one image whose recipe needs no network, and no registry that answers."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self.reference = "127.0.0.1:1/course/test:1"
        self.digest = ""

    def write(self, content: str = "one") -> None:
        """Write the catalogue and the recipe, with this content of the image's file."""
        (self.folder / "test").mkdir(parents=True, exist_ok=True)
        (self.folder / "test" / "file").write_text(content)
        (self.folder / "test" / "Dockerfile").write_text('FROM scratch\nCOPY file /\nCMD ["/file"]\n')
        (self.folder / "catalogue.toml").write_text(f"""
[debian]
mirror = "http://127.0.0.1:1/debian"
security = "http://127.0.0.1:1/security"
[sandbox]
name = "{self.name}-base:forky"
reference = "{self.reference}"
digest = "{self.digest}"
suite = "forky"
[[image]]
name = "{self.name}:latest"
purpose = "a test"
holds = "one file"
reference = "{self.reference}"
digest = "{self.digest}"
recipe = "test"
promise = {{ probe = {{ run = [], says = "x" }} }}
""")


def unlabelled(client: docker.DockerClient, content: bytes) -> str:
    """An image that was not made by the project; returns its id."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        member = tarfile.TarInfo("file")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    answer = client.api.import_image_from_data(buffer.getvalue(), changes=['CMD ["/file"]'])
    return str(answer).rsplit('"status":"', 1)[1].split('"')[0]


def test_a_missing_image_is_built_once_and_then_kept(catalogue: Catalogue, client: docker.DockerClient) -> None:
    """Where no registry answers the recipe is built; the next run keeps that image and does nothing else."""
    [first] = ensure(client=client, folder=catalogue.folder)
    assert (first.done, first.route) == ("built", "recipe")
    said: list[str] = []
    [second] = ensure(progress=lambda _, line: said.append(line), client=client, folder=catalogue.folder)
    assert [line.split(",")[0] for line in said] == ["kept"], "nothing was asked or built"
    assert (second.done, second.id) == ("kept", first.id)
    [state] = states(client=client, folder=catalogue.folder)
    assert state.current


def test_a_changed_recipe_replaces_the_image_and_its_fingerprint(
    catalogue: Catalogue, client: docker.DockerClient
) -> None:
    """After an edit the image is built anew, the old one is gone, and the set has another fingerprint."""
    [old] = ensure(client=client, folder=catalogue.folder)
    before = fingerprint(client=client, folder=catalogue.folder)
    assert before == fingerprint(client=client, folder=catalogue.folder)
    catalogue.write("two")
    [state] = states(client=client, folder=catalogue.folder)
    assert not state.current
    [new] = ensure(client=client, folder=catalogue.folder)
    assert new.done == "built"
    assert new.id != old.id
    with pytest.raises(docker.errors.ImageNotFound):
        client.images.get(old.id)
    assert fingerprint(client=client, folder=catalogue.folder) != before


def test_somebody_elses_image_of_that_name_is_kept(catalogue: Catalogue, client: docker.DockerClient) -> None:
    """An image that was not made here is accepted under its name, and never replaced."""
    foreign = unlabelled(client, secrets.token_bytes(8))
    client.api.tag(foreign, catalogue.name, "latest")
    [record] = ensure(client=client, folder=catalogue.folder)
    assert (record.id, record.done, record.route) == (foreign, "kept", "registry")
    with pytest.raises(BadInput, match="was not built by this project"):
        labels.give_name(client, client.images.get("busybox").id, f"{catalogue.name}:latest")
    assert client.images.get(catalogue.name).id == foreign


def test_an_image_that_a_recipe_made_has_all_its_names(catalogue: Catalogue, client: docker.DockerClient) -> None:
    """Further names come with the recipe, follow a new one, change the fingerprint, and leave other images alone."""
    ensure(client=client, folder=catalogue.folder)
    before = fingerprint(client=client, folder=catalogue.folder)
    path = catalogue.folder / "catalogue.toml"
    also, taken = f"{catalogue.name}:also", f"{catalogue.name}:taken"
    foreign = unlabelled(client, secrets.token_bytes(8))
    client.api.tag(foreign, catalogue.name, "taken")
    for content in ("one", "two"):
        catalogue.write(content)
        path.write_text(path.read_text().replace("holds =", f'also = ["{also}", "{taken}"]\nholds =', 1))
        [record] = ensure(client=client, folder=catalogue.folder)
        assert client.images.get(also).id == record.id
        assert client.images.get(taken).id == foreign
    assert fingerprint(client=client, folder=catalogue.folder) != before


def test_a_recipe_that_does_not_build_says_why(catalogue: Catalogue, client: docker.DockerClient) -> None:
    """The error names the recipe and what the builder complained about; nothing gets the image's name."""
    (catalogue.folder / "test" / "Dockerfile").write_text("FROM scratch\nCOPY nosuch /\n")
    with pytest.raises(BuildFailed, match=r"images/test[\s\S]*nosuch"):
        ensure(client=client, folder=catalogue.folder)
    assert labels.find(client, f"{catalogue.name}:latest") is None


def test_a_registry_that_does_not_answer_is_asked_once(catalogue: Catalogue, client: docker.DockerClient) -> None:
    """With two images missing, the silent registry costs its waiting time once."""
    path = catalogue.folder / "catalogue.toml"
    text = path.read_text()
    path.write_text(text + text[text.index("[[image]]") :].replace(catalogue.name, f"{catalogue.name}-b"))
    said: list[str] = []
    ensure(progress=lambda _, line: said.append(line), client=client, folder=catalogue.folder)
    assert [line for line in said if line.startswith("asking")] == ["asking 127.0.0.1:1"]
    assert len([line for line in said if line.startswith("built")]) == 2


@pytest.fixture
def registry(client: docker.DockerClient) -> Iterator[str]:
    """The address of a registry made from the course's own image."""
    ensure(["registry"], client=client)
    container = client.containers.run("registry", detach=True, ports={"5000/tcp": ("127.0.0.1", None)})
    try:
        for _ in range(100):
            container.reload()
            if "listening on" in container.logs().decode():
                break
            time.sleep(0.1)
        port = container.ports["5000/tcp"][0]["HostPort"]
        yield f"localhost:{port}"
    finally:
        container.remove(force=True, v=True)


@pytest.mark.parametrize("pinned", [False, True])
def test_a_registry_that_answers_is_used(
    catalogue: Catalogue, client: docker.DockerClient, registry: str, pinned: bool
) -> None:
    """The image comes from the registry, by tag or by digest, under the catalogue's name, and is then kept."""
    repository = f"{registry}/course/test"
    pushed = unlabelled(client, secrets.token_bytes(8))
    client.api.tag(pushed, repository, "1")
    try:
        lines = list(client.api.push(repository, "1", stream=True, decode=True))
        digest = next(line["aux"]["Digest"] for line in lines if "aux" in line)
        client.images.remove(pushed, force=True)
        catalogue.reference, catalogue.digest = f"{repository}:1", digest if pinned else ""
        catalogue.write()
        [record] = ensure(client=client, folder=catalogue.folder)
        assert (record.done, record.route) == ("pulled", "registry")
        there = client.images.get(f"{catalogue.name}:latest")
        assert there.id == record.id == pushed
        [again] = ensure(client=client, folder=catalogue.folder)
        assert (again.done, again.id) == ("kept", record.id)
        base = ensure_base(client, folder=catalogue.folder)
        assert base.id == pushed
        assert f"{catalogue.name}-base:forky" in base.tags
    finally:
        for image in client.images.list(filters={"reference": f"{repository}*"}):
            client.images.remove(image.id, force=True)


def test_the_archive_holds_every_image_under_its_name(
    catalogue: Catalogue, client: docker.DockerClient, tmp_path: Path
) -> None:
    """``save`` writes what ``docker load`` brings back: the same id under the same name."""
    [record] = ensure(client=client, folder=catalogue.folder)
    path = tmp_path / "images.tar"
    assert save(path, client=client, folder=catalogue.folder) == path.stat().st_size
    client.images.remove(record.id, force=True)
    with pytest.raises(store.CatalogueIncomplete, match=catalogue.name):
        b"".join(archive(client=client, folder=catalogue.folder))
    assert load_archive(path, client) == [f"{catalogue.name}:latest"]
    assert client.images.get(f"{catalogue.name}:latest").id == record.id
    [again] = ensure(client=client, folder=catalogue.folder)
    assert again.done == "kept"


def test_a_file_that_is_no_archive_is_refused_by_name(client: docker.DockerClient, tmp_path: Path) -> None:
    """The error names the file; a name that is wrong is told as such."""
    (tmp_path / "images.tar").write_bytes(b"not an archive" * 100)
    with pytest.raises(BadInput, match=r"images\.tar"):
        load_archive(tmp_path / "images.tar", client)
    with pytest.raises(BadInput, match=r"none\.tar cannot be read: No such file"):
        load_archive(tmp_path / "none.tar", client)


def test_where_a_base_can_be_had_in_no_way_both_reasons_are_told(
    catalogue: Catalogue, client: docker.DockerClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The registry was asked and mmdebstrap looked for: the error has what each said."""
    from autograder.host import packages

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(packages, "can_install", lambda: False)
    with pytest.raises(CannotBootstrap) as caught:
        ensure_base(client, folder=catalogue.folder)
    assert "127.0.0.1:1 did not provide 127.0.0.1:1/course/test:1: " in str(caught.value)
    assert "connection refused" in str(caught.value)
    assert "mmdebstrap, which builds it from Debian's packages, is not installed" in str(caught.value)


def test_every_course_image_does_what_the_catalogue_promises(client: docker.DockerClient) -> None:
    """Each image of the course is there, configured as notebooks rely on, and works when run."""
    from autograder.images import load

    ensure(client=client)
    found = {image.short: problems(client, image) for image in load().image}
    assert found == {name: [] for name in found}


def test_images_keep_nothing_of_this_machine(client: docker.DockerClient) -> None:
    """No certificate bundle's variable and no proxy of the host is in an image, and no package lists are."""
    from autograder.images import load

    for image in load().image:
        variables = client.images.get(image.name).attrs["Config"]["Env"] or []
        assert not [line for line in variables if "proxy" in line.lower() or "CERT" in line or "SSL" in line]
    command = "ls /var/lib/apt/lists /var/cache/apt /var/cache/apt/archives; find / -xdev -name 'ca-bundle*'"
    servers = ("nginx", "registry", "postgres:17", "redis:8", "qdrant/qdrant:v1.19.0")
    for name in ("debian:trixie-slim", "python:3.13-slim", *servers):
        said = client.containers.run(
            name, ["-c", command], entrypoint="sh", remove=True, network_mode="none", hostname="inside"
        ).decode()
        assert "_Packages" not in said
        assert ".bin" not in said
        assert ".deb" not in said
        assert "ca-bundle" not in said


def test_a_broken_promise_is_said_in_sentences(client: docker.DockerClient) -> None:
    """Every kind of difference gets a sentence with what was found and what was expected."""
    ensure(["busybox"], client=client)
    image = CourseImage(
        name="busybox:latest",
        purpose="",
        holds="",
        reference="docker.io/library/busybox:1",
        recipe="busybox",
        promise=Promise(
            entrypoint=("/init",),
            env=("COLOUR",),
            ports=("80/tcp",),
            stop_signal="SIGQUIT",
            probe=ImageProbe(run=("echo", "hello"), says="good ?bye"),
        ),
    )
    text = "\n".join(problems(client, image))
    for part in (
        "entrypoint is []; expected ['/init']",
        "no environment variable COLOUR; it has PATH",
        "no exposed port 80/tcp; it has none",
        "stop signal is None; expected 'SIGQUIT'",
        "running 'echo hello' in it gave 'hello'; expected to find 'good ?bye'",
    ):
        assert part in text


def test_a_server_that_falls_over_is_reported_with_its_last_words(client: docker.DockerClient) -> None:
    """An image whose server ends at once is not waited for; what it wrote is in the sentence."""
    ensure(["busybox", "hello-world"], client=client)
    image = CourseImage(
        name="hello-world:latest",
        purpose="",
        holds="",
        reference="docker.io/library/hello-world:1",
        recipe="hello-world",
        promise=Promise(probe=ImageProbe(http="http://127.0.0.1:80/", says="x")),
    )
    begin = time.monotonic()
    [problem] = problems(client, image)
    assert time.monotonic() - begin < PROBE_TIMEOUT / 2
    assert "exited and does not answer" in problem
    assert "docker run -it" in problem
