"""What writers do to their notes, each act by chance and by itself; an act that says nothing new is refused."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from tests.identity.notebook import ASPECTS, SUBJECTS, Heading, Key, Notebook, Thing, clause, word

Item = TypeVar("Item")
_FRAMES = ("关于{}", "{}的要点", "{}（重点）", "{}(overview)", "2.1 {}", "{}：")


class Refused(Exception):
    """Nothing in the notebook can be edited in this way just now."""


class Spot(NamedTuple):
    """A heading in its place."""

    heading: Heading
    siblings: list[Heading]
    parent: Heading | None


Act = Callable[[Notebook, int, int], "Key | None"]
"""Edits a notebook; which of its things, and how, by two numbers. A card that is moved by itself is named."""


def spots(book: Notebook) -> Iterator[Spot]:
    """All headings that can be seen."""
    for headings in book.files.values():
        yield from _below(headings, None)


def _below(siblings: list[Heading], parent: Heading | None) -> Iterator[Spot]:
    for heading in siblings:
        if heading.is_there:
            yield Spot(heading, siblings, parent)
            yield from _below(heading.children, heading)


def _pick(items: Sequence[Item], at: int) -> Item:
    if not items:
        raise Refused
    return items[at % len(items)]


def _headings(book: Notebook) -> list[Heading]:
    return [spot.heading for spot in spots(book)]


def _in_words(book: Notebook) -> list[Heading]:
    """Headings with a text of their own."""
    return [heading for heading in _headings(book) if heading.text and not heading.is_table]


def _compared(book: Notebook) -> list[Heading]:
    return [heading for heading in _headings(book) if heading.subjects]


def _plain(book: Notebook) -> list[Heading]:
    """Headings that may have headings below them."""
    return [heading for heading in _headings(book) if not heading.subjects and not heading.cells]


def _named(heading: Heading | None, wanted: str, key: int) -> str:
    """A name that nothing below a heading ever had."""
    if heading is None:
        return wanted
    taken = heading.used | {heading.name}
    name = wanted if wanted not in taken else f"{wanted}{key}"
    if name in taken:
        raise Refused
    heading.used.add(name)
    return name


def _text(key: int, length: int) -> list[str]:
    return [clause(key, nth) for nth in range(length)]


def _phrase(book: Notebook, heading: Heading) -> Thing:
    key = book.new_key()
    name = _named(heading, word("phrase", key) + word(key), key)
    return Thing(key, name, [f"{word(key, 5)}由□{word(key, 6)}{word(key, 7)}"])


def _term(book: Notebook, heading: Heading) -> Thing:
    key = book.new_key()
    return Thing(key, _named(heading, word("term", key), key), [clause(key, "meaning"), clause(key, "again")])


def _row(book: Notebook, heading: Heading, at: int) -> Heading:
    key = book.new_key()
    name = _named(heading, ASPECTS[at % len(ASPECTS)], key)
    return Heading(key, name, cells={subject.key: _cell(key, subject.key) for subject in heading.subjects})


def _cell(*seed: int) -> str:
    return f"{word(*seed, 1)}{word(*seed, 2)}{word(*seed, 3) if sum(seed) % 2 else ''}"


def write_section(book: Notebook, at: int, how: int) -> Key | None:
    """A new section: text, perhaps with phrases and terms, or sub-headings, or a comparison, or nothing yet."""
    key = book.new_key()
    kind = how % 7
    heading = Heading(key, f"{word(key)}之{key}", _text(key, 5) if kind not in (3, 6) else [])
    if kind == 1:
        heading.phrases = [_phrase(book, heading) for _ in range(2)]
    elif kind == 2:
        heading.terms = [_term(book, heading) for _ in range(1 + at % 2)]
    elif kind in (3, 4):
        heading.children = [_section_below(book, heading, at + nth) for nth in range(2 + how % 2)]
    elif kind >= 5:
        heading.is_named, heading.is_table = kind == 6, True
        heading.subjects = [Thing(book.new_key(), SUBJECTS[(at + 3 * nth) % len(SUBJECTS)]) for nth in range(2)]
        heading.children = [_row(book, heading, at + 5 * nth) for nth in range(3)]
    headings = book.files[_pick(sorted(book.files), how)]
    headings.insert(at % (len(headings) + 1), heading)
    return None


def _section_below(book: Notebook, heading: Heading, at: int) -> Heading:
    key = book.new_key()
    return Heading(key, _named(heading, ASPECTS[at % len(ASPECTS)], key), _text(key, 4))


def write_section_below(book: Notebook, at: int, how: int) -> Key | None:
    heading = _pick(_plain(book), at)
    heading.children.insert(how % (len(heading.children) + 1), _section_below(book, heading, how))
    return None


def reword(book: Notebook, at: int, how: int) -> Key | None:
    """Another heading over the same text; where there is little text, much of the heading stays."""
    heading, _, parent = _pick([spot for spot in spots(book) if not spot.heading.is_named], at)
    if len(heading.text) >= 4 and how % 2:
        name = f"怎样理解{word(how)}{book.new_key()}？"
    else:
        name = _FRAMES[how % len(_FRAMES)].format(heading.name)
    heading.name = _named(parent, name, heading.key)
    return None


def rewrite(book: Notebook, at: int, how: int) -> Key | None:
    heading = _pick([heading for heading in _in_words(book) if len(heading.text) >= 4], at)
    heading.text[how % len(heading.text)] = clause("rewritten", book.new_key())
    return None


def move(book: Notebook, at: int, how: int) -> Key | None:
    """A section with all that is below it, to anywhere."""
    heading, siblings, parent = _pick([spot for spot in spots(book) if not spot.heading.cells], at)
    below = {id(spot.heading) for spot in _below([heading], None)}
    parents = [
        other for other in _plain(book) if id(other) not in below and heading.name not in other.used | {other.name}
    ]
    if parent is None:
        there = book.files[_pick(sorted(book.files), how)]
    else:
        target = _pick([parent, *parents], how)
        target.used.add(heading.name)
        there = target.children
    siblings.remove(heading)
    there.insert(how % (len(there) + 1), heading)
    return ("heading", heading.key, 0)


def reorder(book: Notebook, at: int, how: int) -> Key | None:
    """Rows, sub-headings and sections change places with their neighbours."""
    heading, siblings, _ = _pick(list(spots(book)), at)
    siblings.remove(heading)
    siblings.insert(how % (len(siblings) + 1), heading)
    return None


def _things(book: Notebook, *, there: bool) -> list[tuple[Thing, Heading | None]]:
    """What can be deleted, or brought back, and what it stands in."""
    found: list[tuple[Thing, Heading | None]] = [
        (heading, None) for headings in book.files.values() for heading in headings
    ]
    for heading in _headings(book):
        inside = [
            *heading.children,
            *heading.subjects,
            *(() if heading.is_table else (*heading.phrases, *heading.terms)),
        ]
        found += [(thing, heading) for thing in inside]
    return [(thing, heading) for thing, heading in found if thing.is_there is there]


def delete(book: Notebook, at: int, _how: int) -> Key | None:
    thing, heading = _pick(_things(book, there=True), at)
    thing.is_there = False
    if heading and heading.subjects and min(len(heading.below), len(heading.compared)) < 2:
        raise Refused
    return None


def bring_back(book: Notebook, at: int, _how: int) -> Key | None:
    thing, _ = _pick(_things(book, there=False), at)
    thing.is_there = True
    return None


def rename_file(book: Notebook, at: int, how: int) -> Key | None:
    file = _pick(sorted(book.files), at)
    name = f"{word(how)}{book.new_key()}.md"
    book.files = {name if other == file else other: headings for other, headings in book.files.items()}
    if file in book.numbered:
        book.numbered.add(name)
    return None


def split_file(book: Notebook, at: int, _how: int) -> Key | None:
    file = _pick([file for file, headings in sorted(book.files.items()) if len(headings) >= 2], at)
    headings = book.files[file]
    half = len(headings) // 2
    book.files[file], book.files[f"分/{book.new_key()}.md"] = headings[:half], headings[half:]
    book.torn.add(file)
    return None


def merge_files(book: Notebook, at: int, how: int) -> Key | None:
    one = _pick(sorted(book.files), at)
    other = _pick(sorted({*book.files} - {one}), how)
    book.files[one] += book.files.pop(other)
    return None


def number_file(book: Notebook, at: int, _how: int) -> Key | None:
    book.numbered ^= {_pick(sorted(book.files), at)}
    return None


def add_row(book: Notebook, at: int, how: int) -> Key | None:
    heading = _pick(_compared(book), at)
    heading.children.insert(how % (len(heading.children) + 1), _row(book, heading, how))
    return None


def add_column(book: Notebook, at: int, how: int) -> Key | None:
    heading = _pick(_compared(book), at)
    names = {subject.name for subject in heading.subjects}
    subject = Thing(book.new_key(), _pick([name for name in SUBJECTS if name not in names], how))
    heading.subjects.insert(1 + how % len(heading.subjects), subject)
    for row in heading.children:
        row.cells[subject.key] = _cell(row.key, subject.key)
    return None


def swap_subjects(book: Notebook, at: int, how: int) -> Key | None:
    heading = _pick(_compared(book), at)
    turn = 1 + how % (len(heading.subjects) - 1)
    heading.subjects = heading.subjects[turn:] + heading.subjects[:turn]
    return None


def reword_cell(book: Notebook, at: int, how: int) -> Key | None:
    heading = _pick(_compared(book), at)
    row, subject = _pick(heading.below, how), _pick(heading.compared, how + at)
    row.cells[subject.key] = _cell(book.new_key(), 0)
    return None


def turn_table_and_headings(book: Notebook, at: int, _how: int) -> Key | None:
    heading = _pick([heading for heading in _compared(book) if not heading.is_named], at)
    heading.is_table = not heading.is_table
    return None


def add_phrase(book: Notebook, at: int, how: int) -> Key | None:
    """Few enough that the whole text is still asked for backwards."""
    heading = _pick([heading for heading in _in_words(book) if len(heading.phrases) < 2], at)
    heading.phrases.insert(how % (len(heading.phrases) + 1), _phrase(book, heading))
    return None


def reword_phrase(book: Notebook, at: int, how: int) -> Key | None:
    """Another word between the same ones."""
    heading = _pick([heading for heading in _in_words(book) if heading.phrases], at)
    phrase = _pick(heading.phrases, how)
    phrase.name = _named(heading, word("reworded", book.keys) + word(how), book.new_key())
    return None


def rewrite_around_phrase(book: Notebook, at: int, how: int) -> Key | None:
    phrase = _pick(_pick([heading for heading in _in_words(book) if heading.phrases], at).phrases, how)
    phrase.text = [f"{clause('around', book.new_key())}的□"]
    return None


def add_term(book: Notebook, at: int, how: int) -> Key | None:
    plain = [heading for heading in _in_words(book) if not heading.subjects]
    heading = _pick([heading for heading in plain if len(heading.terms) < 3], at)
    heading.terms.insert(how % (len(heading.terms) + 1), _term(book, heading))
    return None


def reword_term(book: Notebook, at: int, how: int) -> Key | None:
    heading = _pick([heading for heading in _in_words(book) if heading.terms], at)
    term = _pick(heading.terms, how)
    term.name = _named(heading, _FRAMES[how % 4].format(term.name), book.new_key())
    return None


def rewrite_term(book: Notebook, at: int, how: int) -> Key | None:
    term = _pick(_pick([heading for heading in _in_words(book) if heading.terms], at).terms, how)
    term.text[how % 2] = clause("meaning", book.new_key())
    return None


def empty_or_answer(book: Notebook, at: int, _how: int) -> Key | None:
    """An open question gets an answer, or an answer is deleted and the question stays."""
    plain = [heading for heading in _plain(book) if not (heading.phrases or heading.terms)]
    heading = _pick(plain, at)
    heading.text = [] if heading.text else _text(heading.key, 5)
    return None


ACTS: tuple[Act, ...] = (
    write_section,
    write_section_below,
    reword,
    rewrite,
    move,
    reorder,
    delete,
    bring_back,
    rename_file,
    split_file,
    merge_files,
    number_file,
    add_row,
    add_column,
    swap_subjects,
    reword_cell,
    turn_table_and_headings,
    add_phrase,
    reword_phrase,
    rewrite_around_phrase,
    add_term,
    reword_term,
    rewrite_term,
    empty_or_answer,
)
