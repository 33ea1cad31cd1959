"""Rendering what deck, sheet and preview share: fragments of HTML from the shared templates."""

from cribdeck.rendering.blocks import Target
from cribdeck.rendering.card_fields import CardTarget, Related, card_content, card_fields, form_of, related_field
from cribdeck.rendering.edition import Edition, Imprint
from cribdeck.rendering.fragments import Fragments, text_of
from cribdeck.rendering.labels import Labels, guess_language, labels_for, labels_in, script_in, script_of
from cribdeck.rendering.listings import Listing, Listings
from cribdeck.rendering.templates import Templates

__all__ = [
    "CardTarget",
    "Edition",
    "Fragments",
    "Imprint",
    "Labels",
    "Listing",
    "Listings",
    "Related",
    "Target",
    "Templates",
    "card_content",
    "card_fields",
    "form_of",
    "guess_language",
    "labels_for",
    "labels_in",
    "related_field",
    "script_in",
    "script_of",
    "text_of",
]
