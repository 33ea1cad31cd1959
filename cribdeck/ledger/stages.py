"""The stages of matching, from certain to likely. Each sees only what the ones before it left open."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import product
from types import MappingProxyType

from msgspec.structs import replace as changed

from cribdeck.ledger.fingerprints import TELLING, parsed, shared
from cribdeck.ledger.likely import take_likely
from cribdeck.ledger.matching import Key, Matching
from cribdeck.ledger.moves import Parent, Scores, homes, kinship, moved_headings, parents_of
from cribdeck.ledger.records import Entry
from cribdeck.ledger.spelling import bare, loose
from cribdeck.model import CardKind

Spelling = Callable[[str], str]
_CROWD = 400
Home = Callable[[str], str]


def match_certain(matching: Matching) -> Home:
    """Match what stands where it stood, was moved as it is, or was respelled only.

    Returns:
        Where each file of the ledger is now.
    """
    if any(entry.id for entry in matching.new):
        matching.join(_id)
    matching.take_unchanged_files()
    matching.join(lambda entry: (entry.kind, entry.file, entry.path), in_order=True)
    matching.join(lambda entry: (entry.file, entry.path), in_order=True)
    if not matching.free_new():
        # Most builds: nothing was moved, so that there is nothing to be found out about it.
        return _exact
    kin = kinship(matching)
    matching.join(_path_and_answer, nearness=lambda one, other: kin.get((one, other), 0.0))
    _same_parent(matching, (_exact,))
    kin = kinship(matching)
    home = homes(matching, kin)
    for spelled in (_exact, loose, bare):
        _same_place(matching, home, spelled)
    _same_answer(matching, home, kin)
    for _ in range(2):
        _same_parent(matching)
    _same_children(matching)
    return home


def match_likely(matching: Matching, home: Home, headings: Mapping[Parent, Parent] = MappingProxyType({})) -> None:
    """Match what was reworded or rewritten, where question, answer and place together say that it is the same.

    `headings`: where they are now, as far as it is known from elsewhere.
    """
    if matching.free_new():
        take_likely(matching, home, headings)
        _same_parent(matching)


def match_retired(matching: Matching) -> None:
    """Match cards that come back: to their place, or with the same question and answer elsewhere."""
    matching.join(_id)
    for spelled in (_exact, loose):
        _same_place(matching, lambda file: file, spelled)
    matching.join(lambda entry: (_name(entry), _whole(entry)) if _whole(entry) else None)


def match_parts(matching: Matching, sections: Mapping[Parent, Parent]) -> None:
    """Match cards of one kind that sections give beside their question: terms, clozes.

    Args:
        matching: Of cards whose path ends in their part.
        sections: Where the sections that they are parts of are now.
    """
    matching.join(lambda entry: (entry.file, entry.path), in_order=True)
    for spelled in (_exact, loose, bare):

        def old_key(entry: Entry, spelled: Spelling = spelled) -> Hashable | None:
            section = sections.get((entry.file, entry.path[:-1]))
            return section and (section, spelled(entry.path[-1]))

        def new_key(entry: Entry, spelled: Spelling = spelled) -> Hashable:
            return (entry.file, entry.path[:-1]), spelled(entry.path[-1])

        matching.join(old_key, new_key)
    _same_answer_below(matching, sections)
    match_likely(matching, match_certain(matching), sections)


def match_reversed(matching: Matching, heads: Matching) -> None:
    """Match cards that ask for their heading: each is that heading's, whose own card says where it is now.

    Where the settings make no other card of a heading, it is looked for as a question would be.
    """
    moved = {(heads.old[at].file, heads.old[at].path): heads.new[to] for at, to in heads.new_of.items()}
    now = {section: (entry.file, entry.path) for section, entry in moved.items()}
    matching.join(lambda entry: now.get(_section(entry)), _section)
    told, taken = {(entry.file, entry.path) for entry in heads.old}, {*now.values()}
    olds = [at for at in matching.free_old() if _section(matching.old[at]) not in told]
    news = [to for to in matching.free_new() if _section(matching.new[to]) not in taken]
    if olds and news:
        alone = Matching(
            [changed(matching.old[at], part="") for at in olds], [changed(matching.new[to], part="") for to in news]
        )
        match_likely(alone, match_certain(alone))
        for at, to in alone.new_of.items():
            matching.take(olds[at], news[to])


def _same_answer_below(matching: Matching, sections: Mapping[Parent, Parent]) -> None:
    """The same meaning of another term, or another phrase between the same words, in the same section."""

    def whole(entry: Entry) -> str:
        # What stands around a phrase tells it from the others of its text, however short it is.
        tells = entry.kind is CardKind.CLOZE or parsed(entry.answer).length >= TELLING
        return _whole(entry) if tells else ""

    def old_key(entry: Entry) -> Hashable | None:
        section = sections.get(_section(entry))
        return (section, whole(entry)) if section and whole(entry) else None

    matching.join(old_key, lambda entry: (_section(entry), whole(entry)) if whole(entry) else None)


def _exact(key: str) -> str:
    return key


def _same_place(matching: Matching, home: Home, spelled: Spelling) -> None:
    """The same headings in the same file, wherever that is now."""
    matching.join(
        lambda entry: (home(entry.file), tuple(map(spelled, entry.path))),
        lambda entry: (entry.file, tuple(map(spelled, entry.path))),
    )


def _same_answer(matching: Matching, home: Home, kin: Scores) -> None:
    """Equal answers; where several are equal, told apart by their headings, then by their files."""

    def with_(*further: Key) -> Key:
        def key(entry: Entry) -> Hashable | None:
            answer = parsed(entry.answer)
            return None if answer.length < TELLING else (answer.whole, *(part(entry) for part in further))

        return key

    def nearness(one: str, other: str) -> float:
        return kin.get((one, other), 0.0)

    matching.join(with_(_name, _above, lambda entry: home(entry.file)), with_(_name, _above, _file))
    matching.join(with_(_name, lambda entry: home(entry.file)), with_(_name, _file))
    _same_name_like_answer(matching, home)
    matching.join(with_(_name, _above), nearness=nearness)
    matching.join(with_(_name), nearness=nearness)
    _same_name_like_answer(matching)
    matching.join(_unless_list(with_(lambda entry: home(entry.file))), _unless_list(with_(_file)))


def _unless_list(key: Key) -> Key:
    """What an overview lists are sub-headings: sections made to one pattern have the same."""
    return lambda entry: None if parsed(entry.answer).is_list else key(entry)


def _same_name_like_answer(matching: Matching, home: Home | None = None) -> None:
    """The same heading with much of the same answer: better than the whole answer under another heading, a copy.

    Args:
        matching: To be extended.
        home: Where files are now, if only those are to be looked at.
    """
    old_key: Key = _name if home is None else lambda entry: (home(entry.file), _name(entry))
    new_key: Key = _name if home is None else lambda entry: (entry.file, _name(entry))
    for olds, news in list(matching.groups(old_key, new_key)):
        if len(olds) * len(news) <= _CROWD:
            pairs = product(olds, news)
            matching.best(
                ((at, to, shared(matching.old_print(at), matching.new_print(to))) for at, to in pairs), least=0.4
            )


def _section(entry: Entry) -> Parent:
    """The heading that a card of a part belongs to."""
    return entry.file, entry.path[:-1]


def _whole(entry: Entry) -> str:
    return parsed(entry.answer).whole


def _path_and_answer(entry: Entry) -> Hashable | None:
    return (entry.path, entry.answer) if parsed(entry.answer).length >= TELLING else None


def _id(entry: Entry) -> Hashable | None:
    return (entry.id, entry.part) if entry.id else None


def _name(entry: Entry) -> str:
    return bare(entry.path[-1])


def _above(entry: Entry) -> str:
    return bare(entry.path[-2]) if len(entry.path) > 1 else ""


def _file(entry: Entry) -> str:
    return entry.file


def _same_children(matching: Matching) -> None:
    """Headings over the same cards: of the same name whatever their own text has become, or the other way round."""
    free = [matching.old[at] for at in matching.free_old()]
    now = moved_headings(matching, ((entry.file, entry.path) for entry in free))

    def own_text(entry: Entry) -> str:
        return "" if parsed(entry.answer).is_list else _whole(entry)

    for own in (_name, own_text):

        def old_key(entry: Entry, own: Callable[[Entry], str] = own) -> Hashable | None:
            place, tells = now.get((entry.file, entry.path)), own(entry)
            return (place, tells) if place and tells else None

        def new_key(entry: Entry, own: Callable[[Entry], str] = own) -> Hashable | None:
            return ((entry.file, entry.path), own(entry)) if own(entry) else None

        matching.join(old_key, new_key)


def _same_parent(matching: Matching, spellings: Sequence[Spelling] = ()) -> None:
    """Headings of the same name under headings that are known to be the same."""
    parents = moved_headings(matching, parents_of(map(matching.old.__getitem__, matching.free_old())))
    for spelled in spellings or (_exact, loose, bare):

        def old_key(entry: Entry, spelled: Spelling = spelled) -> Hashable | None:
            parent = parents.get((entry.file, entry.path[:-1]))
            return parent and (parent, spelled(entry.path[-1]))

        def new_key(entry: Entry, spelled: Spelling = spelled) -> Hashable:
            return (entry.file, entry.path[:-1]), spelled(entry.path[-1])

        matching.join(old_key, new_key)
