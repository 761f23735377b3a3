"""``docker-course images``: the course's images on this machine's Engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The images that the course uses: list, get, verify, save.", no_args_is_help=True)

Names = Annotated[
    list[str] | None, typer.Argument(help="Images of the catalogue; all of them if none is named.")
]


@app.command("list")
def list_images() -> None:
    """Show each image of the course, what it is for, and how it stands on this machine."""
    from rich.table import Table

    from autograder.cli.progress import wide_console
    from autograder.images import readable, states

    table = Table("Image", "For", "Route", "Size", "State", title="Images of the course")
    for state in states():
        record = state.record
        if record is None:
            table.add_row(state.image.short, state.image.purpose, "", "", "[red]missing[/red]")
            continue
        verdict = "[green]ready[/green]" if state.current else "[yellow]its recipe has changed[/yellow]"
        table.add_row(state.image.short, state.image.purpose, record.route, readable(record.size), verdict)
    wide_console().print(table)


@app.command()
def ensure(names: Names = None) -> None:
    """Get the images that are missing: from a registry if one answers, else built from Debian's packages."""
    from autograder.cli.progress import Steps
    from autograder.images import ensure as ensure_images

    with Steps() as steps:
        records = ensure_images(names or None, steps)
    done = {way: sum(record.done == way for record in records) for way in ("kept", "pulled", "built")}
    typer.echo("Images: " + ", ".join(f"{count} {way}" for way, count in done.items() if count))


@app.command()
def verify(names: Names = None) -> None:
    """Run each image and compare it with what the course relies on. Ends with status 1 if one differs."""
    from autograder.host import connect
    from autograder.images import load
    from autograder.images.verify import problems

    client = connect()
    wrong = 0
    for image in load().select(names or None):
        found = problems(client, image)
        wrong += bool(found)
        typer.secho(f"{image.short}: {'; '.join(found) or 'as promised'}", fg="red" if found else "green")
    if wrong:
        raise typer.Exit(1)


@app.command()
def save(path: Annotated[Path, typer.Argument(help="The archive to write, for `docker load`.")]) -> None:
    """Write all images of the course, and the sandbox's, into one archive, for a machine without a network."""
    from autograder.images import readable
    from autograder.images import save as save_images
    from autograder.sandbox import image_names

    typer.echo(f"{path}: {readable(save_images(path, image_names()))}. There: docker load -i {path.name}")
