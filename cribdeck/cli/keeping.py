"""Commands that change what is kept beside the notes, and the one that begins them."""

import time
from pathlib import Path
from typing import Literal

import click

from cribdeck.cli.arguments import FOLDER, command, options_of, with_folders
from cribdeck.examples import examples


@click.command(epilog=examples("printed"))
@with_folders
@click.pass_context
@command
def printed(context: click.Context, **_: object) -> None:
    """Remember that the sheet was printed, so that `reprint` knows what is on paper."""
    from cribdeck.paper import remember_printed

    click.echo(f"remembered {remember_printed(options_of(context))} pages")


@click.command(epilog=examples("reprint"))
@with_folders
@click.pass_context
@command
def reprint(context: click.Context, **_: object) -> None:
    """Build output/reprint.pdf: just the pages that changed since they were printed."""
    from cribdeck import paper

    click.echo(paper.reprint(options_of(context)).text, nl=False)


@click.command("link")
@with_folders
@click.argument("old")
@click.argument("new")
@click.pass_context
@command
def link_(context: click.Context, old: str, new: str, **_: object) -> None:
    """Tell that card NEW is the one that OLD was: it keeps OLD's history.

    Both are named by number or guid: OLD is a card that is gone (`retired` lists them), NEW one of the notes.
    """
    from cribdeck.mending import link_cards

    entry = link_cards(options_of(context), old, new, now=int(time.time()))
    click.echo(f"{entry.number} is “{entry.path[-1]}” in {entry.file}; the next build ships it")


@click.command()
@with_folders
@click.argument("guid")
@click.pass_context
@command
def unlink(context: click.Context, guid: str, **_: object) -> None:
    """Tell that card GUID (or number) is not the one it was taken for: it becomes a new card."""
    from cribdeck.mending import unlink_card

    entry = unlink_card(options_of(context), guid, now=int(time.time()))
    click.echo(f"“{entry.path[-1]}” in {entry.file} is a new card, {entry.number}; {guid} is gone")


@click.command()
@with_folders
@click.option("--forget", is_flag=True, help="Forget them: should one come back, it is a new card.")
@click.pass_context
@command
def retired(context: click.Context, *, forget: bool, **_: object) -> None:
    """Print the cards that are gone, and write output/retired.apkg, which tags their notes."""
    from cribdeck.mending import retire
    from cribdeck.report import retired_text

    click.echo(retired_text(retire(options_of(context), forgetting=forget)), nl=False)


@click.command(epilog=examples("init"))
@click.argument("folder", type=FOLDER, metavar="[DIR]", default=Path())
@click.option("--language", type=click.Choice(["zh", "en"]), help="Of the example.  [default: yours]")
@command
def init(folder: Path, language: Literal["zh", "en"] | None) -> None:
    """Make a folder to start from: two notes, and settings with every key explained."""
    from cribdeck.starting import language_of, start, users_locale

    for path in start(folder, language or language_of(users_locale())):
        click.echo(f"wrote  {path}")
    click.echo(f"now build it with --notes {folder / 'notes'} --output {folder / 'output'}")
