"""What two ways to write a name have in common."""

import re


def spelling(name: str) -> str:
    """A name without case, spaces, hyphens and dots: `map Reduce` and `MapReduce` are one."""
    return re.sub(r"[\s\-_·.]+", "", name).casefold()
