"""Building once, and whenever something is saved."""

import gc
import signal
import sys
import time
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from cribdeck.cli.arguments import ASKED_FOR, command, complain, options_of, with_folders
from cribdeck.cli.printing import exit_for, print_diagnostics
from cribdeck.errors import CribdeckError
from cribdeck.examples import examples

if TYPE_CHECKING:
    from cribdeck.pipeline import Options, Report, Session

_OFTEN = (10_000, 10, 10)
"""For Python's collector, as it is by itself from 3.12 on."""


@click.command(epilog=examples("watch"))
@with_folders
@click.option("--only", type=click.Choice(ASKED_FOR), multiple=True, help="Build only this; may be given again.")
@click.pass_context
@command
def watch(context: click.Context, only: tuple[str, ...], **_: object) -> None:
    """Build whenever a note, the settings or a template is saved, until Ctrl-C."""
    from cribdeck.pipeline import Session
    from cribdeck.watching import changes

    options = replace(options_of(context, only), live=True)
    click.echo(f"watching {options.notes}; Ctrl-C stops", err=True)
    signal.signal(signal.SIGTERM, _interrupt)
    gc.set_threshold(*_OFTEN)  # what is left of one build must not wait for hundreds of others
    with Session() as session:
        try:
            for _change in changes(options):
                _rebuild(context, options, session)
        except KeyboardInterrupt:
            # Whoever is impatient must not tear the end apart.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            click.echo("stopped", err=True)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _rebuild(context: click.Context, options: "Options", session: "Session") -> None:
    """Build in one line, whatever happens: the next save is the next try."""
    try:
        _run_in_one_line(context, options, session)
    except CribdeckError as error:
        complain(error)
    except Exception as error:  # noqa: BLE001 — a mistake of ours must not end the watch
        click.echo(f"error: {type(error).__name__}: {error}", err=True)


def _run_in_one_line(context: click.Context, options: "Options", session: "Session") -> None:
    from cribdeck.pipeline import build
    from cribdeck.report import changes_line

    started = time.monotonic()
    shown: list[float] = []

    def progress(what: str, *_: int) -> None:
        # Deck and page are written before anything is printed.
        if what in ("sheet", "cutouts"):
            shown.append(time.monotonic() - started)

    report = build(options, progress=progress, session=session)
    seconds = time.monotonic() - started
    print_diagnostics(context, report.diagnostics, stream=sys.stderr)
    for failure in report.failures:
        complain(failure)
    times = f"{shown[0]:.1f} s, printed {seconds:.1f} s" if shown else f"{seconds:.1f} s"
    click.echo(f"{time.strftime('%H:%M:%S')}  {changes_line(report.changes)}  {times}")


def build_once(context: click.Context, only: tuple[str, ...], *, allow_retire: bool) -> None:
    report = run_build(context, replace(options_of(context, only), allow_retire=allow_retire))
    for failure in report.failures:
        complain(failure)
    if report.failures:
        sys.exit(max(failure.exit_code for failure in report.failures))
    exit_for(context, report.diagnostics)


def run_build(context: click.Context, options: "Options") -> "Report":
    from cribdeck.pipeline import build
    from cribdeck.progress import progress_bar
    from cribdeck.report import summary

    started = time.monotonic()
    with progress_bar(sys.stderr) as progress:
        report = build(options, progress=progress)
    seconds = time.monotonic() - started
    print_diagnostics(context, report.diagnostics, stream=sys.stderr)
    click.echo(summary(report, seconds=seconds), nl=False)
    return report
