"""Whether a build would do anything: everything it depends on is as the last one left it."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from cribdeck import cache
from cribdeck.diagnostics import Diagnostic
from cribdeck.pipeline.inputs import Inputs, contents, listings, program_key
from cribdeck.pipeline.options import Options
from cribdeck.pipeline.outcome import Counts, Report


class _Last(msgspec.Struct, frozen=True):
    """What the last build of the same outputs read, left and said.

    Attributes:
        key: `Inputs.key`.
        read: Digests of what else it read: templates, pictures.
        fonts: Digests of folders of fonts.
        left: Digests of the ledger and the outputs.
    """

    key: str
    read: dict[str, str]
    fonts: dict[str, str]
    left: dict[str, str]
    counts: Counts
    diagnostics: tuple[Diagnostic, ...]
    pages: dict[str, int]
    outputs: tuple[str, ...]


class Sources(msgspec.Struct, frozen=True):
    """What a build reads beside the notes: templates and pictures by content, fonts by the look of their folders."""

    templates: tuple[Path, ...]
    pictures: Mapping[Path, str]
    fonts: tuple[Path, ...] = ()


def unchanged(inputs: Inputs) -> Report | None:
    """What a build would report, where it would write nothing; else None."""
    last = _read(inputs.options)
    if last is None or last.key != inputs.key(program_key()).hex():
        return None
    for found, known in ((contents, last.left), (contents, last.read), (listings, last.fonts)):
        if found(map(Path, known)) != known:
            return None
    return Report(
        options=inputs.options,
        counts=last.counts,
        changes=(),
        diagnostics=last.diagnostics,
        pages=last.pages,
        kept=tuple(inputs.options.output / name for name in last.outputs),
    )


def remember(inputs: Inputs, report: Report, sources: Sources) -> None:
    """Remember a build for the next one, unless that would do something else with the same notes.

    One that failed in part may do better next time; a page that marks what changed is to mark nothing the next time.
    """
    if report.failures or ("preview" in inputs.options.only and report.changes):
        return
    outputs = (*report.written, *report.kept)
    last = _Last(
        key=inputs.key(program_key()).hex(),
        read={**contents(sources.templates), **{str(path): digest for path, digest in sources.pictures.items()}},
        fonts=listings(sources.fonts),
        left=contents([inputs.options.ledger, *outputs]),
        counts=report.counts,
        diagnostics=report.diagnostics,
        pages=dict(report.pages),
        outputs=tuple(path.name for path in outputs),
    )
    cache.save(_path(inputs.options), msgspec.json.encode(last))


def _path(options: Options) -> Path:
    return options.output / cache.FOLDER / f"last-{'-'.join(sorted(options.only))}.json"


def _read(options: Options) -> _Last | None:
    data = cache.load(_path(options))
    if data is None:
        return None
    try:
        return msgspec.json.decode(data, type=_Last)
    except msgspec.MsgspecError:
        return None
