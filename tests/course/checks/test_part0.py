"""What Part 0 stands on: its picture, its set-ups, and what its checks ask the Engine."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import notebooks as nb
import pytest
from recorded import recorded

from course import CourseError, connect, facts, name, reset
from course.checks import part0
from course.facts import Container
from course.setups import part0 as setup
from course.views import machine
from course.views.machine import Tenant, draw

SVG = "{http://www.w3.org/2000/svg}"


def _tenant(called: str, image: str, **changes: str) -> Tenant:
    container = Container.read(recorded("container-running", "20.10"))
    config = dataclasses.replace(container.config, image=image)
    container = dataclasses.replace(container, name=called, image=image, config=config)
    return Tenant(container, {f"/{path.replace('_', '/')}": kind for path, kind in changes.items()})


def _texts(*tenants: Tenant) -> list[str]:
    picture = draw(list(tenants), "6.12.0")
    return [str(item.text) for item in ET.fromstring(picture.svg()).iter(f"{SVG}text")]


def test_containers_of_one_image_stand_on_one_box_and_all_on_one_kernel() -> None:
    """Two images, two boxes; the kernel is drawn once in any case."""
    one, two, other = _tenant("one", "busybox"), _tenant("two", "busybox"), _tenant("other", "debian")
    assert _texts(one, two).count("image busybox, read only") == 1
    texts = _texts(one, other, two)
    assert texts.count("image busybox, read only") == texts.count("image debian, read only") == 1
    assert texts.count("one kernel: Linux 6.12.0") == 1


def test_an_own_layer_lists_what_was_written_and_not_the_directories_around_it() -> None:
    """And says it in words too."""
    tenant = _tenant("one", "busybox", tmp="changed", tmp_note="added", tmpx="deleted")
    texts = _texts(tenant, _tenant("two", "busybox"))
    assert "own layer: 2 differences" in texts
    assert "/tmp (changed)" not in texts
    assert "own layer: empty" in texts
    told = "its own layer: 2 differences: /tmp/note (added), /tmpx (deleted)."
    assert told in draw([tenant], "6.12.0").description


def test_a_long_list_is_cut_and_says_so() -> None:
    """A container may have changed a thousand files."""
    texts = _texts(_tenant("one", "busybox", **{f"file{number}": "added" for number in range(5)}))
    assert "own layer: 5 differences, such as" in texts
    assert len([text for text in texts if text.startswith("/file")]) == 3


def test_what_is_planted_differs_from_run_to_run() -> None:
    """So that nothing can be copied from somebody else's notebook."""
    seen = set()
    for _ in range(20):
        with nb.run_token():
            assert 3 <= setup.job_exit_code() <= 99
            seen.add((setup.job_exit_code(), setup.system_name(), setup.shop_word()))
    assert len(seen) > 10


@pytest.fixture
def fresh() -> Iterator[None]:
    """Begin a run of its own, and remove its objects afterwards."""
    with nb.run_token():
        try:
            yield
        finally:
            reset()


@pytest.mark.engine
def test_only_the_engines_own_api_version_is_its_newest() -> None:
    """Not the one before or after, nor anything that is no version."""
    version = connect().version()["ApiVersion"]
    major, minor = map(int, version.split("."))
    assert part0.is_newest(version)
    assert part0.is_newest(f"v{version}\n")
    for other in (f"{major}.{minor - 1}", f"{major}.{minor + 1}", "1", "1.²", "9" * 5000 + ".1", 1.41, None):
        assert not part0.is_newest(other)


@pytest.mark.engine
@pytest.mark.usefixtures("fresh")
def test_changes_are_those_of_the_own_layer_only() -> None:
    """Added, changed and deleted are told apart; what lies on a volume is not listed."""
    client = connect()
    script = "touch /tmp/new /volume/there; echo x >> /etc/passwd; rm /etc/group"
    container = client.containers.create(
        "busybox", ["sh", "-c", script], name=name("changes"), volumes=[f"{name('data')}:/volume"]
    )
    assert facts.changes(client, name("changes")) in ({}, {"/volume": "added"})
    container.start()
    container.wait()
    found = facts.changes(client, name("changes"))
    wanted = {"/tmp/new": "added", "/etc/passwd": "changed", "/etc/group": "deleted"}
    assert wanted.items() <= found.items()
    assert "/volume/there" not in found
    assert facts.changes(client, name("missing")) == {}


@pytest.mark.engine
@pytest.mark.usefixtures("fresh")
def test_the_set_ups_can_be_run_again() -> None:
    """A student may run any cell twice."""
    client = connect()
    for _ in range(2):
        setup.leave_job(client)
        setup.make_distribution(client)
    job = facts.container(client, name("job"))
    assert job is not None
    assert (job.state.status, job.state.exit_code) == ("exited", setup.job_exit_code())
    outcome = facts.run_once(client, name("tiny"), ["cat", "/etc/os-release"])
    assert outcome is not None
    assert setup.system_name() in outcome.output


@pytest.mark.engine
@pytest.mark.usefixtures("fresh")
def test_the_shop_is_in_the_registry_only_until_it_is_pulled() -> None:
    """Run again, the set-up gives the same name, and leaves what was pulled where it is."""
    client = connect()
    place = setup.publish_shop(client)
    assert facts.image(client, place) is None
    output = client.containers.run(place, remove=True).decode().strip()
    assert output == setup.shop_word()
    assert setup.publish_shop(client) == place
    assert facts.image(client, place) is not None


@pytest.mark.engine
@pytest.mark.usefixtures("fresh")
def test_the_picture_names_a_container_that_is_not_there() -> None:
    """Instead of drawing something else."""
    with pytest.raises(CourseError, match=name("nobody")):
        machine(name("nobody"))
