"""Rendering what deck, sheet and preview share: fragments of HTML from the shared templates."""

from cribdeck.rendering.blocks import Target
from cribdeck.rendering.card_fields import CardTarget, card_fields, form_of
from cribdeck.rendering.edition import Edition
from cribdeck.rendering.fragments import Fragments, text_of
from cribdeck.rendering.labels import Labels, labels_for
from cribdeck.rendering.templates import Templates

__all__ = [
    "CardTarget",
    "Edition",
    "Fragments",
    "Labels",
    "Target",
    "Templates",
    "card_fields",
    "form_of",
    "labels_for",
    "text_of",
]
