"""Variants: right answers with something harmless beside. They must keep all marks.

`HARMLESS` lists the changes; each is a function that gives a cell's text back, changed, or as it was where it does not
fit. To add one, write such a function and put it into the list.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from autograder.mutation.edits import Edit
from autograder.mutation.mutants import Changed, RightAnswer
from autograder.mutation.recipes import is_dockerfile, is_yaml, lines
from autograder.mutation.source import AnswerSource, parses


@dataclass(frozen=True)
class Change:
    """A harmless change."""

    name: str
    make: Callable[[str], str]


def variants(answer: RightAnswer, answer_cell: str) -> list[Changed]:
    """Return the variants of an answer: all that fits at once, and then one by one.

    Args:
        answer: a right one.
        answer_cell: the cell that is changed; the others hold predictions.
    """
    text = answer.texts[answer_cell]

    def changed(change: Change, text: str) -> str:
        return change.make(text).replace("EXERCISE", answer.exercise)  # names are the whole notebook's

    fitting = [change for change in HARMLESS if (put := changed(change, text)) != text and parses(put)]
    together = text
    for change in fitting:
        put = changed(change, together)
        together = put if parses(put) else together
    wanted = [(" + ".join(change.name for change in fitting), together)] if len(fitting) > 1 else []
    wanted += [(change.name, changed(change, text)) for change in fitting]
    return [
        Changed(
            answer,
            "variant",
            "together" if index == 0 and len(wanted) > 1 else name,
            name,
            {**answer.texts, answer_cell: put},
        )
        for index, (name, put) in enumerate(wanted)
    ]


# -- arguments of containers.run and options of docker run ------------------------------------------------------------


def _argument(word: str, new: str, item: str, option: str) -> Callable[[str], str]:
    """Return a change that adds an argument to ``containers.run`` and ``create``, or an option to ``docker run``.

    Args:
        word: the argument's name.
        new: its value where the call has none.
        item: what is added to it where it is a dictionary.
        option: of the command.
    """

    def make(text: str) -> str:
        if _is_script(text):
            return _with_option(text, option)
        source = AnswerSource.read(text)
        edits = list(_added(source, word, new, item))
        for edit in sorted(edits, key=lambda each: -each.start):
            text = edit.of(text)
        return text if edits or not option else _with_option(text, option, behind="!")

    return make


def _added(source: AnswerSource, word: str, new: str, item: str) -> Iterator[Edit]:
    for call in ast.walk(source.tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        method = ast.unparse(call.func)
        words = {each.arg: each.value for each in call.keywords}
        if not method.endswith(("containers.run", "containers.create")) or "name" not in words or None in words:
            continue
        if word in ("ports", "extra_hosts") and (words.keys() & {"network_mode", "publish_all_ports"}):
            continue
        if word == "volumes" and "mounts" in words:
            continue
        value = words.get(word)
        end = source.span(call)[1] - 1
        if value is None:
            before = source.text[:end].rstrip()
            comma = "" if before.endswith((",", "(")) else ", "
            yield Edit("", len(before), end, f"{comma}{word}={new}", "")
        elif isinstance(value, ast.Dict) and value.keys and item:
            place = source.span(value)[0] + 1
            yield Edit("", place, place, f"{item}, ", "")


def _with_option(text: str, option: str, behind: str = "") -> str:
    return re.sub(rf"(?m)^([ \t]*{behind}docker (?:container )?(?:run|create)) ", rf"\1 {option} ", text)


# -- Dockerfiles and Compose files -------------------------------------------------------------------------------------


def _recipe(fits: Callable[[str], bool], change: Callable[[str], str]) -> Callable[[str], str]:
    """Return a change of the Dockerfiles, or Compose files, in an answer: literals in three quotes and shell texts."""

    def make(text: str) -> str:
        def changed(match: re.Match[str]) -> str:
            return match[1] + change(match[2]) + match[3] if fits(match[2]) else match[0]

        text = re.sub(r'(?s)(f?"""(?:\\\n)?)(.*?)(""")', changed, text)
        return re.sub(r"(?ms)(<<-?\s*['\"]?END['\"]?[^\n]*\n)(.*?)(^END$)", changed, text)

    return make


def _comments(text: str) -> str:
    """Put a comment and a blank line at the end, and a comment before the last instruction."""
    rows = text.rstrip("\n").split("\n")
    place = next((index for index in range(len(rows) - 1, 0, -1) if re.match(r"[A-Z]+ ", rows[index])), None)
    if place is None or rows[place - 1].endswith("\\"):
        return text
    return "\n".join([*rows[:place], "# a note", "", *rows[place:], "", "# the end", ""])


def _label(text: str) -> str:
    """Put a label and a variable before the last instruction."""
    rows = text.rstrip("\n").split("\n")
    if not rows[-1].startswith(("CMD", "ENTRYPOINT")):
        return text
    return "\n".join([*rows[:-1], 'LABEL note="mine"', "ENV NOTE=mine", rows[-1], ""])


def _crlf(text: str) -> str:
    """End the lines as Windows does; the answer's literal is not raw."""
    return "\n".join(f"{text[start:end]}\\r" if text[start:end] else "" for start, end in lines(text))


def _service(key: str, value: str) -> Callable[[str], str]:
    """Return a change that adds a key to each service that does not have it."""

    def change(text: str) -> str:
        head, mark, rest = text.partition("services:\n")
        if not mark:
            return text
        services, more = re.match(r"(?s)((?:(?:[ \t#][^\n]*)?\n)*)(.*)", rest).groups()  # type: ignore[union-attr]
        blocks = re.split(r"(?m)^(?=  [\w-]+:)", services)
        for index, block in enumerate(blocks):
            if re.match(r"  [\w-]+:\n", block) and not re.search(rf"(?m)^    {key}:", block):
                first, _, body = block.partition("\n")
                blocks[index] = f"{first}\n    {key}:{value}\n{body}"
        return head + mark + "".join(blocks) + more

    return change


def _yaml_comment(text: str) -> str:
    return f"# a note\n\n{text.rstrip()}\n\n# the end\n" if text.startswith(("services:", "name:")) else text


# -- beside the answer -------------------------------------------------------------------------------------------------


def _before(python: str, shell: str) -> Callable[[str], str]:
    """Return a change that does something first; ``{name}`` stands for the name of the answer's first container."""
    return lambda text: _beside(text, python, shell, first=True)


def _after(python: str, shell: str) -> Callable[[str], str]:
    """Return a change that does something afterwards."""
    return lambda text: _beside(text, python, shell, first=False)


def _beside(text: str, python: str, shell: str, first: bool) -> str:
    script = _is_script(text)
    put = shell if script else python
    if not put or text.startswith("%%writefile"):
        return text
    if "{name}" in put:
        pattern = r"--name[ =](\S+)" if script else r'\bname=(name\("[\w-]+"\))'
        found = re.search(pattern, text)
        if not found:
            return text
        put = put.replace("{name}", found[1])
    if not first:
        return f"{text.rstrip()}\n{put}"
    head, newline, rest = text.partition("\n") if script else ("", "", text)
    # What the lesson gives stands first: it stops there if there is no prediction yet.
    return f"{head}{newline}{put}\n{rest}"


def _is_script(text: str) -> bool:
    return text.startswith(("%%bash", "%%sh"))


def _builds(text: str) -> str:
    """Put a ``.git`` and a ``.venv`` beside a build, left out by ``.dockerignore``."""
    found = re.search(r"(?m)^(.*\bimages\.build\(path=(?:str\()?([a-z]\w*)\b.*|!docker build .*\{(\w+)\}$)", text)
    if not found:
        return text
    place = found[2] or found[3]
    put = (
        "import pathlib as beside\n"
        f"for folder in ('.git', '.venv'):\n    (beside.Path({place}) / folder).mkdir(exist_ok=True)\n"
        f"    (beside.Path({place}) / folder / 'large').write_bytes(bytes(1000))\n"
        f"with (beside.Path({place}) / '.dockerignore').open('a') as ignored:\n"
        "    _ = ignored.write('\\n.git\\n.venv\\n')\n"
    )
    return text[: found.start()] + put + text[found.start() :]


def _results(value: str) -> Callable[[str], str]:
    """Return a change of the variables that hold text."""

    def make(text: str) -> str:
        if _is_script(text) or text.startswith("%%"):
            return text
        targets = [
            target
            for node in AnswerSource.read(text).tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
        ]
        names = dict.fromkeys(each.id for each in targets if isinstance(each, ast.Name))
        return text.rstrip() + "".join(f"\n{name} = {value.format(name)}" for name in names) if names else text

    return make


HARMLESS: Final = (
    Change(
        "one more port on loopback",
        _argument("ports", '{"9/tcp": ("127.0.0.1", None)}', '"9/tcp": ("127.0.0.1", None)', "--publish 127.0.0.1::9"),
    ),
    Change("a label", _argument("labels", '{"note": "mine"}', '"note": "mine"', "--label note=mine")),
    Change("a variable", _argument("environment", '{"NOTE": "mine"}', '"NOTE": "mine"', "--env NOTE=mine")),
    Change(
        "a host entry",
        _argument(
            "extra_hosts",
            '{"host.docker.internal": "host-gateway"}',
            '"host.docker.internal": "host-gateway"',
            "--add-host host.docker.internal:host-gateway",
        ),
    ),
    Change("init", _argument("init", "True", "", "")),
    Change(
        "one more mount",
        _argument(
            "volumes",
            '{name("spare-EXERCISE"): {"bind": "/spare", "mode": "rw"}}',
            'name("spare-EXERCISE"): {"bind": "/spare", "mode": "rw"}',
            "--volume spare-EXERCISE-$RUN:/spare",
        ),
    ),
    Change("comments in the Dockerfile", _recipe(is_dockerfile, _comments)),
    Change("a label in the Dockerfile", _recipe(is_dockerfile, _label)),
    Change("CRLF in the Dockerfile", _recipe(is_dockerfile, _crlf)),
    Change("comments in the Compose file", _recipe(is_yaml, _yaml_comment)),
    Change("a label of each service", _recipe(is_yaml, _service("labels", '\n      note: "mine"'))),
    Change("a variable of each service", _recipe(is_yaml, _service("environment", '\n      NOTE: "mine"'))),
    Change(
        "a host entry of each service",
        _recipe(is_yaml, _service("extra_hosts", '\n      - "host.docker.internal:host-gateway"')),
    ),
    Change("init of each service", _recipe(is_yaml, _service("init", " true"))),
    Change("directories beside the build", _builds),
    Change(
        "a failed try",
        _before(
            'try:\n    client.containers.create("busybox", "false", name={name}).remove()\n'
            "except Exception as failed:\n    print(failed)",
            "docker create --name {name} busybox false && docker rm {name} || true",
        ),
    ),
    Change(
        "one more network",
        _after(
            'if client.containers.get({name}).attrs["HostConfig"]["NetworkMode"] != "none":\n'
            '    client.networks.create(name("more-EXERCISE")).connect({name})',
            "docker network create more-EXERCISE-$RUN && docker network connect more-EXERCISE-$RUN {name}",
        ),
    ),
    Change("tidied up", _after('client.images.prune(filters={"dangling": True})', "docker image prune --force")),
    Change(
        "names with a slash",
        _results('f"/{{{0}}}" if {0} in [each.name for each in client.containers.list(all=True)] else {0}'),
    ),
    Change("bytes for text", _results("{0}.encode() if isinstance({0}, str) else {0}")),
    Change(
        "another busy container",
        _before(
            'client.containers.run("busybox", ["sh", "-c", "while sleep 1; do echo busy; done"], '
            'name=name("busy-EXERCISE"), detach=True, init=True)',
            'docker run --detach --init --name busy-EXERCISE-$RUN busybox sh -c "while sleep 1; do echo busy; done"',
        ),
    ),
)
"""Not yet here: ``# syntax=docker/dockerfile:1``, where the sandbox has no network to find it."""
