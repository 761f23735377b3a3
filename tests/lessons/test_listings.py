"""What the text shows can be used: listings are whole files that parse, command lines exist and are run.

A command line in the text, in a ``bash`` listing or in a sentence, belongs to a command that a cell of some lesson
runs, with options that it has. What cannot run in a lesson has a comment in the text: before a listing
``<!-- not run: it needs a terminal -->``, or for a command ``<!-- not run: docker login: it needs an account -->``.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from autograder.sandbox import Sandbox
from tests.lessons.lesson_text import LESSONS, cells, listings
from tests.patience import PATIENCE

GROUPS = {"builder", "buildx", "compose", "container", "context", "image", "network", "plugin", "system", "volume"}
SAME = {
    "image rm": "rmi",
    "image ls": "images",
    "image history": "history",
    "image build": "build",
    "buildx build": "build",
    "image pull": "pull",
    "image push": "push",
    "image tag": "tag",
    "image save": "save",
    "image load": "load",
    "container ls": "ps",
    "volume remove": "volume rm",
    "network remove": "network rm",
}
"""Commands that have two names."""
_NOT_RUN = re.compile(r"<!-- not run: (?P<reason>[^>]+?) -->")
_INLINE = re.compile(r"`(docker [^`]+)`")
_PLAIN = re.compile(r"^[a-z][a-z-]*$")


def _commands(script: str) -> Iterator[list[str]]:
    """Yield the words of each docker command in a script; what is not understood is left out."""
    for line in re.sub(r"\\\n\s*", " ", script).splitlines():
        for piece in re.split(r"\||&&|;|\$\(|\)", re.sub(r"\s#.*$", "", line)):
            if (found := re.search(r"(?:^|\s)docker\s.*", piece)) is not None:
                try:
                    yield shlex.split(found[0])[1:]
                except ValueError:
                    yield found[0].split()[1:]


def command_of(words: list[str]) -> str:
    """Return the command that a line gives, such as ``compose up``; "" for options of docker alone."""
    rest = list(words)
    while rest and rest[0].startswith("-"):
        taken = rest.pop(0)
        if taken in ("--context", "-H", "--host", "--config") and rest:
            rest.pop(0)
    if not rest or not _PLAIN.match(rest[0]):
        return ""
    command = rest.pop(0)
    if command in GROUPS:
        while rest and not _PLAIN.match(rest[0]):
            taken = rest.pop(0)
            if taken in ("-f", "--file", "-p", "--project-name", "--profile", "--env-file") and rest:
                rest.pop(0)
        command = f"{command} {rest[0]}" if rest else command
    return SAME.get(command, command)


def _options(words: list[str], command: str, page: str) -> set[str]:
    """Return the options of the docker command itself, as its help page lists them; behind an image stand others."""
    takes_value = set(re.findall(r"(--[\w-]+) \w", page))
    short = dict(re.findall(r"^\s+(-\w), (--[\w-]+)", page, re.MULTILINE))
    last = command.split()[-1]
    rest = words[words.index(last) + 1 :] if last in words else words
    found = set()
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            if last in ("run", "exec", "create"):
                break
            continue
        names, glued = [word.partition("=")[0]], "=" in word
        if not word.startswith("--"):  # letters that stand together, such as -it; behind one with a value stands that
            names = [short.get(f"-{letter}", f"-{letter}") for letter in word[1:].partition("=")[0]]
            with_value = next((place for place, each in enumerate(names) if each in takes_value), len(names))
            names, glued = names[: with_value + 1], glued or with_value + 1 < len(names)
        if not glued and names[-1] in takes_value:
            rest = rest[1:]
        found.update(names)
    return found


@cache
def _run() -> set[str]:
    """Return the commands that cells of lessons run, answers included."""
    return {
        command_of(words)
        for path in LESSONS
        for cell in cells(path.read_text(encoding="utf-8"))
        if cell.is_shell
        for words in _commands(cell.source)
    }


def _excused(text: str) -> set[str]:
    """Return the commands that a lesson says it does not run, each with a reason."""
    found = set()
    for comment in _NOT_RUN.finditer(text):
        command, _, reason = comment["reason"].partition(":")
        if command.startswith("docker ") and reason.strip():
            found.add(command_of(command.split()[1:]))
    return found


def _shown(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each command line of a text, and whether a comment before it says why it is not run."""
    for place, listing in listings(text, "bash"):
        yield listing, bool(re.search(r"<!-- not run: [^>]+ -->\s*\Z", text[:place]))
    for inline in _INLINE.finditer(re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)):
        yield inline[1], False


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_every_command_in_the_text_is_run_or_says_why_not(lesson: Path) -> None:
    """A reader who copies a command gets what some cell of the course got."""
    text = lesson.read_text(encoding="utf-8")
    known = _run() | _excused(text) | {""}
    found = {
        command_of(words) for script, excused in _shown(text) if not excused for words in _commands(script)
    } - GROUPS
    assert sorted(found - known) == []


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox with the images of the course."""
    with Sandbox() as sandbox:
        yield sandbox


PARSE = """
import json, subprocess, sys
found = []
for place, command, text in json.load(sys.stdin):
    done = subprocess.run(command, input=text.encode(), capture_output=True)
    if done.returncode:
        found.append(f"{place}: {(done.stdout + done.stderr).decode()[-400:]}")
print(json.dumps(found))
"""


@pytest.mark.sandbox
def test_every_listing_parses(box: Sandbox) -> None:
    """BuildKit accepts each Dockerfile, Compose each YAML file: they are whole, and can be copied."""
    build = ["docker", "build", "--check", "--file", "-", "/tmp"]
    configure = ["docker", "compose", "--file", "-", "config", "--quiet", "--no-env-resolution"]
    tasks = [
        (f"{path.stem}: {text[:60]!r}", command, text)
        for path in LESSONS
        for language, command in (("dockerfile", build), ("yaml", configure))
        for _, text in listings(path.read_text(encoding="utf-8"), language)
    ]
    assert tasks
    done = box.run(["python3", "-c", PARSE], json.dumps(tasks).encode(), "student", timeout=300 * PATIENCE)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == []


HELP = """
import json, subprocess, sys
print(json.dumps({c: subprocess.run(["docker", *c.split(), "--help"], capture_output=True).stdout.decode()
                  for c in json.load(sys.stdin)}))
"""


@pytest.mark.sandbox
def test_every_command_and_option_in_the_text_exists(box: Sandbox) -> None:
    """Each command line names a command of the course's client, and options that its help lists."""
    lines = [
        (path.stem, words, command_of(words))
        for path in LESSONS
        for script, _ in _shown(path.read_text(encoding="utf-8"))
        for words in _commands(script)
    ]
    names = sorted({command for _, _, command in lines if command})
    done = box.run(["python3", "-c", HELP], json.dumps(names).encode(), "student", timeout=120 * PATIENCE)
    pages = json.loads(done.stdout)
    wrong = []
    for lesson, words, command in lines:
        page = pages.get(command, "")
        if not command:
            continue
        if "Usage:" not in page:
            wrong.append(f"{lesson}: no command {command!r}")
        wrong += [
            f"{lesson}: docker {command} has no {option}"
            for option in sorted(_options(words, command, page) - {"--help"})  # Compose has it, and does not list it
            if not re.search(rf"(?<![\w-]){option}(?![\w-])", page)
        ]
    assert wrong == []


RUN_HELP = """
Usage: docker run
  -d, --detach          Run in the background
  -e, --env list        Set a variable
  -i, --interactive     Keep stdin open
      --name string     Name of the container
  -t, --tty             Allocate a terminal
"""


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("run -it busybox sh -c true", {"--interactive", "--tty"}),
        ("run --name web -de A=1 nginx --version", {"--name", "--detach", "--env"}),
        ("run --name=web -eA=1 nginx -x", {"--name", "--env"}),
        ("run -x nginx", {"-x"}),
    ],
)
def test_the_options_of_a_line(line: str, options: set[str]) -> None:
    """Values are no options, nor is what stands behind the image."""
    assert _options(line.split(), "run", RUN_HELP) == options


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("run --rm busybox echo", "run"),
        ("--context x ps -a", "ps"),
        ("compose -f a.yaml up --wait", "compose up"),
        ("image rm x", "rmi"),
        ("compose --profile tools run --rm migrate", "compose run"),
        ("--help", ""),
    ],
)
def test_the_command_of_a_line(line: str, command: str) -> None:
    """Options of docker and Compose stand before the command; two names count as one."""
    assert command_of(line.split()) == command
