"""The doctor: is everything there that the course needs, and if not, what repairs it?

It looks at one thing after the other, with time limits, and never raises: `examine` yields what it found, `doctor`
shows it in a notebook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from html import escape

import docker

from course import repairs
from course.diagnosis import commands, engine, kernel, ports
from course.diagnosis.finding import Diagnosis, Mark, failed, unknown
from course.show import Shown

__all__ = ["Diagnosis", "Mark", "doctor", "examine", "summary"]

_WORDS = {
    Mark.OK: "fine",
    Mark.FAILED: "to be repaired",
    Mark.ADVICE: "advice",
    Mark.UNKNOWN: "not looked at",
}


def doctor(*images: str) -> Shown:
    """Look at this machine's Docker and Jupyter, and at whether the Engine has these images; show what was found."""
    found = list(examine(images))
    lines = []
    items = []
    for one in found:
        lines.append(f"{one.mark.value} {one.about}: {one.found}")
        lines += [f"    → {step}" for step in one.repair.splitlines()]
        repair = "".join(f'<div style="margin-left:1.5em">→ {escape(step)}</div>' for step in one.repair.splitlines())
        items.append(
            f'<li style="list-style:none"><span role="img" aria-label="{_WORDS[one.mark]}">{one.mark.value}</span> '
            f"<strong>{escape(one.about)}</strong>: {escape(one.found)}{repair}</li>"
        )
    end = summary(found)
    return Shown("\n".join([*lines, end]), f"<div><ul>{''.join(items)}</ul><strong>{escape(end)}</strong></div>")


def summary(found: Sequence[Diagnosis]) -> str:
    """Return the last line: whether there is something to do."""
    count = sum(one.mark is Mark.FAILED for one in found)
    if count:
        return f"{count} thing{'s' * (count != 1)} to repair (✗). Begin with the first, then ask the doctor again."
    return "All that the course needs is there."


def examine(images: Sequence[str] = ()) -> Iterator[Diagnosis]:
    """Yield what is found, one thing after the other; ``images`` are those that have to be there."""
    yield _guarded("Docker command", commands.client)
    yield _guarded("Compose", commands.compose)
    yield _guarded("buildx", commands.buildx)

    permission = _guarded("Permission", engine.permission)
    client = None
    if permission.mark is Mark.FAILED:
        reached = unknown("Engine", "you may not ask it")
    else:
        client, reached = engine.reach("Engine")
    yield permission
    yield reached
    yield _guarded("Credentials", engine.credentials)

    wanted = list(dict.fromkeys([*images, engine.BASE]))
    silent = "" if client else "no Engine of use answers"
    looks: dict[str, Callable[[str, docker.DockerClient], Diagnosis]] = {
        "API versions": engine.api,
        "Memory": engine.memory,
        "cgroups": engine.cgroup,
        "Images": partial(engine.images, wanted=wanted),
        "Disk": engine.disk,
        "Ports": ports.publishing,
    }
    for about, look in looks.items():
        if silent:
            yield unknown(about, silent)
            continue
        try:
            yield look(about, client)
        except Exception as error:  # whatever it is, the other lines are still worth having
            yield _broken(about, error)
            # Waiting again for each further line would help nobody.
            silent = "the Engine has stopped answering" if engine.timed_out(error) else ""
    yield _guarded("Kernel", kernel.kernelspec)
    if client is not None:
        client.close()


def _guarded(about: str, look: Callable[[str], Diagnosis]) -> Diagnosis:
    try:
        return look(about)
    except Exception as error:
        return _broken(about, error)


def _broken(about: str, error: Exception) -> Diagnosis:
    """Return the finding of a look that ended with an error of its own."""
    if engine.timed_out(error):
        return failed(about, f"The Engine said nothing for {engine.SECONDS_TO_WORK:g} s.", repairs.restart_engine())
    return failed(
        about,
        f"The doctor could not look: {error}",
        "If all the other lines are fine, please report this one to those who give the course.",
    )
