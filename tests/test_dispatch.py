"""The parser that asks fewer rules, held against markdown-it itself."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.utils import read_fixture_file
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from cribdeck.markdown.dispatch import QuickBlocks, QuickInline, quick_join

CASES = sorted((Path(__file__).parent / "cases").rglob("*.md"))
PIECES = (
    "#", "## ", "===\n", "---\n", "> ", "- ", "* ", "1. ", "10) ", "```", "~~~", "\n", "\n\n", "    ", "\t", " ",
    "  \n", "| a | b |\n", "|---|:-:|\n", "[^1]", "[^1]: ", "[a]: http://x.org 'title'\n", "[text](http://x.org)",
    "![alt](p.png)", "<div>", "</div>", "<!-- c -->", "<b>", "<http://x.org>", "$$", "$x$", ": ", "~ ", "**", "_", "~~",
    "`", "\\", "&amp;", "&copy", "^[", "]", "[", "!", "==", "{#id}", "文字", "，", "word", "a@b.c", "https://x.org",
    "%+:-=>@{}#",
)  # fmt: skip


def plain() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": True, "tasklists": True}).enable(["table", "strikethrough"])
    md.use(front_matter_plugin).use(deflist_plugin).use(footnote_plugin)
    return md.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True, allow_labels=False)


def quick() -> MarkdownIt:
    md = plain()
    blocks, inline = QuickBlocks(), QuickInline()
    blocks.ruler, inline.ruler, inline.ruler2 = md.block.ruler, md.inline.ruler, md.inline.ruler2
    md.block, md.inline = blocks, inline
    md.core.ruler.at("text_join", quick_join)
    blocks.settle()
    inline.settle()
    return md


PLAIN, QUICK = plain(), quick()


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_the_cases_of_the_dialect_give_the_same_tokens(case: Path) -> None:
    for _, _, source, _ in read_fixture_file(case):
        assert QUICK.parse(source) == PLAIN.parse(source)


# The plugin for front matter takes `- |--` for its beginning: it looks at the note's first character, and not where
# the list's item begins.
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join).filter(lambda text: not text.startswith("-")))
@example("term\n: one\n: two\n")
@example("a\n\n: one\n\nb | c\n-|-\nd | e\n")
def test_any_text_gives_the_same_tokens(text: str) -> None:
    assert QUICK.parse(text) == PLAIN.parse(text)
