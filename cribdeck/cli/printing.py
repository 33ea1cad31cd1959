"""What goes to the terminal, and how a command ends."""

import sys
from typing import TYPE_CHECKING, TextIO

import click

from cribdeck.cli.arguments import given, options_of

if TYPE_CHECKING:
    from cribdeck.diagnostics import Diagnostic


def print_diagnostics(context: click.Context, diagnostics: "tuple[Diagnostic, ...]", *, stream: TextIO) -> None:
    from cribdeck.diagnostics import as_github, as_json, as_text

    root = str(options_of(context).notes)
    match given(context, "format_"):
        case "json":
            text = as_json(diagnostics, root=root)
        case "github":
            text = as_github(diagnostics, root=root)
        case _:
            text = as_text(diagnostics, root=root, fold=None if given(context, "show_all") else 5)
    click.echo(text, nl=False, file=stream)


def exit_for(context: click.Context, diagnostics: "tuple[Diagnostic, ...]") -> None:
    from cribdeck.diagnostics import is_failure

    if is_failure(diagnostics, strict=bool(given(context, "strict"))):
        sys.exit(1)
