"""Variants: right answers with something harmless beside. They must keep all marks.

`HARMLESS` lists the changes. To add one, put a function of a cell's text into the list; `additions` has the pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Final

from autograder.mutation.additions import (
    after,
    argument,
    before,
    builds,
    comments,
    crlf,
    is_script,
    label,
    recipe,
    service,
    yaml_comment,
)
from autograder.mutation.mutants import Changed, RightAnswer
from autograder.mutation.recipes import is_dockerfile, is_yaml
from autograder.mutation.source import parses


@dataclass(frozen=True)
class Change:
    """A harmless change."""

    name: str
    make: Callable[[str], str]


def variants(answer: RightAnswer, cell: str, results: Collection[str] = ()) -> list[Changed]:
    """Return the variants of an answer: all that fits at once, and then one by one.

    Args:
        answer: a right one.
        cell: the one that is changed; the others hold predictions.
        results: the variables that the exercise asks for.
    """
    text = answer.texts[cell]
    changes = [*HARMLESS, *(Change(name, partial(_with_results, results, value)) for name, value in RESULTS.items())]

    def changed(change: Change, text: str) -> str:
        put = change.make(text).replace("EXERCISE", answer.exercise)  # names are the whole notebook's
        return put if parses(put) else text

    fitting = [change for change in changes if changed(change, text) != text]
    together = text
    for change in fitting:
        together = changed(change, together)
    wanted = [("together", " + ".join(change.name for change in fitting), together)] if len(fitting) > 1 else []
    wanted += [(change.name, change.name, changed(change, text)) for change in fitting]
    return [Changed(answer, "variant", operator, what, {**answer.texts, cell: put}) for operator, what, put in wanted]


def _with_results(names: Collection[str], value: str, text: str) -> str:
    """Give the answer's variables another spelling at the end."""
    if is_script(text) or text.startswith("%%"):
        return text
    return text.rstrip() + "".join(f"\n{name} = {value.format(name)}" for name in names)


RESULTS: Final = {
    "names with a slash": 'f"/{{{0}}}" if {0} in [each.name for each in client.containers.list(all=True)] else {0}',
    "bytes for text": "{0}.encode() if isinstance({0}, str) else {0}",
}
"""How a variable may be spelled as well: as ``docker inspect`` prints names, and as docker-py gives what is printed."""

HARMLESS: Final = (
    Change(
        "one more port on loopback",
        argument("ports", '{"9/tcp": ("127.0.0.1", None)}', '"9/tcp": ("127.0.0.1", None)', "--publish 127.0.0.1::9"),
    ),
    Change("a label", argument("labels", '{"note": "mine"}', '"note": "mine"', "--label note=mine")),
    Change("a variable", argument("environment", '{"NOTE": "mine"}', '"NOTE": "mine"', "--env NOTE=mine")),
    Change(
        "a host entry",
        argument(
            "extra_hosts",
            '{"host.docker.internal": "host-gateway"}',
            '"host.docker.internal": "host-gateway"',
            "--add-host host.docker.internal:host-gateway",
        ),
    ),
    Change("init", argument("init", "True", "", "")),
    Change(
        "one more mount",
        argument(
            "volumes",
            '{name("spare-EXERCISE"): {"bind": "/spare", "mode": "rw"}}',
            'name("spare-EXERCISE"): {"bind": "/spare", "mode": "rw"}',
            "--volume spare-EXERCISE-$RUN:/spare",
        ),
    ),
    Change("comments in the Dockerfile", recipe(is_dockerfile, comments)),
    Change("a label in the Dockerfile", recipe(is_dockerfile, label)),
    Change("CRLF in the Dockerfile", recipe(is_dockerfile, crlf)),
    Change("comments in the Compose file", recipe(is_yaml, yaml_comment)),
    Change("a label of each service", recipe(is_yaml, service("labels", '\n      note: "mine"'))),
    Change("a variable of each service", recipe(is_yaml, service("environment", '\n      NOTE: "mine"'))),
    Change(
        "a host entry of each service",
        recipe(is_yaml, service("extra_hosts", '\n      - "host.docker.internal:host-gateway"')),
    ),
    Change("init of each service", recipe(is_yaml, service("init", " true"))),
    Change("directories beside the build", builds),
    Change(
        "a failed try",
        before(
            'try:\n    client.containers.create("busybox", "false", name={name}).remove()\n'
            "except Exception as failed:\n    print(failed)",
            "docker create --name {name} busybox false && docker rm {name} || true",
        ),
    ),
    Change(
        "one more network",
        after(
            'if client.containers.get({name}).attrs["HostConfig"]["NetworkMode"] != "none":\n'
            '    client.networks.create(name("more-EXERCISE")).connect({name})',
            "docker network create more-EXERCISE-$RUN && docker network connect more-EXERCISE-$RUN {name}",
        ),
    ),
    Change("tidied up", after('client.images.prune(filters={"dangling": True})', "docker image prune --force")),
    Change(
        "another busy container",
        before(
            'client.containers.run("busybox", ["sh", "-c", "while sleep 1; do echo busy; done"], '
            'name=name("busy-EXERCISE"), detach=True, init=True)',
            'docker run --detach --init --name busy-EXERCISE-$RUN busybox sh -c "while sleep 1; do echo busy; done"',
        ),
    ),
)
"""Not yet here: ``# syntax=docker/dockerfile:1``, where the sandbox has no network to find it."""
