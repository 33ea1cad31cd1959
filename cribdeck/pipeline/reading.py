"""The notes read, and every card recognised; nothing is rendered or written."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from msgspec.structs import replace as changed

from cribdeck.cache.store import Store
from cribdeck.cards import combined
from cribdeck.deck import make_deck
from cribdeck.deck.reading import UnreadablePackage, known_notes, read_package
from cribdeck.diagnostics import Code, Diagnostic, Place, in_order, without
from cribdeck.errors import DeckUnreadable
from cribdeck.ledger import (
    Built,
    Doubt,
    Identity,
    Ledger,
    Shipped,
    adopt,
    identify,
    read_ledger,
    recognise_entries,
)
from cribdeck.model import Study
from cribdeck.pipeline.harvest import imprint_in
from cribdeck.pipeline.inputs import Inputs, take_inputs
from cribdeck.pipeline.library import Library
from cribdeck.pipeline.options import Options, Progress
from cribdeck.pipeline.pictures import Pictures
from cribdeck.pipeline.questions import answered_elsewhere
from cribdeck.pipeline.units import Unit
from cribdeck.quality import judge
from cribdeck.references import repeated_ids, resolve
from cribdeck.rendering import Edition, Imprint, guess_language
from cribdeck.settings import Settings


@dataclass(frozen=True)
class Reading:
    """The notes as read, before anything is rendered or written.

    Attributes:
        units: One a note, without those that gave nothing.
        links: See `Study.links`.
        diagnostics: In order, without those that the settings silence.
        identities: One a card, in the order of the units.
        unread: Files that gave nothing this time.
        adopted: The ledger was missing and was made again from the last deck, in which so many of the cards were found.
    """

    inputs: Inputs
    library: Library
    pictures: Pictures
    units: tuple[Unit, ...]
    links: Mapping[tuple[str, str], Place]
    diagnostics: tuple[Diagnostic, ...]
    ledger: Ledger
    identities: tuple[Identity, ...]
    unread: frozenset[str]
    doubts: tuple[Doubt, ...] = ()
    adopted: int | None = None

    @property
    def options(self) -> Options:
        """What was asked for."""
        return self.inputs.options

    @property
    def settings(self) -> Settings:
        """What the notes folder says."""
        return self.inputs.settings

    @cached_property
    def study(self) -> Study:
        """All of the notes: what a deck alone does not need is parsed now."""
        lessons = [self.library.lesson(unit.file) for unit in self.units]
        return changed(combined(lessons), diagnostics=self.diagnostics)

    @cached_property
    def imprint(self) -> Imprint:
        """What is the same on every card and page."""
        language = self.settings.language or guess_language(unit.script for unit in self.units)
        return imprint_in(self.inputs, language)

    def built(self, shipped_cards: Sequence[Shipped] | None) -> Built:
        """What the ledger is to remember."""
        entries = [entry for unit in self.units for entry in unit.entries]
        return Built(entries, self.identities, shipped_cards, self.unread)

    def edition(self) -> Edition:
        """What the writers are given."""
        imprint = self.imprint
        return Edition(
            study=self.study,
            identities=self.identities,
            settings=imprint.settings,
            labels=imprint.labels,
            templates=imprint.templates,
            name=imprint.name,
            read_media=self.pictures.read,
        )


def read(options: Options) -> Reading:
    """Read the notes and find out who is who; writes nothing, but knows what builds have left.

    Raises:
        CribdeckError: The folder, the settings or the ledger stop the build.
    """
    inputs = take_inputs(options)
    with Store(options.store, is_read_only=True) as store:
        return understand(inputs, Library(inputs, store))


def understand(inputs: Inputs, library: Library, progress: Progress = lambda *_: None) -> Reading:
    """Parse what is not known yet of what was read, and find out who is who."""
    options, settings = inputs.options, inputs.settings
    ledger = read_ledger(options.ledger)
    units, problems = library.units(progress)
    outlines = [unit.outline for unit in units]
    links, unresolved = resolve(outlines)
    # By the names of the files, not in the order in which a folder reads.
    asked = answered_elsewhere([unit.questions for unit in sorted(units, key=lambda unit: unit.file)], library)
    found = [d for unit in units for d in unit.diagnostics]
    found += [*inputs.left_out, *problems, *unresolved, *repeated_ids(outlines), *asked]
    reading = Reading(
        inputs=inputs,
        library=library,
        pictures=Pictures(options.notes),
        units=tuple(units),
        links=links,
        diagnostics=without(in_order(found), settings.ignore),
        ledger=ledger or _begun(),
        identities=(),
        unread=_unread(problems, found),
    )
    if ledger is None and options.deck.exists():
        reading = _adopting(reading)
    who = recognise_entries([entry for unit in units for entry in unit.entries], reading.ledger)
    return replace(reading, identities=who.identities, doubts=who.doubts)


def _unread(problems: Sequence[Diagnostic], found: Sequence[Diagnostic]) -> frozenset[str]:
    """Files whose cards may be there and were not seen: those of a section that was left out as well."""
    left_out = [each for each in found if each.code is Code.SECTION_FAILED]
    return frozenset(each.place.file for each in (*problems, *left_out))


def _begun() -> Ledger:
    # A first ledger's salt is chance, so that two users' decks don't share guids; it is kept from then on.
    return Ledger(os.urandom(8).hex())


def _adopting(reading: Reading) -> Reading:
    """The reading with a ledger that is made from the last deck, where the ledger itself is missing."""
    path = reading.options.deck
    try:
        package = read_package(path.read_bytes())
    except (OSError, UnreadablePackage) as error:
        raise DeckUnreadable(path, str(error)) from error
    cards, ledger = reading.study.cards, reading.ledger
    provisional = replace(reading, identities=identify(cards, ledger))
    rendered = known_notes(make_deck(provisional.edition()))
    now = max(package.mods.values(), default=0)
    ledger = adopt(cards, rendered, (package.known(), package.styles), salt=ledger.salt, now=now)
    found = sum(not entry.retired for entry in ledger.entries.values())
    return replace(reading, ledger=ledger, adopted=found)


def judged(reading: Reading) -> tuple[Diagnostic, ...]:
    """The diagnostics of a reading, and beside them what makes its cards hard to learn."""
    found = in_order([*reading.diagnostics, *judge(reading.study)])
    return without(found, reading.settings.ignore)
