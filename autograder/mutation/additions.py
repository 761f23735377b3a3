"""What may stand beside a right answer: functions that add something harmless to the text of a cell.

Each gives the text back, changed, or as it was where the change does not fit.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from autograder.mutation.edits import Edit
from autograder.mutation.recipes import lines
from autograder.mutation.source import AnswerSource

# -- arguments of containers.run and options of docker run ------------------------------------------------------------


def argument(word: str, new: str, item: str, option: str) -> Callable[[str], str]:
    """Return a change that adds an argument to ``containers.run`` and ``create``, or an option to ``docker run``.

    Args:
        word: the argument's name.
        new: its value where the call has none.
        item: what is added to it where it is a dictionary.
        option: of the command.
    """

    def make(text: str) -> str:
        if is_script(text):
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
            head = source.text[:end].rstrip()
            comma = "" if head.endswith((",", "(")) else ", "
            yield Edit("", len(head), end, f"{comma}{word}={new}", "")
        elif isinstance(value, ast.Dict) and value.keys and item:
            place = source.span(value)[0] + 1
            yield Edit("", place, place, f"{item}, ", "")


def _with_option(text: str, option: str, behind: str = "") -> str:
    return re.sub(rf"(?m)^([ \t]*{behind}docker (?:container )?(?:run|create)) ", rf"\1 {option} ", text)


# -- Dockerfiles and Compose files -------------------------------------------------------------------------------------


def recipe(fits: Callable[[str], bool], change: Callable[[str], str]) -> Callable[[str], str]:
    """Return a change of the Dockerfiles, or Compose files, in an answer: literals in three quotes and shell texts."""

    def make(text: str) -> str:
        def changed(match: re.Match[str]) -> str:
            return match[1] + change(match[2]) + match[3] if fits(match[2]) else match[0]

        text = re.sub(r'(?s)(f?"""(?:\\\n)?)(.*?)(""")', changed, text)
        return re.sub(r"(?ms)(<<-?\s*['\"]?END['\"]?[^\n]*\n)(.*?)(^END$)", changed, text)

    return make


def comments(text: str) -> str:
    """Put a comment and a blank line at the end, and a comment before the last instruction."""
    rows = text.rstrip("\n").split("\n")
    place = next((index for index in range(len(rows) - 1, 0, -1) if re.match(r"[A-Z]+ ", rows[index])), None)
    if place is None or rows[place - 1].endswith("\\"):
        return text
    return "\n".join([*rows[:place], "# a note", "", *rows[place:], "", "# the end", ""])


def label(text: str) -> str:
    """Put a label and a variable before the last instruction."""
    rows = text.rstrip("\n").split("\n")
    if not rows[-1].startswith(("CMD", "ENTRYPOINT")):
        return text
    return "\n".join([*rows[:-1], 'LABEL note="mine"', "ENV NOTE=mine", rows[-1], ""])


def crlf(text: str) -> str:
    """End the lines as Windows does; the answer's literal is not raw."""
    return "\n".join(f"{text[start:end]}\\r" if text[start:end] else "" for start, end in lines(text))


def service(key: str, value: str) -> Callable[[str], str]:
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


def yaml_comment(text: str) -> str:
    """Put comments and blank lines at the beginning and the end."""
    return f"# a note\n\n{text.rstrip()}\n\n# the end\n" if text.startswith(("services:", "name:")) else text


# -- beside the answer -------------------------------------------------------------------------------------------------


def before(python: str, shell: str) -> Callable[[str], str]:
    """Return a change that does something first; ``{name}`` stands for the name of the answer's first container."""
    return lambda text: _beside(text, python, shell, first=True)


def after(python: str, shell: str) -> Callable[[str], str]:
    """Return a change that does something afterwards."""
    return lambda text: _beside(text, python, shell, first=False)


def _beside(text: str, python: str, shell: str, first: bool) -> str:
    script = is_script(text)
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


def is_script(text: str) -> bool:
    """Tell whether a cell is a shell cell."""
    return text.startswith(("%%bash", "%%sh"))


def builds(text: str) -> str:
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
