"""Cribdeck: heading-structured Markdown notes in, an Anki deck and a printable cheat sheet out."""

__version__ = "0.1.0"
