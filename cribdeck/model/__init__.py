"""The records that pass from stage to stage: `SourceFile → Document → Section → Card | Comparison | Gap`.

All are frozen and know their place.
"""

from cribdeck.model.blocks import (
    ACTIVE_MATH,
    IMAGE_ATTRIBUTE,
    LINE_ATTRIBUTE,
    LINK_ATTRIBUTE,
    Block,
    BlockKind,
    has_content,
    is_visible,
    plain_text,
)
from cribdeck.model.cards import Card, CardKind, Cell, Comparison, Gap, Row, Study
from cribdeck.model.sections import Directives, Document, Role, Section, Source, SourceFile

__all__ = [
    "ACTIVE_MATH",
    "IMAGE_ATTRIBUTE",
    "LINE_ATTRIBUTE",
    "LINK_ATTRIBUTE",
    "Block",
    "BlockKind",
    "Card",
    "CardKind",
    "Cell",
    "Comparison",
    "Directives",
    "Document",
    "Gap",
    "Role",
    "Row",
    "Section",
    "Source",
    "SourceFile",
    "Study",
    "has_content",
    "is_visible",
    "plain_text",
]
