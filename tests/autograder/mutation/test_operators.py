"""Each operator makes the mistakes that it says, and what it makes is a text that can be run."""

from __future__ import annotations

import pytest

from autograder.mutation.mutants import RightAnswer, edits, mutants, sample
from autograder.mutation.source import parses


def made(text: str, operator: str) -> list[str]:
    """What an operator makes of a text."""
    return [edit.of(text) for edit in edits(text) if edit.operator == operator]


RUN = 'client.containers.run("nginx", name=name("web"), detach=True, ports={"80/tcp": ("127.0.0.1", 80)})'


def test_a_statement_is_left_out_or_stands_elsewhere() -> None:
    """Each one, in nested blocks too; two neighbours swap; a block is never empty; imports stay."""
    text = "import io\na = 1\nif a:\n    b = 2\n"
    assert made(text, "leave out a statement") == [
        "import io\n\nif a:\n    b = 2\n",
        "import io\na = 1\n\n",
        "import io\na = 1\nif a:\n    pass\n",
    ]
    assert made("a = 1\nb = 2", "swap statements") == ["b = 2\na = 1"]


def test_an_argument_or_an_item_is_left_out() -> None:
    """With its comma. Arguments that only say how the work is done stay: without ``detach`` a cell just waits."""
    assert made(RUN, "drop an argument") == [
        'client.containers.run("nginx", detach=True, ports={"80/tcp": ("127.0.0.1", 80)})',
        'client.containers.run("nginx", name=name("web"), detach=True)',
    ]
    assert made('f({"a": 1, "b": 2})', "drop an item") == ['f({"b": 2})', 'f({"a": 1})']
    assert made('f(["a", "b"])', "drop an item") == ['f(["b"])', 'f(["a"])']


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('f("nginx")', ['f("busybox")']),
        ('f("80/tcp")', ['f("81/tcp")']),
        ('f("127.0.0.1")', ['f("0.0.0.0")']),
        ('f("ro")', ['f("rw")']),
        ('f("/data")', ['f("/data-other")']),
        ("f(True, 7)", ["f(False, 7)", "f(True, 8)"]),
        ('f(f"size={megabytes}m")', ['f(f"sizex={megabytes}m")', 'f(f"size={megabytes}mx")']),
        ('f("sleep 600")', ['f("sleepx 600")']),
        (r'f("one\ntwo")', [r'f("onex\ntwo")', r'f("one\ntwox")']),
        ('f("öffentlich", "rw")', ['f("öffentlichx", "rw")', 'f("öffentlich", "ro")']),
        ('predict("volume-files", 5)', []),
    ],
)
def test_a_value_becomes_another_of_its_kind(text: str, expected: list[str]) -> None:
    """A course image another one, an address the other one; a prediction may be wrong, and a sleep longer."""
    assert sorted(made(text, "change a value")) == sorted(expected)


def test_a_step_is_done_on_another_object() -> None:
    """One that is not there, and the next that the answer names."""
    assert made('f(name("web"))\ng(name("db"))', "another object") == [
        'f(name("web-other"))\ng(name("db"))',
        'f(name("db"))\ng(name("db"))',
        'f(name("web"))\ng(name("db-other"))',
        'f(name("web"))\ng(name("web"))',
    ]


def test_what_was_made_is_taken_away_again() -> None:
    """Containers are removed or stopped, networks, volumes, images and projects removed."""
    assert [text.removeprefix(RUN) for text in made(RUN, "undo")] == [
        '\nclient.containers.get(name("web")).remove(force=True)',
        '\nclient.containers.get(name("web")).stop(timeout=0)',
    ]
    assert made('client.networks.create(name("net"))', "undo")[0].endswith(
        '\nclient.networks.get(name("net")).remove()'
    )
    assert made("!docker compose -f a.yaml up --detach", "undo")[0].endswith(
        "\n!docker compose -f a.yaml down --timeout 1"
    )
    assert made("%%bash\ndocker volume create books-$RUN", "undo")[0].endswith("\ndocker volume rm --force books-$RUN")


def test_a_result_becomes_another() -> None:
    """A variable of the answer gets another value at the end, whatever its kind."""
    (text,) = made("found = 3", "another result")
    space: dict[str, object] = {}
    exec(text, space)
    assert space["found"] == 4


def test_what_the_set_up_gave_becomes_another_value() -> None:
    """A number the next, in arguments, f-strings and shell cells."""
    (text,) = (edit.of("a = f'{port}:80'") for edit in edits("a = f'{port}:80'", ["port"]) if "given" in edit.operator)
    space: dict[str, object] = {"port": 8000}
    exec(text, space)
    assert space["a"] == "8001:80"
    found = [edit.of("%%bash\nrun $port") for edit in edits("%%bash\nrun $port", ["port"])]
    assert "%%bash\nrun $port1" not in found
    assert "%%bash\nrun ${port}1" in found


def test_a_command_loses_options_and_gets_other_values() -> None:
    """In a shell cell and behind ``!``; an option goes with its value; ``--detach`` stays; variables stay."""
    text = "%%bash\ndocker run --detach --name web-$RUN -p 127.0.0.1:$port:80 nginx"
    assert made(text, "drop an option") == [
        "%%bash\ndocker run --detach  -p 127.0.0.1:$port:80 nginx",
        "%%bash\ndocker run --detach --name web-$RUN  nginx",
    ]
    changed = made(text, "change a value")
    assert "%%bash\ndocker run --detach --name web-$RUN -p 0.0.0.0:$port:80 nginx" in changed
    assert "%%bash\ndocker run --detach --name web-$RUN -p 127.0.0.1:$port:81 nginx" in changed
    assert "%%bash\ndocker run --detach --name web-$RUN -p 127.0.0.1:$port:80 busybox" in changed
    assert not any("$portx" in each or "$RUNx" in each for each in changed)
    assert made("!docker run --publish 80 nginx", "drop an option") == ["!docker run  nginx"]


def test_commands_are_left_out_and_swapped_with_their_here_documents() -> None:
    """A continuation line belongs to its command."""
    text = "%%bash\ncat > f <<END\nFROM busybox\nEND\ndocker build \\\n  ."
    assert made(text, "leave out a command") == [
        "%%bash\n\ndocker build \\\n  .",
        "%%bash\ncat > f <<END\nFROM busybox\nEND\n",
    ]
    assert made(text, "swap commands") == ["%%bash\ndocker build \\\n  .\ncat > f <<END\nFROM busybox\nEND"]
    assert "FROM nginx" in made(text, "change an instruction")[0]


DOCKERFILE = 'recipe = """\\\nFROM busybox\nWORKDIR /app\nRUN a \\\n && b\nCMD ["cat", "/app"]\n"""'


def test_a_dockerfile_in_an_answer_is_changed() -> None:
    """Instructions are dropped and swapped with their continuation lines, and take the other form."""
    assert made(DOCKERFILE, "drop an instruction")[1] == DOCKERFILE.replace("RUN a \\\n && b", "")
    assert made(DOCKERFILE, "swap instructions")[0] == DOCKERFILE.replace(
        "WORKDIR /app\nRUN a \\\n && b", "RUN a \\\n && b\nWORKDIR /app"
    )
    assert DOCKERFILE.replace('["cat", "/app"]', "cat /app") in made(DOCKERFILE, "change the form")
    short = r"""text = f'FROM busybox\nRUN a\nCMD ["greet"]\n'"""
    assert made(short, "drop an instruction")[0] == r"""text = f'FROM busybox\n\nCMD ["greet"]\n'"""


YAML = """\
services:
  web:
    image: nginx
    ports:
      - "127.0.0.1::80"
    healthcheck:
      interval: 5s
"""


def test_a_compose_file_in_an_answer_is_changed() -> None:
    """A key goes with what is below it; values change; times do not matter, so they stay."""
    text = f'Path("compose.yaml").write_text("""\\\n{YAML}""")'
    dropped = made(text, "drop a key")
    assert text.replace("    image: nginx\n", "") in dropped
    assert text.replace('    ports:\n      - "127.0.0.1::80"\n', "") in dropped
    assert text.replace("    image: nginx", "    image: busybox") in made(text, "change a key's value")
    assert not any("6s" in edit.of(text) for edit in edits(text))
    assert made(f"%%writefile compose.yaml\n{YAML}", "drop a key")


def test_mutants_differ_and_can_be_run() -> None:
    """None twice, none that is the answer, none that is no Python; the same in each run."""
    answer = RightAnswer("web", "model", {"web": f'{RUN}\nfiles = !ls {{here}}\n!docker stop {{name("web")}}'})
    found = mutants(answer)
    assert found == mutants(answer)
    assert len({item.digest for item in found}) == len(found) > 10
    assert all(parses(item.texts["web"]) and item.texts != answer.texts for item in found)


def test_only_the_students_part_of_a_cell_is_changed() -> None:
    """What the lesson gives around it stays."""
    text = "given = 1\nmine = 2\ngiven = 3"
    found = mutants(RightAnswer("it", "model", {"it": text}), {"it": (10, 18)})
    assert found
    assert all(item.texts["it"].startswith("given = 1\n") for item in found)
    assert all(item.texts["it"].endswith("\ngiven = 3") for item in found)


def test_a_sample_differs_by_its_seed_and_takes_of_each_exercise() -> None:
    """The same word gives the same sample."""
    items = [item for name in ("one", "two") for item in mutants(RightAnswer(name, "model", {name: RUN}))]
    chosen = sample(items, 4, "a")
    assert chosen == sample(items, 4, "a") != sample(items, 4, "b")
    assert [item.exercise for item in chosen] == ["one", "one", "two", "two"]
    assert sample(items, 1000, "a") == items
