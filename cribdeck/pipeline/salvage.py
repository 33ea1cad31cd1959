"""A build that the writers broke: which sections did it, so that it can be done once more without them."""

from collections.abc import Callable

from msgspec.structs import replace

from cribdeck.cards import Lesson, combined
from cribdeck.deck import make_deck
from cribdeck.files import RawNote
from cribdeck.ledger import Ledger, identify
from cribdeck.pipeline.broken import without_broken
from cribdeck.pipeline.harvest import imprint_in, read_lesson
from cribdeck.pipeline.inputs import Inputs
from cribdeck.pipeline.pictures import Pictures
from cribdeck.rendering import Edition


def salvage(inputs: Inputs) -> Inputs:
    """The inputs without the sections that break a writer by themselves; the same where none does."""
    attempt = _written(inputs)
    found = [without_broken(note, attempt) if isinstance(note, RawNote) else (note, ()) for note in inputs.notes]
    left_out = tuple(each for _, told in found for each in told)
    return replace(inputs, notes=tuple(note for note, _ in found), left_out=left_out) if left_out else inputs


def _written(inputs: Inputs) -> Callable[[RawNote], object]:
    """Write one note alone, into nothing, with those writers that the build asks for."""

    def attempt(note: RawNote) -> None:
        lesson = read_lesson(note, inputs)
        if not isinstance(lesson, Lesson):
            return
        edition = _edition(lesson, inputs)
        make_deck(edition)
        if "sheet" in inputs.options.only:
            from cribdeck.sheet import sheet_html

            sheet_html(edition)
        if "preview" in inputs.options.only:
            from cribdeck.preview import Outcome, build_preview

            build_preview(edition, Outcome())

    return attempt


def _edition(lesson: Lesson, inputs: Inputs) -> Edition:
    imprint = imprint_in(inputs, inputs.settings.language or "zh")
    study = combined([lesson])
    return Edition(
        study=study,
        identities=identify(study.cards, Ledger("alone")),
        settings=imprint.settings,
        labels=imprint.labels,
        templates=imprint.templates,
        name=imprint.name,
        read_media=Pictures(inputs.options.notes).read,
    )
