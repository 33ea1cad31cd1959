"""Reading Markdown as people type it: from a note's text to a tree of blocks."""

from cribdeck.markdown.inline import Reading
from cribdeck.markdown.parser import Parsed, parse

__all__ = ["Parsed", "Reading", "parse"]
