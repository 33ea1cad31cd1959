"""The command line. Results go to stdout, progress and diagnostics to stderr.

Heavy modules are imported by the commands that need them, so that `--help` and `check` answer at once.
"""

import click

from cribdeck import __version__
from cribdeck.cli.arguments import ASKED_FOR, command, with_folders
from cribdeck.cli.building import build_once, watch
from cribdeck.cli.keeping import init, link_, printed, reprint, retired, unlink
from cribdeck.cli.looking import cards, check, plan, stats
from cribdeck.examples import examples


@click.group(epilog=examples(), invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cribdeck")
@with_folders
@click.option("--only", type=click.Choice(ASKED_FOR), multiple=True, help="Build only this; may be given again.")
@click.option("--allow-retire", is_flag=True, help="Build though more than half of the deck would be gone.")
@click.pass_context
@command
def main(context: click.Context, only: tuple[str, ...], *, allow_retire: bool, **_: object) -> None:
    """Turn Markdown notes into an Anki deck, a printed sheet and a preview.

    Without a command everything is built: notes/ → output/deck.apkg, sheet.pdf, preview.html.
    """
    if context.invoked_subcommand is None:
        build_once(context, only, allow_retire=allow_retire)


for _one in (check, plan, cards, printed, reprint, link_, unlink, retired, stats, init, watch):
    main.add_command(_one)
