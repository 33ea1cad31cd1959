"""Building once, and whenever something is saved."""

import gc
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cribdeck.cli.arguments import ASKED_FOR, command, complain, options_of, with_folders
from cribdeck.cli.printing import exit_for, print_diagnostics
from cribdeck.errors import CribdeckError
from cribdeck.examples import examples

if TYPE_CHECKING:
    from cribdeck.pipeline import Options, Report


@click.command(epilog=examples("watch"))
@with_folders
@click.option("--only", type=click.Choice(ASKED_FOR), multiple=True, help="Build only this; may be given again.")
@click.pass_context
@command
def watch(context: click.Context, only: tuple[str, ...], **_: object) -> None:
    """Build whenever a note, the settings or a template is saved, until Ctrl-C."""
    from cribdeck.watching import changes

    options = replace(options_of(context, only), live=True)
    click.echo(f"watching {options.notes}; Ctrl-C stops", err=True)
    try:
        for _change in changes(options):
            try:
                run_build(context, options, in_one_line=True)
            except CribdeckError as error:
                complain(error)
    except KeyboardInterrupt:
        click.echo("stopped", err=True)


def build_once(context: click.Context, only: tuple[str, ...], *, allow_retire: bool) -> None:
    report = run_build(context, replace(options_of(context, only), allow_retire=allow_retire))
    for failure in report.failures:
        complain(failure)
    if report.failures:
        sys.exit(max(failure.exit_code for failure in report.failures))
    exit_for(context, report.diagnostics)


def run_build(context: click.Context, options: "Options", *, in_one_line: bool = False) -> "Report":
    from cribdeck.pipeline import build
    from cribdeck.progress import progress_bar
    from cribdeck.report import changes_line, summary

    # What a build makes lives until its end and has no cycles worth looking for: looking takes a third of its time.
    gc.set_threshold(100_000, 50, 1_000)
    started = time.monotonic()
    with progress_bar(sys.stderr) as progress:
        report = build(options, progress=progress)
    seconds = time.monotonic() - started
    print_diagnostics(context, report.diagnostics, stream=sys.stderr)
    if in_one_line:
        click.echo(f"{time.strftime('%H:%M:%S')}  {changes_line(report.changes)}  {seconds:.1f} s")
    else:
        click.echo(summary(report, seconds=seconds), nl=False)
    return report
