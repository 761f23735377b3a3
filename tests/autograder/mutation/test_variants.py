"""Variants have something harmless beside the right answer, in each language, and can still be run."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.lessons import parts
from autograder.mutation.mutants import RightAnswer
from autograder.mutation.notebook import Part
from autograder.mutation.source import AnswerSource, parses
from autograder.mutation.variants import variants

ROOT = Path(__file__).parents[3]
RUN = 'client.containers.run("nginx", name=name("web"), detach=True, ports={"80/tcp": ("127.0.0.1", port)})'


def made(text: str, *results: str) -> dict[str, str]:
    """The variants of a text, by the change."""
    found = variants(RightAnswer("web", "model", {"web": text}), "web", results)
    return {item.operator: item.texts["web"] for item in found}


def test_a_container_gets_more_than_was_asked_for() -> None:
    """In docker-py an argument, or one more item where there is one; on the command line an option."""
    found = made(RUN)
    assert '{"9/tcp": ("127.0.0.1", None), "80/tcp"' in found["one more port on loopback"]
    assert found["init"].endswith(", init=True)")
    script = made("%%bash\ndocker run --name web-$RUN nginx")
    assert script["a label"] == "%%bash\ndocker run --label note=mine --name web-$RUN nginx"
    assert made("!docker run nginx")["a variable"] == "!docker run --env NOTE=mine nginx"


def test_all_changes_come_together_first() -> None:
    """Names of what stands beside are the exercise's own: one notebook has several exercises."""
    found = made(RUN)
    assert next(iter(found)) == "together"
    assert all(word in found["together"] for word in ("9/tcp", "note", "NOTE", "busy-web", "more-web", "spare-web"))


def test_something_is_done_before_or_afterwards() -> None:
    """Before it a container of the same name that was removed again, if there was none."""
    assert made(RUN)["a failed try"].startswith("try:\n")
    assert 'name=name("web")).remove()' in made(RUN)["a failed try"]
    assert made("%%bash\ndocker run --name a nginx")["one more network"].endswith(
        "docker network connect more-web-$RUN a"
    )
    assert "a failed try" not in made("a = 1")


def test_a_dockerfile_has_comments_labels_and_other_line_ends() -> None:
    """It is the same recipe to Docker."""
    found = made('recipe = """\\\nFROM busybox\nCMD ["true"]\n"""')
    assert 'FROM busybox\n# a note\n\nCMD ["true"]\n\n# the end\n"""' in found["comments in the Dockerfile"]
    assert 'LABEL note="mine"\nENV NOTE=mine\nCMD ["true"]\n' in found["a label in the Dockerfile"]
    space: dict[str, str] = {}
    exec(found["CRLF in the Dockerfile"], space)
    assert space["recipe"] == 'FROM busybox\r\nCMD ["true"]\r\n'


def test_each_service_gets_what_it_does_not_have() -> None:
    """A key that is there stays as it is; what comes after the services as well."""
    web, db = "  web:\n    image: nginx\n    init: true\n", "  db:\n    image: redis:8\n"
    text = f'f.write_text("""\\\nservices:\n{web}{db}volumes:\n  a:\n""")'
    found = made(text)
    assert found["init of each service"] == text.replace("  db:\n", "  db:\n    init: true\n")
    assert found["a label of each service"].count('note: "mine"') == 2


def test_a_build_has_directories_beside_it_that_it_leaves_out() -> None:
    """They are made just before the build."""
    found = made('client.images.build(path=app, tag=name("app"))')["directories beside the build"]
    assert found.index(".dockerignore") < found.index("images.build")
    assert "beside.Path(app)" in found


def test_results_are_spelled_otherwise() -> None:
    """Bytes for text; only the variables that the exercise asks for."""
    space: dict[str, object] = {}
    exec(made("found = 'text'\nother = 'text'", "found")["bytes for text"], space)
    assert (space["found"], space["other"]) == (b"text", "text")


@pytest.mark.parametrize("name", [name for name in parts(ROOT) if name.startswith("part")])
def test_all_right_answers_can_be_read_and_varied(name: str) -> None:
    """In every part: each answer of a case and each variant is Python, or a cell of another language."""
    part = Part.read(ROOT, name)
    for exercise in part.exercises:
        for answer in (part.model(exercise.name)[0], *part.right_answers(exercise.name)):
            found = variants(answer, exercise.name, part.variables(exercise.name))
            assert found
            assert all(parses(item.texts[exercise.name]) for item in found)
            assert all(AnswerSource.read(text) for text in answer.texts.values() if not text.startswith("%%"))
