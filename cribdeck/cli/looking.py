"""Commands that look at the notes and write nothing."""

import shutil
import sys
import time

import click

from cribdeck.cli.arguments import command, options_of, with_folders
from cribdeck.cli.printing import exit_for, print_diagnostics
from cribdeck.examples import examples


@click.command(epilog=examples("check"))
@with_folders
@click.option("--quality", is_flag=True, help="Also what makes cards hard to learn: too long, or asked twice.")
@click.pass_context
@command
def check(context: click.Context, *, quality: bool, **_: object) -> None:
    """Print what there is to mend in the notes; write nothing."""
    from cribdeck.pipeline.reading import judged, read

    reading = read(options_of(context))
    diagnostics = judged(reading) if quality else reading.diagnostics
    print_diagnostics(context, diagnostics, stream=sys.stdout)
    exit_for(context, diagnostics)


@click.command(epilog=examples("plan"))
@with_folders
@click.pass_context
@command
def plan(context: click.Context, **_: object) -> None:
    """Print what a build would do to the deck; write nothing."""
    from cribdeck.pipeline.making import plan as make_plan
    from cribdeck.report import plan_text

    click.echo(plan_text(make_plan(options_of(context), now=int(time.time()))), nl=False)


@click.command(epilog=examples("cards"))
@with_folders
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@click.pass_context
@command
def cards(context: click.Context, *, as_json: bool, **_: object) -> None:
    """Print every card; write nothing."""
    from cribdeck.pipeline.reading import read
    from cribdeck.report import cards_json, cards_text

    reading = read(options_of(context))
    width = min(shutil.get_terminal_size((100, 24)).columns, 140)
    click.echo(cards_json(reading) if as_json else cards_text(reading, width=width), nl=False)


@click.command(epilog=examples("stats"))
@with_folders
@click.option("--json", "as_json", is_flag=True, help="As a JSON object.")
@click.pass_context
@command
def stats(context: click.Context, *, as_json: bool, **_: object) -> None:
    """Count cards, answers and open questions; write nothing."""
    from cribdeck.pipeline.reading import read
    from cribdeck.report import stats_report

    click.echo(stats_report(read(options_of(context)), as_json=as_json), nl=False)
