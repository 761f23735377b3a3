"""``docker-course images``: manage the course images on this machine's Engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="List, get, verify and save the images that the course uses.", no_args_is_help=True)

Names = Annotated[list[str] | None, typer.Argument(help="Names of images; all images if you name none.")]


@app.command("list")
def list_images() -> None:
    """List the course's images: what each is for, where it came from, and whether it is ready."""
    from rich.table import Table

    from autograder.cli.progress import wide_console
    from autograder.images import readable, states

    table = Table("Image", "For", "Route", "Size", "State", title="Images of the course")
    for state in states():
        record = state.record
        if record is None:
            table.add_row(state.image.short, state.image.purpose, "", "", "[red]missing[/red]")
            continue
        verdict = "[green]ready[/green]" if state.current else "[yellow]outdated: its recipe has changed[/yellow]"
        table.add_row(state.image.short, state.image.purpose, record.route, readable(record.size), verdict)
    wide_console().print(table)


@app.command()
def ensure(names: Names = None) -> None:
    """Get the missing images: pull them if a registry answers, otherwise build them from Debian packages."""
    from autograder.cli.progress import Steps
    from autograder.images import ensure as ensure_images

    with Steps() as steps:
        records = ensure_images(names or None, steps)
    done = {way: sum(record.done == way for record in records) for way in ("kept", "pulled", "built")}
    typer.echo("Images: " + ", ".join(f"{count} {way}" for way, count in done.items() if count))


@app.command()
def verify(names: Names = None) -> None:
    """Run each image and check it for what the course relies on.

    The exit status is 1 if an image differs.
    """
    from autograder.host import connect
    from autograder.images import load
    from autograder.images.verify import problems

    client = connect()
    wrong = 0
    for image in load().select(names or None):
        found = problems(client, image)
        wrong += bool(found)
        typer.secho(f"{image.short}: {'; '.join(found) or 'as expected'}", fg="red" if found else "green")
    if wrong:
        raise typer.Exit(1)


@app.command()
def save(path: Annotated[Path, typer.Argument(help="The archive to write.")]) -> None:
    """Save all images of the course and the sandbox to one archive, for a machine without a network."""
    from autograder.images import readable
    from autograder.images import save as save_images
    from autograder.sandbox import image_names

    size = readable(save_images(path, image_names()))
    typer.echo(f"{path}: {size}. On the other machine, in the same checkout: docker-course images load {path.name}")


@app.command()
def load(path: Annotated[Path, typer.Argument(help="The archive that `images save` wrote.", dir_okay=False)]) -> None:
    """Give this machine's Engine the images of an archive; `docker-course setup` then needs no network."""
    from autograder.cli.progress import Steps
    from autograder.host import ensure_engine
    from autograder.images import load_archive

    with Steps() as steps:
        client = ensure_engine(steps)
        steps(path.name, "loading it")
        names = load_archive(path, client)
        steps(path.name, f"{len(names)} images")
    typer.echo(f"Loaded {len(names)} images. Next: make setup")
