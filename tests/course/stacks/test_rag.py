"""The question-answering engine of Part 4 without its stores, and what its check reads."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from course.checks import rag_client
from course.checks.rag_client import Beside, RagClient
from course.facts import Completed
from course.setups import part4_rag
from course.stacks.rag.api.rag import embedding, library, passages
from course.stacks.rag.api.rag.memory import MemoryCache, MemoryDocuments, MemoryVectors
from course.stacks.rag.api.rag.model import Document, Passage, Unavailable
from course.stacks.rag.api.rag.settings import BadSetting, open_library


def make() -> library.Library:
    """An engine with everything in memory."""
    return open_library({"STORE": "memory"})


def test_an_embedding_has_length_one_and_is_always_the_same() -> None:
    """So the cosine is a plain sum, and three containers agree on it."""
    numbers = embedding.embed("Volumes outlive containers")
    assert len(numbers) == embedding.DIMENSIONS
    assert math.isclose(sum(number**2 for number in numbers), 1, abs_tol=1e-3)
    assert numbers == embedding.embed("volumes  OUTLIVE containers!")


def test_similar_words_are_near_and_unlike_words_far() -> None:
    """Pieces of words are shared by container and containers, and by no part of automobile and car."""
    near, far = (
        embedding.similarity(embedding.embed(one), embedding.embed(other))
        for one, other in (("a container", "containers"), ("automobile", "car"))
    )
    assert near > 0.3 > 0.1 > abs(far)


def test_a_text_without_words_has_no_direction() -> None:
    """It is similar to nothing, and no division by zero."""
    assert not any(embedding.embed("... the ?!"))


@pytest.mark.parametrize("text", ["One. " * 300, "word " * 500, "x" * 999, "One sentence.\n\nAnother one."])
def test_passages_hold_the_whole_text_and_are_short(text: str) -> None:
    """No word is lost or cut; only a single word may be longer than a passage."""
    found = passages.split(text)
    assert " ".join(found).split() == text.split()
    assert all(len(each) <= passages.MOST or " " not in each for each in found)


def test_an_answer_comes_from_the_document_that_fits_and_names_it() -> None:
    """Among all notes that students get, and word for word."""
    engine = make()
    for note in json.loads((part4_rag.FILES / "notes.json").read_text(encoding="utf-8"))["documents"]:
        engine.add(Document(**note))
    answer = engine.answer("How do containers find each other?")
    assert answer["answer"].startswith("Containers on a network that you made find each other by name.")
    assert answer["sources"][0]["title"] == "Names"


def test_a_rare_word_is_found_among_two_hundred_documents() -> None:
    """That is what the check of exercise ``rag-stack`` relies on, however much the student has put in before."""
    engine = make()
    for number in range(200):
        engine.add(Document(f"Note {number}", f"The word of note {number} is zeta{number * 7919:x}. Keep it well."))
    wanted = [f"Note {number}" for number in range(0, 200, 10)]
    found = [engine.answer(f"Where is zeta{number * 7919:x}?")["sources"][0]["title"] for number in range(0, 200, 10)]
    assert found == wanted


def test_what_fits_nothing_is_answered_with_a_plain_sentence() -> None:
    """No sources, and nothing made up."""
    engine = make()
    engine.add(Document("Ports", "A port says which program a connection is for."))
    assert (engine.answer("Zebra?")["answer"], engine.answer("Zebra?")["sources"]) == (library.NOTHING, [])


def test_the_second_answer_comes_from_the_cache_until_a_document_is_added() -> None:
    """A document that was there already changes nothing."""
    engine, note = make(), Document("Ports", "A port is a number.")
    engine.add(note)
    seen = [engine.answer(question)["cached"] for question in ("What is a port?", "what is  a PORT?")]
    assert engine.add(note)["added"] is False
    seen.append(engine.answer("What is a port?")["cached"])
    engine.add(Document("Doors", "A door is wood."))
    seen.append(engine.answer("What is a port?")["cached"])
    assert seen == [False, True, True, False]


def test_a_document_whose_vectors_cannot_be_kept_is_not_kept_either() -> None:
    """Else it would be there and never be found."""

    class Gone(MemoryVectors):
        def add(self, embeddings: dict[str, list[float]]) -> None:
            raise Unavailable("Qdrant: away")

    documents = MemoryDocuments()
    engine, note = library.Library(documents, Gone(), MemoryCache()), Document("Ports", "A port is a number.")
    with pytest.raises(Unavailable):
        engine.add(note)
    assert documents.get(note.id) is None


def test_vectors_without_their_passage_are_passed_over() -> None:
    """They are left over where the database failed after the vectors were kept."""

    class Forgetful(MemoryDocuments):
        def add(self, document: Document, passages: Sequence[Passage], before: Callable[[], None]) -> bool:
            before()
            return False

    engine = library.Library(Forgetful(), MemoryVectors(), MemoryCache())
    engine.add(Document("Ports", "A port is a number."))
    assert engine.answer("What is a port?")["sources"] == []


@pytest.mark.parametrize(
    ("settings", "says"),
    [({"STORE": "disk"}, "services or memory")],
)
def test_a_setting_that_cannot_be_used_is_named(settings: dict[str, str], says: str) -> None:
    """The sentence goes to the log of the api."""
    with pytest.raises(BadSetting, match=says):
        open_library(settings)


def test_unpacking_again_keeps_passwords_port_and_the_students_files(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And renews the engine's own ones."""
    rag = part4_rag.unpack()
    kept = (rag / "db-password.txt").read_text(), part4_rag.cache_password(), part4_rag.web_port()
    (rag / "compose.yaml").write_text("mine")
    (rag / "web" / "rag.conf").write_text("broken")
    assert part4_rag.unpack() == rag
    assert ((rag / "db-password.txt").read_text(), part4_rag.cache_password(), part4_rag.web_port()) == kept
    assert (rag / "compose.yaml").read_text() == "mine"
    assert (rag / "web" / "rag.conf").read_bytes() == (part4_rag.FILES / "web" / "rag.conf").read_bytes()
    assert len(kept[0]) > 20


@pytest.mark.parametrize(
    ("output", "status", "said"),
    [
        ('HTTP/1.0 200 OK\r\nServer: gunicorn\r\n\r\n{"db": "ok"}', 200, ""),
        ('HTTP/1.0 503 SERVICE UNAVAILABLE\r\n\r\n{"db": "away"}', 503, "db: away"),
        ("nc: can't connect", None, "nothing answered"),
    ],
)
def test_a_program_without_a_door_is_asked_from_beside_it(
    output: str, status: int | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The helper's output is an HTTP answer, or something else."""
    monkeypatch.setattr(rag_client, "run_helper", lambda *_, **__: Completed(0, output))
    client: Any = None
    rag = Beside(8000, client, "api")
    assert rag.fetch("/ready").status == status
    assert rag.condition() == (said or "200")


def test_where_the_program_does_not_answer_the_check_says_so() -> None:
    """A document that is not taken is a sentence, an answer that does not come is empty."""
    rag = RagClient(port=9)  # nothing listens on the port called discard
    assert "no connection" in str(rag.add())
    assert (rag.answer("Who?"), rag.ready()) == ({}, False)
