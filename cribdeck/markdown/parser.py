"""The Markdown parser of the dialect, and reading a note with it."""

import functools
import re
from typing import Any

import msgspec
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from cribdeck.diagnostics import Code
from cribdeck.markdown.block_rules import dialect_blocks, writes_tight
from cribdeck.markdown.blocks import BlockReader
from cribdeck.markdown.dispatch import quick_join
from cribdeck.markdown.inline import Reading
from cribdeck.markdown.inline_rules import dialect_inline
from cribdeck.model import Block


class Parsed(msgspec.Struct, frozen=True):
    """A note as blocks. Headings stand among them as blocks of kind `HEADING`, those of lists inside the items."""

    blocks: tuple[Block, ...]
    front_matter: dict[str, Any]


_DEEPEST = 100
"""Levels of nesting that are read as such: a list and its item are two."""


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BREAKS = "\x0b\x0c\x85\u2028\u2029"
"""Breaks that only some programs know: as spaces, so that lines are counted as every editor counts them."""
_LONGEST_FRONT_MATTER = 20_000

_KEY = re.compile(r"\s*(?:#.*\n\s*)*(?:[\w\"'-][^:\n#]*:(?:\s|$)|$)")
"""How front matter begins: with a key, perhaps after comments, or it is empty."""


@functools.cache
def parser() -> MarkdownIt:
    """The parser; it holds no state between notes."""
    md = MarkdownIt("commonmark", {"html": True, "tasklists": True, "maxNesting": _DEEPEST})
    md.enable(["table", "strikethrough"])
    md.use(front_matter_plugin)
    md.use(deflist_plugin)
    md.use(footnote_plugin)
    md.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True, allow_labels=False)
    md.use(dialect_blocks)
    md.use(dialect_inline)
    md.disable("normalize")  # `without_controls` did it
    md.core.ruler.at("text_join", quick_join)
    return md


def parse(text: str, reading: Reading) -> Parsed:
    """Read a note's text; what is wrong with it goes to `reading`."""
    md = parser()
    text = without_controls(text)
    if reading.is_mdx:
        text = without_modules(text)
    env: dict[str, Any] = {"tight": writes_tight(text)}
    tokens = md.parse(text, env)
    if tokens and tokens[0].type == "front_matter" and not _KEY.match(tokens[0].content):
        # A rule on the first line and another further down: what stands between is text.
        text = " " * 3 + text[3:]
        env = {"tight": env["tight"]}
        tokens = md.parse(text, env)
    for line in env.get("too_deep", ())[:1]:
        reading.tell(
            Code.NESTED_TOO_DEEP,
            line + 1,
            f"lists and quotes are nested more than {_DEEPEST // 2} deep; what is deeper is shown as plain text",
            "move the inner text out",
        )
    front_matter: dict[str, Any] = {}
    if tokens and tokens[0].type == "front_matter":
        front_matter = _front_matter(tokens.pop(0).content, reading)
    blocks = BlockReader(tokens, md, reading, text.split("\n")).read()
    return Parsed(blocks, front_matter)


def without_controls(text: str) -> str:
    """Text without what is no character to read: control characters, halves of surrogate pairs."""
    return _CONTROL.sub(lambda found: " " if found[0] in _BREAKS else "", text)


def without_modules(text: str) -> str:
    """MDX without its imports, exports and comments: their lines are emptied, so that the others keep their numbers."""
    lines = text.split("\n")
    fence = ""
    inside = False
    for at, line in enumerate(lines):
        mark = re.match(r"\s*(`{3,}|~{3,})", line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        # A module's statement begins at the margin and ends before a blank line (mdxjs.com, "ESM").
        inside = not fence and bool(line.strip()) and (inside or bool(re.match(r"(?:import|export)\s", line)))
        if inside:
            lines[at] = ""
        elif not fence:
            lines[at] = re.sub(r"\{/\*.*?\*/\}", "", line)
    return "\n".join(lines)


def _front_matter(source: str, reading: Reading) -> dict[str, Any]:
    from cribdeck.markdown.plain_yaml import BadYamlError, load_yaml

    problem, line, hint = "", 2, "quote values that hold a colon"
    found: Any = None
    if len(source) > _LONGEST_FRONT_MATTER:
        problem, hint = f"is longer than {_LONGEST_FRONT_MATTER:,} characters", "move its text into the note"
    else:
        try:
            found = load_yaml(source)
        except BadYamlError as error:
            line, problem = line + error.line, str(error)
        except RecursionError:
            problem, hint = "is nested too deep", "write tags as a plain list"
        except (ValueError, ArithmeticError, LookupError, AttributeError) as error:
            problem, hint = str(error).partition(";")[0], "put the value in quotes"
    if problem:
        reading.tell(Code.BAD_FRONT_MATTER, line, f"front matter: {problem}", hint)
    values = found.items() if isinstance(found, dict) else ()
    return {key: _clean(value) for key, value in values if isinstance(key, str)}


def _clean(value: Any) -> Any:
    r"""A value whose text has no control characters, which YAML can spell (`"\e"`)."""
    if isinstance(value, str):
        return without_controls(value)
    return [_clean(each) for each in value] if isinstance(value, list) else value
