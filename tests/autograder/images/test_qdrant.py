"""The recipe in place of Qdrant: the real engine behind Qdrant's REST calls, asked over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import docker
import pytest
import requests
from docker.models.containers import Container

from autograder.host import connect
from autograder.images import ensure
from tests.autograder.images.servers import address, running, said, until, volume

pytestmark = pytest.mark.engine

IMAGE = "qdrant/qdrant:v1.19.0"
PORT = {"6333/tcp": ("127.0.0.1", None)}
UUID = "5c56c793-69f3-4fbf-87e6-c4bf54c28c26"


class Qdrant:
    """A client of one server."""

    def __init__(self, container: Container, **headers: str) -> None:
        self.container = container
        self.base = f"http://{address(container, '6333/tcp')}"
        self.headers = headers
        until(self._up)

    def _up(self) -> bool:
        try:
            return requests.get(f"{self.base}/readyz", timeout=5).ok
        except requests.ConnectionError:
            return False

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """The answer to one request."""
        return requests.request(method, self.base + path, json=body, headers=self.headers, timeout=30, **more)

    def result(self, method: str, path: str, body: Any = None) -> Any:
        """The ``result`` of a request that is served."""
        answer = self.ask(method, path, body)
        assert answer.status_code == 200, answer.text
        said = answer.json()
        assert (said["status"], type(said["time"])) == ("ok", float)
        return said["result"]

    def refused(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, str]:
        """Status and message of a request that is refused."""
        answer = self.ask(method, path, body, **more)
        return answer.status_code, answer.json()["status"]["error"]


@pytest.fixture(scope="module")
def client() -> Iterator[docker.DockerClient]:
    """This machine's Engine, with the image."""
    client = connect()
    ensure([IMAGE], client=client)
    yield client
    client.close()


@pytest.fixture(scope="module")
def server(client: docker.DockerClient) -> Iterator[Qdrant]:
    """One server for the tests that leave the others alone."""
    with running(client, IMAGE, ports=PORT) as container:
        yield Qdrant(container)


@pytest.fixture
def towns(server: Qdrant) -> Iterator[Qdrant]:
    """The server with a collection of four points."""
    assert server.result("PUT", "/collections/towns", {"vectors": {"size": 2, "distance": "Cosine"}}) is True
    points = [
        {"id": 1, "vector": [1, 0], "payload": {"name": "East", "size": 5, "tags": ["a", "b"]}},
        {"id": 2, "vector": [0, 1], "payload": {"name": "North", "size": 9, "tags": ["b"]}},
        {"id": UUID, "vector": [-1, 0], "payload": {"name": "West", "deep": {"x": [1, None, "é"]}}},
        {"id": 2**64 - 1, "vector": [0.6, 0.8]},
    ]
    done = server.result("PUT", "/collections/towns/points?wait=true", {"points": points})
    assert done == {"operation_id": 0, "status": "completed"}
    yield server
    assert server.result("DELETE", "/collections/towns") is True


def test_it_says_what_it_is(server: Qdrant) -> None:
    """The first page, the first line of the log and a label name the engine; the health pages are open."""
    page = server.ask("GET", "/").json()
    assert page["title"] == "qdrant - vector search engine"
    for text in (page["note"], server.container.logs().decode()):
        assert "not the Qdrant server" in text
    labels = server.container.image.labels
    assert page["engine"] == labels["org.docker-fundamentals.engine"]
    for path in ("/healthz", "/livez", "/readyz"):
        assert server.ask("GET", path).status_code == 200


def test_collections_come_and_go(server: Qdrant) -> None:
    """Made once, described, listed, removed; what is not there is said in Qdrant's words and status codes."""
    new = {"vectors": {"size": 3, "distance": "Dot"}}
    assert server.result("GET", "/collections/one/exists") == {"exists": False}
    assert server.result("PUT", "/collections/one", new) is True
    assert server.refused("PUT", "/collections/one", new) == (
        409,
        "Wrong input: Collection `one` already exists!",
    )
    assert {"name": "one"} in server.result("GET", "/collections")["collections"]
    described = server.result("GET", "/collections/one")
    assert described["config"]["params"]["vectors"] == new["vectors"]
    assert (described["status"], described["points_count"]) == ("green", 0)
    assert server.result("DELETE", "/collections/one") is True
    assert server.result("DELETE", "/collections/one") is False
    assert server.refused("GET", "/collections/one") == (404, "Not found: Collection `one` doesn't exist!")


def test_the_nearest_points_come_first(towns: Qdrant) -> None:
    """By cosine, with scores; the older call gives the same; threshold, offset, payload and vectors as asked."""
    points = towns.result("POST", "/collections/towns/points/query", {"query": [2, 0.1]})["points"]
    assert [point["id"] for point in points] == [1, 2**64 - 1, 2, UUID]
    assert points[0]["score"] == pytest.approx(0.99875, abs=1e-4)
    assert "payload" not in points[0]
    body = {"limit": 2, "offset": 1, "score_threshold": 0.1, "with_payload": ["name"], "with_vector": True}
    newer = towns.result("POST", "/collections/towns/points/query", {"query": {"nearest": [0, 1]}} | body)
    older = towns.result("POST", "/collections/towns/points/search", {"vector": [0, 1]} | body)
    assert newer["points"] == older
    assert [point["id"] for point in older] == [2**64 - 1]
    assert older[0]["vector"] == pytest.approx([0.6, 0.8])


@pytest.mark.parametrize(
    ("clauses", "ids"),
    [
        ({"must": [{"key": "name", "match": {"value": "East"}}]}, [1]),
        ({"must": {"key": "tags", "match": {"value": "b"}}}, [1, 2]),
        ({"must": [{"key": "tags", "match": {"value": "b"}}, {"key": "size", "range": {"gt": 5}}]}, [2]),
        ({"should": [{"has_id": [UUID]}, {"key": "size", "match": {"any": [5, 6]}}]}, [1, UUID]),
        ({"must_not": [{"key": "name", "match": {"except": ["West"]}}]}, [2**64 - 1, UUID]),
        ({"must": [{"must_not": [{"has_id": [1, 2]}]}]}, [2**64 - 1, UUID]),
        ({}, [1, 2, 2**64 - 1, UUID]),
    ],
)
def test_a_filter_narrows_every_question(towns: Qdrant, clauses: dict[str, Any], ids: list[Any]) -> None:
    """The same points are found by counting, scrolling and searching under the same filter."""
    path = "/collections/towns/points"
    assert towns.result("POST", f"{path}/count", {"filter": clauses}) == {"count": len(ids)}
    scrolled = towns.result("POST", f"{path}/scroll", {"filter": clauses})["points"]
    assert [point["id"] for point in scrolled] == ids
    found = towns.result("POST", f"{path}/search", {"vector": [1, 1], "limit": 9, "filter": clauses})
    assert {point["id"] for point in found} == set(ids)


def test_scrolling_goes_page_by_page_and_payloads_come_back_whole(towns: Qdrant) -> None:
    """Each page names the next one's start, the last names none; nested payloads are as they were sent."""
    seen, offset = [], None
    while True:
        body = {"limit": 3} | ({} if offset is None else {"offset": offset})
        page = towns.result("POST", "/collections/towns/points/scroll", body)
        seen += page["points"]
        offset = page["next_page_offset"]
        if offset is None:
            break
    assert [point["id"] for point in seen] == [1, 2, 2**64 - 1, UUID]
    assert seen[-1]["payload"] == {"name": "West", "deep": {"x": [1, None, "é"]}}
    assert "vector" not in seen[0]


def test_points_are_read_replaced_and_deleted(towns: Qdrant) -> None:
    """By id or by filter; an upsert replaces vector and payload; a missing point is said to be missing."""
    path = "/collections/towns/points"
    got = towns.result("POST", path, {"ids": [2, 77, UUID], "with_payload": {"exclude": ["deep"]}})
    assert {point["id"]: point["payload"].get("name") for point in got} == {2: "North", UUID: "West"}
    assert towns.result("GET", f"{path}/{UUID}")["vector"] == [-1, 0]
    towns.result("PUT", path, {"points": [{"id": 2, "vector": [0, -1], "payload": {"name": "South"}}]})
    assert towns.result("GET", f"{path}/2") == {"id": 2, "vector": [0, -1], "payload": {"name": "South"}}
    towns.result("POST", f"{path}/delete", {"points": [1]})
    south = {"must": [{"key": "name", "match": {"value": "South"}}]}
    towns.result("POST", f"{path}/delete?wait=true", {"filter": south})
    assert towns.result("POST", f"{path}/count", {}) == {"count": 2}
    assert towns.refused("GET", f"{path}/1") == (404, "Not found: Point with id 1 does not exists!")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("PUT", "points", {"points": [{"id": 5, "vector": [1, 2, 3]}]}, 400, "expected dim: 2, got 3"),
        ("PUT", "points", {"points": [{"id": -1, "vector": [1, 2]}]}, 422, "points.0.id"),
        ("PUT", "points", {"points": [{"id": "x", "vector": [1, 2]}]}, 422, "points.0.id"),
        ("PUT", "points", {"points": [{"id": True, "vector": [1, 2]}]}, 422, "points.0.id"),
        ("PUT", "points", {"points": [{"id": 5, "vector": [1, "2"]}]}, 422, "points.0.vector.1"),
        ("PUT", "points", {"points": [{"id": 5, "vector": [1, 1e300]}]}, 422, "points.0.vector.1"),
        ("PUT", "points", {"points": []}, 422, "points"),
        ("PUT", "points?wait=maybe", {"points": [{"id": 5, "vector": [1, 2]}]}, 400, "wait is 'maybe'"),
        ("POST", "points/search", {"vector": [1, 2]}, 422, "limit"),
        ("POST", "points/search", {"vector": [1, 2], "limit": 0}, 422, "limit"),
        ("POST", "points/query", {"query": [1, 2], "prefetch": []}, 422, "prefetch: Extra inputs"),
        ("POST", "points/count", {"filter": {"must": [{"key": "a"}]}}, 422, "give one of match, range"),
        ("POST", "points/count", {"filter": {"must": [{"key": "a[", "match": {"value": 1}}]}}, 400, "a["),
        ("POST", "points/delete", {}, 422, "give one of points, filter"),
        ("GET", "points/search", None, 405, "takes POST, not GET"),
        ("PATCH", "points/batch", {}, 404, "has no PATCH /collections/towns/points/batch"),
    ],
)
def test_a_wrong_request_is_refused_with_its_place(
    towns: Qdrant, method: str, path: str, body: Any, status: int, says: str
) -> None:
    """Qdrant's form of an error, the place in the body, and nothing changed."""
    found = towns.refused(method, f"/collections/towns/{path}", body)
    assert found[0] == status
    assert says in found[1]
    assert towns.result("POST", "/collections/towns/points/count", {}) == {"count": 4}


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"vector": [NaN, 1], "limit": 1}', b"\xff", b"[" * 99999])
def test_what_is_no_json_is_refused(towns: Qdrant, body: bytes) -> None:
    """Neither an empty body nor a broken, endless or non-standard one is more than an error of the client."""
    status, _ = towns.refused("POST", "/collections/towns/points/search", data=body)
    assert status in (400, 422)


@pytest.mark.parametrize("payload", [b"NaN", b"1e999", b'"\\ud800"', b"1" * 400, b"[" * 150 + b"]" * 150])
def test_a_payload_comes_back_or_is_refused(towns: Qdrant, payload: bytes) -> None:
    """Whatever a payload holds, afterwards every answer is JSON."""
    body = b'{"points": [{"id": 3, "vector": [1, 2], "payload": {"x": ' + payload + b"}}]}"
    answer = towns.ask("PUT", "/collections/towns/points", data=body)
    assert answer.status_code in (200, 400, 422), answer.text
    towns.result("POST", "/collections/towns/points/scroll", {})


@pytest.mark.parametrize("name", ["..", "%2e%2e", ".hidden", "a%2fb", "a" * 300, "%00", "ä", "a b"])
def test_a_collection_cannot_leave_its_folder(server: Qdrant, name: str) -> None:
    """A name that could be a path, or no file's name, makes nothing."""
    before = server.result("GET", "/collections")
    request = requests.Request("PUT", server.base, json={"vectors": {"size": 1, "distance": "Dot"}}).prepare()
    request.url = f"{server.base}/collections/{name}"
    answer = requests.Session().send(request, timeout=30)
    assert answer.status_code in (400, 404, 405, 422), answer.text
    assert server.result("GET", "/collections") == before


def test_a_body_has_a_bound(server: Qdrant) -> None:
    """More than 32 MB is refused, and the server goes on."""
    answer = server.ask("PUT", "/collections/big/points", data=b"x" * (33 << 20))
    assert answer.status_code == 413
    assert server.ask("GET", "/healthz").status_code == 200


def test_many_clients_at_once(server: Qdrant) -> None:
    """Eight clients write and search one collection while another is made and removed; no request fails."""
    server.result("PUT", "/collections/busy", {"vectors": {"size": 4, "distance": "Euclid"}})
    failed: list[Exception] = []

    def work(number: int) -> None:
        try:
            for step in range(10):
                points = [{"id": number * 100 + step, "vector": [number, step, 0, 1]}]
                server.result("PUT", "/collections/busy/points?wait=true", {"points": points})
                server.result("POST", "/collections/busy/points/query", {"query": [1, 1, 1, 1]})
                if number == 0:
                    server.result("PUT", "/collections/brief", {"vectors": {"size": 1, "distance": "Dot"}})
                    server.result("DELETE", "/collections/brief")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert server.result("POST", "/collections/busy/points/count", {}) == {"count": 80}
    server.result("DELETE", "/collections/busy")


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_points_survive_a_stop_and_a_kill(client: docker.DockerClient, end: str) -> None:
    """A stop ends with status 0 and within a second or two; after either, the next container has the points."""
    with volume(client) as data:
        settings = {"ports": PORT, "volumes": {data.name: {"bind": "/qdrant/storage", "mode": "rw"}}}
        with running(client, IMAGE, **settings) as container:
            qdrant = Qdrant(container)
            qdrant.result("PUT", "/collections/kept", {"vectors": {"size": 1, "distance": "Dot"}})
            points = [{"id": number, "vector": [number], "payload": {"n": number}} for number in range(50)]
            qdrant.result("PUT", "/collections/kept/points?wait=true", {"points": points})
            getattr(container, end)()
            assert container.wait()["StatusCode"] == {"stop": 0, "kill": 137}[end]
        with running(client, IMAGE, **settings) as container:
            qdrant = Qdrant(container)
            assert qdrant.result("POST", "/collections/kept/points/count", {}) == {"count": 50}
            assert qdrant.result("GET", "/collections/kept/points/49")["payload"] == {"n": 49}
            assert qdrant.result("GET", "/collections/kept")["config"]["params"]["vectors"]["size"] == 1


def test_an_api_key_closes_all_but_the_health_pages(client: docker.DockerClient) -> None:
    """In either header; a health check needs none, nor does the first page."""
    environment = {"QDRANT__SERVICE__API_KEY": "secret"}
    with running(client, IMAGE, ports=PORT, environment=environment) as container:
        assert Qdrant(container, **{"api-key": "secret"}).result("GET", "/collections") == {"collections": []}
        bearer = Qdrant(container, Authorization="Bearer secret")
        assert bearer.result("GET", "/collections") == {"collections": []}
        for headers in (
            {},
            {"api-key": "wrong"},
            {"api-key": "sécret".encode()},
            {"Authorization": "Basic x"},
        ):
            stranger = Qdrant(container, **headers)
            assert stranger.ask("GET", "/collections").status_code == 401
            assert stranger.ask("GET", "/").status_code == 200


def test_bash_alone_can_check_its_health(server: Qdrant) -> None:
    """There is no curl, as in the official image; bash's /dev/tcp tells a ready server from a closed port."""
    check = "exec 3<>/dev/tcp/127.0.0.1/{}; printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3; grep -q ' 200 ' <&3"
    assert said(server.container, "bash", "-c", check.format(6333))[0] == 0
    assert said(server.container, "bash", "-c", check.format(6334))[0] != 0
    assert said(server.container, "sh", "-c", "command -v curl wget")[0] != 0


def test_storage_that_cannot_be_written_is_named(client: docker.DockerClient) -> None:
    """The container ends with status 1 and says which folder."""
    with running(client, IMAGE, read_only=True) as container:
        assert container.wait(timeout=30)["StatusCode"] == 1
        assert "/qdrant/storage" in container.logs().decode()
