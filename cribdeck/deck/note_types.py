"""The note types: what Anki knows of a card's form. Names, ids and order here must never change.

A field or template that is added, removed or reordered makes Anki stop updating the notes that are there ("update
note types" then only helps with the user's consent); one that is renamed under its stable `id` is renamed in place
(Anki 23.10 and later). Hence fixed ids, and spare fields at the end, to be renamed when they are needed.
"""

import functools
import re
from collections.abc import Mapping

import msgspec

from cribdeck.errors import TemplateError
from cribdeck.ledger import content_hash
from cribdeck.model import CardKind
from cribdeck.rendering import Templates, form_of

QUESTION = "Cribdeck Question"
COMPARISON = "Cribdeck Comparison"
CLOZE = "Cribdeck Cloze"

_SCRIPT = re.compile(r'<script src="([\w.-]+)"></script>')
_BASIC_FIELDS = (
    "Question",
    "Trail",
    "Answer",
    "Sources",
    "Number",
    "Related",
    "Language",
    "Items",
    "Extra 1",
    "Extra 2",
)
_CLOZE_FIELDS = (
    "Text",
    "Trail",
    "Extra",
    "Sources",
    "Number",
    "Related",
    "Language",
    "Extra 1",
    "Extra 2",
    "Extra 3",
)


class NoteType(msgspec.Struct, frozen=True):
    """A note type of one template.

    Attributes:
        id: Anki's id of the note type.
        fields: The first is never empty, and the front shows it.
        field_ids: One a field; 64 bits, signed.
        stem: Its templates are `anki/{stem}.front.html` and `anki/{stem}.back.html`.
    """

    name: str
    id: int
    fields: tuple[str, ...]
    field_ids: tuple[int, ...]
    template_id: int
    stem: str
    is_cloze: bool = False


NOTE_TYPES: Mapping[str, NoteType] = {
    note_type.name: note_type
    for note_type in (
        NoteType(
            name=QUESTION,
            id=1_911_926_840_312,
            fields=_BASIC_FIELDS,
            field_ids=(
                7_247_944_518_101_019_886,
                7_895_383_702_776_370_250,
                5_890_632_599_240_021_068,
                8_143_373_303_043_715_914,
                7_415_347_811_851_073_073,
                8_744_136_395_725_653_180,
                4_319_240_423_486_111_759,
                1_864_216_046_568_672_868,
                6_694_274_152_124_578_727,
                3_288_546_847_447_953_069,
            ),
            template_id=1_566_118_538_045_255_141,
            stem="question",
        ),
        NoteType(
            name=COMPARISON,
            id=1_606_602_892_040,
            fields=_BASIC_FIELDS,
            field_ids=(
                2_300_452_461_564_369_653,
                7_156_460_501_647_668_483,
                8_777_911_184_813_768_124,
                8_925_657_012_222_234_962,
                9_080_471_609_694_959_560,
                3_528_894_821_940_498_558,
                4_367_608_258_956_329_394,
                5_275_449_046_383_016_683,
                1_630_966_109_441_590_258,
                5_113_070_917_403_038_190,
            ),
            template_id=5_127_601_992_194_565_790,
            stem="comparison",
        ),
        NoteType(
            name=CLOZE,
            id=1_540_960_863_913,
            fields=_CLOZE_FIELDS,
            field_ids=(
                5_807_746_624_400_400_159,
                7_942_305_107_864_610_639,
                2_616_491_177_511_734_809,
                7_421_317_901_801_216_755,
                5_798_083_386_364_869_822,
                6_777_842_715_829_433_719,
                8_997_461_199_838_405_545,
                1_219_121_744_326_954_063,
                2_679_919_253_073_728_077,
                4_321_748_286_085_831_712,
            ),
            template_id=2_689_194_977_144_963_735,
            stem="cloze",
            is_cloze=True,
        ),
    )
}

_BY_FORM = {note_type.stem: note_type for note_type in NOTE_TYPES.values()}


@functools.cache
def note_type_for(kind: CardKind, known: str) -> NoteType:
    """The note type of a card: the one that it was once given, for a note can't change it by an import."""
    wanted = _BY_FORM[form_of(kind)]
    old = NOTE_TYPES.get(known)
    return old if old and old.is_cloze is wanted.is_cloze else wanted


class Style(msgspec.Struct, frozen=True):
    """How a note type looks, as Anki gets it.

    `listed` is what stands for the front in the columns of Anki's browser, where the front itself would show all
    that its style sheet hides; "" for the front as it is.
    """

    front: str
    back: str
    css: str
    listed: str


def styles_of(templates: Templates) -> dict[str, Style]:
    """The look of every note type, by its name. The templates are Anki's, `{{ }}` and all: none goes through Jinja.

    Raises:
        TemplateError: A template is missing, or a front does not show the note type's first field.
    """
    css = templates.text("theme.css") + "\n" + templates.text("anki/card.css")
    return {name: _style(templates, note_type, css) for name, note_type in NOTE_TYPES.items()}


def _style(templates: Templates, note_type: NoteType, css: str) -> Style:
    name = f"anki/{note_type.stem}.front.html"
    front = _with_scripts(templates, templates.text(name))
    # Anki refuses to show a card with an empty front, and the first field is the one that is never empty.
    shown = rf"\{{\{{(?:[^{{}}#^/]+:)?\s*{note_type.fields[0]}\s*\}}\}}"
    if not re.search(shown, front):
        raise TemplateError(name, f"does not show the field {{{{{note_type.fields[0]}}}}}")
    if note_type.is_cloze and f"{{{{cloze:{note_type.fields[0]}}}}}" not in front:
        raise TemplateError(name, f"does not show {{{{cloze:{note_type.fields[0]}}}}}")
    back = _with_scripts(templates, templates.text(f"anki/{note_type.stem}.back.html"))
    return Style(front, back, css, listed="" if note_type.is_cloze else f"{{{{{note_type.fields[0]}}}}}")


def _with_scripts(templates: Templates, template: str) -> str:
    """A template with the scripts that it names put in their place: a card can load none from beside it."""
    return _SCRIPT.sub(lambda found: f"<script>\n{templates.text('anki/' + found[1])}</script>", template)


def style_hashes(templates: Templates) -> dict[str, str]:
    """Note type name → hash of its templates, its CSS and its fields, by which a restyled one is known."""
    return {
        name: content_hash((style.front, style.back, style.css, style.listed, *NOTE_TYPES[name].fields))
        for name, style in styles_of(templates).items()
    }
