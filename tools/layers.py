"""The layers of `course` and `autograder`: a package imports only what stands below it. ``make graph`` prints them."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

LAYERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "course": (
        ("demands", "endpoint", "errors", "notebook", "ports", "programs", "show"),
        ("answers", "distribution", "runs"),
        ("passing",),
        ("run",),
        ("facts", "folders", "predictions", "record", "repairs", "shell"),
        ("engine",),
        ("setups",),
        ("checks", "cleanup", "diagnosis", "scanning", "views", "tap"),
        ("opening",),
    ),
    "autograder": (
        ("errors", "fast_imports", "namespaces", "results"),
        ("gateway", "host", "runner", "submissions"),
        ("images", "lessons"),
        ("sandbox",),
        ("gradebook",),
        ("batch", "trial"),
        ("demo", "mutation"),
        ("cli",),
    ),
}
"""From the bottom to the top; packages of one layer do not know each other."""

TOGETHER = {frozenset({"facts", "record"})}
"""Packages of one layer that do: the record keeps what `facts` makes of an event, and `facts` reads it from there."""

ELSEWHERE = {"stacks", "jupyterlab"}
"""Folders that nothing imports: programs of the example stacks, JupyterLab's settings."""


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def graph(top: str, root: Path = ROOT) -> dict[str, set[str]]:
    """Return, for each package or module of ``top``, the others of ``top`` that it imports."""
    names = {path.stem for path in (root / top).iterdir() if path.is_dir() or path.suffix == ".py"}
    found: dict[str, set[str]] = {name: set() for name in names if not name.startswith("_")}
    for name in ELSEWHERE & found.keys():
        del found[name]
    for name, others in found.items():
        files = list((root / top / name).rglob("*.py")) or [root / top / f"{name}.py"]
        modules = {module.split(".")[1] for path in files for module in imported(path) if module.startswith(f"{top}.")}
        others |= modules & found.keys() - {name}
    return found


def faults(top: str, root: Path = ROOT) -> list[str]:
    """Return what is not as `LAYERS` says, one sentence each."""
    layer = {name: number for number, names in enumerate(LAYERS[top]) for name in names}
    found = graph(top, root)
    wrong = [f"{name} is in no layer." for name in sorted(found.keys() - layer.keys())]
    wrong += [f"There is no {name}." for name in sorted(layer.keys() - found.keys())]
    for name in sorted(found.keys() & layer.keys()):
        for other in sorted(found[name] & layer.keys()):
            if layer[other] >= layer[name] and frozenset({name, other}) not in TOGETHER:
                wrong.append(f"{name} imports {other}, which does not stand below it.")
    return wrong


def main() -> None:
    """Print the layers from the top to the bottom, and what each package imports."""
    for top in LAYERS:
        found = graph(top)
        print(top)
        for names in reversed(LAYERS[top]):
            print("  " + "─" * 70)
            for name in names:
                print(f"  {name:12} → {', '.join(sorted(found.get(name, ()))) or '(nothing)'}")
        print()


if __name__ == "__main__":
    main()
