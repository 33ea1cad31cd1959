"""The command line. Results go to stdout, progress and diagnostics to stderr.

Heavy modules are imported by the commands that need them, so that `--help` and `check` answer at once.
"""

import functools
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

import click

from cribdeck import __version__
from cribdeck.errors import CribdeckError
from cribdeck.examples import examples

if TYPE_CHECKING:
    from cribdeck.diagnostics import Diagnostic
    from cribdeck.pipeline import Options, Report

_OUTPUTS = ("deck", "sheet", "preview")
_ASKED_FOR = (*_OUTPUTS, "cutouts")
_FOLDER = click.Path(path_type=Path, file_okay=True)


def _with_folders(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that every command takes, before its name or after it."""
    for option in (
        click.option("--notes", type=_FOLDER, help="The folder of your Markdown notes.  [default: notes]"),
        click.option("--output", type=_FOLDER, help="Where the outputs go.  [default: output]"),
        click.option("--templates", type=_FOLDER, help="A folder with templates of your own."),
        click.option("--strict", is_flag=True, help="Warnings make the exit code 1 as well."),
        click.option("--format", "format_", type=click.Choice(["text", "json", "github"]), help="Of the diagnostics."),
        click.option("--all", "show_all", is_flag=True, help="Show every diagnostic, not five of a kind."),
    ):
        command = option(command)
    return command


def _command(function: Callable[..., None]) -> Callable[..., None]:
    """Say our own exceptions in two lines and exit with their code."""

    @functools.wraps(function)
    def run(*args: object, **kwargs: object) -> None:
        try:
            function(*args, **kwargs)
        except CribdeckError as error:
            _complain(error)
            sys.exit(error.exit_code)

    return run


@click.group(epilog=examples(), invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cribdeck")
@_with_folders
@click.option("--only", type=click.Choice(_ASKED_FOR), multiple=True, help="Build only this; may be given again.")
@click.option("--allow-retire", is_flag=True, help="Build though more than half of the deck would be gone.")
@click.pass_context
@_command
def main(context: click.Context, only: tuple[str, ...], *, allow_retire: bool, **_: object) -> None:
    """Turn Markdown notes into an Anki deck, a printed sheet and a preview.

    Without a command everything is built: notes/ → output/deck.apkg, sheet.pdf, preview.html.
    """
    if context.invoked_subcommand is None:
        _build(context, only, allow_retire=allow_retire)


@main.command(epilog=examples("check"))
@_with_folders
@click.option("--quality", is_flag=True, help="Also what makes cards hard to learn: too long, or asked twice.")
@click.pass_context
@_command
def check(context: click.Context, *, quality: bool, **_: object) -> None:
    """Print what there is to mend in the notes; write nothing."""
    from cribdeck.pipeline import judged, read

    reading = read(_options(context))
    diagnostics = judged(reading) if quality else reading.study.diagnostics
    _print_diagnostics(context, diagnostics, stream=sys.stdout)
    _exit_for(context, diagnostics)


@main.command(epilog=examples("plan"))
@_with_folders
@click.pass_context
@_command
def plan(context: click.Context, **_: object) -> None:
    """Print what a build would do to the deck; write nothing."""
    from cribdeck.pipeline import plan as make_plan
    from cribdeck.report import plan_text

    report = make_plan(_options(context), now=int(time.time()))
    click.echo(plan_text(report.changes), nl=False)


@main.command(epilog=examples("cards"))
@_with_folders
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@click.pass_context
@_command
def cards(context: click.Context, *, as_json: bool, **_: object) -> None:
    """Print every card; write nothing."""
    from cribdeck.pipeline import read
    from cribdeck.report import cards_json, cards_text

    reading = read(_options(context))
    width = min(shutil.get_terminal_size((100, 24)).columns, 140)
    click.echo(cards_json(reading) if as_json else cards_text(reading, width=width), nl=False)


@main.command(epilog=examples("printed"))
@_with_folders
@click.pass_context
@_command
def printed(context: click.Context, **_: object) -> None:
    """Remember that the sheet was printed, so that `reprint` knows what is on paper."""
    from cribdeck.paper import remember_printed

    click.echo(f"remembered {remember_printed(_options(context))} pages")


@main.command(epilog=examples("reprint"))
@_with_folders
@click.pass_context
@_command
def reprint(context: click.Context, **_: object) -> None:
    """Build output/reprint.pdf: just the pages that changed since they were printed."""
    from cribdeck import paper

    click.echo(paper.reprint(_options(context)).text, nl=False)


@main.command("link")
@_with_folders
@click.argument("old")
@click.argument("new")
@click.pass_context
@_command
def link_(context: click.Context, old: str, new: str, **_: object) -> None:
    """Tell that card NEW is the one that OLD was: it keeps OLD's history.

    Both are named by number or guid: OLD is a card that is gone (`retired` lists them), NEW one of the notes.
    """
    from cribdeck.mending import link_cards

    entry = link_cards(_options(context), old, new, now=int(time.time()))
    click.echo(f"{entry.number} is “{entry.path[-1]}” in {entry.file}; the next build ships it")


@main.command()
@_with_folders
@click.argument("guid")
@click.pass_context
@_command
def unlink(context: click.Context, guid: str, **_: object) -> None:
    """Tell that card GUID (or number) is not the one it was taken for: it becomes a new card."""
    from cribdeck.mending import unlink_card

    entry = unlink_card(_options(context), guid, now=int(time.time()))
    click.echo(f"“{entry.path[-1]}” in {entry.file} is a new card, {entry.number}; {guid} is gone")


@main.command()
@_with_folders
@click.option("--forget", is_flag=True, help="Forget them: should one come back, it is a new card.")
@click.pass_context
@_command
def retired(context: click.Context, *, forget: bool, **_: object) -> None:
    """Print the cards that are gone, and write output/retired.apkg, which tags their notes."""
    from cribdeck.mending import retire
    from cribdeck.report import retired_text

    click.echo(retired_text(retire(_options(context), forgetting=forget)), nl=False)


@main.command(epilog=examples("stats"))
@_with_folders
@click.option("--json", "as_json", is_flag=True, help="As a JSON object.")
@click.pass_context
@_command
def stats(context: click.Context, *, as_json: bool, **_: object) -> None:
    """Count cards, answers and open questions; write nothing."""
    from cribdeck.pipeline import read
    from cribdeck.report import stats_report

    click.echo(stats_report(read(_options(context)), as_json=as_json), nl=False)


@main.command(epilog=examples("init"))
@click.argument("folder", type=_FOLDER, metavar="[DIR]", default=Path())
@click.option("--language", type=click.Choice(["zh", "en"]), help="Of the example.  [default: yours]")
@_command
def init(folder: Path, language: Literal["zh", "en"] | None) -> None:
    """Make a folder to start from: two notes, and settings with every key explained."""
    from cribdeck.starting import language_of, start, users_locale

    for path in start(folder, language or language_of(users_locale())):
        click.echo(f"wrote  {path}")
    click.echo(f"now build it with --notes {folder / 'notes'} --output {folder / 'output'}")


@main.command(epilog=examples("watch"))
@_with_folders
@click.option("--only", type=click.Choice(_ASKED_FOR), multiple=True, help="Build only this; may be given again.")
@click.pass_context
@_command
def watch(context: click.Context, only: tuple[str, ...], **_: object) -> None:
    """Build whenever a note, the settings or a template is saved, until Ctrl-C."""
    from cribdeck.watching import changes

    options = replace(_options(context, only), live=True)
    click.echo(f"watching {options.notes}; Ctrl-C stops", err=True)
    try:
        for _change in changes(options):
            try:
                _run(context, options, in_one_line=True)
            except CribdeckError as error:
                _complain(error)
    except KeyboardInterrupt:
        click.echo("stopped", err=True)


def _build(context: click.Context, only: tuple[str, ...], *, allow_retire: bool) -> None:
    report = _run(context, replace(_options(context, only), allow_retire=allow_retire))
    for failure in report.failures:
        _complain(failure)
    if report.failures:
        sys.exit(max(failure.exit_code for failure in report.failures))
    _exit_for(context, report.diagnostics)


def _run(context: click.Context, options: "Options", *, in_one_line: bool = False) -> "Report":
    from cribdeck.pipeline import build
    from cribdeck.progress import progress_bar
    from cribdeck.report import changes_line, summary

    started = time.monotonic()
    with progress_bar(sys.stderr) as progress:
        report = build(options, progress=progress)
    seconds = time.monotonic() - started
    _print_diagnostics(context, report.diagnostics, stream=sys.stderr)
    if in_one_line:
        click.echo(f"{time.strftime('%H:%M:%S')}  {changes_line(report.changes)}  {seconds:.1f} s")
    else:
        click.echo(summary(report, seconds=seconds), nl=False)
    return report


def _options(context: click.Context, only: tuple[str, ...] = ()) -> "Options":
    """The folders, from the options, else beside build.py, else in the current folder."""
    from cribdeck.pipeline import Options

    root = context.obj if isinstance(context.obj, Path) else Path()
    return Options(
        notes=_given(context, "notes") or root / "notes",
        output=_given(context, "output") or root / "output",
        templates=_given(context, "templates"),
        only=frozenset(only or _OUTPUTS),
    )


def _given(context: click.Context, name: str) -> Any:
    """An option as given after the command, else before it."""
    value = context.params.get(name)
    return value if value or not context.parent else context.parent.params.get(name)


def _print_diagnostics(context: click.Context, diagnostics: "tuple[Diagnostic, ...]", *, stream: TextIO) -> None:
    from cribdeck.diagnostics import as_github, as_json, as_text

    root = str(_options(context).notes)
    match _given(context, "format_"):
        case "json":
            text = as_json(diagnostics, root=root)
        case "github":
            text = as_github(diagnostics, root=root)
        case _:
            text = as_text(diagnostics, root=root, fold=None if _given(context, "show_all") else 5)
    click.echo(text, nl=False, file=stream)


def _exit_for(context: click.Context, diagnostics: "tuple[Diagnostic, ...]") -> None:
    from cribdeck.diagnostics import is_failure

    if is_failure(diagnostics, strict=bool(_given(context, "strict"))):
        sys.exit(1)


def _complain(error: CribdeckError) -> None:
    click.echo(f"error: {error}", err=True)
    if error.hint:
        click.echo(f"  hint: {error.hint}", err=True)
