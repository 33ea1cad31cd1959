"""What every command takes, and where it finds its folders."""

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cribdeck.diagnostics import visible
from cribdeck.errors import CribdeckError

if TYPE_CHECKING:
    from cribdeck.pipeline import Options

OUTPUTS = ("deck", "sheet", "preview")
ASKED_FOR = (*OUTPUTS, "cutouts")
FOLDER = click.Path(path_type=Path, file_okay=True)


def with_folders(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that every command takes, before its name or after it."""
    for option in (
        click.option("--notes", type=FOLDER, help="The folder of your Markdown notes.  [default: notes]"),
        click.option("--output", type=FOLDER, help="Where the outputs go.  [default: output]"),
        click.option("--templates", type=FOLDER, help="A folder with templates of your own."),
        click.option("--strict", is_flag=True, help="Warnings make the exit code 1 as well."),
        click.option("--format", "format_", type=click.Choice(["text", "json", "github"]), help="Of the diagnostics."),
        click.option("--all", "show_all", is_flag=True, help="Show every diagnostic, not five of a kind."),
    ):
        command = option(command)
    return command


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Say our own exceptions in two lines and exit with their code."""

    @functools.wraps(function)
    def run(*args: object, **kwargs: object) -> None:
        try:
            function(*args, **kwargs)
        except CribdeckError as error:
            complain(error)
            sys.exit(error.exit_code)

    return run


def options_of(context: click.Context, only: tuple[str, ...] = ()) -> "Options":
    """The folders, from the options, else beside build.py, else in the current folder."""
    from cribdeck.pipeline import Options

    root = context.obj if isinstance(context.obj, Path) else Path()
    return Options(
        notes=given(context, "notes") or root / "notes",
        output=given(context, "output") or root / "output",
        templates=given(context, "templates"),
        only=frozenset(only or OUTPUTS),
    )


def given(context: click.Context, name: str) -> Any:
    """An option as given after the command, else before it."""
    value = context.params.get(name)
    return value if value or not context.parent else context.parent.params.get(name)


def complain(error: CribdeckError) -> None:
    click.echo(visible(f"error: {error}"), err=True)
    if error.hint:
        click.echo(visible(f"  hint: {error.hint}"), err=True)
